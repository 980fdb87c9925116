"""Settings of this device: language, PIN."""
