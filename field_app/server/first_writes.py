"""Registers that hold their first write alone: its part is their state, written once.

Most registers of most records are written to once. `PartRow.record` names the record of such a
part; a second write moves the state into `RecordState`, and it never comes back from there. Only
a part whose JSON can be cut without reading it (`Part.written`) is left to speak for itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Select, bindparam, func, insert, select, tuple_, update

from field_app.domain.clock import Instant
from field_app.server.database import among
from field_app.server.sealing import Place, Sealer
from field_app.server.tables import change_sets, parts, record_states
from field_app.sync.changes import Part
from field_app.sync.merge import Incoming

PartPlace = tuple[str, int]
"""A part, by its set's key and its position there."""
FirstWriteOf = tuple[str, str] | tuple[None, None]
"""The record whose register a part is the state of, and its type; or of none."""
NOBODY: Final[FirstWriteOf] = (None, None)
NOTHING_REPLACED: Final = b"{}"
ROWS_AT_ONCE: Final = 500
"""Rows fetched at a time where the database can hand them out in turns."""

_HERE = parts.c.organisation == bindparam("number")
_SPEAKS = parts.c.type.is_not(None)
"""Which parts speak for a record, where a bucket is asked about: `record` would lead to an index
over all buckets."""
_FIRST = (
    select(
        parts.c.record,
        parts.c.register,
        parts.c.type,
        parts.c.scope,
        parts.c.bucket,
        parts.c.seq,
        parts.c.set_key,
        parts.c.position,
        parts.c.raw,
        change_sets.c.author,
        change_sets.c.at,
    )
    .join_from(
        parts,
        change_sets,
        (change_sets.c.organisation == parts.c.organisation)
        & (change_sets.c.key == parts.c.set_key),
    )
    .where(_HERE)
)
_OF_BUCKET = (
    _FIRST.where(
        _SPEAKS,
        parts.c.bucket == bindparam("of_bucket"),
        tuple_(parts.c.seq, parts.c.position) >= tuple_(bindparam("seq"), bindparam("position")),
    )
    .order_by(parts.c.seq, parts.c.position)
    .limit(bindparam("most"))
)
_COUNT = (
    select(func.count())
    .select_from(parts)
    .where(_HERE, _SPEAKS, parts.c.bucket.in_(bindparam("buckets", expanding=True)))
)
_PUT = (
    update(parts)
    .where(
        parts.c.organisation == bindparam("number"),
        parts.c.set_key == bindparam("of_set"),
        parts.c.position == bindparam("at"),
    )
    .values(record=bindparam("of_record"), type=bindparam("of_type"))
)


class FirstWrite(NamedTuple):
    """A part that is the state of a record's register, with what its set says."""

    record: str
    register: str
    type: str
    scope: str
    bucket: str
    seq: int
    set_key: str
    position: int
    sealed: bytes
    author: str
    at: Instant

    def __repr__(self) -> str:
        """Without the content."""
        return f"FirstWrite({self.record!r}, {self.register!r}, {self.seq})"

    @property
    def lies(self) -> PartPlace:
        """Where the part lies."""
        return self.set_key, self.position

    def heads(self, sealer: Sealer, place: Place) -> bytes:
        """The canonical JSON of its one compacted write."""
        return _heads(sealer.open(self.sealed, place), self.set_key, self.author, self.at)

    def incoming(self, sealer: Sealer, place: Place) -> Incoming:
        """The write."""
        part = Part.parse(sealer.open(self.sealed, place))
        return Incoming(f"{self.set_key}:{part.first}", part.writes[0], self.author, self.at)


def _heads(raw: bytes, set_key: str, author: str, at: Instant) -> bytes:
    """As `compact_alone`, in canonical JSON.

    Id, author and time were looked at when the set was accepted: they hold nothing that JSON
    would write in another way.
    """
    number, values = Part.cut(raw)
    return f'[["{set_key}:{number}","{author}","{at}",'.encode() + values + b",{}]]"


def _found(connection: Connection, organisation: int, asked: Select[Any]) -> Iterator[FirstWrite]:
    return map(FirstWrite._make, connection.execute(asked, {"number": organisation}))


def of_records(
    connection: Connection, organisation: int, records: Sequence[str]
) -> Iterator[FirstWrite]:
    """Those of these records."""
    return _found(
        connection, organisation, _FIRST.where(among(connection, parts.c.record, records))
    )


def of_bucket(
    connection: Connection,
    sealer: Sealer,
    organisation: int,
    bucket: str,
    begin: tuple[int, int],
    most: int,
) -> Iterator[tuple[int, int, str, str, str, bytes]]:
    """Those of a bucket from a (sequence, position) on, in that order.

    Each as (sequence, position, record, type, scope, heads in canonical JSON): a start has
    thousands.
    """
    seq, position = begin
    asked: Mapping[str, Any] = {"of_bucket": bucket, "seq": seq, "position": position, "most": most}
    rows = connection.execution_options(yield_per=ROWS_AT_ONCE).execute(
        _OF_BUCKET, {**asked, "number": organisation}
    )
    places: dict[str, Place] = {}
    with rows:
        for row in chain.from_iterable(rows.partitions()):
            record, register, type_, scope, _, seq, set_key, position, sealed, author, at = row
            place = places.get(scope)
            if place is None:
                place = places[scope] = Place(organisation, scope, register)
            raw = sealer.open(sealed, place)
            yield seq, position, record, type_, scope, _heads(raw, set_key, author, at)


def every(connection: Connection, organisation: int) -> Iterator[FirstWrite]:
    """All, in the order of record and register."""
    asked = _FIRST.where(parts.c.record.is_not(None)).order_by(parts.c.record, parts.c.register)
    return _found(connection, organisation, asked)


def count(connection: Connection, organisation: int, buckets: Iterable[str]) -> int:
    """How many there are in these buckets."""
    asked = {"number": organisation, "buckets": sorted(buckets)}
    found: int = connection.execute(_COUNT, asked).scalar_one()
    return found


def put(
    connection: Connection, organisation: int, changed: Mapping[PartPlace, FirstWriteOf]
) -> None:
    """Note which stored parts became the state of a register, or are it no more."""
    if changed:
        connection.execute(
            _PUT,
            [
                {
                    "number": organisation,
                    "of_set": set_key,
                    "at": position,
                    "of_record": record,
                    "of_type": type_,
                }
                for (set_key, position), (record, type_) in changed.items()
            ],
        )


def write_out(
    connection: Connection, organisation: int, sealer: Sealer, scope: str, buckets: Iterable[str]
) -> None:
    """Give every register of a scope that a part spoke for a state of its own.

    A person's parts stay in the buckets they were accepted into; states go along to a new team.
    """
    asked = _FIRST.where(_SPEAKS, parts.c.scope == scope, parts.c.bucket.in_(sorted(buckets)))
    found = list(_found(connection, organisation, asked))
    if not found:
        return
    rows = []
    for one in found:
        place = Place(organisation, scope, one.register)
        rows.append(
            {
                "organisation": organisation,
                "record": one.record,
                "register": one.register,
                "type": one.type,
                "scope": scope,
                "bucket": one.bucket,
                "seq": one.seq,
                "heads": sealer.seal(one.heads(sealer, place), place),
                "replaced": sealer.seal(NOTHING_REPLACED, place),
            }
        )
    connection.execute(insert(record_states), rows)
    put(connection, organisation, {one.lies: NOBODY for one in found})
