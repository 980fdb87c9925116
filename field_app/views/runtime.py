"""What the shell needs of the running app beneath it: its lock, its account, its sync.

The real object lives in `field_app.store` and serves every session of one data directory; tests
bring their own. Methods that may block are coroutines: their owner moves the work to a thread.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Protocol

from field_app.domain.clock import Instant


class Gate(Enum):
    """How far into the app a person may see."""

    OPENING = "opening"
    """The store is being opened; nothing is known yet."""
    NEW = "new"
    """No one has enrolled this device."""
    LOCKED = "locked"
    """Enrolled; the keys are not in memory."""
    UNLOCKED = "unlocked"


class Account(Protocol):
    """Whose device this is."""

    @property
    def name(self) -> str:
        """The worker's own name, as colleagues know it."""
        ...

    @property
    def role(self) -> str:
        """One of the vocabulary `role`, e.g. "nurse" or "lead"."""
        ...


class SyncStatus(Protocol):
    """Where this device's changes are, at one moment."""

    @property
    def pending(self) -> int:
        """Changes the server has not answered for yet: they are only on this device."""
        ...

    @property
    def oldest_pending(self) -> Instant | None:
        """When the oldest of them was saved; None when there is none."""
        ...

    @property
    def waiting_for_human(self) -> int:
        """Changes the server kept aside for a person to decide on."""
        ...

    @property
    def online(self) -> bool:
        """Whether the last attempt reached the server."""
        ...

    @property
    def percent(self) -> int | None:
        """How much of a running sync is done, 0-100; None when none is running."""
        ...

    @property
    def problem(self) -> str | None:
        """The code of the error that stops syncing until someone acts, e.g. "token_revoked"."""
        ...

    @property
    def last_success(self) -> Instant | None:
        """When the server last answered for everything."""
        ...


class Runtime(Protocol):
    """One data directory at work."""

    @property
    def gate(self) -> Gate:
        """The lock's present state."""
        ...

    @property
    def account(self) -> Account | None:
        """Whose device this is; None before enrolment and while locked."""
        ...

    @property
    def sync_status(self) -> SyncStatus | None:
        """The present sync status; None while the store is not open."""
        ...

    @property
    def pin_digits(self) -> int | None:
        """How many digits this device's PIN has; None when that is not known."""
        ...

    def now(self) -> Instant:
        """The clock's instant, for "2 hours ago"."""
        ...

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` (from any thread) after the gate or the sync status changed.

        Returns:
            A function that ends the subscription.
        """
        ...

    async def open(self) -> None:
        """Open the store; the gate leaves OPENING.

        Raises:
            StoreError: it cannot be used: by another program, from a newer version, damaged.
        """
        ...

    async def close(self) -> None:
        """Lock, finish what was being written, and let go of the store."""
        ...

    async def unlock(self, secret: str) -> None:
        """Open the lock with a PIN or a passphrase.

        Raises:
            FieldAppError: the secret is wrong, or too many were tried.
        """
        ...

    async def lock(self) -> None:
        """Drop the keys; unsaved drafts are already on disk."""
        ...

    async def sync_now(self) -> None:
        """Ask for a sync now; returns when it was started, not when it ended."""
        ...

    async def set_offline(self, offline: bool) -> None:
        """Act as if there were no network (the demo's switch)."""
        ...
