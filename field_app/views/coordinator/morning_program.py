"""The coordinator's morning as a program: the device's own records, and the server's news."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar

from field_app.domain.clock import Day, Instant, local_day
from field_app.domain.display import list_names
from field_app.domain.morning import Morning, UnsyncedWorker
from field_app.store.case_list import ListedPerson
from field_app.sync.coordination import Case, DeviceEntry
from field_app.sync.protocol import Staff
from field_app.views.failures import Failure

ROWS_FIRST = 5
"""Rows of a section that are shown before somebody asks for all."""


@dataclass(frozen=True)
class Ground:
    """What the device's own store says."""

    people: tuple[ListedPerson, ...] = field(repr=False)
    staff: Staff
    now: Instant

    @property
    def today(self) -> Day:
        """The day it is."""
        return local_day(self.now)

    @property
    def absent(self) -> frozenset[str]:
        """Workers who left: what they were to do is nobody's."""
        return frozenset(one.id for one in self.staff.workers if not one.active)


@dataclass(frozen=True)
class OfficeNews:
    """What only the server knows."""

    cases: tuple[Case, ...]
    devices: tuple[DeviceEntry, ...]

    @property
    def unsynced(self) -> tuple[UnsyncedWorker, ...]:
        """Who has changes that nobody else has, and since when."""
        return tuple(
            UnsyncedWorker(one.worker, one.unsynced, one.oldest_at)
            for one in self.devices
            if one.unsynced and not one.revoked
        )


@dataclass(frozen=True)
class MorningPage:
    """The screen."""

    ground: Ground | None = None
    news: OfficeNews | None = None
    unreachable: Failure | None = None
    """Why the server's part is missing or old; None when it answered last."""
    morning: Morning | None = None
    names: Mapping[str, str | None] = field(default_factory=dict, repr=False)
    opened: frozenset[str] = frozenset()
    """Sections shown in full."""


# Events


@dataclass(frozen=True)
class GroundRead:
    """The store was read."""

    ground: Ground


@dataclass(frozen=True)
class NewsRead:
    """The server answered."""

    news: OfficeNews


@dataclass(frozen=True)
class Unreachable:
    """The server did not answer."""

    failure: Failure


@dataclass(frozen=True)
class Built:
    """The list is ready."""

    morning: Morning


@dataclass(frozen=True)
class ShowAll:
    """Show every row of a section."""

    section: str


@dataclass(frozen=True)
class AskAgain:
    """Ask the server again."""


Event = GroundRead | NewsRead | Unreachable | Built | ShowAll | AskAgain


# Effects


@dataclass(frozen=True)
class WatchGround:
    """Read the store, again after each change."""


@dataclass(frozen=True)
class AskOffice:
    """Ask the server what only it knows, again and again while the morning is shown."""

    slot: ClassVar[str] = "morning.office"


@dataclass(frozen=True)
class Build:
    """Make the list of what is known."""

    slot: ClassVar[str] = "morning.build"
    ground: Ground
    news: OfficeNews | None


Effect = WatchGround | AskOffice | Build
Step = tuple[MorningPage, tuple[Effect, ...]]


def init() -> Step:
    """Read the store and ask the server."""
    return MorningPage(), (WatchGround(), AskOffice())


def update(model: MorningPage, event: Event) -> Step:
    """What an event changes."""
    match event:
        case GroundRead(ground):
            names = list_names(one.summary for one in ground.people)
            return replace(model, ground=ground, names=names), (Build(ground, model.news),)
        case NewsRead(news):
            model = replace(model, news=news, unreachable=None)
            return model, (Build(model.ground, news),) if model.ground else ()
        case Unreachable(failure):
            return replace(model, unreachable=failure), ()
        case Built(morning):
            return replace(model, morning=morning), ()
        case ShowAll(section):
            return replace(model, opened=model.opened | {section}), ()
        case AskAgain():
            return model, (AskOffice(),)


def failed(effect: Effect, failure: Failure) -> Event | None:
    """Without the server the morning shows what the device knows, and says so."""
    return Unreachable(failure) if isinstance(effect, AskOffice) else None
