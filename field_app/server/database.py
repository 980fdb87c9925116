"""The server's database: embedded SQLite by default, PostgreSQL for more.

A transaction says what it is for. `read()` is one unchanging snapshot; `write()` may change
things. On SQLite a writer takes the write lock at its start (BEGIN IMMEDIATE): a transaction that
reads first and locks later can fail halfway. On PostgreSQL writers of one organisation meet at
that organisation's row (`organisation.locked`).
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Connection,
    Engine,
    Table,
    Text,
    bindparam,
    create_engine,
    event,
    func,
    select,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import (
    ArgumentError,
    DatabaseError,
    DataError,
    DBAPIError,
    NoSuchModuleError,
    OperationalError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout

from field_app.domain.errors import DatabaseFull, DatabaseUnreachable, FolderNotUsable, Malformed

BUSY_SECONDS = 30
"""How long a writer waits for another one."""
_POSTGRESQL = {"connect_timeout": 10, "options": f"-c lock_timeout={BUSY_SECONDS}s"}


class Database:
    """One engine, and its two kinds of transaction."""

    def __init__(self, url: str) -> None:
        """Prepare the engine; nothing is opened yet.

        Raises:
            DatabaseUnreachable: the URL names no database this server can use.
            FolderNotUsable: the SQLite file can be neither opened nor made where it is to lie.
        """
        try:
            parsed = make_url(url)
            self.is_sqlite = parsed.get_backend_name() == "sqlite"
            if self.is_sqlite and parsed.database:
                _make_private(parsed.database)
            # Parameters are people's data: they stay out of error texts.
            self.engine: Engine = create_engine(
                parsed,
                hide_parameters=True,
                pool_size=10,
                max_overflow=30,
                pool_pre_ping=not self.is_sqlite,  # a server may have been restarted
                connect_args={} if self.is_sqlite else _POSTGRESQL,
            )
        except (ArgumentError, NoSuchModuleError, ImportError, OSError) as error:
            raise DatabaseUnreachable(type(error).__name__) from None
        if self.is_sqlite:
            event.listen(self.engine, "connect", _prepare_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that sees one unchanging moment.

        Raises:
            DatabaseUnreachable: the database does not answer.
        """
        options = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}
        with (
            _named_failures(),
            self.engine.connect().execution_options(**options) as connection,
            connection.begin(),
        ):
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that changes things, committed when the block ends without an error.

        Raises:
            DatabaseUnreachable: the database does not answer.
            DatabaseFull: there is no room; nothing was changed.
        """
        with (
            _named_failures(),
            self.engine.connect().execution_options(writes=True) as connection,
            connection.begin(),
        ):
            yield connection

    def close(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()


def insert_rows(
    connection: Connection,
    table: Table,
    names: tuple[str, ...],
    rows: Sequence[tuple[Any, ...]],
) -> None:
    """Insert many rows of one shape (the keys of the first), by the driver's own bulk call.

    SQLAlchemy's bulk insert looks at every value of every row once more; on the path of a push
    that costs as much as the database itself. Values have to be what the drivers take as they
    are: text, whole numbers, booleans, bytes, None.
    """
    if not rows:
        return
    statement = _insert_statement(connection.dialect.paramstyle, table, names)
    connection.exec_driver_sql(statement, list(rows))


def among(
    connection: Connection, column: ColumnElement[str], values: Sequence[str]
) -> ColumnElement[bool]:
    """Whether a column holds one of many texts, which travel as one value.

    `column.in_(values)` makes a variable of each: of a thousand that takes longer than the query.
    """
    if connection.dialect.name == "sqlite":
        listed = func.json_each(bindparam(None, json.dumps(values))).table_valued("value")
        return column.in_(select(listed.c.value))
    return column == func.any(bindparam(None, list(values), type_=ARRAY(Text)))


@cache
def _insert_statement(paramstyle: str, table: Table, names: tuple[str, ...]) -> str:
    columns = ", ".join(f'"{table.c[name].name}"' for name in names)
    values = ", ".join(["?" if paramstyle == "qmark" else "%s"] * len(names))
    return f'INSERT INTO "{table.name}" ({columns}) VALUES ({values})'  # noqa: S608  # our names


def _make_private(database: str) -> None:
    """Make an empty file for its user alone; SQLite gives its log the same mode."""
    if database == ":memory:" or database.startswith("file:"):
        return
    path = Path(database)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise FolderNotUsable(type(error).__name__) from None


def _prepare_sqlite(connection: sqlite3.Connection, _: object) -> None:
    connection.isolation_level = None  # the driver begins nothing by itself: see _begin_sqlite
    connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    # The log may grow to 64 MiB before it is copied back: copied after every push, it would hold
    # up each as long as its own commit.
    connection.execute("PRAGMA wal_autocheckpoint = 16000")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA cache_size = -65536")
    connection.execute("PRAGMA temp_store = MEMORY")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def _named_failures() -> Iterator[None]:
    try:
        yield
    except (DataError, OverflowError):
        # A text with a NUL, a number of twenty digits: no database takes what nobody means.
        raise Malformed("not storable") from None
    except DatabaseError as error:
        if _is_full(error):
            raise DatabaseFull("no room left") from None
        if isinstance(error, OperationalError) or _is_no_database(error):
            raise DatabaseUnreachable(type(error.orig).__name__) from None
        raise
    except PoolTimeout as error:
        raise DatabaseUnreachable(type(error).__name__) from None


def _is_no_database(error: DBAPIError) -> bool:
    return getattr(error.orig, "sqlite_errorname", "") in ("SQLITE_NOTADB", "SQLITE_CORRUPT")


def _is_full(error: DBAPIError) -> bool:
    cause = error.orig
    if isinstance(cause, sqlite3.Error):
        return getattr(cause, "sqlite_errorname", "") == "SQLITE_FULL"
    return getattr(cause, "sqlstate", "") == "53100"  # PostgreSQL: disk_full
