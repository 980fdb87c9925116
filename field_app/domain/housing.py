"""The housing situation: now, before, and what two values that disagree tell together.

Two workers may both be right, each about a different time. So a housing conflict is not settled
by choosing one: the app asks "milloin?" of each value, the latest holds now, and the others
become periods of the housing history.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from field_app.domain.clock import Day, days_between
from field_app.domain.errors import HousingOrderUnknown
from field_app.domain.records import HousingPeriod
from field_app.domain.vocabularies import ARA, VOCABULARIES


@dataclass(frozen=True, slots=True)
class HousingValue:
    """One head of a person's `housing` register, with the "since" its settler answered."""

    situation: str = field(repr=False)
    since: Day | None = field(repr=False)
    write_id: str


@dataclass(frozen=True, slots=True)
class HousingSettlement:
    """What to write: the value that holds now, and a housing period for each one before it."""

    current: HousingValue
    periods: tuple[HousingPeriod, ...] = field(repr=False)


def is_homeless(situation: str | None) -> bool:
    """Whether the situation is one of the national survey's classes of homelessness."""
    return situation in VOCABULARIES["housing_situation"].marked(ARA)


def settle(person_id: str, values: Sequence[HousingValue]) -> HousingSettlement:
    """Put the values in the order of their days: the last holds now, the others are history.

    One value may lack its day: it is taken as the oldest. Values of the same situation that
    follow each other are one stay. Asked twice, on two devices, with the same answers, this
    gives the same records with the same ids.

    Raises:
        HousingOrderUnknown: there is no value, two lack their day, or two different situations
            have the same day.
    """
    stays = _stays(sorted(values, key=lambda value: (value.since or "", value.write_id)))
    periods = tuple(
        HousingPeriod(
            id=period_id(person_id, earlier.write_id),
            situation=earlier.situation,
            started_on=earlier.since,
            ended_on=later.since,
        )
        for earlier, later in pairwise(stays)
    )
    return HousingSettlement(current=stays[-1], periods=periods)


def period_id(person_id: str, write_id: str) -> str:
    """The id of the housing period that keeps what a write once said.

    The same on every device, so that settling twice makes one record. It is made of random ids
    alone: an id stands in clear on disk, and one made of situation and day could be guessed.
    """
    digest = bytearray(hashlib.sha256(f"housing_period {person_id} {write_id}".encode()).digest())
    digest[6] = (digest[6] & 0x0F) | 0x40
    digest[8] = (digest[8] & 0x3F) | 0x80
    return digest[:16].hex()


def history(periods: Iterable[HousingPeriod]) -> tuple[HousingPeriod, ...]:
    """Housing periods, the latest first; those without a start come last."""
    return tuple(sorted(periods, key=lambda one: (one.started_on or "", one.id), reverse=True))


def ends_on(periods: Iterable[HousingPeriod], today: Day) -> Day | None:
    """The day a stay that still holds is known to end, e.g. a temporary flat's; None if none."""
    coming = [
        one.ended_on
        for one in periods
        if one.ended_on is not None
        and one.ended_on >= today
        and (one.started_on is None or one.started_on <= today)
    ]
    return min(coming, default=None)


def days_in_situation(since: Day | None, today: Day) -> int | None:
    """How many days the present situation has held; None when nobody knows since when."""
    return None if since is None else max(0, days_between(since, today))


def _stays(ordered: Sequence[HousingValue]) -> list[HousingValue]:
    stays: list[HousingValue] = []
    for value in ordered:
        if not stays:
            stays.append(value)
        elif value.situation == stays[-1].situation:
            if stays[-1].since is None:
                stays[-1] = value
        elif value.since is None or value.since == stays[-1].since:
            raise HousingOrderUnknown("two situations claim the same day")
        else:
            stays.append(value)
    if not stays:
        raise HousingOrderUnknown("no value to settle")
    return stays
