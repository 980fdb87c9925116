"""The confirmed state: exactly what the server's stream says, up to the cursor.

One sealed envelope a (record, register), holding {bucket, seq, type, writes}; `writes` are the
compacted heads (see `field_app.sync.delivery`). `seq` is the sequence of the last entry applied:
an entry at or below it is already in there, so a page applied twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, cast

from sqlalchemy import Connection, bindparam, delete, func, select
from sqlalchemy.dialects.sqlite import dialect

from field_app.domain.declaration import RegisterName
from field_app.store.keyring import Keyring
from field_app.store.tables import Envelope
from field_app.sync.canonical import parse, rewritten
from field_app.sync.delivery import expand
from field_app.sync.merge import State

_ROWS = cast("Any", Envelope).__table__
_INSERT = """
INSERT INTO envelope (record_id, register, scope, blob)
SELECT CAST(substr(?2, j.key * ?3 + 1, ?3) AS TEXT), ?4,
       CAST(substr(?5, j.key * ?6 + 1, ?6) AS TEXT), substr(?7, j.key * ?8 + 1, ?8)
FROM json_each(?1) AS j WHERE true ON CONFLICT (record_id, register)
"""
"""Rows whose columns have the same lengths, laid end to end: a page has thousands, and one
statement leaves the interpreter to the thread that asks for the next page."""
_OR_LEAVE = _INSERT + "DO NOTHING"
_OR_REPLACE = _INSERT + "DO UPDATE SET scope = excluded.scope, blob = excluded.blob"
_OF_SCOPE = select(_ROWS).where(_ROWS.c.scope == bindparam("of_scope"))
_OF_RECORD = select(_ROWS).where(_ROWS.c.record_id == bindparam("of_record"))
_OF_KEYS = str(
    select(_ROWS)
    .where(
        _ROWS.c.register == bindparam("register"),
        _ROWS.c.record_id.in_(
            select(func.json_each(bindparam("records")).table_valued("value").c.value)
        ),
    )
    .compile(dialect=dialect())
)
"""The records as one JSON list: a thousand variables would cost more than the rows."""

OF_EARLIER_EPOCH = 0
"""A part's `seq` when it was told before the server's new epoch: shown until it is told anew."""

PartKey = tuple[str, RegisterName]
"""(record id, register)."""


class ConfirmedPart(NamedTuple):
    """One record's part as the server last told it."""

    record: str
    register: RegisterName
    scope: str
    type: str
    bucket: str
    seq: int
    writes: Sequence[Sequence[Any]] | None
    """Its heads, compacted (see `field_app.sync.delivery`): as they were told, or as they are
    after what was told since. Most parts are only passed on, so the state is made when asked."""
    written: bytes | None = None
    """The JSON bytes of `writes`; those are None where nobody has asked for them yet."""

    def __repr__(self) -> str:
        """Without the values: parts reach logs."""
        return f"ConfirmedPart({self.record!r}, {self.register!r}, seq={self.seq})"

    @property
    def state(self) -> State:
        """The heads by key."""
        return expand(parse(self.written or b"[]") if self.writes is None else self.writes)

    @property
    def key(self) -> PartKey:
        """Which part this is."""
        return self.record, self.register


class ConfirmedParts:
    """Reads and writes the envelopes of an unlocked store, inside the caller's transaction."""

    def __init__(self, keyring: Keyring) -> None:
        """Seal and open by this keyring."""
        self._keyring = keyring

    def of_scope(self, connection: Connection, scope: str) -> list[ConfirmedPart]:
        """Every part of one person, team or the directory."""
        rows = connection.execute(_OF_SCOPE, {"of_scope": scope})
        return [self._open(*row) for row in rows]

    def of_record(self, connection: Connection, record_id: str) -> list[ConfirmedPart]:
        """Every part of one record."""
        rows = connection.execute(_OF_RECORD, {"of_record": record_id})
        return [self._open(*row) for row in rows]

    def of_keys(
        self, connection: Connection, keys: Collection[PartKey]
    ) -> dict[PartKey, ConfirmedPart]:
        """Those of these parts that are here; nothing else is opened."""
        records: dict[RegisterName, list[str]] = {}
        for record, register in keys:
            records.setdefault(register, []).append(record)
        found: dict[PartKey, ConfirmedPart] = {}
        for register, wanted in records.items():
            asked = (register, rewritten(wanted).decode())
            for row in connection.exec_driver_sql(_OF_KEYS, asked):
                part = self._open(*row)
                found[part.key] = part
        return found

    def all(self, connection: Connection) -> Iterator[ConfirmedPart]:
        """Every part, scope by scope."""
        for row in connection.execute(select(_ROWS).order_by(_ROWS.c.scope, _ROWS.c.record_id)):
            yield self._open(*row)

    def scopes(self, connection: Connection) -> list[str]:
        """Every scope with a confirmed part."""
        query = select(_ROWS.c.scope).distinct().order_by(_ROWS.c.scope)
        return list(connection.execute(query).scalars())

    def put(self, connection: Connection, parts: Iterable[ConfirmedPart]) -> None:
        """Write parts, each in place of what was there; none of them twice."""
        for rows in self._sealed(parts):
            connection.exec_driver_sql(_OR_REPLACE, rows)

    def put_new(self, connection: Connection, parts: Collection[ConfirmedPart]) -> bool:
        """Write those parts that are not here at all; none of them twice. Whether that was all."""
        written = 0
        for rows in self._sealed(parts):
            written += connection.exec_driver_sql(_OR_LEAVE, rows).rowcount
        return written == len(parts)

    def _sealed(self, parts: Iterable[ConfirmedPart]) -> Iterator[tuple[str | bytes | int, ...]]:
        """What to insert: rows of one register whose columns have the same lengths."""
        of_register: dict[RegisterName, list[ConfirmedPart]] = {}
        for part in parts:
            of_register.setdefault(part.register, []).append(part)
        for register, members in of_register.items():
            plain = [(part.record, part.scope, _payload(part)) for part in members]
            sealed = self._keyring.register_key(register).seal_all(plain)
            alike: dict[tuple[int, int, int], list[tuple[bytes, bytes, bytes]]] = {}
            for (record, scope, _), blob in zip(plain, sealed, strict=True):
                row = (record.encode(), scope.encode(), blob)
                alike.setdefault((len(row[0]), len(row[1]), len(blob)), []).append(row)
            for (record_bytes, scope_bytes, blob_bytes), rows in alike.items():
                records, scopes, blobs = map(b"".join, zip(*rows, strict=True))
                each = f"[0{',0' * (len(rows) - 1)}]"
                where = (each, records, record_bytes, register, scopes, scope_bytes)
                yield *where, blobs, blob_bytes

    def age(self, connection: Connection) -> None:
        """Note that every part was told in an earlier epoch of the server."""
        for scope in self.scopes(connection):
            parts = self.of_scope(connection, scope)
            self.put(connection, (part._replace(seq=OF_EARLIER_EPOCH) for part in parts))

    def remove(self, connection: Connection, keys: Iterable[PartKey]) -> None:
        """Take parts off this device (they stay on the server)."""
        for record_id, register in keys:
            connection.execute(
                delete(_ROWS).where(_ROWS.c.record_id == record_id, _ROWS.c.register == register)
            )

    def _open(self, record_id: str, register: str, scope: str, blob: bytes) -> ConfirmedPart:
        wire = parse(self._keyring.open(register, record_id, scope, blob))
        return ConfirmedPart(
            record=record_id,
            register=cast("RegisterName", register),
            scope=scope,
            type=wire["type"],
            bucket=wire["bucket"],
            seq=wire["seq"],
            writes=wire["writes"],
        )


def _payload(part: ConfirmedPart) -> bytes:
    """A part's canonical JSON; `writes` comes last, and mostly as the bytes that arrived."""
    before, after = _about(part.bucket, part.type)
    writes = rewritten(part.writes) if part.written is None else part.written
    return b"%b%d%b%b}" % (before, part.seq, after, writes)


@lru_cache(maxsize=1000)
def _about(bucket: str, type_: str) -> tuple[bytes, bytes]:
    """What stands before and after `seq`: the same in thousands of parts."""
    before = rewritten({"bucket": bucket})[:-1] + b',"seq":'
    return before, b"," + rewritten({"type": type_})[1:-1] + b',"writes":'
