"""Time and randomness as arguments: nothing in domain, sync or store reads them by itself.

An `Instant` is ISO 8601 in UTC with milliseconds and a "Z", e.g. "2026-11-22T10:15:00.000Z", so
that text order is time order. A `Day` is a calendar date "YYYY-MM-DD" in the organisation's zone.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

Instant = str
Day = str

ORGANISATION_ZONE = ZoneInfo("Europe/Helsinki")
"""Day limits and what people read on screen; stored instants stay UTC."""


class Clock(Protocol):
    """Where the time comes from."""

    def now(self) -> Instant:
        """The wall clock's instant; it may be days off and may jump back."""
        ...

    def monotonic(self) -> float:
        """Seconds that only grow, for waits and timeouts."""
        ...


class Entropy(Protocol):
    """Where unguessable bytes come from."""

    def bytes(self, count: int) -> bytes:
        """Return `count` random bytes."""
        ...

    def new_id(self) -> str:
        """A random UUIDv4 as 32 lower-case hex digits.

        Never a UUIDv7: ids stand in clear on disk and would tell when.
        """
        ...


def id_from(entropy: Entropy) -> str:
    """Make a UUIDv4 in hex of 16 random bytes; the one place that sets its version bits."""
    raw = bytearray(entropy.bytes(16))
    raw[6] = (raw[6] & 0x0F) | 0x40
    raw[8] = (raw[8] & 0x3F) | 0x80
    return raw.hex()


def instant_of(moment: datetime) -> Instant:
    """Write an aware datetime as an `Instant`.

    Raises:
        ValueError: `moment` has no time zone.
    """
    if moment.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", re.ASCII)


def is_instant(value: object) -> bool:
    """Whether this is an `Instant`: of exactly that shape, and a moment that exists."""
    if not isinstance(value, str) or _INSTANT.fullmatch(value) is None:
        return False
    try:
        moment_of(value)
    except ValueError:
        return False
    return True


def moment_of(instant: Instant) -> datetime:
    """Read an `Instant` as an aware datetime in UTC."""
    return datetime.fromisoformat(instant)


def local_day(instant: Instant) -> Day:
    """The calendar day of an instant where the work is done (Europe/Helsinki)."""
    return moment_of(instant).astimezone(ORGANISATION_ZONE).date().isoformat()


def plus(instant: Instant, **delta: float) -> Instant:
    """An instant shifted by a `timedelta(**delta)`, e.g. `plus(now, hours=24)`."""
    return instant_of(moment_of(instant) + timedelta(**delta))


def day_plus(day: Day, days: int) -> Day:
    """A calendar day shifted by whole days."""
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()


def days_between(earlier: Day, later: Day) -> int:
    """Whole days from one calendar day to another; negative when `later` comes first."""
    return (date.fromisoformat(later) - date.fromisoformat(earlier)).days
