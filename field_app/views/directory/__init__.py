"""The directory of services: searched offline, with who checked each entry and when."""
