"""Forms of one record: a durable draft while typing, a save of what was changed and no more."""
