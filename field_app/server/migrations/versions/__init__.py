"""One module a step; a published step never changes."""
