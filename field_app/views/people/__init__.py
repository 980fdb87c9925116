"""People: everyone the device knows, and the search while typing."""
