"""What the other half of a pair added to meetings the reader was part of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from field_app.domain.clock import Instant
from field_app.domain.records import Encounter, HealthNote
from field_app.domain.today import PartnerAddition
from field_app.store.record_view import RecordView
from field_app.sync.merge import Head
from field_app.views.contact.occasions import own_half_missing
from field_app.views.today.model import Addition


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
        own_part_missing=own_half_missing(view, note is not None, role),
        mark=newest.write_id,
    )


def _of_others(view: RecordView, worker: str) -> list[Head]:
    return [head for heads in view.heads.values() for head in heads if head.author != worker]
