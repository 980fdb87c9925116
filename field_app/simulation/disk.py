"""A disk in memory: real SQLite that can be copied, filled up, and killed at any statement.

A device's store and the server's database each lie on one. Statements reach SQLite through
cursors of our own, which count them and fail where a fault was planted; an image is the bytes of
the whole database, so that a disk can be put back to what it was.
"""

from __future__ import annotations

import sqlite3
import weakref
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Engine, create_engine
from sqlalchemy.pool import StaticPool

from field_app.server.database import Database as ServerDatabase
from field_app.simulation.quick import QuickEngine
from field_app.store.database import Database as StoreDatabase
from field_app.store.schema_steps import APPLICATION_ID, STEPS

Trouble = Literal["kill", "full"]
QUICK = True
"""Whether statements take the short way (`quick`); a test shows that both ways are the same."""


class Killed(BaseException):
    """The process is gone: nothing catches this, and its disk answers no statement any more."""


def _full() -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("database or disk is full")
    error.sqlite_errorcode = sqlite3.SQLITE_FULL
    error.sqlite_errorname = "SQLITE_FULL"
    return error


class _Cursor(sqlite3.Cursor):
    """Tells the disk before each statement."""

    connection: _Connection

    def execute(self, sql: str, parameters: Any = ()) -> _Cursor:
        """Run a statement, unless the disk says otherwise."""
        if self.connection.watched:
            self.connection.disk.before_statement()
        super().execute(sql, parameters)
        return self

    def executemany(self, sql: str, parameters: Iterable[Any]) -> _Cursor:
        """Run a statement many times, unless the disk says otherwise."""
        if self.connection.watched:
            self.connection.disk.before_statement()
        super().executemany(sql, parameters)
        return self


class _Connection(sqlite3.Connection):
    """The one connection to a disk; a transaction within another joins it."""

    disk: Disk
    watched = False
    depth = 0

    def __init__(self, *arguments: Any, **how: Any) -> None:
        self._functions: set[str] = set()
        self._cursors: weakref.WeakSet[Any] = weakref.WeakSet()
        super().__init__(*arguments, **how)

    def cursor(self, factory: Any = _Cursor) -> Any:
        """A cursor that tells the disk."""
        made = super().cursor(factory)
        self._cursors.add(made)
        return made

    def close_cursors(self) -> None:
        """Let go of results that a killed process left half read: they hold the old database."""
        for cursor in list(self._cursors):
            cursor.close()
        self._cursors.clear()

    def enter(self) -> None:
        """Begin a transaction, or join the one under way."""
        if self.disk.dead:
            raise Killed
        if self.depth == 0:
            super().execute("BEGIN")
        self.depth += 1

    def commit(self) -> None:
        """Make the outermost transaction durable."""
        self.depth -= 1
        if self.depth > 0:
            return
        changes = self.total_changes
        try:
            if self.watched:
                self.disk.before_statement()
            super().execute("COMMIT")
        except BaseException:
            self.rollback()  # as SQLite itself does when it finds no room
            raise
        self.disk.committed(changed=changes != self.disk.changes)
        self.disk.changes = changes
        if self.watched:
            self.disk.after_commit()

    def rollback(self) -> None:
        """Undo the outermost transaction."""
        self.depth = max(0, self.depth - 1)
        if self.depth == 0 and self.in_transaction:
            super().execute("ROLLBACK")

    def create_function(self, name: str, *arguments: Any, **how: Any) -> None:
        """Once is enough: the pool asks again after a kill, while results may still be open."""
        if name not in self._functions:
            self._functions.add(name)
            super().create_function(name, *arguments, **how)

    def close(self) -> None:
        """Do nothing: the pool lets go of the connection, the disk stays."""


class Disk:
    """One database in memory and the faults planted in it."""

    def __init__(self, *, quick: bool = True) -> None:
        """An empty disk; not `quick`: for whoever needs all of SQLAlchemy's engine."""
        self.changes = 0
        self.dead = False
        self._fired: Callable[[], None] = lambda: None
        self._trouble: Trouble | None = None
        self._countdown = 0
        self._on_commit: Callable[[], None] | None = None
        self.connection = sqlite3.connect(
            ":memory:", isolation_level=None, factory=_Connection, check_same_thread=False
        )
        self.connection.disk = self
        self.connection.execute("PRAGMA foreign_keys = ON")  # as on a real device and server
        self.engine: Any = (
            QuickEngine(self.connection) if QUICK and quick else _whole_engine(self.connection)
        )

    # -- images --------------------------------------------------------------------------------

    def image(self) -> bytes:
        """The whole database as it is durable now."""
        return self.connection.serialize()

    def put_back(self, image: bytes) -> None:
        """Make the disk what it was when the image was taken; a dead process may start anew."""
        self.revive()
        # Copied in: deserialising would free the schema that `json_each` still points at, and the
        # next statement that names it would end the whole process (SQLite 3.40).
        with closing(sqlite3.connect(":memory:")) as source:
            source.deserialize(image)
            source.backup(self.connection)

    def on_commit(self, hook: Callable[[], None] | None) -> None:
        """Call a hook after every transaction that changed something."""
        self._on_commit = hook

    # -- faults --------------------------------------------------------------------------------

    def plant(self, trouble: Trouble, statements: int, fired: Callable[[], None]) -> None:
        """Let the statement after so many others fail: killed there, or no room there."""
        self._trouble = trouble
        self._fired = fired
        self._countdown = statements
        self.connection.watched = True

    @contextmanager
    def spared(self) -> Iterator[None]:
        """Who only watches reads here: a fault that was planted waits for the product."""
        trouble, self._trouble = self._trouble, None
        try:
            yield
        finally:
            self._trouble = trouble

    def clear(self) -> None:
        """Take back a fault that has not come to pass."""
        self._trouble = None
        self.connection.watched = self.dead

    def revive(self) -> None:
        """A new process opens the disk: what was not committed is gone."""
        self.dead = False
        self.clear()
        self.connection.depth = 0
        self.connection.close_cursors()
        self.connection.rollback()

    def before_statement(self) -> None:
        """Fail here if it was planted so."""
        if self.dead:
            raise Killed
        if self._trouble is None:
            return
        self._countdown -= 1
        if self._countdown >= 0:
            return
        trouble = self._trouble
        self._fired()
        if trouble == "kill":
            self.dead = True
            raise Killed
        self.clear()
        raise _full()

    def after_commit(self) -> None:
        """A process may die here too: durable, though nobody was told."""
        if self._trouble == "kill":
            self.before_statement()

    def committed(self, *, changed: bool) -> None:
        """Hear of a commit."""
        if changed and self._on_commit is not None:
            self._on_commit()


def _whole_engine(connection: _Connection) -> Engine:
    """All of SQLAlchemy, as on a real device and server."""
    engine = create_engine(
        "sqlite://",
        creator=lambda: connection,
        poolclass=StaticPool,
        pool_reset_on_return=None,
        hide_parameters=True,
    )
    # As the products' listeners on "begin" do; an event would be asked at every statement.
    engine.dialect.do_begin = _begin  # type: ignore[assignment, method-assign]
    return engine


def _begin(pooled: Any) -> None:
    pooled.dbapi_connection.enter()


class ServerDisk(ServerDatabase):
    """The server's database on a disk in memory; its transactions are the product's."""

    def __init__(self, disk: Disk) -> None:
        """Take a disk that holds, or will hold, the server's tables."""
        self.is_sqlite = True
        self.engine = disk.engine


def store_database(disk: Disk) -> StoreDatabase:
    """A device's database on a disk that holds its tables; its transactions are the product's."""
    return StoreDatabase(Path("store.db"), disk.engine)


def take_store_steps(disk: Disk) -> None:
    """Bring an empty disk to the shape of a device's store."""
    with store_database(disk).write() as connection:
        for statements in STEPS:
            for statement in statements:
                connection.exec_driver_sql(statement)
        connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.exec_driver_sql(f"PRAGMA user_version = {len(STEPS)}")
