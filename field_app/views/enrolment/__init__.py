"""Taking a device into use: the coordinator's code, a PIN, six words."""
