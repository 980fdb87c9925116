"""Rinnalla: the field app for outreach pairs, offline first, nothing anyone wrote is lost."""

__version__ = "0.1.0"
