"""The caseload as a program: everybody of all teams, narrowed by what a coordinator asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from field_app.domain.caseload import CaseloadFilter, caseload
from field_app.domain.clock import Day
from field_app.domain.display import list_names
from field_app.store.case_list import ListedPerson
from field_app.sync.protocol import Staff

UNREACHED_CHOICES = (7, 14, 30)
"""Days for "not reached for"."""


@dataclass(frozen=True)
class Caseload:
    """The screen."""

    asked: CaseloadFilter = field(default_factory=CaseloadFilter)
    people: tuple[ListedPerson, ...] | None = field(default=None, repr=False)
    """Everybody; None until they were read."""
    shown: tuple[ListedPerson, ...] = field(default=(), repr=False)
    """Those asked for, in the caseload's order."""
    names: Mapping[str, str | None] = field(default_factory=dict, repr=False)
    staff: Staff = field(default_factory=lambda: Staff(version=0))
    today: Day = ""
    narrowing: bool = False
    """Whether the filters are open."""


@dataclass(frozen=True)
class CaseloadRead:
    """The store was read."""

    people: tuple[ListedPerson, ...] = field(repr=False)
    staff: Staff
    today: Day


@dataclass(frozen=True)
class OpenFilters:
    """Open the filters, or fold them again."""


@dataclass(frozen=True)
class Ask:
    """Another question."""

    asked: CaseloadFilter


Event = CaseloadRead | OpenFilters | Ask


@dataclass(frozen=True)
class WatchCaseload:
    """Read everybody, again after each change."""


Step = tuple[Caseload, tuple[WatchCaseload, ...]]


def init(worker: str = "") -> Step:
    """Read everybody; of one worker when the path names one."""
    return Caseload(CaseloadFilter(worker=worker or None)), (WatchCaseload(),)


def update(model: Caseload, event: Event) -> Step:
    """What an event changes."""
    match event:
        case CaseloadRead(people, staff, today):
            model = replace(model, people=people, staff=staff, today=today)
            return _narrowed(model), ()
        case OpenFilters():
            return replace(model, narrowing=not model.narrowing), ()
        case Ask(asked):
            return _narrowed(replace(model, asked=asked)), ()


def is_asked(asked: CaseloadFilter) -> int:
    """How many filters narrow the list."""
    plain = CaseloadFilter()
    names = CaseloadFilter.__dataclass_fields__
    return sum(getattr(asked, name) != getattr(plain, name) for name in names)


def _narrowed(model: Caseload) -> Caseload:
    by_id = {one.person_id: one for one in model.people or ()}
    found = caseload([one.summary for one in by_id.values()], model.asked, model.today)
    shown = tuple(by_id[one.person_id] for one in found)
    return replace(model, shown=shown, names=list_names(one.summary for one in shown))
