"""Signing: when a note stops changing, and what may still be written after it.

An author signs with *Valmis*, or 24 hours pass. What was written then stays; only a correction
with its reason, and what joins the record to others, can still be added.
"""

from __future__ import annotations

from field_app.domain.clock import Instant, plus
from field_app.domain.declaration import Record, declaration_of
from field_app.domain.records import Assessment, Encounter, HealthNote

UNSIGNED_HOURS_MAX = 24
"""After this many hours an unsigned record counts as signed."""

# A nurse's part may be recorded, and the matter found, after the social half has signed.
_STAYS_OPEN = frozenset({"correction", "health_part_recorded", "matter"})


def is_signed(record: Record, now: Instant, begun_at: Instant | None = None) -> bool:
    """Whether the record is signed; for an assessment this is its common and social part.

    `begun_at` is when the record was first written, if known: a contact of yesterday entered
    today has its 24 hours from today. Records that are never signed answer False.
    """
    match record:
        case Encounter() | HealthNote():
            return _is_past(record.signed_at, begun_at or record.at, now)
        case Assessment():
            return _is_past(record.signed_at, begun_at or record.made_at, now)
    return False


def is_health_part_signed(record: Record, now: Instant, begun_at: Instant | None = None) -> bool:
    """Whether what the nurse wrote into the record is signed."""
    if isinstance(record, Assessment):
        return _is_past(record.health_signed_at, begun_at or record.made_at, now)
    return is_signed(record, now, begun_at)


def frozen_keys(record: Record, now: Instant, begun_at: Instant | None = None) -> frozenset[str]:
    """The wire keys (for sets and maps the part before the slash) no save may write any more."""
    social_signed = is_signed(record, now, begun_at)
    health_signed = is_health_part_signed(record, now, begun_at)
    return frozenset(
        key
        for key, members in declaration_of(type(record)).by_key.items()
        if (health_signed if members[0].register == "health" else social_signed)
        and key not in _STAYS_OPEN
    )


def signs_itself_at(record: Record, begun_at: Instant | None = None) -> Instant | None:
    """When an unsigned record will count as signed; None for signed and never-signed ones."""
    match record:
        case Encounter() | HealthNote():
            start = begun_at or record.at
        case Assessment():
            start = begun_at or record.made_at
        case _:
            return None
    return plus(start, hours=UNSIGNED_HOURS_MAX) if start and record.signed_at is None else None


def _is_past(signed_at: Instant | None, begun_at: Instant | None, now: Instant) -> bool:
    if signed_at is not None:
        return True
    return begun_at is not None and plus(begun_at, hours=UNSIGNED_HOURS_MAX) <= now
