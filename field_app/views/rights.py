"""What a role may be shown, whatever the device holds.

The server decides what reaches a device; a screen asks here as well, so that a mistake elsewhere
does not become words on a screen.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from field_app.domain.declaration import Record, declaration_of
from field_app.domain.summary import PersonSummary
from field_app.views.routes import FIELD

_HEALTH_ROLES = frozenset({"nurse"})


def may_record_contacts(role: str) -> bool:
    """Whether the role meets people in the field: only then there is a contact to record."""
    return role in FIELD


def may_read_health(role: str) -> bool:
    """Whether the role reads the health register."""
    return role in _HEALTH_ROLES


def readable(records: Iterable[Record], role: str) -> tuple[Record, ...]:
    """The records as the role may read them: without what the health register holds."""
    if may_read_health(role):
        return tuple(records)
    return tuple(kept for record in records if (kept := _without_health(record)) is not None)


def readable_summary(summary: PersonSummary, role: str) -> PersonSummary:
    """A summary as the role may read it."""
    if may_read_health(role):
        return summary
    return replace(summary, health_urgent=False, recheck_on=None)


def _without_health(record: Record) -> Record | None:
    fields = declaration_of(type(record)).fields
    kept = {
        name: getattr(record, name)
        for name, declared in fields.items()
        if declared.register != "health"
    }
    if not kept:
        return None
    return type(record).model_construct(id=record.id, **{**_empty(record), **kept})


def _empty(record: Record) -> dict[str, object]:
    model = type(record)
    return {
        name: info.get_default(call_default_factory=True)
        for name, info in model.model_fields.items()
        if name != "id"
    }
