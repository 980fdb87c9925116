"""How a database file comes to be, step by step; `user_version` is the number of steps taken.

A released step is never edited: phones have taken it. What changes is a new step at the end, tested
from every version before it.
"""

from __future__ import annotations

_FIRST = (
    "CREATE TABLE meta (name VARCHAR NOT NULL, value BLOB NOT NULL, PRIMARY KEY (name))",
    "CREATE TABLE slot (name VARCHAR NOT NULL, blob BLOB NOT NULL, PRIMARY KEY (name))",
    "CREATE TABLE sealed_setting (name VARCHAR NOT NULL, blob BLOB NOT NULL, PRIMARY KEY (name))",
    """CREATE TABLE envelope (
        record_id VARCHAR NOT NULL,
        register VARCHAR NOT NULL,
        scope VARCHAR NOT NULL,
        blob BLOB NOT NULL,
        PRIMARY KEY (record_id, register)
    )""",
    "CREATE INDEX ix_envelope_scope ON envelope (scope)",
    """CREATE TABLE change_set (
        counter INTEGER NOT NULL,
        set_id VARCHAR NOT NULL,
        state VARCHAR NOT NULL,
        seq INTEGER,
        reason VARCHAR NOT NULL,
        blob BLOB NOT NULL,
        PRIMARY KEY (counter),
        UNIQUE (set_id)
    )""",
    "CREATE INDEX ix_change_set_state ON change_set (state)",
    "CREATE TABLE draft (draft_id VARCHAR NOT NULL, blob BLOB NOT NULL, PRIMARY KEY (draft_id))",
    "CREATE TABLE summary_page (page INTEGER NOT NULL, blob BLOB NOT NULL, PRIMARY KEY (page))",
    "CREATE TABLE stale_scope (scope VARCHAR NOT NULL, PRIMARY KEY (scope))",
    """CREATE TABLE bucket_cursor (
        bucket VARCHAR NOT NULL,
        epoch INTEGER NOT NULL,
        seq INTEGER NOT NULL,
        PRIMARY KEY (bucket)
    )""",
)

_ANSWERS_APART = (
    """CREATE TABLE answer (
        counter INTEGER NOT NULL,
        state VARCHAR NOT NULL,
        seq INTEGER,
        reason VARCHAR NOT NULL,
        PRIMARY KEY (counter),
        FOREIGN KEY (counter) REFERENCES change_set (counter) ON UPDATE CASCADE ON DELETE CASCADE
    )""",
    """INSERT INTO answer (counter, state, seq, reason)
        SELECT counter, state, seq, reason FROM change_set WHERE state <> 'pending'""",
    "DROP INDEX ix_change_set_state",
    "ALTER TABLE change_set DROP COLUMN state",
    "ALTER TABLE change_set DROP COLUMN seq",
    "ALTER TABLE change_set DROP COLUMN reason",
)

STEPS: tuple[tuple[str, ...], ...] = (_FIRST, _ANSWERS_APART)
"""Step n (counted from 1) leads from `user_version` n-1 to n, in one transaction."""

APPLICATION_ID = 0x52494E4E
"""Marks the file as ours ("RINN")."""
