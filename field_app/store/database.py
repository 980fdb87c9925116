"""The device's SQLite file: opened safely, written one transaction at a time, errors translated.

Every connection runs with `synchronous=FULL` (a commit survives a power cut), write-ahead log,
`secure_delete` (deleted content is overwritten) and temporary data in memory only.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Self

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from field_app.domain.errors import (
    DiskFull,
    StoreDamaged,
    StoreError,
    StoreFromNewerVersion,
    StoreInUse,
)
from field_app.store.keystore import flush_directory
from field_app.store.schema_steps import APPLICATION_ID, STEPS

DATABASE_NAME = "store.db"
_SQLITE_MAGIC = b"SQLite format 3\x00"
_HEADER_BYTES = 100
_PRAGMAS = (
    "PRAGMA busy_timeout = 5000",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA wal_autocheckpoint = 8000",
    "PRAGMA fullfsync = ON",
    "PRAGMA checkpoint_fullfsync = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA secure_delete = ON",
    "PRAGMA foreign_keys = ON",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cell_size_check = ON",
)
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}

CommitHook = Callable[[Connection], None]


def translated(failure: BaseException) -> StoreError:
    """What a failure of the database means for people."""
    cause = failure.orig if isinstance(failure, DBAPIError) else failure
    primary = getattr(cause, "sqlite_errorcode", 0) & 0xFF
    name = getattr(cause, "sqlite_errorname", type(cause).__name__)
    if primary == sqlite3.SQLITE_FULL or "disk is full" in str(cause):
        return DiskFull("the database found no room")
    if primary in _DAMAGED or "Could not decode" in str(cause):
        return StoreDamaged(f"the database is not whole: {name}")
    if primary in _BUSY:
        return StoreInUse("the database is busy")
    return StoreError(f"the database failed: {name}")


@contextmanager
def translating() -> Iterator[None]:
    """Turn the database's errors into ours; their texts (which may quote values) stay behind."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as failure:
        raise translated(failure) from None


def _on_connect(connection: Any, _record: Any) -> None:
    """Prepare a new connection; SQLAlchemy, not the driver, begins transactions."""
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(pragma).fetchall()


def _on_begin(connection: Connection) -> None:
    mode = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
    connection.exec_driver_sql(f"BEGIN {mode}")


def _engine(path: Path, **options: Any) -> Engine:
    engine = create_engine(f"sqlite:///{path}", **options)
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    return engine


class Database:
    """One open store file; writes go one after the other, reads beside them."""

    def __init__(self, path: Path, engine: Engine) -> None:
        """Wrap an engine on an existing, current file; use `Database.open`."""
        self.path = path
        self.engine = engine
        self._writer = engine.execution_options(sqlite_begin="IMMEDIATE")
        self._writing = threading.RLock()
        self._hooks: list[CommitHook] = []

    @classmethod
    def open(cls, directory: Path) -> Self:
        """Open the store file of a data directory, made when it is not there, brought up to date.

        Raises:
            StoreFromNewerVersion: a newer app wrote it; the file stays untouched.
            StoreDamaged: it is no store of ours.
            DiskFull: no room.
        """
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = directory / DATABASE_NAME
        with translating():
            refuse_foreign_or_newer(path)
            _touch_private(path)
            database = cls(path, _engine(path))
            try:
                database._take_steps()
            except BaseException:
                database.close()
                raise
        return database

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A consistent view, as of now."""
        with translating(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction: durable as a whole when the block ends, or nothing of it.

        Raises:
            DiskFull: no room; nothing of the block was kept.
        """
        with self._writing, translating(), self._writer.begin() as connection:
            yield connection
            for hook in self._hooks:
                hook(connection)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """No other thread writes during the block, which may hold several transactions."""
        with self._writing:
            yield

    @contextmanager
    def read_afresh(self) -> Iterator[Connection]:
        """Read through a connection opened just for this: what is really in the file."""
        engine = _engine(self.path, poolclass=NullPool)
        try:
            with translating(), engine.begin() as connection:
                yield connection
        finally:
            engine.dispose()

    def before_commit(self, hook: CommitHook) -> None:
        """Call `hook` at the end of every write transaction, inside it."""
        self._hooks.append(hook)

    def forget_hook(self, hook: CommitHook) -> None:
        """Stop calling it."""
        if hook in self._hooks:
            self._hooks.remove(hook)

    def empty_log(self) -> bool:
        """Move the write-ahead log into the file and cut it to nothing.

        Until then bytes of deleted rows stay in the log. False when a reader was in the way.
        """
        with self._writing, translating(), closing(self.engine.raw_connection()) as connection:
            cursor = connection.cursor()
            busy: int = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            cursor.close()
        return not busy

    def close(self) -> None:
        """Close every connection; the last one empties the log."""
        self.engine.dispose()

    def _take_steps(self) -> None:
        with self.write() as connection:
            done = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
            if done == 0:
                connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
        for number, statements in enumerate(STEPS[done:], done + 1):
            with self.write() as connection:
                for statement in statements:
                    connection.exec_driver_sql(statement)
                connection.exec_driver_sql(f"PRAGMA user_version = {number}")


def refuse_foreign_or_newer(path: Path) -> None:
    """Look at a file before anything could change it.

    Raises:
        StoreFromNewerVersion: its `user_version` is beyond what this app knows.
        StoreDamaged: not a SQLite file, or another program's.
    """
    if not path.exists() or path.stat().st_size == 0:
        return
    with path.open("rb") as file:
        head = file.read(_HEADER_BYTES)
    if head[:16] != _SQLITE_MAGIC:
        raise StoreDamaged("not a database")
    version = int.from_bytes(head[60:64], "big")
    application = int.from_bytes(head[68:72], "big")
    unmarked = not version and application != APPLICATION_ID
    log = path.with_name(path.name + "-wal")
    tables = 0
    if unmarked or (log.exists() and log.stat().st_size):
        # Cut off while it became a store, it can only be rolled back by writing: not yet.
        is_cut_off = path.with_name(path.name + "-journal").exists()
        look = "immutable=1" if is_cut_off else "mode=ro"
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?{look}", uri=True)) as reader:
            version = reader.execute("PRAGMA user_version").fetchone()[0]
            application = reader.execute("PRAGMA application_id").fetchone()[0]
            tables = reader.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    # A kill before the first step leaves a file without any mark, and without any table.
    if (version or tables) and application != APPLICATION_ID:
        raise StoreDamaged("another program's database")
    if version > len(STEPS):
        raise StoreFromNewerVersion("a newer app's store", found=version, known=len(STEPS))


def _touch_private(path: Path) -> None:
    """Make an empty file only its user can read; SQLite gives its log the same mode."""
    if path.exists():
        return
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    flush_directory(path.parent)
