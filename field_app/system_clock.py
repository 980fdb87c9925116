"""The real clock and the real randomness, for the edges: programs and screens."""

from __future__ import annotations

import os
import threading
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


POOL_BYTES = 4096


class SystemEntropy:
    """The operating system's generator.

    Small amounts come from one larger draw: a page of a sync seals a thousand rows, and a call to
    the system for each nonce took a tenth of that time. No byte is given twice, to no thread and
    to no child process.
    """

    _pool = b""
    _lock = threading.Lock()

    def bytes(self, count: int) -> bytes:
        """Return bytes from the operating system."""
        if count > POOL_BYTES // 16:
            return os.urandom(count)
        cls = SystemEntropy
        with cls._lock:
            if len(cls._pool) < count:
                cls._pool = os.urandom(POOL_BYTES)
            taken, cls._pool = cls._pool[:count], cls._pool[count:]
        return taken

    def new_id(self) -> str:
        """A random UUIDv4 as 32 hex digits."""
        return id_from(self)


def _begin_child() -> None:
    """A child process has a pool and a lock of its own."""
    SystemEntropy._pool = b""
    SystemEntropy._lock = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_child)
