"""Making change sets: what a save becomes on the device that made it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from field_app.domain.clock import Entropy, Instant
from field_app.domain.declaration import RegisterName
from field_app.domain.errors import TooLarge
from field_app.sync.canonical import canonical_bytes, parse, require_nesting
from field_app.sync.changes import (
    CHANGE_SET_BYTES_MAX,
    SCHEMA,
    VALUE_NESTING_MAX,
    ChangeSet,
    Header,
    Part,
    ScopedWrite,
    Write,
)


@dataclass(frozen=True, slots=True)
class Authorship:
    """What every change set of one save says about who made it and where."""

    device: str
    author: str
    at: Instant
    counter: int
    prev: str
    grants: Mapping[str, int]


def compose(
    entropy: Entropy,
    by: Authorship,
    writes: Sequence[ScopedWrite],
    opens: Mapping[str, str] | None = None,
) -> ChangeSet:
    """Make a change set of a save's writes: one part per (scope, register), in first-seen order.

    Raises:
        TooLarge: over `CHANGE_SET_BYTES_MAX`; nothing was written yet, so the author can shorten.
    """
    grouped: dict[tuple[str, RegisterName], list[Write]] = {}
    for item in writes:
        grouped.setdefault((item.scope, item.register), []).append(item.write)
    parts: list[Part] = []
    first = 0
    for (scope, register), members in grouped.items():
        parts.append(_part(entropy, scope, register, first, members))
        first += len(members)
    change_set = ChangeSet(_header(entropy, by, parts, opens or {}), tuple(parts))
    if change_set.size > CHANGE_SET_BYTES_MAX:
        raise TooLarge("change set", kib_max=CHANGE_SET_BYTES_MAX // 1024)
    return change_set


def reissue(header: Header, device: str, counter: int, prev: str) -> Header:
    """Give a header a new place in a forked device's chain; parts, and so their hashes, stay."""
    wire = parse(header.raw) | {"device": device, "counter": counter, "prev": prev}
    return Header.from_wire(wire, canonical_bytes(wire))


def _part(
    entropy: Entropy, scope: str, register: RegisterName, first: int, writes: list[Write]
) -> Part:
    for write in writes:
        for value in write.set.values():
            require_nesting(value, VALUE_NESTING_MAX)
    wire = {
        "first": first,
        "register": register,
        "salt": entropy.bytes(16).hex(),
        "scope": scope,
        "writes": [write.to_wire() for write in writes],
    }
    return Part(scope, register, first, tuple(writes), canonical_bytes(wire))


def _header(
    entropy: Entropy, by: Authorship, parts: Sequence[Part], opens: Mapping[str, str]
) -> Header:
    wire: dict[str, Any] = {
        "at": by.at,
        "author": by.author,
        "counter": by.counter,
        "device": by.device,
        "grants": dict(by.grants),
        "id": entropy.new_id(),
        "parts": [part.hash for part in parts],
        "prev": by.prev,
        "schema": SCHEMA,
    }
    if opens:
        wire["opens"] = dict(opens)
    return Header.from_wire(wire, canonical_bytes(wire))
