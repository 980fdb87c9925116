"""The phone's own store: sealed records, drafts and saves on SQLite, opened by a PIN."""
