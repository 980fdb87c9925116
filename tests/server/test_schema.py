"""The database's shape: made in steps, the same as the models say, refused when newer."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from field_app.domain.errors import DatabaseNewer, DatabaseUnreachable, FolderNotUsable
from field_app.server.database import Database
from field_app.server.schema import current_revisions, migrate
from field_app.server.tables import ServerTable


def test_the_steps_end_where_the_models_stand(server_database_url: str) -> None:
    database = Database(server_database_url)
    migrate(database)
    with database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, ServerTable.metadata) == []
    database.close()


def test_every_key_begins_with_the_organisation(server_database_url: str) -> None:
    database = Database(server_database_url)
    migrate(database)
    with database.read() as connection:
        inspector = inspect(connection)
        for table in inspector.get_table_names():
            key = inspector.get_pk_constraint(table)["constrained_columns"]
            if table not in ("alembic_version", "organisation"):
                assert key[0] == "organisation", table
    database.close()


def test_migrating_again_changes_nothing(server_database_url: str) -> None:
    database = Database(server_database_url)
    migrate(database)
    with database.read() as connection:
        before = current_revisions(connection)
    migrate(database)
    with database.read() as connection:
        assert current_revisions(connection) == before != ()
    database.close()


def test_a_database_of_a_newer_version_is_refused_untouched(server_database_url: str) -> None:
    database = Database(server_database_url)
    migrate(database)
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseNewer):
        migrate(database)
    with database.read() as connection:
        assert current_revisions(connection) == ("9999",)
    database.close()


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://nobody@127.0.0.1:1/none",
        "oracle://x",
        "not a url",
        "",
    ],
)
def test_a_database_that_cannot_be_had_is_one_clear_error(url: str) -> None:
    with pytest.raises(DatabaseUnreachable):
        migrate(Database(url))


@pytest.mark.parametrize("path", ["/proc/nowhere/server.db", "/dev/null/server.db"])
def test_a_file_that_cannot_be_made_is_one_clear_error(path: str) -> None:
    with pytest.raises(FolderNotUsable):
        Database(f"sqlite:///{path}")


def test_a_file_that_is_no_database_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "server.db").write_bytes(b"no database at all, only words " * 100)
    with pytest.raises(DatabaseUnreachable):
        migrate(Database(f"sqlite:///{tmp_path}/server.db"))


def test_sqlite_writes_through_to_the_disk(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/server.db")
    with database.read() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar_one() == "wal"
        assert connection.execute(text("PRAGMA synchronous")).scalar_one() == 2
    database.close()
