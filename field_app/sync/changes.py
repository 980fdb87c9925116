"""What a save is: a change set, its header and its parts.

    header   {at, author, counter, device, grants, id, opens?, parts, prev, schema}
    part     {first, register, salt, scope, writes}      one per (scope, register), exact bytes
    write    {record, type, set {key: value}, replaces {key: [write ids]}}

The header names its parts by SHA-256 and the device's previous header by SHA-256: the chain and
the signature cover headers, so a part can be sealed, withheld or erased alone. A part holds 16
random bytes of salt, since a bare hash of a blood pressure can be guessed. A write's id is
`<set id>:<index>`; the index counts over the whole set, each part says its first one. Unknown
members are kept: `raw` is what arrived.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple, cast

from field_app.domain.clock import Instant, is_instant
from field_app.domain.declaration import RegisterName
from field_app.domain.errors import Malformed
from field_app.sync.canonical import (
    PLAIN,
    canonical_bytes,
    parse,
    require_nesting,
    scan_object,
    sha256_hex,
)

SCHEMA = 1
"""The record schema this version writes; additive, upcast on read."""

CHANGE_SET_BYTES_MAX = 256 * 1024
VALUE_NESTING_MAX = 16
"""How many lists and objects a value may hold within each other."""
NUMBER_MAX = 2**53 - 1
"""The greatest whole number that every JSON reader, and a database column, keeps exactly."""
NO_PREVIOUS = "0" * 64
"""`prev` of a device's first header."""

_ID = re.compile(r"[0-9a-f]{32}\Z")
_HASH = re.compile(r"[0-9a-f]{64}\Z")
_ONE_WRITE = re.compile(
    r'\{"first":(0|[1-9][0-9]{0,14}),"register":"(common|social|health)","salt":"[0-9a-f]{32,}",'
    r'"scope":"([a-z0-9/]*)","writes":\[\{"record":"([0-9a-f]{32})","set":(?=\{)'
)
_BARE_HEADER = re.compile(
    rb'(\{"at":"([0-9TZ:.-]{24})","author":"([0-9a-f]{32})","counter":([1-9][0-9]{0,14}),'
    rb'"device":"([0-9a-f]{32})","grants":(\{[^\\{}]{0,4000}\}),"id":"([0-9a-f]{32})")'
    rb'(,"schema":(0|[1-9][0-9]{0,14})\})\Z'
)
"""A canonical header without its links, which opens nobody: most headers are so."""
_ONE_WRITE_ENDS = re.compile(r',"type":"([a-z][a-z0-9_]*)"\}\]\}\Z')
"""A canonical part of one write that replaces nothing, around what it sets: most parts are so."""


def is_id(text: object) -> bool:
    """Whether this is an id: 32 lower-case hex digits."""
    return isinstance(text, str) and _ID.match(text) is not None


def person_scope(person_id: str) -> str:
    """The scope of everything about one person."""
    return f"person/{person_id}"


def team_scope(team_id: str) -> str:
    """The scope of what belongs to a team and to no person."""
    return f"team/{team_id}"


DIRECTORY_SCOPE = "org/directory"
_NO_PERSONS: Mapping[str, str] = MappingProxyType({})
NO_NAMES: Mapping[str, Sequence[str]] = MappingProxyType({})
"""What a write replaces that replaces nothing."""


class Write(NamedTuple):
    """One record's changed keys within one part, and exactly the heads its author was shown."""

    record: str
    type: str
    set: Mapping[str, Any]
    replaces: Mapping[str, Sequence[str]] = NO_NAMES

    def __repr__(self) -> str:
        """Without the values: writes reach logs."""
        return f"Write({self.record!r}, {self.type!r})"

    def to_wire(self) -> dict[str, Any]:
        """The write as a JSON object; `replaces` is left out when empty."""
        wire: dict[str, Any] = {"record": self.record, "type": self.type, "set": dict(self.set)}
        if self.replaces:
            wire["replaces"] = {key: list(ids) for key, ids in self.replaces.items()}
        return wire

    @classmethod
    def from_wire(cls, wire: Any) -> Write:
        """Read a write.

        Raises:
            Malformed: a member is missing or of another shape.
        """
        try:
            record, type_, values = wire["record"], wire["type"], wire["set"]
            replaces = wire.get("replaces", {})
            ok = (
                is_id(record)
                and isinstance(type_, str)
                and isinstance(values, dict)
                and len(values) > 0
                and isinstance(replaces, dict)
                and (not replaces or _names_writes(replaces, values))
            )
        except (KeyError, TypeError, AttributeError):
            ok = False
        if not ok:
            raise Malformed("write")
        for value in values.values():
            if type(value) not in PLAIN:
                require_nesting(value, VALUE_NESTING_MAX)
        return cls(record, type_, values, replaces)


def _names_writes(replaces: dict[str, Any], values: dict[str, Any]) -> bool:
    return replaces.keys() <= values.keys() and all(
        isinstance(ids, list) and all(isinstance(one, str) for one in ids)
        for ids in replaces.values()
    )


@dataclass(frozen=True, slots=True)
class ScopedWrite:
    """A write on its way into a change set: which part it goes to."""

    scope: str
    register: RegisterName
    write: Write


class Part(NamedTuple):
    """The writes of one (scope, register), as exact bytes."""

    scope: str
    register: RegisterName
    first: int
    writes: tuple[Write, ...]
    raw: bytes
    written: bytes | None = None
    """The JSON bytes of what its one write sets, cut out of `raw`; None where that is not plain."""

    def __repr__(self) -> str:
        """Without the values: parts reach logs."""
        return f"Part({self.scope!r}, {self.register!r}, {len(self.raw)} bytes)"

    def __eq__(self, other: object) -> bool:
        """Whether these are the same bytes, however each came to be a part."""
        return isinstance(other, Part) and self.raw == other.raw

    def __hash__(self) -> int:
        """Of the bytes."""
        return hash(self.raw)

    @property
    def hash(self) -> str:
        """SHA-256 of the exact bytes, as the header names it."""
        return sha256_hex(self.raw)

    @classmethod
    def parse(cls, raw: bytes) -> Part:
        """Read a part's exact bytes.

        Raises:
            Malformed: not a part.
        """
        return cls._of_one_write(raw) or cls._of_any(raw)

    @classmethod
    def _of_one_write(cls, raw: bytes) -> Part | None:
        """As `_of_any`, in a third of the time; None where it is not plainly such a part."""
        try:
            text = raw.decode()
        except UnicodeDecodeError:
            return None
        begins = _ONE_WRITE.match(text)
        if begins is None or ("\\" in text and "\\u" in text):
            return None
        found = scan_object(text, begins.end())
        if found is None:
            return None
        values, end = found
        ends = _ONE_WRITE_ENDS.match(text, end)
        if ends is None or not values or not PLAIN.issuperset(map(type, values.values())):
            return None
        first, register, scope, record = begins.groups()
        of = cast("RegisterName", register)
        write = Write(record, ends[1], values)
        written = text[begins.end() : end].encode()
        return cls(scope, of, int(first), (write,), raw, written)

    @staticmethod
    def cut(raw: bytes) -> tuple[str, bytes]:
        """The number of its one write and what that sets, of bytes known to have `written`."""
        end, values = raw.index(b","), raw.index(b'"set":') + len(b'"set":')
        return raw[len(b'{"first":') : end].decode(), raw[values : raw.rindex(b',"type":"')]

    @classmethod
    def _of_any(cls, raw: bytes) -> Part:
        wire = parse(raw)
        try:
            scope, register, first = wire["scope"], wire["register"], wire["first"]
            writes = tuple(Write.from_wire(item) for item in wire["writes"])
            ok = (
                isinstance(scope, str)
                and register in ("common", "social", "health")
                and is_number(first)
                and isinstance(wire["salt"], str)
                and len(wire["salt"]) >= 32
                and bool(writes)
            )
        except (KeyError, TypeError):
            ok = False
        if not ok:
            raise Malformed("part")
        return cls(scope, register, first, writes, raw)

    @classmethod
    def unreadable(cls, raw: bytes) -> Part:
        """Bytes that are no part: kept as they are, so that the sets behind them get through."""
        return cls("", "common", 0, (), raw)


class Header(NamedTuple):
    """Who saved what after what; see the module's first lines for its members."""

    id: str
    device: str
    counter: int
    prev: str
    author: str
    at: Instant
    schema: int
    grants: Mapping[str, int]
    parts: tuple[str, ...]
    opens: Mapping[str, str]
    """New persons and the author's team each one is proposed for: {person id: team id}."""
    raw: bytes
    hash: str
    """SHA-256 of the exact bytes: the link of the device's chain."""

    def __repr__(self) -> str:
        """Which save this is."""
        return f"Header({self.id!r}, {self.device!r}, {self.counter})"

    @property
    def identity(self) -> tuple[str, tuple[str, ...]]:
        """Id and part hashes; the same id with other part hashes is quarantined."""
        return self.id, self.parts

    @classmethod
    def parse(cls, raw: bytes) -> Header:
        """Read a header's exact bytes.

        Raises:
            Malformed: not a header.
        """
        return cls.from_wire(parse(raw), raw)

    @classmethod
    def of_bare(cls, bare: bytes, parts: tuple[str, ...], prev: str) -> Header | None:
        """A header of its canonical bytes without `parts` and `prev`, which are put back.

        As `from_wire` of the whole, in a third of the time; None where it is not plainly one.
        """
        found = _BARE_HEADER.match(bare)
        if found is None or _HASH.match(prev) is None:
            return None
        before, at, author, counter, device, told, id_, after, schema = found.groups()
        grants, instant = _grants_of(told), at.decode()
        if grants is None or not is_instant(instant):
            return None
        raw = b'%b,"parts":["%b"],"prev":"%b"%b' % (
            before,
            '","'.join(parts).encode(),
            prev.encode(),
            after,
        )
        return cls(
            id_.decode(),
            device.decode(),
            int(counter),
            prev,
            author.decode(),
            instant,
            int(schema),
            grants,
            parts,
            _NO_PERSONS,
            raw,
            sha256_hex(raw),
        )

    @classmethod
    def from_wire(cls, wire: Any, raw: bytes) -> Header:
        """Read a header of an object already parsed; `raw` are its exact bytes.

        Raises:
            Malformed: not a header.
        """
        try:
            grants, opens = wire["grants"], wire.get("opens", {})
            ok = (
                is_id(wire["id"])
                and is_id(wire["device"])
                and is_id(wire["author"])
                and is_number(wire["counter"])
                and is_number(wire["schema"])
                and wire["counter"] >= 1
                and is_instant(wire["at"])
                and _HASH.match(wire["prev"]) is not None
                and isinstance(wire["parts"], list)
                and all(_HASH.match(one) for one in wire["parts"])
                and bool(wire["parts"])
                and all(is_number(epoch) for epoch in grants.values())
                and all(is_id(p) and is_id(team) for p, team in opens.items())
            )
        except (KeyError, TypeError, AttributeError):
            ok = False
        if not ok:
            raise Malformed("header")
        return cls(
            id=wire["id"],
            device=wire["device"],
            counter=wire["counter"],
            prev=wire["prev"],
            author=wire["author"],
            at=wire["at"],
            schema=wire["schema"],
            grants=grants,
            parts=tuple(wire["parts"]),
            opens=opens,
            raw=raw,
            hash=sha256_hex(raw),
        )


class ChangeSet(NamedTuple):
    """One save: a header and its parts."""

    header: Header
    parts: tuple[Part, ...]

    def numbered_writes(self) -> Iterable[tuple[str, Part, Write]]:
        """Every write with its id and its part, in order."""
        for part in self.parts:
            for offset, write in enumerate(part.writes):
                yield f"{self.header.id}:{part.first + offset}", part, write

    @property
    def fault(self) -> str:
        """Why nobody could apply the set, as a stable code; empty for a sound one.

        A set with a fault is stored and waits for a person, whatever its header says.
        """
        if any(not part.writes for part in self.parts):
            return "part_unreadable"
        following = 0
        for part in self.parts:
            if part.first != following:
                return "part_numbering"
            following += len(part.writes)
        if len({(part.scope, part.register) for part in self.parts}) < len(self.parts):
            return "part_twice"
        return ""

    @property
    def size(self) -> int:
        """Bytes of header and parts."""
        return len(self.header.raw) + sum(len(part.raw) for part in self.parts)


@lru_cache(maxsize=1000)
def _grants_of(told: bytes) -> Mapping[str, int] | None:
    """Canonical grants as a mapping, which is the same in header after header; else None."""
    try:
        grants = parse(told)
    except Malformed:
        return None
    sound = all(is_number(epoch) for epoch in grants.values())
    return MappingProxyType(grants) if sound and canonical_bytes(grants) == told else None


def is_number(value: object) -> bool:
    """Whether this is a whole number that every reader and every column keeps exactly."""
    return type(value) is int and 0 <= value <= NUMBER_MAX
