"""A person's timeline: what happened, in order, each entry one line of pieces.

Pieces are codes, days and the author's own words; the screen translates and joins them.
Pieces marked hidden wait for a hold of the thumb.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from field_app.domain.case_file import CaseFile
from field_app.domain.clock import Day, Instant, local_day
from field_app.domain.declaration import RegisterName
from field_app.domain.display import is_sensitive_code
from field_app.domain.records import (
    Assessment,
    Encounter,
    HealthNote,
    HousingPeriod,
    Matter,
    NavigationStep,
    Task,
)
from field_app.domain.vocabularies import VOCABULARIES

PieceKind = Literal["label", "text", "day"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A bit of a line: a catalogue key, someone's words, or a day."""

    kind: PieceKind
    value: str = field(repr=False)
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One thing that happened; `at` only where the time of day is known."""

    record_type: str
    record_id: str
    event: str
    """A catalogue key that names what happened, e.g. `record_type.encounter`."""
    register: RegisterName
    on: Day | None = field(default=None, repr=False)
    at: Instant | None = field(default=None, repr=False)
    pieces: tuple[Piece, ...] = field(default=(), repr=False)
    occasion: str | None = None
    """Joins the entries of one meeting."""
    workers: tuple[str, ...] = ()
    """Ids of those who took part."""


def timeline(case: CaseFile) -> tuple[TimelineEntry, ...]:
    """Everything that happened, the latest first; what has no day comes last."""
    return tuple(sorted(_entries(case), key=_order, reverse=True))


def _entries(case: CaseFile) -> Iterator[TimelineEntry]:
    yield from (_meeting(one) for one in case.encounters)
    yield from (_health(one) for one in case.health_notes)
    yield from (_mapping(one) for one in case.assessments)
    for matter in case.matters:
        yield from _matter(matter)
    for step in case.steps:
        yield from _step(step)
    yield from (_done(task) for task in case.tasks if task.done_on is not None)
    yield from (_moved(period) for period in case.housing_periods)


def _meeting(one: Encounter) -> TimelineEntry:
    pieces = [
        *_codes("outcome", [one.outcome]),
        *_codes("channel", [one.channel] if one.channel != "in_person" else []),
        *_codes("place", [one.place]),
        *_text(one.place_text),
        *_codes("topic", VOCABULARIES["topic"].in_order(one.topics)),
        *_text(one.correction_text or one.note),
        *_text(one.places_tried),
        *_text(one.next_step_text),
        *_day(one.next_step_on or one.next_try_on),
    ]
    if one.next_step_none:
        pieces.append(Piece("label", "encounter.next_step_none"))
    if one.health_part_recorded:
        pieces.append(Piece("label", "encounter.health_part_recorded"))
    return _timed("encounter", one.id, "common", one.at, pieces, one.occasion, one.participants)


def _health(one: HealthNote) -> TimelineEntry:
    observations = VOCABULARIES["health_observation"].in_order(one.observations)
    pieces = [
        *_codes("condition", [one.condition]),
        *_codes("health_observation", observations),
        *_text(one.correction_text or one.note, is_hidden=True),
        *_codes("nurse_done", [one.done]),
        *_day(one.recheck_on),
    ]
    return _timed("health_note", one.id, "health", one.at, pieces, one.occasion)


def _mapping(one: Assessment) -> TimelineEntry:
    pieces = [*_text(one.client_goals), *_text(one.summary)]
    return _timed(
        "assessment", one.id, "common", one.made_at, pieces, one.occasion, one.participants
    )


def _matter(one: Matter) -> Iterator[TimelineEntry]:
    opened = [*_codes("intake_channel", [one.intake_channel]), *_codes("urgency", [one.urgency])]
    if one.returner:
        opened.append(Piece("label", "matter.returner"))
    opened += _text(one.reason)
    yield _dated("matter", one.id, "matter.opened_on", one.opened_on, opened)
    if one.closed_on is not None:
        closed = [*_codes("closing_reason", [one.closing_reason]), *_text(one.closing_note)]
        yield _dated("matter", one.id, "matter.closed_on", one.closed_on, closed)


def _step(one: NavigationStep) -> Iterator[TimelineEntry]:
    what = [
        *_codes("application", [one.application]),
        *(_codes("step_kind", [one.kind]) if one.application is None else ()),
        *_text(one.title),
    ]
    events = (
        ("navigation_step.submitted_on", one.submitted_on, ()),
        ("navigation_step.info_requested_on", one.info_requested_on, _day(one.info_due_on)),
        ("navigation_step.urged_on", one.urged_on, ()),
        ("navigation_step.accompanied_on", one.accompanied_on, ()),
        (
            "navigation_step.decision_on",
            one.decision_on,
            (*_codes("stage", [one.stage]), *_text(one.outcome)),
        ),
    )
    happened = [event for event in events if event[1] is not None]
    for event, day, more in happened:
        yield _dated("navigation_step", one.id, event, day, [*what, *more])
    if not happened:
        status = [*what, *_codes("stage", [one.stage]), *_codes("step_status", [one.status])]
        yield _dated("navigation_step", one.id, "navigation_step.due_on", one.due_on, status)


def _done(one: Task) -> TimelineEntry:
    return _dated("task", one.id, "task.done_on", one.done_on, _text(one.title), "common")


def _moved(one: HousingPeriod) -> TimelineEntry:
    pieces = [
        *_codes("housing_situation", [one.situation]),
        *_day(one.ended_on),
        *_codes("cause_trigger", [one.cause_trigger]),
    ]
    return _dated("housing_period", one.id, "record_type.housing_period", one.started_on, pieces)


def _timed(
    record_type: str,
    record_id: str,
    register: RegisterName,
    at: Instant | None,
    pieces: Iterable[Piece],
    occasion: str | None,
    workers: frozenset[str] = frozenset(),
) -> TimelineEntry:
    return TimelineEntry(
        record_type,
        record_id,
        event=f"record_type.{record_type}",
        register=register,
        on=local_day(at) if at else None,
        at=at,
        pieces=tuple(pieces),
        occasion=occasion,
        workers=tuple(sorted(workers)),
    )


def _dated(
    record_type: str,
    record_id: str,
    event: str,
    on: Day | None,
    pieces: Iterable[Piece],
    register: RegisterName = "social",
) -> TimelineEntry:
    return TimelineEntry(record_type, record_id, event, register, on, None, tuple(pieces))


def _codes(vocabulary: str, codes: Iterable[str | None]) -> tuple[Piece, ...]:
    system = VOCABULARIES[vocabulary]
    return tuple(
        Piece("label", system.label(code), is_sensitive_code(vocabulary, code))
        for code in codes
        if code is not None
    )


def _text(text: str | None, is_hidden: bool = False) -> tuple[Piece, ...]:
    return (Piece("text", text, is_hidden),) if text else ()


def _day(day: Day | None) -> tuple[Piece, ...]:
    return (Piece("day", day),) if day else ()


def _order(entry: TimelineEntry) -> tuple[Day, Instant, str, str]:
    return (entry.on or "", entry.at or "", entry.record_id, entry.event)
