"""Who has been reached, and for whom there have only been attempts.

The work holds on to people (kiinnipitävä työ): "not reached for N days" can be paused, for a
hospital, a prison or the client's wish, and never closes by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from field_app.domain.clock import Day, Instant, days_between, local_day
from field_app.domain.records import Encounter, Person

REACHED = frozenset({"reached", "declined_now"})
"""Outcomes in which the person and the pair spoke: a "no" today is still a contact."""
SEEN = REACHED | {"seen_only"}
FAILED = frozenset({"not_reached", "no_show"})
"""Outcomes counted as failed attempts; breaking off for safety is not the person's absence."""


@dataclass(frozen=True, slots=True)
class Reach:
    """The contacts with one person, as far as being reached goes. Holds no dates of today."""

    last_reached_at: Instant | None = field(default=None, repr=False)
    last_seen_at: Instant | None = field(default=None, repr=False)
    failed_attempts: int = field(default=0, repr=False)
    """Failed attempts since the person was last reached."""
    last_attempt_at: Instant | None = field(default=None, repr=False)
    waiting_since: Day | None = field(default=None, repr=False)
    """The day unreached days are counted from: last reached, else the opening of the matter,
    else the first attempt."""
    paused_until: Day | None = field(default=None, repr=False)
    next_try_on: Day | None = field(default=None, repr=False)
    """Agreed at the last attempt; gone once the person is reached."""

    def is_paused(self, today: Day) -> bool:
        """Whether reaching out is paused today; the pause's last day is included."""
        return self.paused_until is not None and today <= self.paused_until

    def days_unreached(self, today: Day) -> int | None:
        """Days since the person was last reached; None when nothing tells since when.

        A day in the future, from a device whose clock is ahead, counts as today.
        """
        if self.waiting_since is None:
            return None
        return max(0, days_between(self.waiting_since, today))

    def is_unreached(self, today: Day, days: int) -> bool:
        """Whether nobody has reached the person for this many days, and no pause holds."""
        count = self.days_unreached(today)
        return count is not None and count >= days and not self.is_paused(today)


def reach_of(
    encounters: Iterable[Encounter],
    person: Person | None = None,
    opened_on: Day | None = None,
) -> Reach:
    """Read the contacts of one person, in any order; those without a time are left out."""
    dated = sorted((one for one in encounters if one.at is not None), key=_order)
    reached = [one for one in dated if one.outcome in REACHED]
    seen = [one for one in dated if one.outcome in SEEN]
    since = dated if not reached else [one for one in dated if _order(one) > _order(reached[-1])]
    failed = [one for one in since if one.outcome in FAILED]
    last_reached = reached[-1].at if reached else None
    return Reach(
        last_reached_at=last_reached,
        last_seen_at=seen[-1].at if seen else None,
        failed_attempts=len(failed),
        last_attempt_at=dated[-1].at if dated else None,
        waiting_since=_waiting_since(last_reached, opened_on, dated),
        paused_until=person.reach_paused_until if person else None,
        next_try_on=since[-1].next_try_on if since else None,
    )


def _waiting_since(
    last_reached: Instant | None, opened_on: Day | None, dated: list[Encounter]
) -> Day | None:
    if last_reached is not None:
        return local_day(last_reached)
    if opened_on is not None:
        return opened_on
    return local_day(_order(dated[0])[0]) if dated else None


def _order(encounter: Encounter) -> tuple[Instant, str]:
    return (encounter.at or "", encounter.id)
