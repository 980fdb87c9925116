"""Wrong PINs in a row make the next try wait; nothing is ever deleted because of them.

The count is written before a PIN is tried, so ending the process does not take a try back. It
lies in a file that a thief can put back: what protects the data is the device's secret and
Argon2id; the wait protects against the person who has the phone in their hand for five minutes.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from field_app.domain.clock import Clock, Instant, moment_of, plus
from field_app.domain.errors import DiskFull, TooManyAttempts
from field_app.store import metadata
from field_app.store.database import Database

_NAME = "attempts"
_FREE = 4
"""Wrong PINs without any wait: cold fingers, gloves."""

_WAITS_S = (30, 60, 5 * 60, 15 * 60, 60 * 60)
"""Seconds after the 5th, 6th, … wrong PIN in a row; the last one holds for all after it."""


def wait_after(failures: int) -> int:
    """Seconds to wait after so many wrong PINs in a row."""
    if failures <= _FREE:
        return 0
    return _WAITS_S[min(failures - _FREE, len(_WAITS_S)) - 1]


@dataclass(frozen=True, slots=True)
class Attempts:
    """How many wrong PINs in a row, and when the last one was."""

    failures: int = 0
    last: Instant | None = None

    def until(self) -> Instant | None:
        """When the next try is allowed; None for at once."""
        wait = wait_after(self.failures)
        return plus(self.last, seconds=wait) if self.last and wait else None

    def encode(self) -> bytes:
        """As stored."""
        return json.dumps({"failures": self.failures, "last": self.last}).encode()


def _decode(raw: bytes | None) -> Attempts:
    """Read what is stored; what cannot be read counts as the last try before a wait."""
    if raw is None:
        return Attempts()
    try:
        wire = json.loads(raw)
        failures, last = int(wire["failures"]), wire["last"]
        if last is not None:
            moment_of(last)
        return Attempts(max(0, failures), last)
    except (ValueError, KeyError, TypeError):
        return Attempts(_FREE)


class AttemptLog:
    """Counts the tries of one store."""

    def __init__(self, database: Database, clock: Clock) -> None:
        """Keep the count in this store's metadata."""
        self._database = database
        self._clock = clock
        self._unwritten: Attempts | None = None

    def begin(self) -> Attempts:
        """Count a try before it is made; returns the count should it turn out wrong.

        Raises:
            TooManyAttempts: it is too early; nothing is counted. `values["until"]` says when.
        """
        now = self._clock.now()
        attempts = self._read()
        if attempts.last is not None and now < attempts.last:
            # The clock went back: the wait starts over from here, it never grows to days.
            attempts = Attempts(attempts.failures, now)
            self._write(attempts)
        until = attempts.until()
        if until is not None and now < until:
            raise TooManyAttempts("the wait is not over", until=until)
        counted = Attempts(attempts.failures + 1, now)
        self._write(counted)
        return counted

    def succeeded(self) -> None:
        """Start over from none."""
        if self._read().failures:
            self._write(Attempts())

    def _read(self) -> Attempts:
        if self._unwritten is not None:
            return self._unwritten
        with self._database.read() as connection:
            return _decode(metadata.get(connection, _NAME))

    def _write(self, attempts: Attempts) -> None:
        """Write it; on a full disk count in memory, so that reading stays possible."""
        try:
            with self._database.write() as connection:
                metadata.put(connection, _NAME, attempts.encode())
            self._unwritten = None
        except DiskFull:
            self._unwritten = attempts
