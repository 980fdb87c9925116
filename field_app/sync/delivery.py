"""What a device is told of a record: compacted heads, streamed parts, its own saves, access.

One line of JSON per entry, so that a part's exact bytes travel as they are:

    ["c", seq, bucket, record, type, scope, [[write id, author, at, {key: value}, {key: depth}]]]
    ["s", seq, bucket, set id, author, at, {index: {key: depth}}]   and on the next line the part
    ["o", seq, set id, [bucket of each part], {index: {key: depth}}]     the device's own set:
                                                  it has the bytes already, and not the depths
    ["a", seq, "enter" | "leave", scope, team]    a person came into, or left, a team's buckets

`bucket` counts into the page's list of buckets. Depths of 1 are left out. A compacted entry
states all heads of a record's part at `seq` and replaces what the receiver had confirmed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple

from field_app.domain.clock import Instant
from field_app.domain.errors import Malformed
from field_app.sync.canonical import canonical_bytes, parse, rewritten
from field_app.sync.changes import Part
from field_app.sync.merge import (
    EMPTY,
    UNSEEN,
    Head,
    Incoming,
    Stamped,
    State,
    ordered,
    overlay,
)

_ALL_OF_ONE: Final[Mapping[str, int]] = MappingProxyType({})
"""The depths of a write that replaces nothing."""
_QUOTES: Final = 8
"""Before a compacted entry's writes: of its four texts."""

CompactedWrite = tuple[str, str, Instant, dict[str, Any], dict[str, int]]
"""(write id, author, at, {key: value}, {key: depth where it is not 1})."""


def compact(state: State) -> list[CompactedWrite]:
    """A state's heads grouped by write: what is stored and delivered in place of history."""
    grouped: dict[str, CompactedWrite] = {}
    for key in sorted(state.heads):
        for write_id, depth, value, author, at in state.heads[key]:
            entry = grouped.get(write_id)
            if entry is None:
                entry = grouped[write_id] = (write_id, author, at, {}, {})
            entry[3][key] = value
            if depth != 1:
                entry[4][key] = depth
    return [grouped[write_id] for write_id in sorted(grouped)]


def compact_alone(stamped: Stamped) -> list[CompactedWrite]:
    """As `compact(overlay(EMPTY, stamped))`: a part that nobody else has written to."""
    incoming, write = stamped.incoming, stamped.incoming.write
    named = stamped.depths.items()
    depths = {key: depth for key, depth in named if depth != 1 and key in write.set}
    if UNSEEN in depths.values():
        return compact(overlay(EMPTY, stamped))
    return [(incoming.write_id, incoming.author, incoming.at, dict(write.set), depths)]


def written_alone(write_id: str, author: str, at: Instant, values: bytes) -> bytes:
    """The JSON bytes of `compact_alone` for a write of depth 1; `values` are those it sets."""
    return b"[%b,%b,{}]]" % (rewritten([write_id, author, at])[:-1], values)


def expand(writes: Sequence[Sequence[Any]]) -> State:
    """The state that compacted writes describe.

    Raises:
        Malformed: a write is not of that shape.
    """
    heads: dict[str, tuple[Head, ...]] = {}
    try:
        for write_id, author, at, values, depths in writes:
            for key, value in values.items():
                head = Head(write_id, depths.get(key, 1), value, author, at)
                standing = heads.get(key)
                heads[key] = (head,) if standing is None else ordered((*standing, head))
    except (TypeError, ValueError, AttributeError):
        raise Malformed("compacted writes") from None
    return State(heads)


def require_compacted(writes: Any) -> None:
    """Make sure that `expand` could read these writes, without the cost of doing it.

    Raises:
        Malformed: a write is not of that shape.
    """
    if not isinstance(writes, list):
        raise Malformed("compacted writes")
    for write in writes:
        fits = isinstance(write, list) and len(write) == 5
        if not (
            fits
            and isinstance(write[0], str)
            and isinstance(write[1], str)
            and isinstance(write[2], str)
            and isinstance(write[3], dict)
            and _are_depths(write[4])
        ):
            raise Malformed("compacted writes")


class Compacted(NamedTuple):
    """All heads of one record's part at sequence `seq`."""

    seq: int
    bucket: str
    record: str
    type: str
    scope: str
    writes: Sequence[Sequence[Any]]
    written: bytes | None = None
    """The JSON bytes of `writes` as they arrived, for who only passes them on."""

    def __repr__(self) -> str:
        """Without the values: entries reach logs."""
        return f"Compacted({self.seq}, {self.bucket!r}, {self.record!r})"

    def __eq__(self, other: object) -> bool:
        """Whether these say the same, whether or not the bytes that arrived are at hand."""
        return isinstance(other, Compacted) and self[:6] == other[:6]

    def __hash__(self) -> int:
        """Of which part it is about, and when."""
        return hash(self[:5])


class Streamed(NamedTuple):
    """One part of somebody's change set, accepted at sequence `seq`."""

    seq: int
    bucket: str
    set_id: str
    author: str
    at: Instant
    depths: Mapping[str, Mapping[str, int]]
    """{write index as text: {key: depth}}, depths of 1 left out."""
    raw: bytes

    def __repr__(self) -> str:
        """Without the values: entries reach logs."""
        return f"Streamed({self.seq}, {self.bucket!r}, {self.set_id!r})"

    def stamped(self) -> list[tuple[Part, Stamped]]:
        """The part's writes with the depths the server gave them.

        Raises:
            Malformed: the part's bytes are not a part.
        """
        return self.stamps(Part.parse(self.raw))

    def stamps(self, part: Part) -> list[tuple[Part, Stamped]]:
        """As `stamped`, where the part was read already."""
        set_id, author, at = self.set_id, self.author, self.at
        return [
            (
                part,
                Stamped(
                    Incoming(f"{set_id}:{index}", write, author, at),
                    self.depths.get(str(index), _ALL_OF_ONE),
                ),
            )
            for index, write in enumerate(part.writes, part.first)
        ]


@dataclass(frozen=True, slots=True)
class OwnSet:
    """One of the receiving device's own change sets, accepted at sequence `seq`."""

    seq: int
    set_id: str
    buckets: tuple[str, ...] = ()
    """The bucket of each part, in the set's order."""
    depths: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """{write index as text: {key: depth}}, depths of 1 left out."""


@dataclass(frozen=True, slots=True)
class AccessChange:
    """A scope came into a team's buckets (compacted entries follow), or left them."""

    seq: int
    kind: Literal["enter", "leave"]
    scope: str
    team: str


Entry = Compacted | Streamed | OwnSet | AccessChange


def encode_entry(entry: Entry, bucket_index: Mapping[str, int]) -> bytes:
    """Write an entry as its one or two lines, without the last newline."""
    match entry:
        case Streamed():
            index = bucket_index[entry.bucket]
            line = ["s", entry.seq, index, entry.set_id, entry.author, entry.at, entry.depths]
            return canonical_bytes(line) + b"\n" + entry.raw
        case Compacted():
            index = bucket_index[entry.bucket]
            where = [entry.record, entry.type, entry.scope]
            return canonical_bytes(["c", entry.seq, index, *where, entry.writes])
        case OwnSet():
            numbers = [bucket_index[bucket] for bucket in entry.buckets]
            return canonical_bytes(["o", entry.seq, entry.set_id, numbers, entry.depths])
        case AccessChange():
            return canonical_bytes(["a", entry.seq, entry.kind, entry.scope, entry.team])


def decode_entries(lines: Sequence[bytes], buckets: Sequence[str]) -> list[Entry]:
    """Read a page's entry lines.

    Raises:
        Malformed: a line is not an entry, or a part's line is missing. Nothing of the page may
            be applied then.
    """
    entries: list[Entry] = []
    remaining = iter(lines)
    try:
        for line in remaining:
            kind, seq, *rest = parse(line)
            if type(seq) is not int or seq < 0:
                raise Malformed("entry: sequence")
            if kind == "c":
                index, record, type_, scope, writes = rest
                bucket = _bucket(buckets, index)
                _require_texts(record, type_, scope)
                require_compacted(writes)
                written = _writes_within(line)
                entries.append(Compacted(seq, bucket, record, type_, scope, writes, written))
            elif kind == "s":
                index, set_id, author, at, depths = rest
                bucket = _bucket(buckets, index)
                _require_texts(set_id, author, at)
                _require_depths(depths)
                raw = next(remaining)
                entries.append(Streamed(seq, bucket, set_id, author, at, depths, raw))
            elif kind == "o":
                set_id, indexes, depths = rest
                _require_texts(set_id)
                _require_depths(depths)
                own = tuple(_bucket(buckets, index) for index in indexes)
                entries.append(OwnSet(seq, set_id, own, depths))
            elif kind == "a" and rest[0] in ("enter", "leave"):
                _require_texts(*rest)
                entries.append(AccessChange(seq, *rest))
            else:
                raise Malformed("entry of an unknown kind")
    except (TypeError, ValueError, IndexError, StopIteration):
        raise Malformed("page") from None
    return entries


def _require_texts(*texts: Any) -> None:
    for text in texts:
        if type(text) is not str:
            raise Malformed("entry: text")


def _require_depths(depths: Any) -> None:
    if not isinstance(depths, dict) or not all(map(_are_depths, depths.values())):
        raise Malformed("entry: depths")


def _are_depths(of_keys: Any) -> bool:
    return isinstance(of_keys, dict) and all(type(depth) is int for depth in of_keys.values())


def _writes_within(line: bytes) -> bytes | None:
    """The last member of a compacted entry's line; None where it cannot be cut out as it is."""
    start = line.find(b",[")
    before = line[:start]
    whole = line.endswith(b"]]") and before.count(b'"') == _QUOTES and b"\\" not in before
    return line[start + 1 : -1] if start > 0 and whole else None


def _bucket(buckets: Sequence[str], index: Any) -> str:
    if type(index) is not int or index < 0:
        raise Malformed("entry: bucket")  # Python would count a negative one from the end
    return buckets[index]
