"""Conflicts: what people wrote apart, and how a person puts it together again."""
