"""The coordinator's morning: what needs a decision before the pairs go out.

Acute intake unmet; placements ending; absent workers' due clients; changes that wait and the
oldest unsynced; conflicts; possible duplicates; unreached; load. There is no health content.
Handoffs join when handoffs exist.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from field_app.domain.caseload import WorkerLoad, load
from field_app.domain.clock import Day, Instant, day_plus, local_day
from field_app.domain.duplicates import Candidate, Duplicate, duplicate_pairs
from field_app.domain.summary import PersonSummary
from field_app.domain.today import UNREACHED_DAYS

PLACEMENT_DAYS_AHEAD = 14
"""How far ahead the end of a placement is told."""


@dataclass(frozen=True, slots=True)
class UnsyncedWorker:
    """A worker whose phone was heard of, and since when it holds changes nobody else has."""

    worker: str
    changes: int
    oldest_at: Instant | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class MorningItem:
    """One line of a section: a person and the day that puts the line there."""

    person_id: str
    on: Day | None = field(default=None, repr=False)
    count: int = 0


@dataclass(frozen=True, slots=True)
class Morning:
    """The list; each member is a section named as in `morning_section`."""

    acute_intake: tuple[MorningItem, ...] = ()
    placements_ending: tuple[MorningItem, ...] = ()
    absent_workers: tuple[MorningItem, ...] = ()
    waiting_changes: int = 0
    unsynced: tuple[UnsyncedWorker, ...] = ()
    conflicts: tuple[MorningItem, ...] = ()
    duplicates: tuple[Duplicate, ...] = ()
    unreached: tuple[MorningItem, ...] = ()
    load: tuple[WorkerLoad, ...] = ()


def morning_list(
    summaries: Iterable[PersonSummary],
    now: Instant,
    absent: frozenset[str] = frozenset(),
    waiting_changes: int = 0,
    unsynced: Sequence[UnsyncedWorker] = (),
    unreached_days: int = UNREACHED_DAYS,
) -> Morning:
    """Build the morning list of all teams from their summaries."""
    today = local_day(now)
    people = [one for one in summaries if not one.archived]
    open_people = [one for one in people if one.is_open]
    return Morning(
        acute_intake=_items(
            (one.person_id, one.opened_on, 0) for one in people if one.is_acute_intake
        ),
        placements_ending=_items(
            (one.person_id, end, 0) for one in people if (end := _placement_end(one, today))
        ),
        absent_workers=_items(
            (one.person_id, due, 0) for one in people if (due := _due_of_absent(one, absent, today))
        ),
        waiting_changes=waiting_changes,
        unsynced=tuple(sorted(unsynced, key=lambda one: (one.oldest_at or "~", one.worker))),
        conflicts=_items((one.person_id, None, one.conflicts) for one in people if one.conflicts),
        duplicates=duplicate_pairs(_candidates(people)),
        unreached=_items(
            (one.person_id, one.reach.waiting_since, one.reach.days_unreached(today) or 0)
            for one in open_people
            if one.reach.is_unreached(today, unreached_days)
        ),
        load=load(people, today, unreached_days),
    )


def _placement_end(summary: PersonSummary, today: Day) -> Day | None:
    horizon = day_plus(today, PLACEMENT_DAYS_AHEAD)
    return next((day for day in summary.stays_end if today <= day <= horizon), None)


def _due_of_absent(summary: PersonSummary, absent: frozenset[str], today: Day) -> Day | None:
    """The earliest step due by today that only absent workers could take."""
    if not summary.workers or not absent.issuperset(summary.workers):
        return None
    due = [step.on for step in summary.steps if step.on is not None and step.on <= today]
    due += [deadline.on for deadline in summary.deadlines if deadline.on <= today]
    return min(due, default=None)


def _candidates(people: Iterable[PersonSummary]) -> list[Candidate]:
    return [
        Candidate(
            one.person_id,
            (one.name or "", *one.aliases),
            # A lent or shared telephone says nothing of who is who.
            phone=None if one.phone_kind == "shared" else one.phone,
            same_as=one.same_as,
        )
        for one in people
    ]


def _items(found: Iterable[tuple[str, Day | None, int]]) -> tuple[MorningItem, ...]:
    ordered = sorted(found, key=lambda one: (one[1] is None, one[1] or "", -one[2], one[0]))
    return tuple(MorningItem(person, on, count) for person, on, count in ordered)
