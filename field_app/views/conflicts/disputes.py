"""Reading a record's conflicts: which keys, which values, who says each, and how it is settled."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from field_app.domain.clock import Day, Instant
from field_app.domain.declaration import declaration_of
from field_app.domain.display import is_hidden
from field_app.domain.records import RECORD_TYPES
from field_app.domain.settling import Way, way_of
from field_app.store.record_view import RecordView
from field_app.sync.canonical import same_value
from field_app.sync.merge import Head
from field_app.views.rights import may_read_health

BaseOfKey = tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Claim:
    """One of the values, and everyone who says it."""

    value: Any = field(repr=False)
    heads: tuple[Head, ...]

    @property
    def id(self) -> str:
        """What names it while it stands: its first write."""
        return self.heads[0].write_id

    @property
    def at(self) -> Instant:
        """When it was written, by the clock of its author's device."""
        return min(head.at for head in self.heads)

    @property
    def situation(self) -> str | None:
        """Of a housing value: which situation, None when it was cleared."""
        return self.value.get("housing_situation") if isinstance(self.value, dict) else None

    @property
    def since(self) -> Day | None:
        """Of a housing value: since when, as its author said."""
        return self.value.get("housing_since") if isinstance(self.value, dict) else None


@dataclass(frozen=True)
class Dispute:
    """A key whose values disagree."""

    record_type: str
    key: str
    way: Way
    claims: tuple[Claim, ...]
    """The value shown now in front."""
    base: BaseOfKey
    """Exactly the heads shown: what settling replaces."""
    is_hidden: bool = False

    @property
    def heads_shown(self) -> frozenset[str]:
        """The ids of the writes shown."""
        return frozenset(write_id for write_id, _ in self.base)

    @property
    def name(self) -> str:
        """The key without its element: what its label is asked by."""
        return self.key.partition("/")[0]

    def claim(self, claim_id: str | None) -> Claim | None:
        """The claim of this id, if it still stands."""
        return next((one for one in self.claims if one.id == claim_id), None)


def disputes_of(view: RecordView, role: str) -> tuple[Dispute, ...]:
    """A record's conflicts that the role may see, in the order of the record's own fields."""
    keys = [
        key
        for key in view.conflicts
        if may_read_health(role) or view.registers.get(key) != "health"
    ]
    return tuple(_dispute(view, key) for key in sorted(keys, key=_field_order(view.type)))


def settle_path(record_id: str) -> str:
    """Where a record's conflicts are settled."""
    return f"/conflicts/{record_id}"


def moment_of(view: RecordView) -> str | None:
    """When what a record tells happened: an instant or a day; None for what has no time."""
    names = ("at", "made_at", "received_at", "opened_on", "started_on", "due_on")
    found = (getattr(view.record, name, None) for name in names)
    return next((moment for moment in found if moment), None)


def _dispute(view: RecordView, key: str) -> Dispute:
    heads = view.heads[key]
    return Dispute(
        record_type=view.type,
        key=key,
        way=way_of(view.type, key),
        claims=tuple(Claim(group[0].value, tuple(group)) for group in _by_value(heads)),
        base=tuple((head.write_id, head.depth) for head in heads),
        is_hidden=_is_hidden(view.type, key),
    )


def _by_value(heads: Iterable[Head]) -> list[list[Head]]:
    """Heads that say the same together: equal values are shown as one."""
    groups: list[list[Head]] = []
    for head in heads:
        for group in groups:
            if same_value(group[0].value, head.value):
                group.append(head)
                break
        else:
            groups.append([head])
    return groups


def _is_hidden(record_type: str, key: str) -> bool:
    record = RECORD_TYPES.get(record_type)
    members = declaration_of(record).members(key) if record else ()
    return any(is_hidden(record_type, member.name) for member in members) or not members


def _field_order(record_type: str) -> Any:
    record = RECORD_TYPES.get(record_type)
    order = list(declaration_of(record).by_key) if record else []

    def place(key: str) -> tuple[int, str]:
        name = key.partition("/")[0]
        return (order.index(name) if name in order else len(order), key)

    return place
