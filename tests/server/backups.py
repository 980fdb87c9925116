"""A database's rows, taken and put back: what a backup of the server holds."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table, delete, insert, select

from field_app.server.database import Database
from field_app.server.tables import ServerTable

Rows = list[tuple[Table, list[dict[str, Any]]]]


def all_rows(database: Database) -> Rows:
    """Every row of every table."""
    with database.read() as connection:
        return [
            (table, [dict(row) for row in connection.execute(select(table)).mappings()])
            for table in ServerTable.metadata.sorted_tables
        ]


def put_back(database: Database, rows: Rows) -> None:
    """Make the database hold these rows and nothing else."""
    with database.write() as connection:
        for table, _ in reversed(rows):
            connection.execute(delete(table))
        for table, known in rows:
            if known:
                connection.execute(insert(table), known)
