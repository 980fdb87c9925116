"""The widgets every screen shares: one tap, no lost letter, nothing shown that was hidden."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import UTC, date, datetime
from typing import Any

import flet as ft
import pytest

from field_app.locale import Translator
from field_app.views.boundary import keyed, part
from field_app.views.kit.buttons import danger, icon_button, primary, quiet, secondary
from field_app.views.kit.chips import Choice, many_of, one_of
from field_app.views.kit.conflict import conflict_badge
from field_app.views.kit.dates import NO_DATE, date_choice, day_of, quick_days
from field_app.views.kit.dialogs import confirm
from field_app.views.kit.empty import empty_state
from field_app.views.kit.fields import exact_field, search_field, text_field
from field_app.views.kit.lists import PAGE, paged_list
from field_app.views.kit.notice import banner
from field_app.views.kit.numbers import decimal_string, number_field
from field_app.views.kit.reveal import hold_to_reveal
from field_app.views.kit.rows import Mark, person_row, timeline_row
from field_app.views.kit.texts import sentence
from field_app.views.theme import ATTENTION, TARGET
from tests.views.scenes import one_part, one_screen

Run = Callable[[Coroutine[Any, Any, None]], None]
PLACES = (Choice("street", "katu"), Choice("home", "kotikäynti"))


# Buttons


def test_every_button_calls_back_once_and_is_large_enough(run: Run) -> None:
    taps: list[str] = []

    def buttons() -> ft.Control:
        return ft.Column(
            [
                primary("one", lambda: taps.append("one")),
                secondary("two", lambda: taps.append("two")),
                quiet("three", lambda: taps.append("three")),
                danger("four", lambda: taps.append("four")),
                icon_button(ft.Icons.CLOSE, "five", lambda: taps.append("five")),
            ]
        )

    async def scenario() -> None:
        async with one_screen(one_part(buttons)) as phone:
            for name in ("one", "two", "three", "four", "five"):
                await phone.tap(name)
            tappable = [n for n in phone.walk(phone.scope()) if n.get("on_click") and "height" in n]
            assert all(node["height"] >= TARGET for node in tappable)

    run(scenario())
    assert taps == ["one", "two", "three", "four", "five"]


def test_a_banner_says_what_can_be_done(run: Run) -> None:
    taps: list[int] = []

    async def scenario() -> None:
        shown = one_part(
            lambda: banner("Verkko puuttuu", ATTENTION, action=("Yritä", lambda: taps.append(1)))
        )
        async with one_screen(shown) as phone:
            await phone.tap("Yritä")

    run(scenario())
    assert taps == [1]


def test_an_empty_place_offers_the_next_step(run: Run) -> None:
    taps: list[int] = []

    async def scenario() -> None:
        shown = one_part(
            lambda: empty_state(
                ft.Icons.PEOPLE, "Ei asiakkaita", "Kirjaa", ("Kirjaa nyt", lambda: taps.append(1))
            )
        )
        async with one_screen(shown) as phone:
            await phone.tap("Kirjaa nyt")

    run(scenario())
    assert taps == [1]


# Chips


def test_one_of_several_moves_with_a_tap(run: Run) -> None:
    @part
    def places() -> ft.Control:
        chosen, choose = ft.use_state("street")
        return one_of("Paikka", PLACES, chosen, choose)

    async def scenario() -> None:
        async with one_screen(one_part(places)) as phone:
            assert checked(phone) == ["Katu"]
            await phone.tap("Kotikäynti")
            assert checked(phone) == ["Kotikäynti"]

    run(scenario())


def test_any_of_several_toggle(run: Run) -> None:
    @part
    def places() -> ft.Control:
        chosen, choose = ft.use_state(frozenset[str]())
        return many_of(
            "", PLACES, chosen, lambda code, on: choose(chosen | {code} if on else chosen - {code})
        )

    async def scenario() -> None:
        async with one_screen(one_part(places)) as phone:
            await phone.tap("Katu")
            await phone.tap("Kotikäynti")
            assert checked(phone) == ["Katu", "Kotikäynti"]
            await phone.tap("Katu")
            assert checked(phone) == ["Kotikäynti"]

    run(scenario())


def checked(phone: Any) -> list[str]:
    """The words of the chosen chips, as a screen reader has them."""
    return [
        text
        for node in phone.walk(phone.scope())
        if node["_c"] == "Semantics" and node.get("checked")
        for text in phone.texts(node)
    ]


def test_a_label_of_a_vocabulary_stands_alone_as_a_sentence() -> None:
    assert sentence("katu, ulkotila") == "Katu, ulkotila"
    assert sentence("") == ""


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


# Lists


def test_a_long_list_comes_in_pages(run: Run) -> None:
    async def scenario() -> None:
        items = [f"row {n}" for n in range(120)]
        shown = one_part(lambda: paged_list(items, lambda item: person_row(item, (), key=item)))
        async with one_screen(shown) as phone:
            assert rows(phone) == PAGE
            await phone.tap("Näytä lisää (vielä 70)")
            assert rows(phone) == 2 * PAGE
            await phone.tap("Näytä lisää (vielä 20)")
            assert rows(phone) == 120
            assert not phone.shows("Näytä")

    run(scenario())


def rows(phone: Any) -> int:
    """How many of the list's rows the client holds."""
    return sum(text.startswith("row ") for text in phone.texts())


def test_an_empty_list_says_so(run: Run) -> None:
    async def scenario() -> None:
        shown = one_part(lambda: paged_list([], lambda _: ft.Text("x"), empty=ft.Text("Ei yhtään")))
        async with one_screen(shown) as phone:
            assert phone.shows("Ei yhtään")

    run(scenario())


def test_a_row_shows_facts_and_marks_and_opens(run: Run) -> None:
    taps: list[int] = []

    def both() -> ft.Control:
        mark = Mark("Turvamerkki", ft.Icons.WARNING, urgent=True)
        return ft.Column(
            [
                person_row("Kettu", ("eilen", "katu"), (mark,), lambda: taps.append(1)),
                timeline_row(ft.Icons.PHONE, "tänään", "Tavoitettiin", "Kahvi kelpasi."),
            ]
        )

    async def scenario() -> None:
        async with one_screen(one_part(both)) as phone:
            assert phone.shows("eilen · katu")
            assert phone.shows("Turvamerkki")
            assert phone.shows("Kahvi kelpasi.")
            await phone.tap_inside("Kettu")

    run(scenario())
    assert taps == [1]


def test_a_conflict_is_said_in_words(run: Run) -> None:
    def badges() -> ft.Control:
        words = Translator("fi")
        return ft.Row([conflict_badge(words), conflict_badge(words, 3)])

    async def scenario() -> None:
        async with one_screen(one_part(badges)) as phone:
            assert phone.shows("Kaksi tietoa")
            assert phone.shows("3 tietoa")

    run(scenario())


# What is hidden


def test_a_hidden_value_is_not_on_the_client_until_held_for_and_goes_again(run: Run) -> None:
    async def scenario() -> None:
        shown = one_part(
            lambda: hold_to_reveal("Osoite", lambda: "Kuvitteellinen katu 1", shown_s=0.1)
        )
        async with one_screen(shown) as phone:
            assert "Kuvitteellinen" not in str(phone.tree)
            face = next(n for n in phone.walk(phone.scope()) if n.get("on_long_press"))
            await phone.hold(face)
            assert phone.shows("Kuvitteellinen katu 1")
            await phone.until(lambda: "Kuvitteellinen" not in str(phone.tree))

    run(scenario())


# Dialogs


@pytest.mark.parametrize("irreversible", [False, True])
def test_a_question_has_two_answers(run: Run, irreversible: bool) -> None:
    answers: list[str] = []

    @part
    def asking() -> ft.Control:
        open_, put = ft.use_state(True)

        def answer(text: str) -> Callable[[], None]:
            def close() -> None:
                answers.append(text)
                put(False)

            return close

        dialog = confirm(
            "Lähdetäänkö?",
            "Kaikki on tallessa.",
            ("Kyllä", answer("yes")),
            ("Ei", answer("no")),
            irreversible=irreversible,
        )
        ft.use_dialog(dialog if open_ else None)
        return ft.TextButton("ask", on_click=lambda _: put(True))

    async def scenario() -> None:
        async with one_screen(one_part(asking)) as phone:
            await phone.tap("Ei")
            assert not phone.dialogs()
            await phone.tap("ask")
            await phone.tap("Kyllä")

    run(scenario())
    assert answers == ["no", "yes"]
