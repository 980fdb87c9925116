"""SQLAlchemy's statements on SQLite, without the rest of SQLAlchemy's engine.

The products' statements are compiled by SQLAlchemy as ever, and run on real SQLite; what is left
out are the pool, the events, the execution contexts and result objects that thousands of
histories would spend most of their time in. A test plays histories both ways to the same trace.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any, Self

from sqlalchemy import bindparam
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.exc import DBAPIError, MultipleResultsFound, NoResultFound

_DIALECT = SQLiteDialect_pysqlite(dbapi=sqlite3, paramstyle="qmark")
_PREPARED: dict[Any, Prepared] = {}

Processor = Callable[[Any], Any] | None


class Prepared:
    """A statement as SQLAlchemy compiled it, and where each of its parameters comes from."""

    def __init__(self, statement: Any, names: Sequence[str], many: bool) -> None:
        """Compile."""
        key = statement._generate_cache_key()
        self._compiled = compiled = statement._compiler(
            _DIALECT, cache_key=key, column_keys=list(names), for_executemany=many
        )
        self.sql: str = compiled.string
        self._expands = bool(compiled.post_compile_params)
        self._expanded: dict[tuple[int, ...], str] = {}
        processors: Mapping[str, Any] = compiled._bind_processors
        match = compiled._cache_key_bind_match[0]
        origin = {bind: at for at, one in enumerate(key.bindparams) for bind in match[one]}
        defaults = {
            one.key: one.default.arg for one in compiled.insert_prefetch if one.default.is_scalar
        }
        self._plan: list[tuple[str, int, Any, Processor, bool]] = []
        for name in compiled.positiontup or ():
            bind = compiled.binds[name]
            if bind.key in defaults and bind not in origin:
                bind = bindparam(bind.key, defaults[bind.key])
            expands = bind in compiled.post_compile_params
            self._plan.append((bind.key, origin.get(bind, -1), bind, processors.get(name), expands))
        self._row, self._columns = _row_class(compiled)

    def arguments(self, given: Mapping[str, Any], binds: Sequence[Any]) -> tuple[str, list[Any]]:
        """The SQL and what goes into its places."""
        found: list[Any] = []
        lengths: list[int] = []
        for key, at, bind, process, expands in self._plan:
            source = bind if at < 0 else binds[at]
            value = given.get(key, source.effective_value)
            if expands:
                lengths.append(len(value))
                found.extend(value if process is None else map(process, value))
            else:
                found.append(value if process is None else process(value))
        return self._spelled(given, binds, tuple(lengths)), found

    def _spelled(
        self, given: Mapping[str, Any], binds: Sequence[Any], lengths: tuple[int, ...]
    ) -> str:
        if not self._expands:
            return self.sql
        sql = self._expanded.get(lengths)
        if sql is None:
            compiled = self._compiled
            values = compiled.construct_params(
                dict(given), extracted_parameters=binds, _no_postcompile=True
            )
            sql = compiled._process_parameters_for_postcompile(values).statement
            self._expanded[lengths] = sql
        return sql

    def rows(self, cursor: sqlite3.Cursor) -> list[Any]:
        """Every row of the answer."""
        if cursor.description is None:
            return []
        made = self._row
        if any(self._columns):
            return [
                made(
                    value if process is None else process(value)
                    for process, value in zip(self._columns, row, strict=True)
                )
                for row in cursor.fetchall()
            ]
        return list(map(made, cursor.fetchall()))


def _prepared(statement: Any, names: tuple[str, ...], many: bool) -> tuple[Prepared, Sequence[Any]]:
    """The prepared form of a statement; one made once and used again and again is known as itself.

    A statement's copies take its attributes along, hence the look at which statement it was.
    """
    known = statement.__dict__.get("_quick")
    if known is not None and known[0] is statement and known[1] == (names, many):
        return known[2], known[3]
    is_used_again = "_generate_cache_key" in statement.__dict__
    key = statement._generate_cache_key()
    asked = (key.key, names, many)
    prepared = _PREPARED.get(asked)
    if prepared is None:
        prepared = _PREPARED[asked] = Prepared(statement, names, many)
    if is_used_again:
        statement.__dict__["_quick"] = (statement, (names, many), prepared, key.bindparams)
    return prepared, key.bindparams


def _row_class(compiled: Any) -> tuple[type[tuple[Any, ...]], list[Processor]]:
    """A tuple whose columns have their names, and what each value goes through."""
    names: dict[str, Any] = {"__slots__": ()}
    processors: list[Processor] = []
    keys: list[str] = []
    for at, entry in enumerate(compiled._result_columns or ()):
        for name in (entry.keyname, *entry.objects):
            if isinstance(name, str):
                names.setdefault(name, property(itemgetter(at)))
        keys.append(entry.keyname)
        processors.append(entry.type._cached_result_processor(_DIALECT, None))
    names["_keys"] = tuple(keys)
    return type("Row", (tuple,), names), processors


class QuickResult:
    """The rows of one statement, with the ways of asking for them that the products use."""

    def __init__(self, rows: list[Any], rowcount: int) -> None:
        """Take what a statement gave."""
        self._rows = rows
        self.rowcount = rowcount

    def __enter__(self) -> Self:
        """Nothing is opened."""
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is closed."""

    def __iter__(self) -> Iterator[Any]:
        """Row by row."""
        return iter(self._rows)

    def all(self) -> list[Any]:
        """Every row."""
        return self._rows

    fetchall = all

    def partitions(self) -> list[list[Any]]:
        """Every row, in one piece."""
        return [self._rows]

    def first(self) -> Any:
        """The first row, or None."""
        return self._rows[0] if self._rows else None

    def one_or_none(self) -> Any:
        """The only row, or None."""
        if len(self._rows) > 1:
            raise MultipleResultsFound("more than one row")
        return self.first()

    def one(self) -> Any:
        """The only row."""
        found = self.one_or_none()
        if found is None:
            raise NoResultFound("no row")
        return found

    def scalars(self) -> QuickResult:
        """The first value of each row."""
        return QuickResult([row[0] for row in self._rows], self.rowcount)

    def scalar(self) -> Any:
        """The first value of the first row, or None."""
        return self._rows[0][0] if self._rows else None

    def scalar_one_or_none(self) -> Any:
        """The value of the only row, or None."""
        found = self.one_or_none()
        return None if found is None else found[0]

    def scalar_one(self) -> Any:
        """The value of the only row."""
        return self.one()[0]

    def mappings(self) -> QuickResult:
        """Each row as {column: value}."""
        rows = [dict(zip(row._keys, row, strict=True)) for row in self._rows]
        return QuickResult(rows, self.rowcount)


class QuickTransaction:
    """One transaction, for a block; `rollback` may end it early."""

    def __init__(self, connection: QuickConnection) -> None:
        """Begin."""
        self._connection = connection
        self.is_active = True
        connection.disk_connection.enter()

    def __enter__(self) -> QuickConnection:
        """The connection it is on."""
        return self._connection

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Durable when the block ended well; nothing of it when not."""
        if not self.is_active:
            return
        self.is_active = False
        if kind is None:
            _run(self._connection.disk_connection.commit)
        else:
            self._connection.disk_connection.rollback()

    def rollback(self) -> None:
        """Undo it."""
        self.is_active = False
        self._connection.disk_connection.rollback()


class QuickConnection:
    """What the products take for SQLAlchemy's connection."""

    dialect = _DIALECT

    def __init__(self, disk_connection: Any) -> None:
        """Speak to this connection of a disk."""
        self.disk_connection = disk_connection
        self._transaction: QuickTransaction | None = None

    def __enter__(self) -> Self:
        """Nothing is opened."""
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is closed."""

    def execution_options(self, **_: Any) -> Self:
        """All options are the same here."""
        return self

    def get_transaction(self) -> QuickTransaction | None:
        """The transaction under way."""
        return self._transaction

    def begin(self) -> QuickTransaction:
        """One transaction for a block."""
        self._transaction = QuickTransaction(self)
        return self._transaction

    def execute(self, statement: Any, parameters: Any = None) -> QuickResult:
        """Run one of SQLAlchemy's statements."""
        many = isinstance(parameters, list)
        if many and len(parameters) == 1:
            many, parameters = False, parameters[0]
        names = (parameters[0] if many else parameters) or {}
        prepared, binds = _prepared(statement, tuple(names), many)
        cursor = self.disk_connection.cursor()
        if many:
            rows = [prepared.arguments(one, binds)[1] for one in parameters]
            _run(cursor.executemany, prepared.sql, rows)
            return QuickResult([], cursor.rowcount)
        sql, values = prepared.arguments(names, binds)
        _run(cursor.execute, sql, values)
        return QuickResult(prepared.rows(cursor), cursor.rowcount)

    def exec_driver_sql(self, sql: str, parameters: Any = ()) -> QuickResult:
        """Run plain SQL; a list is many at once."""
        cursor = self.disk_connection.cursor()
        call = cursor.executemany if isinstance(parameters, list) else cursor.execute
        _run(call, sql, parameters)
        rows = cursor.fetchall() if cursor.description is not None else []
        return QuickResult(rows, cursor.rowcount)


class QuickEngine:
    """What the products take for SQLAlchemy's engine."""

    def __init__(self, disk_connection: Any) -> None:
        """Speak to this connection of a disk."""
        self._disk_connection = disk_connection

    def execution_options(self, **_: Any) -> Self:
        """All options are the same here."""
        return self

    def connect(self) -> QuickConnection:
        """A connection."""
        return QuickConnection(self._disk_connection)

    def begin(self) -> QuickTransaction:
        """A connection with a transaction for a block."""
        return QuickConnection(self._disk_connection).begin()

    def dispose(self) -> None:
        """The disk stays."""


def _run(call: Callable[..., Any], *arguments: Any) -> None:
    """Do something at SQLite; its errors come as SQLAlchemy's."""
    try:
        call(*arguments)
    except sqlite3.Error as error:
        raise DBAPIError.instance(
            "", None, error, sqlite3.Error, hide_parameters=True, dialect=_DIALECT
        ) from error
