"""Deadlines of service navigation: days agreed, days the law sets, days an agency promises.

Agencies' clocks are a dated table, because laws and names change: an application runs under the
clock in force on the day it started.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from field_app.domain.clock import Day, day_plus, local_day
from field_app.domain.records import Encounter, Matter, NavigationStep, Task
from field_app.domain.working_days import month_after, working_days_after

Unit = Literal["days", "working_days", "months"]
StartField = Literal["complete_on", "submitted_on", "urged_on"]

CLOSED_STATUS = frozenset({"done", "not_realised"})
DECIDED_STAGE = frozenset({"granted", "refused", "lapsed", "keys"})
FIRST_MEETING_WORKING_DAYS = 2
"""A target of the model (1-2 working days), not a statute."""


@dataclass(frozen=True, slots=True)
class AgencyClock:
    """How long something takes by law or promise, from which field's day on."""

    deadline: str
    application: str
    starts: StartField
    amount: int
    unit: Unit
    in_force_from: Day
    is_statutory: bool
    source: str

    def end(self, start: Day) -> Day:
        """The last day of the clock. Never moved past a holiday: early is safe for the client."""
        if self.unit == "days":
            return day_plus(start, self.amount)
        if self.unit == "working_days":
            return working_days_after(start, self.amount)
        for _ in range(self.amount):
            start = month_after(start)
        return start


AGENCY_CLOCKS: tuple[AgencyClock, ...] = (
    AgencyClock(
        deadline="exhortation",
        application="basic_assistance",
        starts="urged_on",
        amount=1,
        unit="months",
        in_force_from="2026-02-01",
        is_statutory=True,
        source="Toimeentulotukilaki as amended from 1.2.2026: a month from Kela's exhortation",
    ),
    AgencyClock(
        deadline="decision",
        application="basic_assistance",
        starts="complete_on",
        amount=7,
        unit="working_days",
        in_force_from="2017-01-01",
        is_statutory=True,
        source="Toimeentulotukilaki: a decision within 7 working days once attachments are in",
    ),
    AgencyClock(
        deadline="decision",
        application="housing_allowance",
        starts="complete_on",
        amount=21,
        unit="days",
        in_force_from="2017-01-01",
        is_statutory=False,
        source="Kela's target for general housing allowance: three weeks",
    ),
)


@dataclass(frozen=True, slots=True)
class Deadline:
    """One day by which something must have happened; `kind` is a code of `deadline`."""

    kind: str
    on: Day = field(repr=False)
    record_id: str
    owner: str | None = None
    is_statutory: bool = False

    def is_overdue(self, today: Day) -> bool:
        """Whether the day has passed; on the day itself it has not."""
        return self.on < today


def is_open_step(step: NavigationStep) -> bool:
    """Whether the step still waits for somebody. A review keeps a refused application open."""
    return step.status not in CLOSED_STATUS and step.stage not in DECIDED_STAGE


def is_open_task(task: Task) -> bool:
    """Whether the task is still to be done; a task without a status is."""
    return task.status in (None, "open")


def deadlines_of_step(step: NavigationStep) -> tuple[Deadline, ...]:
    """Every day an open step has to meet, earliest first; none for a closed one."""
    if not is_open_step(step):
        return ()
    found = []
    if step.due_on is not None:
        found.append(Deadline("due", step.due_on, step.id, step.owner))
    if step.info_due_on is not None and step.stage == "info_requested":
        found.append(Deadline("info_reply", step.info_due_on, step.id, step.owner))
    for clock in AGENCY_CLOCKS:
        start = _start(step, clock)
        if start is not None:
            day = clock.end(start)
            found.append(Deadline(clock.deadline, day, step.id, step.owner, clock.is_statutory))
    return tuple(sorted(found, key=_order))


def deadlines_of_task(task: Task) -> tuple[Deadline, ...]:
    """The day of an open task, if it has one."""
    if not is_open_task(task) or task.due_on is None:
        return ()
    return (Deadline("due", task.due_on, task.id, task.owner),)


def first_meeting_deadline(matter: Matter, encounters: Iterable[Encounter]) -> Deadline | None:
    """The target day of the first meeting; None once met, closed, or when agreed otherwise."""
    start = local_day(matter.received_at) if matter.received_at else matter.opened_on
    if start is None or matter.closed_on is not None or matter.urgency == "agreed":
        return None
    if any(_is_meeting(one, start) for one in encounters):
        return None
    acute = matter.urgency in ("now", "today")
    day = start if acute else working_days_after(start, FIRST_MEETING_WORKING_DAYS)
    return Deadline("first_meeting", day, matter.id)


def overdue(deadlines: Iterable[Deadline], today: Day) -> tuple[Deadline, ...]:
    """Those whose day has passed, the oldest first."""
    return tuple(sorted((one for one in deadlines if one.is_overdue(today)), key=_order))


def in_order(deadlines: Iterable[Deadline]) -> tuple[Deadline, ...]:
    """The earliest first, the same order on every device."""
    return tuple(sorted(deadlines, key=_order))


def _start(step: NavigationStep, clock: AgencyClock) -> Day | None:
    if step.application != clock.application:
        return None
    if clock.deadline == "decision" and step.stage == "info_requested":
        return None  # the agency waits for the client, its own clock stands
    start: Day | None = getattr(step, clock.starts)
    return start if start is not None and start >= clock.in_force_from else None


def _is_meeting(encounter: Encounter, start: Day) -> bool:
    met = encounter.channel in (None, "in_person") and encounter.outcome == "reached"
    return met and encounter.at is not None and local_day(encounter.at) >= start


def _order(deadline: Deadline) -> tuple[Day, str, str]:
    return (deadline.on, deadline.kind, deadline.record_id)
