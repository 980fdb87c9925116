"""A record as it is shown: what stands, what disagrees, what is only on this phone.

Assembled from the register states of one record (common, social, health as far as the device
holds them), each of them the confirmed state with the device's own pending writes upon it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from field_app.domain.clock import Instant
from field_app.domain.declaration import Record, RegisterName, declaration_of
from field_app.domain.errors import InvalidRecord
from field_app.domain.records import RECORD_TYPES
from field_app.sync.merge import Heads, State, in_conflict, shown

Base = Mapping[str, tuple[tuple[str, int], ...]]
"""{key: ((write id, depth), …)}: exactly the heads a person was shown."""


@dataclass(frozen=True, slots=True)
class RecordView:
    """One record, merged, with everything a screen needs to show it honestly."""

    id: str
    type: str
    scope: str
    values: Mapping[str, Any] = field(repr=False)
    """{wire key: value shown}, keys of newer versions included."""
    heads: Mapping[str, Heads] = field(repr=False)
    registers: Mapping[str, RegisterName]
    """{wire key: the register its heads are in}."""
    conflicts: tuple[str, ...]
    """Keys with values that disagree, sorted."""
    only_here: frozenset[str]
    """Keys with a head the server has not answered for yet."""
    newer: bool = False
    """Of a type, or with a value, that this version cannot read: kept and sent on untouched."""
    record: Record | None = field(default=None, repr=False)
    """The typed record; None when `newer` hides all of it."""

    def base(self, *keys: str) -> Base:
        """The heads shown of these keys (of all, when none is named), for a draft to keep."""
        wanted = keys or tuple(self.heads)
        return {
            key: tuple((head.write_id, head.depth) for head in self.heads[key])
            for key in wanted
            if key in self.heads
        }

    @property
    def changed_at(self) -> Instant | None:
        """The latest instant any standing write claims, by its device's clock: to show, no more."""
        return max((head.at for heads in self.heads.values() for head in heads), default=None)

    @property
    def authors(self) -> frozenset[str]:
        """Everyone with a standing write."""
        return frozenset(head.author for heads in self.heads.values() for head in heads)


def assemble(
    record_id: str,
    record_type: str,
    scope: str,
    parts: Mapping[RegisterName, State],
    pending_writes: frozenset[str] = frozenset(),
) -> RecordView:
    """Put a record's register states together.

    `pending_writes` are the ids of the device's own writes without a receipt.
    """
    heads: dict[str, Heads] = {}
    registers: dict[str, RegisterName] = {}
    for register, state in parts.items():
        for key, standing in state.heads.items():
            heads[key] = standing
            registers[key] = register
    values = {key: shown(key, standing) for key, standing in heads.items()}
    record, newer = _typed(record_type, record_id, values)
    return RecordView(
        id=record_id,
        type=record_type,
        scope=scope,
        values=values,
        heads=heads,
        registers=registers,
        conflicts=tuple(sorted(key for key, found in heads.items() if in_conflict(key, found))),
        only_here=frozenset(
            key
            for key, standing in heads.items()
            if any(head.write_id in pending_writes for head in standing)
        ),
        newer=newer,
        record=record,
    )


def _typed(
    record_type: str, record_id: str, values: Mapping[str, Any]
) -> tuple[Record | None, bool]:
    """The typed record; a value this version cannot read is left out and reported as newer."""
    cls = RECORD_TYPES.get(record_type)
    if cls is None:
        return None, True
    readable = dict(values)
    newer = any(not declaration_of(cls).members(key) for key in values)
    while True:
        try:
            return cls.from_keys(record_id, readable), newer
        except InvalidRecord as unreadable:
            field_name = str(unreadable.values["field"]).partition(".")[0]
            declared = declaration_of(cls).fields[field_name]
            readable = {
                key: value
                for key, value in readable.items()
                if key.partition("/")[0] != declared.key
            }
            newer = True
