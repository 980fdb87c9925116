"""Dates, times and ages as people read them, always in the organisation's zone (Helsinki)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import date, timedelta

from babel.dates import format_date, format_skeleton, format_time

from field_app.domain.clock import (
    ORGANISATION_ZONE,
    Day,
    Instant,
    days_between,
    local_day,
    moment_of,
)

_AS_IN_FINLAND = {
    "sv_FI": {"date": "d.M.y", "short": "d.M.", "weekday": "EEE d.M.", "time": "H.mm"},
}
"""Where Babel knows the habits of another country: Swedish in Finland dots its numbers.

Institutet för de inhemska språken: "22.11.2026", "kl. 12.15".
"""
_HALF_A_YEAR = 183
"""Days; a date without its year further away could be misread."""


class DateTexts(ABC):
    """The part of a translator that writes dates; the words around them are catalogue texts."""

    def __init__(self, locale: str) -> None:
        """Choose Babel's locale, e.g. "fi_FI"."""
        self._locale = locale
        self._own = _AS_IN_FINLAND.get(locale, {})

    @abstractmethod
    def t(self, key: str, **values: object) -> str:
        """The text of a key."""

    @abstractmethod
    def n(self, key: str, count: int, **values: object) -> str:
        """The text of a key for a count."""

    def date(self, day: Day | Instant) -> str:
        """A date with its year: "22.11.2026"."""
        return format_date(_day(day), self._own.get("date", "medium"), locale=self._locale)

    def short_date(self, day: Day | Instant) -> str:
        """A date without its year, where the year is plain: "22.11."."""
        return self._shaped(day, "short", "Md")

    def weekday_date(self, day: Day | Instant) -> str:
        """A date with its weekday: "su 22.11."."""
        return self._shaped(day, "weekday", "MEd")

    def near_date(self, day: Day, today: Day) -> str:
        """A date with its weekday; one half a year away or more with its year instead."""
        is_near = abs(days_between(today, day)) < _HALF_A_YEAR
        return self.weekday_date(day) if is_near else self.date(day)

    def month(self, day: Day | Instant) -> str:
        """A month with its year, as a heading: "marraskuu 2026"."""
        return format_skeleton("yMMMM", _day(day), locale=self._locale)

    def time(self, instant: Instant) -> str:
        """A time of day: "12.15"."""
        moment = moment_of(instant)
        shape = self._own.get("time", "short")
        return format_time(moment, shape, tzinfo=ORGANISATION_ZONE, locale=self._locale)

    def datetime(self, instant: Instant) -> str:
        """A date and a time of day: "22.11.2026 klo 12.15"."""
        return self.t("date.with_time", date=self.date(instant), time=self.time(instant))

    def days_ago(self, day: Day | Instant, today: Day | Instant) -> str:
        """A day as seen from today: "tänään", "eilen", "3 päivää sitten", "huomenna"."""
        days = days_between(_day(day).isoformat(), _day(today).isoformat())
        if days == 0:
            return self.t("date.today")
        if days == 1:
            return self.t("date.yesterday")
        if days == -1:
            return self.t("date.tomorrow")
        return self.n("date.days_ago", days) if days > 0 else self.n("date.in_days", -days)

    def age(self, since: Instant, now: Instant) -> str:
        """How long ago something happened, coarsely: "juuri nyt", "12 min", "3 t", "2 päivää".

        A clock that was set back makes it "just now", never a negative age.
        """
        minutes = int((moment_of(now) - moment_of(since)).total_seconds() // 60)
        if minutes < 1:
            return self.t("date.just_now")
        if minutes < 60:
            return self.t("date.minutes", count=minutes)
        if minutes < 24 * 60:
            return self.t("date.hours", count=minutes // 60)
        return self.n("date.days", minutes // (24 * 60))

    def ago(self, since: Instant, now: Instant) -> str:
        """When something happened, coarsely: "juuri nyt", "12 min sitten", "3 päivää sitten"."""
        if moment_of(now) - moment_of(since) < timedelta(minutes=1):
            return self.t("date.just_now")
        if local_day(since) < local_day(now) and moment_of(now) - moment_of(since) > timedelta(1):
            return self.days_ago(since, local_day(now))
        return self.t("date.ago", age=self.age(since, now))

    def _shaped(self, day: Day | Instant, name: str, skeleton: str) -> str:
        if name in self._own:
            return format_date(_day(day), self._own[name], locale=self._locale)
        return format_skeleton(skeleton, _day(day), locale=self._locale)


def _day(value: Day | Instant) -> date:
    return date.fromisoformat(value if len(value) == 10 else local_day(value))
