"""A person in a few lines: what lists, Today, the header and the caseload need.

A summary is built from a person's records and kept up to date, so that the first screen opens
without reading every record. It holds no day counts: those are asked of it with today's date.
The surname is not in it. Health is in it only if the records it was built from hold health.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from field_app.domain.case_file import CaseFile, case_file
from field_app.domain.clock import Day
from field_app.domain.deadlines import (
    Deadline,
    deadlines_of_step,
    deadlines_of_task,
    first_meeting_deadline,
    in_order,
    is_open_step,
    is_open_task,
    overdue,
)
from field_app.domain.declaration import Record
from field_app.domain.next_step import NextStep, next_step, nothing_further, open_steps, was_missed
from field_app.domain.reach import Reach, reach_of
from field_app.domain.records import Person

STEPS_MAX = 8
"""More open steps than this are counted by the person page, not by the lists."""


@dataclass(frozen=True, slots=True)
class PersonSummary:
    """One person as lists and the header show them; see the module for what is left out."""

    person_id: str
    team_id: str | None = None
    name: str | None = field(default=None, repr=False)
    aliases: tuple[str, ...] = field(default=(), repr=False)
    safety: str | None = field(default=None, repr=False)
    """The safety sign's text; lists show the sign, the text is revealed by holding."""
    languages: tuple[str, ...] = field(default=(), repr=False)
    interpreter: bool = field(default=False, repr=False)
    phone: str | None = field(default=None, repr=False)
    phone_kind: str | None = field(default=None, repr=False)
    where_found: str | None = field(default=None, repr=False)
    housing_situation: str | None = field(default=None, repr=False)
    housing_since: Day | None = field(default=None, repr=False)
    stays_end: tuple[Day, ...] = field(default=(), repr=False)
    """Last days of housing periods, for placements that end."""
    own_worker: str | None = None
    workers: tuple[str, ...] = ()
    """Who works with the person: own worker, the latest pair, owners of open steps."""
    reach: Reach = field(default_factory=Reach, repr=False)
    last_place: str | None = field(default=None, repr=False)
    last_place_text: str | None = field(default=None, repr=False)
    steps: tuple[NextStep, ...] = field(default=(), repr=False)
    nothing_further: bool = field(default=False, repr=False)
    deadlines: tuple[Deadline, ...] = field(default=(), repr=False)
    urgency: str | None = field(default=None, repr=False)
    """How urgent the open matter was when it came in, a code of `urgency`."""
    intake_unmet: bool = field(default=False, repr=False)
    """Nobody has met the person since the open matter came in."""
    urgent_task: bool = field(default=False, repr=False)
    opened_on: Day | None = field(default=None, repr=False)
    is_open: bool = field(default=False, repr=False)
    returner: bool = field(default=False, repr=False)
    health_urgent: bool = field(default=False, repr=False)
    """The nurse's last word was "kiireellinen"; only from records that hold health."""
    recheck_on: Day | None = field(default=None, repr=False)
    archived: bool = field(default=False, repr=False)
    same_as: str | None = None
    conflicts: int = 0

    def next_step(self, today: Day) -> NextStep | None:
        """The step the header shows."""
        return next_step(self.steps, today)

    def overdue(self, today: Day) -> tuple[Deadline, ...]:
        """Deadlines that have passed, and missed steps of meetings, the oldest first."""
        missed = (
            Deadline("due", step.on, step.record_id, step.owner)
            for step in self.steps
            if step.on is not None
            and was_missed(step, today)
            and step.source in ("encounter", "next_try")
        )
        return overdue((*self.deadlines, *missed), today)

    @property
    def is_urgent(self) -> bool:
        """Whether somebody must act today: an acute intake, an urgent task, a nurse's word."""
        return self.is_acute_intake or self.urgent_task or self.health_urgent

    @property
    def is_acute_intake(self) -> bool:
        """An intake to be met at once or today, and not met yet."""
        return self.intake_unmet and self.urgency in ("now", "today")

    def to_plain(self) -> dict[str, Any]:
        """Plain JSON values, small: what is empty is left out."""
        return {key: value for key, value in _plain(asdict(self)).items() if value not in _EMPTY}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> PersonSummary:
        """Read what `to_plain` wrote; keys of another version are left out.

        Raises:
            TypeError: a nested value lacks what it needs.
        """
        known = {item.name for item in fields(cls)}
        values = {key: value for key, value in plain.items() if key in known}
        for key, value in values.items():
            if isinstance(value, list):
                values[key] = tuple(value)
        values["reach"] = Reach(**values.get("reach", {}))
        values["steps"] = tuple(NextStep(**step) for step in values.get("steps", ()))
        values["deadlines"] = tuple(Deadline(**one) for one in values.get("deadlines", ()))
        return cls(**values)


_EMPTY: tuple[object, ...] = (None, False, 0, [], {})


def summarise(
    person_id: str,
    records: Iterable[Record] | CaseFile,
    team_id: str | None = None,
    conflicts: int = 0,
) -> PersonSummary:
    """Build the summary of one person from their records, in any order."""
    case = records if isinstance(records, CaseFile) else case_file(records)
    person = case.person or Person(id=person_id)
    matter = case.open_matter
    steps = open_steps(case)
    placed = next((one for one in reversed(case.encounters) if one.place is not None), None)
    health = case.health_notes[-1] if case.health_notes else None
    return PersonSummary(
        person_id=person_id,
        team_id=team_id,
        name=person.name,
        aliases=tuple(sorted(person.aliases)),
        safety=person.safety,
        languages=tuple(sorted(person.languages)),
        interpreter=bool(person.interpreter),
        phone=person.phone,
        phone_kind=person.phone_kind,
        where_found=person.where_found,
        housing_situation=person.housing_situation,
        housing_since=person.housing_since,
        stays_end=_stays_end(case),
        own_worker=person.own_worker,
        workers=_workers(case, person),
        reach=reach_of(case.encounters, person, matter.opened_on if matter else None),
        last_place=placed.place if placed else None,
        last_place_text=placed.place_text if placed else None,
        steps=steps[:STEPS_MAX],
        nothing_further=nothing_further(case),
        deadlines=_deadlines(case),
        urgency=matter.urgency if matter else None,
        intake_unmet=matter is not None
        and first_meeting_deadline(matter, case.encounters) is not None,
        urgent_task=any(task.urgent and is_open_task(task) for task in case.tasks),
        opened_on=matter.opened_on if matter else None,
        is_open=matter is not None or not case.matters,
        returner=_is_returner(case),
        health_urgent=health is not None and health.condition == "urgent",
        recheck_on=health.recheck_on if health else None,
        archived=bool(person.archived),
        same_as=person.same_as,
        conflicts=conflicts,
    )


def _deadlines(case: CaseFile) -> tuple[Deadline, ...]:
    found = [one for step in case.steps for one in deadlines_of_step(step)]
    found += [one for task in case.tasks for one in deadlines_of_task(task)]
    meetings = (first_meeting_deadline(matter, case.encounters) for matter in case.matters)
    found += [one for one in meetings if one is not None]
    return in_order(found)[:STEPS_MAX]


def _workers(case: CaseFile, person: Person) -> tuple[str, ...]:
    found = {person.own_worker}
    if case.encounters:
        found |= case.encounters[-1].participants
    found |= {step.owner for step in case.steps if is_open_step(step)}
    found |= {task.owner for task in case.tasks if is_open_task(task)}
    return tuple(sorted(worker for worker in found if worker is not None))


def _stays_end(case: CaseFile) -> tuple[Day, ...]:
    ends = {one.ended_on for one in case.housing_periods if one.ended_on is not None}
    return tuple(sorted(ends))[-2:]


def _is_returner(case: CaseFile) -> bool:
    matter = case.open_matter
    if matter is None:
        return False
    return bool(matter.returner) or any(one.closed_on is not None for one in case.matters)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items() if item is not None}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value
