"""Rate limits: token buckets in the memory of each server process.

Kept per process on purpose: a limit only bounds load (secrets are too long to guess), and with N
processes the bound is N times as wide; no request waits for a shared counter.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field

from field_app.domain.clock import Clock
from field_app.domain.errors import RateLimited

KEYS_MAX = 10_000
"""Callers remembered; the one longest unseen is forgotten first."""


@dataclass(slots=True)
class RateLimit:
    """So many at once, so many a second after that, for each key."""

    clock: Clock
    burst: float
    per_second: float
    _buckets: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, key: str) -> None:
        """Let one request pass.

        Raises:
            RateLimited: too many; it says after how many seconds one may pass.
        """
        now = self.clock.monotonic()
        with self._lock:
            left, then = self._buckets.pop(key, (self.burst, now))
            left = min(self.burst, left + (now - then) * self.per_second)
            allowed = left >= 1
            self._buckets[key] = (left - 1 if allowed else left, now)
            if len(self._buckets) > KEYS_MAX:
                self._buckets.popitem(last=False)
        if not allowed:
            raise RateLimited("rate", seconds=max(1, round((1 - left) / self.per_second)))


@dataclass(frozen=True, slots=True)
class Limits:
    """Every limit of the server."""

    of_device: RateLimit
    of_address: RateLimit
    """For requests without a token: redeeming a code, renewing a token."""
    of_code: RateLimit
    """Making codes, per worker who makes them."""


def standard_limits(clock: Clock) -> Limits:
    """The limits the server runs with."""
    return Limits(
        of_device=RateLimit(clock, burst=300, per_second=50),
        of_address=RateLimit(clock, burst=300, per_second=10),
        of_code=RateLimit(clock, burst=30, per_second=0.5),
    )
