"""A day of a record: one that comes (a deadline) or one that was (submitted, moved)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import flet as ft

from field_app.domain.clock import Day, day_plus
from field_app.locale import Translator
from field_app.views.boundary import part
from field_app.views.kit.chips import Choice, one_of
from field_app.views.kit.dates import quick_days
from field_app.views.session import use_words
from field_app.views.theme import GAP_SMALL

_PICK, _NONE = "pick", "none"
_YEARS_BACK, _DAYS_AHEAD = 30, 3 * 365


@part
def day_choice(
    label: str,
    today: Day,
    chosen: Day | None,
    on_choose: Callable[[Day | None], None],
    *,
    coming: bool,
    error: str = "",
) -> ft.Control:
    """Chips for a day; `on_choose` gets None when the day is taken back.

    Args:
        label: What it asks.
        today: Where the quick days are counted from.
        chosen: The day now.
        on_choose: Gets the new day.
        coming: Whether days ahead are quick (tomorrow, next week) or those behind (today,
            yesterday). The calendar offers both.
        error: What is wrong, shown below.
    """
    words = use_words()
    picking, set_picking = ft.use_state(False)

    def choose(code: str) -> None:
        if code == _PICK:
            set_picking(True)
        else:
            on_choose(None if code == _NONE else code)

    def picked(event: ft.Event[ft.DatePicker]) -> None:
        set_picking(False)
        if isinstance(event.control.value, date):
            on_choose(_calendar_day(event.control.value))

    picker = _picker(today, chosen, picked, lambda: set_picking(False))
    ft.use_dialog(picker if picking else None)
    quick = _quick(words, today, coming)
    other = chosen is not None and chosen not in dict(quick)
    choices = [Choice(day, text) for day, text in quick]
    picked_label = words.date(chosen) if other and chosen else words.t("when.pick")
    choices.append(Choice(_PICK, picked_label, ft.Icons.CALENDAR_MONTH))
    if chosen is not None:
        choices.append(Choice(_NONE, words.t("record.no_day"), ft.Icons.CLOSE))
    chips = one_of(label, choices, _PICK if other else chosen, choose)
    return ft.Column([chips, *wrong(error)], spacing=GAP_SMALL, tight=True)


def wrong(error: str) -> list[ft.Control]:
    """What is wrong with a field, below it; nothing when nothing is."""
    if not error:
        return []
    return [
        ft.Row(
            [
                ft.Icon(ft.Icons.ERROR_OUTLINE, size=20, color=ft.Colors.ERROR),
                ft.Text(error, color=ft.Colors.ERROR, expand=True),
            ],
            spacing=GAP_SMALL,
        )
    ]


def _quick(words: Translator, today: Day, coming: bool) -> list[tuple[Day, str]]:
    days = [today, *(day for _, day in quick_days(today))] if coming else []
    days = days or [today, day_plus(today, -1)]
    return [(day, _capital(_named(words, day, today))) for day in days]


def _named(words: Translator, day: Day, today: Day) -> str:
    near = day in (today, day_plus(today, 1), day_plus(today, -1))
    return words.days_ago(day, today) if near else words.weekday_date(day)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _calendar_day(value: date) -> Day:
    if isinstance(value, datetime):
        # The picker gives local midnight as an aware instant: its own calendar day is meant.
        return (value.astimezone() if value.tzinfo else value).date().isoformat()
    return value.isoformat()


def _picker(
    today: Day,
    chosen: Day | None,
    on_change: Callable[[ft.Event[ft.DatePicker]], None],
    on_dismiss: Callable[[], None],
) -> ft.DatePicker:
    now = date.fromisoformat(today)
    first, last = date(now.year - _YEARS_BACK, 1, 1), now + timedelta(days=_DAYS_AHEAD)
    shown = date.fromisoformat(chosen) if chosen else now
    return ft.DatePicker(
        first_date=first,
        last_date=last,
        value=min(max(first, shown), last),
        on_change=on_change,
        on_dismiss=lambda _: on_dismiss(),
    )
