"""A one-time code for a worker's new device: chosen for whom, shown until it ends."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import ClassVar

from field_app.domain.clock import Instant, moment_of
from field_app.sync.protocol import Staff
from field_app.views.failures import Failure


@dataclass(frozen=True)
class ShownCode:
    """A code on screen."""

    code: str = field(repr=False)
    expires_at: Instant

    @property
    def address(self) -> str:
        """Where the server is: the code's first word."""
        return self.code.partition(" ")[0]

    @property
    def groups(self) -> tuple[str, ...]:
        """The secret in groups of four, as it is typed."""
        return tuple(self.code.split(" ")[1].split("-"))


@dataclass(frozen=True)
class NewDevice:
    """The screen."""

    staff: Staff | None = None
    worker: str | None = None
    shown: ShownCode | None = None
    seconds_left: int = 0
    ended: bool = False
    """The code's time is over; it is gone from the screen."""
    busy: bool = False
    failure: Failure | None = None


@dataclass(frozen=True)
class StaffRead:
    """Who there is."""

    staff: Staff


@dataclass(frozen=True)
class ChooseWorker:
    """The code is for this worker."""

    worker: str


@dataclass(frozen=True)
class Make:
    """Make a code, or another one."""


@dataclass(frozen=True)
class CodeMade:
    """The server made a code."""

    code: str = field(repr=False)
    expires_at: Instant
    now: Instant


@dataclass(frozen=True)
class Tick:
    """A second has passed."""

    now: Instant


@dataclass(frozen=True)
class CodeFailed:
    """The server did not answer, or refused."""

    failure: Failure


Event = StaffRead | ChooseWorker | Make | CodeMade | Tick | CodeFailed


@dataclass(frozen=True)
class WatchStaff:
    """Read who there is, again after each change."""


@dataclass(frozen=True)
class MakeCode:
    """Have the server make a code."""

    worker: str


@dataclass(frozen=True)
class CountDown:
    """Tell the time every second until the code ends."""

    slot: ClassVar[str] = "code.countdown"
    until: Instant


Effect = WatchStaff | MakeCode | CountDown
Step = tuple[NewDevice, tuple[Effect, ...]]


def init() -> Step:
    """Read who there is."""
    return NewDevice(), (WatchStaff(),)


def update(model: NewDevice, event: Event) -> Step:
    """What an event changes."""
    match event:
        case StaffRead(staff):
            return replace(model, staff=staff), ()
        case ChooseWorker(worker):
            return replace(model, worker=worker, shown=None, ended=False, failure=None), ()
        case Make():
            return _making(model)
        case CodeMade(code, expires_at, now):
            left = seconds_between(now, expires_at)
            shown = ShownCode(code, expires_at)
            model = replace(model, busy=False, shown=shown, seconds_left=left)
            return model, (CountDown(expires_at),)
        case Tick(now):
            return _ticked(model, now), ()
        case CodeFailed(failure):
            return replace(model, busy=False, failure=failure), ()


def failed(effect: object, failure: Failure) -> Event | None:
    """Told on the screen itself."""
    return CodeFailed(failure) if isinstance(effect, MakeCode) else None


def seconds_between(now: Instant, end: Instant) -> int:
    """Whole seconds until then, none after it."""
    return max(0, int((moment_of(end) - moment_of(now)).total_seconds()))


def _making(model: NewDevice) -> Step:
    worker = model.worker
    if worker is None or model.busy:
        return model, ()
    model = replace(model, busy=True, shown=None, ended=False, failure=None)
    return model, (MakeCode(worker),)


def _ticked(model: NewDevice, now: Instant) -> NewDevice:
    if model.shown is None:
        return model
    left = seconds_between(now, model.shown.expires_at)
    if left == 0:
        # A code that no longer lets anybody in must not be read from the screen either.
        return replace(model, shown=None, seconds_left=0, ended=True)
    return replace(model, seconds_left=left)
