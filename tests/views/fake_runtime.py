"""A runtime for tests: its state is set by hand, its calls are remembered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from field_app.domain.clock import Instant
from field_app.domain.errors import FieldAppError
from field_app.views.runtime import Gate

NOW = "2026-11-22T10:15:00.000Z"


@dataclass(frozen=True)
class FakeAccount:
    """Whose device it is; the name is made up."""

    name: str = "Testi Työntekijä"
    role: str = "nurse"


@dataclass(frozen=True)
class FakeSync:
    """A sync status."""

    pending: int = 0
    oldest_pending: Instant | None = None
    waiting_for_human: int = 0
    online: bool = True
    percent: int | None = None
    problem: str | None = None
    last_success: Instant | None = NOW


class WrongSecret(FieldAppError):
    """The fake vault's refusal."""

    code = "unexpected"


class FakeRuntime:
    """A runtime without a store."""

    def __init__(
        self, gate: Gate = Gate.UNLOCKED, role: str = "nurse", pin: str = "246810"
    ) -> None:
        """Begin at a gate."""
        self._gate = gate
        self._account = FakeAccount(role=role)
        self._sync: FakeSync | None = FakeSync()
        self._listeners: list[Callable[[], None]] = []
        self._pin = pin
        self.calls: list[str] = []

    @property
    def gate(self) -> Gate:
        """The lock's state."""
        return self._gate

    @property
    def account(self) -> FakeAccount | None:
        """Known while unlocked."""
        return self._account if self._gate is Gate.UNLOCKED else None

    @property
    def sync_status(self) -> FakeSync | None:
        """The status set last."""
        return self._sync

    @property
    def pin_digits(self) -> int | None:
        """As many as the PIN has."""
        return len(self._pin) if self._pin.isdigit() else 6

    def now(self) -> Instant:
        """A still clock."""
        return NOW

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Remember a listener."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    @property
    def listeners(self) -> int:
        """How many listen."""
        return len(self._listeners)

    def put(self, gate: Gate | None = None, sync: FakeSync | None = None) -> None:
        """Change the state, as a background thread would."""
        self._gate = gate or self._gate
        self._sync = sync or self._sync
        for listener in tuple(self._listeners):
            listener()

    async def open(self) -> None:
        """Enrolled before: locked."""
        self.calls.append("open")
        self.put(Gate.LOCKED)

    async def close(self) -> None:
        """Note it."""
        self.calls.append("close")

    async def unlock(self, secret: str) -> None:
        """Only the right PIN opens."""
        self.calls.append("unlock")
        if secret != self._pin:
            raise WrongSecret("wrong secret")
        self.put(Gate.UNLOCKED)

    async def lock(self) -> None:
        """Lock."""
        self.calls.append("lock")
        if self._gate is Gate.UNLOCKED:
            self.put(Gate.LOCKED)

    async def sync_now(self) -> None:
        """Remember the wish."""
        self.calls.append("sync_now")

    async def set_offline(self, offline: bool) -> None:
        """Remember the switch."""
        self.calls.append(f"offline={offline}")
