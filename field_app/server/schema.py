"""Bringing a database to this version's shape, and refusing one from a newer version."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from field_app.domain.errors import DatabaseNewer
from field_app.server.database import Database

_MIGRATION_LOCK = 7_264_177
"""PostgreSQL advisory lock: of several workers starting at once, one migrates."""


def migrate(database: Database) -> None:
    """Take every step the database lacks, in one transaction.

    Raises:
        DatabaseNewer: a newer version of this program wrote the database.
        DatabaseUnreachable: the database does not answer.
    """
    config = _config()
    scripts = ScriptDirectory.from_config(config)
    known = {script.revision for script in scripts.walk_revisions()}
    with database.write() as connection:
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:k)"), {"k": _MIGRATION_LOCK})
        found = set(current_revisions(connection))
        if found - known:
            raise DatabaseNewer("unknown revision")
        if found != set(scripts.get_heads()):
            config.attributes["connection"] = connection
            command.upgrade(config, "head")


def current_revisions(connection: Connection) -> tuple[str, ...]:
    """The steps a database says it has taken last."""
    return MigrationContext.configure(connection).get_current_heads()


def _config() -> Config:
    config = Config()
    folder = str(Path(__file__).parent / "migrations")
    config.set_main_option("script_location", folder.replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
