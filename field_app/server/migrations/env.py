"""Alembic's entry: runs the steps on the connection that `schema.py` hands over."""

from __future__ import annotations

from alembic import context

from field_app.server.tables import ServerTable

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=ServerTable.metadata,
    render_as_batch=True,  # SQLite changes a table by copying it
)
with context.begin_transaction():
    context.run_migrations()
