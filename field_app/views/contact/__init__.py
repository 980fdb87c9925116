"""The contact: a meeting, an attempt, a home visit, an anonymous contact, the nurse's part."""
