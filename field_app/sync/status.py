"""Where this device's changes are, at one moment: what every screen says of the sync."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from field_app.domain.clock import Instant

Phase = Literal["idle", "pushing", "pulling", "offline", "failed"]

LONG_SYNC_ENTRIES = 100
"""From so many on, a sync takes long enough that its progress is worth showing."""
PASSING = frozenset(
    {"offline", "server_unreachable", "timed_out", "server_trouble", "rate_limited", "sync"}
)
"""Errors that pass by themselves: the app tries again, and nobody has to do anything."""
AWAY = frozenset({"offline", "server_unreachable", "timed_out", "captive_portal"})
"""Errors of a server that was not reached."""


@dataclass(frozen=True, slots=True)
class SyncStatus:
    """One moment of the sync."""

    phase: Phase = "idle"
    unsynced: int = 0
    """Saves that are only on this device."""
    oldest_at: Instant | None = None
    """When the oldest of them was saved."""
    waiting: int = 0
    """Saves the server keeps until a person decides, or until others arrive."""
    last_success_at: Instant | None = None
    """When a round last ended with everything answered."""
    done: int = 0
    total: int = 0
    """Of the phase under way: sets pushed or entries pulled, and about how many there are."""
    error: str | None = None
    """The code of the last round's error; None after a good one."""
    not_complete_yet: bool = False
    """Whether the device has never had everything it may read."""

    @property
    def pending(self) -> int:
        """Changes the server has not answered for yet: they are only on this device."""
        return self.unsynced

    @property
    def oldest_pending(self) -> Instant | None:
        """When the oldest of them was saved; None when there is none."""
        return self.oldest_at

    @property
    def waiting_for_human(self) -> int:
        """Changes the server kept aside."""
        return self.waiting

    @property
    def online(self) -> bool:
        """Whether the last attempt reached the server."""
        return self.error not in AWAY

    @property
    def percent(self) -> int | None:
        """How much of a long sync is done, 0-100; None when none is running."""
        if self.phase not in ("pushing", "pulling"):
            return None
        if self.total < LONG_SYNC_ENTRIES and not self.not_complete_yet:
            return None
        return 100 * self.done // self.total if self.total else 0

    @property
    def problem(self) -> str | None:
        """The code of an error that stays until someone acts."""
        return None if self.error in PASSING else self.error

    @property
    def last_success(self) -> Instant | None:
        """When a round last ended with everything answered."""
        return self.last_success_at
