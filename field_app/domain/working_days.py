"""Finnish working days: weekdays that are no public holiday.

Also counted as free are the eves of Christmas and Midsummer, on which offices are closed and
statutory time limits do not end (laki säädettyjen määräaikain laskemisesta 150/1930, 5 §).
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

from field_app.domain.clock import Day, day_plus

_FRIDAY, _SATURDAY = 4, 5
_FIXED = ((1, 1), (1, 6), (5, 1), (12, 6), (12, 24), (12, 25), (12, 26))


def easter(year: int) -> date:
    """Easter Sunday in the Gregorian calendar (the method of Meeus, Jones and Butcher)."""
    century, rest = divmod(year, 100)
    leap_centuries, century_rest = divmod(century, 4)
    correction = (century - (century + 8) // 25 + 1) // 3
    golden = year % 19
    epact = (19 * golden + century - leap_centuries - correction + 15) % 30
    leap_years, year_rest = divmod(rest, 4)
    weekday = (32 + 2 * century_rest + 2 * leap_years - epact - year_rest) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


@cache
def holidays(year: int) -> frozenset[Day]:
    """The days of a year on which no office works, weekends aside."""
    sunday = easter(year)
    moving = [sunday + timedelta(days=shift) for shift in (-2, 0, 1, 39, 49)]
    midsummer_eve = _weekday_from(date(year, 6, 19), _FRIDAY)
    moving += [midsummer_eve, midsummer_eve + timedelta(days=1)]
    moving.append(_weekday_from(date(year, 10, 31), _SATURDAY))
    fixed = [date(year, month, day) for month, day in _FIXED]
    return frozenset(day.isoformat() for day in fixed + moving)


def is_working_day(day: Day) -> bool:
    """Whether offices work on this day."""
    parsed = date.fromisoformat(day)
    return parsed.weekday() < _SATURDAY and day not in holidays(parsed.year)


def working_days_after(day: Day, count: int) -> Day:
    """The `count`-th working day after `day`; the day itself is never counted.

    Raises:
        ValueError: `count` is negative.
    """
    if count < 0:
        raise ValueError("working days are counted forwards")
    while count:
        day = day_plus(day, 1)
        count -= is_working_day(day)
    return day


def working_days_between(earlier: Day, later: Day) -> int:
    """How many working days come after `earlier`, up to and with `later`; 0 when reversed."""
    count = 0
    while earlier < later:
        earlier = day_plus(earlier, 1)
        count += is_working_day(earlier)
    return count


def month_after(day: Day) -> Day:
    """The same day of the next month, or that month's last day when it is shorter.

    So statutory time limits in months are counted (150/1930, 3 §).
    """
    start = date.fromisoformat(day)
    year, month = (start.year + 1, 1) if start.month == 12 else (start.year, start.month + 1)
    for number in range(start.day, 27, -1):
        try:
            return date(year, month, number).isoformat()
        except ValueError:
            continue
    return date(year, month, start.day).isoformat()


def _weekday_from(first: date, weekday: int) -> date:
    return first + timedelta(days=(weekday - first.weekday()) % 7)
