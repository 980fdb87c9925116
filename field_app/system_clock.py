"""The real clock and the real randomness, for the edges: programs and screens."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime

from field_app.domain.clock import Instant, id_from, instant_of


class SystemClock:
    """The machine's own clock."""

    def now(self) -> Instant:
        """The machine's wall clock, in UTC."""
        return instant_of(datetime.now(UTC))

    def monotonic(self) -> float:
        """Seconds of the machine's monotonic clock."""
        return time.monotonic()


class SystemEntropy:
    """The operating system's generator."""

    def bytes(self, count: int) -> bytes:
        """Return bytes from the operating system."""
        return os.urandom(count)

    def new_id(self) -> str:
        """A random UUIDv4 as 32 hex digits."""
        return id_from(self)
