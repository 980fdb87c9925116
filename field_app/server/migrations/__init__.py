"""The database's shape, step by step (Alembic), on SQLite and PostgreSQL alike."""
