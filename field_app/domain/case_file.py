"""A person's records side by side, each kind in the order of its time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from field_app.domain.declaration import Record
from field_app.domain.records import (
    Assessment,
    Encounter,
    HealthNote,
    HousingPeriod,
    Matter,
    NavigationStep,
    Person,
    Task,
)

_Kind = TypeVar("_Kind", bound=Record)


@dataclass(frozen=True, slots=True)
class CaseFile:
    """What is known of one person, oldest first; undated records come before dated ones."""

    person: Person | None = field(default=None, repr=False)
    matters: tuple[Matter, ...] = field(default=(), repr=False)
    encounters: tuple[Encounter, ...] = field(default=(), repr=False)
    health_notes: tuple[HealthNote, ...] = field(default=(), repr=False)
    assessments: tuple[Assessment, ...] = field(default=(), repr=False)
    steps: tuple[NavigationStep, ...] = field(default=(), repr=False)
    tasks: tuple[Task, ...] = field(default=(), repr=False)
    housing_periods: tuple[HousingPeriod, ...] = field(default=(), repr=False)

    @property
    def open_matter(self) -> Matter | None:
        """The matter opened last of those not closed."""
        return next((one for one in reversed(self.matters) if one.closed_on is None), None)


def case_file(records: Iterable[Record]) -> CaseFile:
    """Sort one person's records by kind and time; the order they come in makes no difference."""
    kept = sorted(records, key=_when)
    persons = _only(kept, Person)
    return CaseFile(
        person=persons[-1] if persons else None,
        matters=_only(kept, Matter),
        encounters=_only(kept, Encounter),
        health_notes=_only(kept, HealthNote),
        assessments=_only(kept, Assessment),
        steps=_only(kept, NavigationStep),
        tasks=_only(kept, Task),
        housing_periods=_only(kept, HousingPeriod),
    )


def _only(records: Iterable[Record], kind: type[_Kind]) -> tuple[_Kind, ...]:
    return tuple(record for record in records if isinstance(record, kind))


def _when(record: Record) -> tuple[str, str]:
    moment: str | None = None
    match record:
        case Encounter() | HealthNote():
            moment = record.at
        case Assessment():
            moment = record.made_at
        case Matter():
            moment = record.opened_on
        case NavigationStep() | Task():
            moment = record.due_on
        case HousingPeriod():
            moment = record.started_on
    return (moment or "", record.id)
