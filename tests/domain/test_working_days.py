"""Finnish working days against calendars people hang on walls."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from field_app.domain.clock import day_plus
from field_app.domain.working_days import (
    easter,
    holidays,
    is_working_day,
    month_after,
    working_days_after,
    working_days_between,
)
from tests.domain.strategies import days

CALENDAR_2026 = {
    "2026-01-01": "uudenvuodenpäivä",
    "2026-01-06": "loppiainen",
    "2026-04-03": "pitkäperjantai",
    "2026-04-05": "pääsiäispäivä",
    "2026-04-06": "2. pääsiäispäivä",
    "2026-05-01": "vappu",
    "2026-05-14": "helatorstai",
    "2026-05-24": "helluntai",
    "2026-06-19": "juhannusaatto",
    "2026-06-20": "juhannuspäivä",
    "2026-10-31": "pyhäinpäivä",
    "2026-12-06": "itsenäisyyspäivä",
    "2026-12-24": "jouluaatto",
    "2026-12-25": "joulupäivä",
    "2026-12-26": "tapaninpäivä",
}


def test_the_year_2026_has_the_holidays_of_its_calendar() -> None:
    assert holidays(2026) == set(CALENDAR_2026)


@pytest.mark.parametrize(
    "sunday",
    [
        "2000-04-23",
        "2008-03-23",
        "2011-04-24",
        "2024-03-31",
        "2025-04-20",
        "2027-03-28",
        "2038-04-25",
        "2049-04-18",
    ],
)
def test_easter_falls_where_almanacs_say(sunday: str) -> None:
    assert easter(int(sunday[:4])).isoformat() == sunday


@given(st.integers(1900, 2200))
def test_easter_is_a_sunday_of_spring(year: int) -> None:
    assert easter(year).weekday() == 6
    assert date(year, 3, 22) <= easter(year) <= date(year, 4, 25)


@given(st.integers(1960, 2200))
def test_midsummer_and_all_saints_are_saturdays_between_their_dates(year: int) -> None:
    midsummer = [day for day in holidays(year) if f"{year}-06-20" <= day <= f"{year}-06-26"]
    saturdays = [day for day in midsummer if date.fromisoformat(day).weekday() == 5]
    assert len(saturdays) == 1
    saints = [day for day in holidays(year) if f"{year}-10-31" <= day <= f"{year}-11-06"]
    assert [date.fromisoformat(day).weekday() for day in saints] == [5]


@pytest.mark.parametrize(
    ("day", "works"),
    [("2026-11-20", True), ("2026-11-21", False), ("2026-11-22", False), ("2026-12-24", False)],
)
def test_offices_work_on_weekdays_that_are_no_holiday(day: str, works: bool) -> None:
    assert is_working_day(day) is works


def test_seven_working_days_over_christmas_take_into_january() -> None:
    assert working_days_after("2026-12-21", 7) == "2027-01-04"


def test_two_working_days_from_a_friday_end_on_tuesday() -> None:
    assert working_days_after("2026-11-20", 2) == "2026-11-24"


def test_no_working_days_after_is_the_day_itself_even_on_a_sunday() -> None:
    assert working_days_after("2026-11-22", 0) == "2026-11-22"
    with pytest.raises(ValueError, match="forwards"):
        working_days_after("2026-11-22", -1)


@given(days, st.integers(1, 40))
def test_counting_there_and_back_agrees(day: str, count: int) -> None:
    end = working_days_after(day, count)
    assert is_working_day(end)
    assert working_days_between(day, end) == count
    assert working_days_between(end, day) == 0


@given(days, st.integers(0, 20), st.integers(0, 20))
def test_counting_on_is_the_same_as_counting_at_once(day: str, first: int, more: int) -> None:
    at_once = working_days_after(day, first + more)
    assert working_days_after(working_days_after(day, first), more) == at_once


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-11-22", "2026-12-22"),
        ("2026-12-15", "2027-01-15"),
        ("2026-01-31", "2026-02-28"),
        ("2028-01-31", "2028-02-29"),
        ("2026-03-31", "2026-04-30"),
    ],
)
def test_a_month_ends_on_the_same_day_or_on_the_last_of_a_shorter_one(start: str, end: str) -> None:
    assert month_after(start) == end


@given(days)
def test_a_month_is_never_shorter_than_28_days_or_longer_than_31(day: str) -> None:
    assert day_plus(day, 28) <= month_after(day) <= day_plus(day, 31)
