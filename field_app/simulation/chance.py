"""The world's clock and dice: everything that would be random is drawn from a seed."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

from field_app.domain.clock import Instant, id_from

_START = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


class WorldClock:
    """The true time, moved by the simulation alone; the server goes by it."""

    def __init__(self) -> None:
        """Begin on a morning."""
        self.seconds = 0.0

    def now(self) -> Instant:
        """The true instant."""
        return spelled(self.seconds)

    def monotonic(self) -> float:
        """Seconds since the beginning."""
        return self.seconds

    def forward(self, seconds: float) -> None:
        """Let time pass."""
        self.seconds += seconds


class DeviceClock:
    """A device's own clock: the true time, days off as its owner set it."""

    def __init__(self, world: WorldClock) -> None:
        """Begin with the true time."""
        self._world = world
        self.off_by = 0.0

    def now(self) -> Instant:
        """The instant the device believes in."""
        return spelled(self._world.seconds + self.off_by)

    def monotonic(self) -> float:
        """Seconds that only grow."""
        return self._world.seconds


def spelled(seconds: float) -> Instant:
    """An instant so many seconds after the beginning."""
    moment = _START + timedelta(seconds=seconds)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"


class SeededEntropy:
    """Bytes that look random and are the same for the same seed."""

    def __init__(self, seed: str) -> None:
        """Draw from a generator of its own."""
        self._random = random.Random(seed)

    def bytes(self, count: int) -> bytes:
        """The next bytes."""
        return self._random.randbytes(count)

    def new_id(self) -> str:
        """The next id."""
        return id_from(self)
