"""The next date in one tap: tomorrow, next week, another day, or an honest "no next step"."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import flet as ft

from field_app.domain.clock import ORGANISATION_ZONE, Day, day_plus
from field_app.locale import Translator
from field_app.views.boundary import part
from field_app.views.kit.chips import Choice, one_of
from field_app.views.session import use_words

NO_DATE = "none"
"""The answer "ei jatkoa": asked, and there is no next date."""
_PICK = "pick"


def quick_days(today: Day) -> tuple[tuple[str, Day], ...]:
    """The days offered: tomorrow, and Monday of next week (or the day after, were they equal)."""
    tomorrow = day_plus(today, 1)
    monday = day_plus(today, 7 - date.fromisoformat(today).weekday())
    next_week = monday if monday != tomorrow else day_plus(monday, 1)
    return (("tomorrow", tomorrow), ("next_week", next_week))


@part
def date_choice(
    label: str,
    today: Day,
    chosen: Day | None,
    on_choose: Callable[[Day], None],
    *,
    none_offered: bool = True,
) -> ft.Control:
    """Chips for a coming day; `on_choose` gets a day, or `NO_DATE`."""
    words = use_words()
    picking, set_picking = ft.use_state(False)
    days = quick_days(today)

    def choose(code: str) -> None:
        if code == _PICK:
            set_picking(True)
        else:
            on_choose(code)

    def picked(event: ft.Event[ft.DatePicker]) -> None:
        set_picking(False)
        if isinstance(event.control.value, datetime | date):
            on_choose(day_of(event.control.value))

    ft.use_dialog(_picker(today, chosen, picked, lambda: set_picking(False)) if picking else None)
    choices = [Choice(day, _quick_label(words, name, day)) for name, day in days]
    other = chosen not in (None, NO_DATE, *(day for _, day in days))
    pick_label = words.weekday_date(chosen) if other and chosen else words.t("when.pick")
    choices.append(Choice(_PICK, pick_label, ft.Icons.CALENDAR_MONTH))
    if none_offered:
        choices.append(Choice(NO_DATE, words.t("when.none")))
    return one_of(label, choices, _PICK if other else chosen, choose)


def _quick_label(words: Translator, name: str, day: Day) -> str:
    text = words.t("when.tomorrow") if name == "tomorrow" else words.t("when.next_week")
    return f"{text} ({words.weekday_date(day)})"


def day_of(picked: date | datetime) -> Day:
    """The calendar day a date picker means; it gives its own midnight, often as a moment in UTC."""
    if isinstance(picked, datetime):
        local = picked.astimezone(ORGANISATION_ZONE) if picked.tzinfo else picked
        return local.date().isoformat()
    return picked.isoformat()


def _picker(
    today: Day,
    chosen: Day | None,
    on_change: Callable[[ft.Event[ft.DatePicker]], None],
    on_dismiss: Callable[[], None],
) -> ft.DatePicker:
    first = date.fromisoformat(today)
    start = first if chosen in (None, NO_DATE) else date.fromisoformat(chosen or today)
    return ft.DatePicker(
        first_date=first,
        last_date=first.replace(year=first.year + 3, day=min(first.day, 28)),
        value=max(first, start),
        on_change=on_change,
        on_dismiss=lambda _: on_dismiss(),
    )
