"""The widgets every screen shares: one tap, no lost letter, nothing shown that was hidden."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

import flet as ft
import pytest

from field_app.locale import Translator
from field_app.views.boundary import part
from field_app.views.kit.buttons import danger, icon_button, primary, quiet, secondary
from field_app.views.kit.chips import Choice, many_of, one_of
from field_app.views.kit.conflict import conflict_badge
from field_app.views.kit.dialogs import confirm
from field_app.views.kit.empty import empty_state
from field_app.views.kit.lists import PAGE, paged_list
from field_app.views.kit.notice import banner
from field_app.views.kit.reveal import hold_to_reveal
from field_app.views.kit.rows import Mark, person_row, timeline_row
from field_app.views.kit.texts import sentence
from field_app.views.theme import ATTENTION, BUTTON_UP, TARGET, TEXT_BODY
from tests.views.scenes import one_part, one_screen

Run = Callable[[Coroutine[Any, Any, None]], None]
LINE = TEXT_BODY * 1.17
"""The height of a line of Roboto."""
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
            tappable = [n for n in phone.walk(phone.scope()) if n.get("on_click")]
            fixed = [node for node in tappable if "height" in node]
            assert all(node["_c"] == "IconButton" and node["height"] >= TARGET for node in fixed)
            assert LINE + 2 * BUTTON_UP >= TARGET, "one line of text makes a whole target"

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
