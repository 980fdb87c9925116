"""The housing situation: it changes, and the former one becomes history."""
