"""Today: what a worker opens the app for, in the order of the work."""
