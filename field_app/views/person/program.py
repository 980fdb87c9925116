"""The person page as a program: everything the device holds of one person, live."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

from field_app.domain.case_file import CaseFile, case_file
from field_app.domain.clock import Day, Instant, local_day
from field_app.domain.summary import PersonSummary, summarise
from field_app.store.outbox import Saved as OwnSave
from field_app.store.record_view import RecordView
from field_app.sync.protocol import Staff
from field_app.views.rights import may_read_health, readable

SECTIONS = ("timeline", "needs", "steps", "tasks", "housing", "health", "details", "matters")
FIRST = SECTIONS[0]


@dataclass(frozen=True)
class PersonFacts:
    """What the device holds of one person, as its reader may read it."""

    person_id: str
    views: tuple[RecordView, ...] = field(repr=False)
    waiting: tuple[OwnSave, ...] = field(default=(), repr=False)
    staff: Staff = field(default_factory=lambda: Staff(version=0))
    teams: frozenset[str] = frozenset()
    now: Instant = ""
    you: str = ""
    role: str = ""
    alike: tuple[str, str] | None = field(default=None, repr=False)
    """Somebody who may be the same person: (id, name)."""

    @cached_property
    def case(self) -> CaseFile:
        """The records by kind and time, without what the reader may not read."""
        typed = [view.record for view in self.views if view.record is not None]
        return case_file(readable(typed, self.role))

    @cached_property
    def summary(self) -> PersonSummary:
        """The person in a few lines."""
        return summarise(self.person_id, self.case, conflicts=len(self.conflicts))

    @cached_property
    def by_id(self) -> dict[str, RecordView]:
        """The records' views by id."""
        return {view.id: view for view in self.views}

    @property
    def today(self) -> Day:
        """The day it is."""
        return local_day(self.now)

    @property
    def reads_health(self) -> bool:
        """Whether health notes and the health part are shown."""
        return may_read_health(self.role)

    @cached_property
    def conflicts(self) -> tuple[tuple[RecordView, str], ...]:
        """(record, wire key) of what several people wrote apart and the reader may settle."""
        return tuple(
            (view, key)
            for view in self.views
            for key in view.conflicts
            if self.reads_health or view.registers[key] != "health"
        )

    @cached_property
    def only_here(self) -> tuple[RecordView, ...]:
        """Records with something that is only on this phone."""
        return tuple(view for view in self.views if view.only_here)


@dataclass(frozen=True)
class PersonPage:
    """The page."""

    person_id: str
    facts: PersonFacts | None = None
    section: str = "timeline"
    nothing_here: bool = False
    waiting_open: bool = False


@dataclass(frozen=True)
class Known:
    """What the device holds now."""

    facts: PersonFacts = field(repr=False)


@dataclass(frozen=True)
class Unknown:
    """The device holds nothing of this person."""


@dataclass(frozen=True)
class Show:
    """Another section is wanted."""

    section: str


@dataclass(frozen=True)
class OpenWaiting:
    """Read what waits for a person's decision, or fold it again."""


Event = Known | Unknown | Show | OpenWaiting


@dataclass(frozen=True)
class WatchPerson:
    """Read the person's records, again after each change."""

    person_id: str


Effect = WatchPerson
Step = tuple[PersonPage, tuple[Effect, ...]]


def init(person_id: str) -> Step:
    """Read the person."""
    return PersonPage(person_id), (WatchPerson(person_id),)


def update(page: PersonPage, event: Event) -> Step:
    """What an event changes."""
    match event:
        case Known(facts):
            return replace(page, facts=facts, nothing_here=False), ()
        case Unknown():
            return replace(page, facts=None, nothing_here=True), ()
        case Show(section):
            return replace(page, section=section), ()
        case OpenWaiting():
            return replace(page, waiting_open=not page.waiting_open), ()


def sections_of_page(facts: PersonFacts) -> tuple[str, ...]:
    """The sections the reader has; health only for those who read that register."""
    return tuple(one for one in SECTIONS if one != "health" or facts.reads_health)
