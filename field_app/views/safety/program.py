"""Sync and safety: what is only on this phone, what waits for a person, when all was safe last."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from field_app.domain.clock import Instant
from field_app.sync.status import SyncStatus


@dataclass(frozen=True)
class WaitingSave:
    """One own save that waits for a decision, or was set aside; its words stay readable."""

    set_id: str
    state: str
    reason: str
    at: Instant
    person_id: str | None
    texts: tuple[str, ...] = field(repr=False)
    decision: str = field(default="", repr=False)
    """The words of the person who decided; empty while nobody has."""


@dataclass(frozen=True)
class Model:
    """What the screen shows."""

    status: SyncStatus = field(default_factory=SyncStatus)
    offline_switch: bool = False
    waiting: tuple[WaitingSave, ...] = field(default=(), repr=False)
    now: Instant = ""
    asked: bool = False


@dataclass(frozen=True)
class Told:
    """How things stand now."""

    status: SyncStatus
    offline_switch: bool
    waiting: tuple[WaitingSave, ...] = field(repr=False)
    now: Instant


@dataclass(frozen=True)
class SyncAsked:
    """The person wants a sync now."""


@dataclass(frozen=True)
class LockAsked:
    """The person wants to lock the app."""


@dataclass(frozen=True)
class Watch:
    """Effect: tell how things stand, again after each change."""


@dataclass(frozen=True)
class SyncNow:
    """Effect: ask for a sync."""


@dataclass(frozen=True)
class LockNow:
    """Effect: lock the app."""


Event = Told | SyncAsked | LockAsked
Effect = Watch | SyncNow | LockNow


def init() -> tuple[Model, tuple[Effect, ...]]:
    """Before the first word of the device."""
    return Model(), (Watch(),)


def update(model: Model, event: Event) -> tuple[Model, tuple[Effect, ...]]:
    """Show what is told; ask what is asked."""
    match event:
        case Told(status, offline_switch, waiting, now):
            told = replace(
                model, status=status, offline_switch=offline_switch, waiting=waiting, now=now
            )
            return replace(told, asked=False), ()
        case SyncAsked():
            return replace(model, asked=True), (SyncNow(),)
        case LockAsked():
            return model, (LockNow(),)
