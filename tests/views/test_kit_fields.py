"""Fields, numbers and dates of the kit: no lost letter, no float, one tap to a day."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import UTC, date, datetime
from typing import Any

import flet as ft
import pytest

from field_app.locale import Translator
from field_app.views.boundary import keyed, part
from field_app.views.kit.dates import NO_DATE, date_choice, day_of, quick_days
from field_app.views.kit.fields import exact_field, search_field, text_field
from field_app.views.kit.numbers import decimal_string, number_field
from field_app.views.kit.texts import sentence
from tests.views.scenes import one_part, one_screen

Run = Callable[[Coroutine[Any, Any, None]], None]


# Fields


def test_a_keystroke_is_not_lost_while_its_screen_is_drawn_again(run: Run) -> None:
    """The client is ahead: the next letter is in the field before the last event is handled."""
    typed: list[str] = []

    @part
    def form() -> ft.Control:
        text, put = ft.use_state("")
        typed.append(text)
        return ft.Column([text_field("Kirjaus", "", put), ft.Text(f"{len(text)} merkkiä")])

    async def scenario() -> None:
        async with one_screen(one_part(form)) as phone:
            field = phone.find("TextField", "Kirjaus")
            session = phone.session
            session.apply_patch(field["_i"], {"value": "T"})
            first = asyncio.ensure_future(session.dispatch_event(field["_i"], "change", "T"))
            session.apply_patch(field["_i"], {"value": "Ta"})  # the next letter arrives
            field["value"] = "Ta"
            await first
            await phone.settle()
            assert phone.find("TextField", "Kirjaus")["value"] == "Ta"
            await phone.event(field, "change", "Ta", value="Ta")
            assert phone.shows("2 merkkiä")

    run(scenario())


@pytest.mark.parametrize("make", [text_field, exact_field], ids=["text", "exact"])
def test_a_field_keeps_its_text_when_an_error_appears(run: Run, make: Any) -> None:
    @part
    def form() -> ft.Control:
        error, put = ft.use_state("")
        return ft.Column([make("Kirjaus", "alku", put, error=error and "Virhe")])

    async def scenario() -> None:
        async with one_screen(one_part(form)) as phone:
            assert phone.find("TextField", "Kirjaus")["value"] == "alku"
            await phone.type_into("Kirjaus", "jatko")
            assert phone.shows("Virhe")
            assert phone.find("TextField", "Kirjaus")["value"] == "jatko"

    run(scenario())


def test_another_key_puts_another_text_into_a_field(run: Run) -> None:
    @part
    def form() -> ft.Control:
        which, put = ft.use_state("a")
        return ft.Column(
            [
                keyed(which, text_field, "Kirjaus", f"text {which}", lambda _: None),
                ft.TextButton("next", on_click=lambda _: put("b")),
            ]
        )

    async def scenario() -> None:
        async with one_screen(one_part(form)) as phone:
            await phone.type_into("Kirjaus", "typed")
            await phone.tap("next")
            assert phone.find("TextField", "Kirjaus")["value"] == "text b"

    run(scenario())


def test_a_keyboard_learns_nothing_from_any_field(run: Run) -> None:
    def fields() -> ft.Control:
        return ft.Column(
            [
                text_field("a", "", lambda _: None),
                exact_field("b", "", lambda _: None),
                search_field("c", "", lambda _: None, "clear"),
                number_field("d", "kg", None, lambda _: None),
            ]
        )

    async def scenario() -> None:
        async with one_screen(one_part(fields)) as phone:
            found = [node for node in phone.walk(phone.scope()) if node["_c"] == "TextField"]
            assert len(found) == 4
            for field in found:
                assert field["enable_suggestions"] is False
                assert field["enable_ime_personalized_learning"] is False

    run(scenario())


def test_a_search_can_be_cleared(run: Run) -> None:
    seen: list[str] = []

    async def scenario() -> None:
        shown = one_part(lambda: search_field("Haku", "", seen.append, "Tyhjennä"))
        async with one_screen(shown) as phone:
            await phone.type_into("Haku", "kettu")
            await phone.tap("Tyhjennä")
            assert phone.find("TextField", "Haku").get("value", "") == ""

    run(scenario())
    assert seen == ["kettu", ""]


# Numbers


@pytest.mark.parametrize(
    ("typed", "decimals", "expected"),
    [
        ("162", 0, "162"),
        ("37,1", 1, "37.1"),
        ("37.15", 1, "37.1"),
        ("037", 0, "37"),
        ("0", 0, "0"),
        ("37,", 1, "37"),
        (" 98 ", 0, "98"),
        ("37,1", 0, None),
        ("", 0, None),
        ("abc", 0, None),
        ("-5", 0, None),
        ("1e5", 1, None),
        ("٣", 0, None),
    ],
)
def test_typed_numbers_become_decimal_strings(
    typed: str, decimals: int, expected: str | None
) -> None:
    assert decimal_string(typed, decimals) == expected


def test_a_number_field_shows_a_decimal_comma_and_gives_a_point(run: Run) -> None:
    given: list[str | None] = []

    async def scenario() -> None:
        shown = one_part(lambda: number_field("Lämpö", "°C", "36.6", given.append, decimals=1))
        async with one_screen(shown) as phone:
            assert phone.find("TextField", "Lämpö")["value"] == "36,6"
            await phone.type_into("Lämpö", "37,1")
            await phone.type_into("Lämpö", "")

    run(scenario())
    assert given == ["37.1", None]


# Dates


def test_next_week_is_its_monday_and_never_tomorrow_twice() -> None:
    assert quick_days("2026-11-18") == (("tomorrow", "2026-11-19"), ("next_week", "2026-11-23"))
    sunday = quick_days("2026-11-22")
    assert sunday == (("tomorrow", "2026-11-23"), ("next_week", "2026-11-24"))


def test_a_next_date_is_one_tap_and_no_next_step_is_an_answer(run: Run) -> None:
    given: list[str] = []

    @part
    def when() -> ft.Control:
        day, put = ft.use_state("")
        if day:
            given.append(day)
        return date_choice("Seuraava", "2026-11-18", day or None, put)

    async def scenario() -> None:
        async with one_screen(one_part(when)) as phone:
            await phone.tap(f"Huomenna ({Translator('fi').weekday_date('2026-11-19')})")
            await phone.tap("Ei jatkoa")

    run(scenario())
    assert given == ["2026-11-19", NO_DATE]


def test_another_day_is_picked_in_a_calendar_and_stays_visible(run: Run) -> None:
    @part
    def when() -> ft.Control:
        day, put = ft.use_state("")
        return date_choice("Seuraava", "2026-11-18", day or None, put, none_offered=False)

    async def scenario() -> None:
        async with one_screen(one_part(when)) as phone:
            assert not phone.shows("Ei jatkoa")
            await phone.tap("Valitse päivä")
            picker = phone.dialogs()[0]
            await phone.event(picker, "change", value=datetime(2026, 12, 4, tzinfo=UTC))
            assert not phone.dialogs()
            assert phone.shows(sentence(Translator("fi").weekday_date("2026-12-04")))

    run(scenario())


def test_a_calendar_may_be_left_without_choosing(run: Run) -> None:
    async def scenario() -> None:
        shown = one_part(lambda: date_choice("Seuraava", "2026-11-18", None, lambda _: None))
        async with one_screen(shown) as phone:
            await phone.tap("Valitse päivä")
            await phone.back()
            assert not phone.dialogs()
            await phone.tap("Valitse päivä")
            assert phone.dialogs()

    run(scenario())


@pytest.mark.parametrize(
    ("picked", "day"),
    [
        (date(2026, 12, 4), "2026-12-04"),
        (datetime(2026, 12, 4), "2026-12-04"),
        (datetime(2026, 12, 3, 22, tzinfo=UTC), "2026-12-04"),
    ],
)
def test_a_picked_moment_is_the_calendar_day_in_helsinki(picked: date | datetime, day: str) -> None:
    assert day_of(picked) == day
