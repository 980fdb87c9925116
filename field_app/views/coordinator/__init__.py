"""The coordinator's screens: morning, caseload, changes that wait for a person, devices."""
