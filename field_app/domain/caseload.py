"""The caseload: people of all teams, filtered by what a coordinator asks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from field_app.domain.clock import Day
from field_app.domain.summary import PersonSummary


@dataclass(frozen=True, slots=True)
class CaseloadFilter:
    """What the coordinator asks for; what is None or False does not narrow."""

    team_id: str | None = None
    worker: str | None = None
    overdue: bool = False
    unreached_days: int | None = None
    conflicts: bool = False
    housing_situation: str | None = None
    urgent: bool = False
    returners: bool = False
    archived: bool = False
    """Show archived people instead of the others."""


@dataclass(frozen=True, slots=True)
class WorkerLoad:
    """How much lies with one worker."""

    worker: str
    people: int
    overdue: int
    unreached: int


def caseload(
    summaries: Iterable[PersonSummary], asked: CaseloadFilter, today: Day
) -> tuple[PersonSummary, ...]:
    """The people who fit, urgent first, then the longest overdue, then the longest unreached."""
    found = [summary for summary in summaries if fits(summary, asked, today)]
    return tuple(sorted(found, key=lambda summary: _order(summary, today)))


def fits(summary: PersonSummary, asked: CaseloadFilter, today: Day) -> bool:
    """Whether a person is among those asked for."""
    days = asked.unreached_days
    return (
        summary.archived is asked.archived
        and asked.team_id in (None, summary.team_id)
        and (asked.worker is None or asked.worker in summary.workers)
        and asked.housing_situation in (None, summary.housing_situation)
        and (not asked.overdue or bool(summary.overdue(today)))
        and (days is None or (summary.is_open and summary.reach.is_unreached(today, days)))
        and (not asked.conflicts or summary.conflicts > 0)
        and (not asked.urgent or summary.is_urgent)
        and (not asked.returners or summary.returner)
    )


def load(
    summaries: Iterable[PersonSummary], today: Day, unreached_days: int
) -> tuple[WorkerLoad, ...]:
    """How much lies with each worker, ordered by the worker's id: this is never a ranking."""
    people = [one for one in summaries if one.is_open and not one.archived]
    workers = sorted({worker for one in people for worker in one.workers})
    return tuple(
        WorkerLoad(
            worker,
            people=len(mine),
            overdue=sum(1 for one in mine if one.overdue(today)),
            unreached=sum(1 for one in mine if one.reach.is_unreached(today, unreached_days)),
        )
        for worker in workers
        for mine in [[one for one in people if worker in one.workers]]
    )


def _order(summary: PersonSummary, today: Day) -> tuple[bool, bool, Day, int, str, str]:
    overdue = summary.overdue(today)
    return (
        not summary.is_urgent,
        not overdue,
        overdue[0].on if overdue else "",
        -(summary.reach.days_unreached(today) or 0),
        (summary.name or "").casefold(),
        summary.person_id,
    )
