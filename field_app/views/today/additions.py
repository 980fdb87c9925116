"""What the other half of a pair added to meetings the reader was part of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from field_app.domain.clock import Instant
from field_app.domain.records import Encounter, HealthNote
from field_app.domain.today import PartnerAddition
from field_app.store.record_view import RecordView
from field_app.sync.merge import Head
from field_app.views.today.model import Addition

_SOCIAL_CONTENT = ("topics", "methods", "note", "client_view", "worker_estimate", "next_step")


def additions_in(
    views: Iterable[RecordView],
    worker: str,
    role: str,
    since: Instant,
    seen: Mapping[str, str],
) -> tuple[Addition, ...]:
    """Additions in one person's records.

    Args:
        views: The person's records, as this device holds them.
        worker: The reader.
        role: The reader's role: it says which half is theirs.
        since: Older meetings are no news.
        seen: {encounter: the mark of what was seen last}.
    """
    held = list(views)
    notes = {view.record.encounter: view for view in held if isinstance(view.record, HealthNote)}
    found = (
        _addition(view, notes.get(view.id), worker, role)
        for view in held
        if isinstance(view.record, Encounter) and _is_shared(view.record, worker, since)
    )
    return tuple(
        one for one in found if one is not None and seen.get(one.facts.record_id) != one.mark
    )


def _is_shared(encounter: Encounter, worker: str, since: Instant) -> bool:
    return worker in encounter.participants and (encounter.at or "") >= since


def _addition(view: RecordView, note: RecordView | None, worker: str, role: str) -> Addition | None:
    heads = [head for one in (view, note) if one is not None for head in _of_others(one, worker)]
    if not heads:
        return None
    newest = max(heads, key=lambda head: (head.at, head.write_id))
    person_id = view.scope.partition("/")[2]
    return Addition(
        facts=PartnerAddition(person_id, view.type, view.id, newest.at),
        by=newest.author,
        own_part_missing=_own_part_missing(view, note, role),
        mark=newest.write_id,
    )


def _of_others(view: RecordView, worker: str) -> list[Head]:
    return [head for heads in view.heads.values() for head in heads if head.author != worker]


def _own_part_missing(view: RecordView, note: RecordView | None, role: str) -> bool:
    """Whether the reader's half of the occasion has nothing in it yet."""
    encounter = view.record
    assert isinstance(encounter, Encounter)
    if role == "nurse":
        met = encounter.outcome in ("reached", "seen_only", "declined_now")
        return note is None and not encounter.health_part_recorded and met
    begun_by_health = encounter.author_half == "health"
    return begun_by_health and not any(_has(view, key) for key in _SOCIAL_CONTENT)


def _has(view: RecordView, key: str) -> bool:
    return any(held.partition("/")[0] == key and value for held, value in view.values.items())
