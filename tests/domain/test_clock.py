"""Instants sort as text, days follow Helsinki, ids are random and of one form."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from field_app.domain.clock import (
    day_plus,
    days_between,
    id_from,
    instant_of,
    local_day,
    moment_of,
    plus,
)
from tests.domain.strategies import days, instants

_moments = st.datetimes(datetime(2000, 1, 1), datetime(2099, 1, 1), timezones=st.just(UTC))


class Bytes:
    """Entropy that gives one byte over and over."""

    def __init__(self, value: int) -> None:
        """Keep the byte."""
        self.value = value

    def bytes(self, count: int) -> bytes:
        """The byte, `count` times."""
        return bytes([self.value] * count)

    def new_id(self) -> str:
        """An id of it."""
        return id_from(self)


@given(_moments, _moments)
def test_the_order_of_texts_is_the_order_of_time(one: datetime, other: datetime) -> None:
    gap = abs(one - other)
    if gap >= timedelta(milliseconds=1):
        assert (instant_of(one) < instant_of(other)) is (one < other)


@given(instants)
def test_an_instant_survives_being_read(instant: str) -> None:
    assert instant_of(moment_of(instant)) == instant


def test_an_instant_of_another_zone_is_written_in_utc() -> None:
    summer = timezone(timedelta(hours=3))
    assert instant_of(datetime(2026, 7, 1, 1, 30, tzinfo=summer)) == "2026-06-30T22:30:00.000Z"


def test_a_time_without_a_zone_is_no_instant() -> None:
    with pytest.raises(ValueError, match="zone"):
        instant_of(datetime(2026, 7, 1))


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        ("2026-11-21T21:59:59.999Z", "2026-11-21"),
        ("2026-11-21T22:00:00.000Z", "2026-11-22"),
        ("2026-06-30T20:59:59.999Z", "2026-06-30"),
        ("2026-06-30T21:00:00.000Z", "2026-07-01"),
    ],
)
def test_the_day_changes_at_midnight_in_helsinki_in_winter_and_summer(
    instant: str, day: str
) -> None:
    assert local_day(instant) == day


@given(days, st.integers(-500, 500))
def test_days_counted_there_and_back_agree(day: str, count: int) -> None:
    assert days_between(day, day_plus(day, count)) == count


@given(instants)
def test_an_hour_later_is_later(instant: str) -> None:
    assert plus(instant, hours=1) > instant
    assert plus(plus(instant, hours=1), hours=-1) == instant


@pytest.mark.parametrize("byte", [0, 1, 127, 255])
def test_an_id_is_a_random_uuid_in_small_hex(byte: int) -> None:
    made = Bytes(byte).new_id()
    assert made == made.lower()
    assert uuid.UUID(made).version == 4
    assert uuid.UUID(made).variant == uuid.RFC_4122
