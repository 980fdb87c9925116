"""What breaks is told calmly, the rest goes on, and nobody's name reaches log or screen."""

from __future__ import annotations

import ast
import logging
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import flet as ft
import pytest

import field_app.views
from field_app.locale import LANGUAGES, Translator
from field_app.views.boundary import part, screen
from field_app.views.failures import failure_of, location_of
from field_app.views.pane import Pane
from field_app.views.safety_net import WithoutContent
from tests.views.scenes import gallery, one_part, one_screen

Run = Callable[[Coroutine[Any, Any, None]], None]
NAME = "Salainen Nimi"
VIEWS = Path(field_app.views.__file__).parent
MAY_USE_BARE_COMPONENTS = {"boundary.py", "app.py", "shell.py"}
"""They make the boundaries, or stand outside every screen."""


def test_a_screen_that_breaks_shows_a_calm_fallback_and_the_bar_stays(
    run: Run, caplog: pytest.LogCaptureFixture
) -> None:
    async def scenario() -> None:
        async with gallery(route="/safety") as phone:
            assert phone.shows("Tätä näkymää ei voitu näyttää")
            assert phone.shows("Kaikki tallennettu on tallessa")
            assert NAME not in str(phone.tree)
            await phone.tap("Palaa alkuun")
            assert phone.tree["route"] == "/"

    run(scenario())
    assert "ValueError while rendering" in caplog.text
    assert "at gallery.py:" in caplog.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_fallback_speaks_the_users_language(run: Run, language: str) -> None:
    async def scenario() -> None:
        async with gallery(route="/safety", language=language) as phone:
            assert phone.shows(Translator(language).t("fallback.heading"))

    run(scenario())


def test_trying_again_starts_the_screen_afresh(run: Run) -> None:
    tries: list[int] = []

    @screen()
    def shaky() -> Pane:
        state, set_state = ft.use_state(0)
        tries.append(state)
        if state == 1:
            raise ValueError(NAME)
        return Pane("shaky", ft.TextButton("break", on_click=lambda _: set_state(1)))

    async def scenario() -> None:
        async with one_screen(shaky) as phone:
            await phone.tap("break")
            assert phone.shows("Tätä näkymää ei voitu näyttää")
            await phone.tap("Yritä uudelleen")
            assert phone.find("TextButton", "break")

    run(scenario())
    assert tries == [0, 1, 0]


def test_a_part_that_breaks_leaves_the_rest_of_the_screen(run: Run) -> None:
    async def scenario() -> None:
        async with gallery() as phone:
            assert phone.shows("Tätä kohtaa ei voitu näyttää")
            assert phone.find("FilledButton", "Tallenna")
            assert NAME not in str(phone.tree)

    run(scenario())


def test_a_part_that_breaks_later_does_not_freeze_the_screen(run: Run) -> None:
    @part
    def shaky() -> ft.Control:
        state, set_state = ft.use_state(0)
        if state == 1:
            raise ValueError(NAME)
        return ft.TextButton("break", on_click=lambda _: set_state(1))

    async def scenario() -> None:
        async with one_screen(one_part(shaky)) as phone:
            await phone.tap("break")
            assert phone.shows("Tätä kohtaa ei voitu näyttää")

    run(scenario())


def test_a_handler_that_breaks_shows_a_notice_without_its_text(
    run: Run, caplog: pytest.LogCaptureFixture
) -> None:
    async def scenario() -> None:
        async with gallery() as phone:
            await phone.tap("Peruuta")
            notice = phone.identified("notice")
            assert Translator("fi").t("error.unexpected") in phone.texts(notice)
            assert NAME not in str(phone.tree)
            await phone.choose_tab(1)
            assert phone.shows("Punapipo 1"), "the app goes on"

    run(scenario())
    assert "ValueError at gallery.py" in caplog.text


def test_a_control_that_flet_refuses_leads_to_the_fallback_not_to_a_frozen_screen(
    run: Run, caplog: pytest.LogCaptureFixture
) -> None:
    @part
    def refused() -> ft.Control:
        state, set_state = ft.use_state(0)
        if state == 1:
            return ft.NavigationBar(destinations=[])
        return ft.TextButton("break", on_click=lambda _: set_state(1))

    async def scenario() -> None:
        async with one_screen(one_part(refused)) as phone:
            await phone.tap("break")
            assert phone.shows("Tätä näkymää ei voitu näyttää")
            await phone.tap("Yritä uudelleen")
            assert phone.find("TextButton", "break")
            await phone.tap("break")
            assert phone.shows("Tätä näkymää ei voitu näyttää"), "the net is up again"

    run(scenario())
    assert "ValueError while drawing" in caplog.text


def test_an_effect_of_a_hook_that_breaks_shows_a_notice(run: Run) -> None:
    @part
    def shaky() -> ft.Control:
        def effect() -> None:
            raise ValueError(NAME)

        ft.use_effect(effect, [])
        return ft.Text("still here")

    async def scenario() -> None:
        async with one_screen(one_part(shaky)) as phone:
            assert phone.shows("still here")
            assert phone.shows(Translator("fi").t("error.unexpected"))
            assert NAME not in str(phone.tree)

    run(scenario())


def test_a_foreign_error_is_unexpected_and_its_place_is_known() -> None:
    with pytest.raises(ValueError, match=NAME) as caught:
        raise ValueError(NAME)
    assert failure_of(caught.value).code == "unexpected"
    assert location_of(caught.value).startswith("test_boundary.py:")
    assert location_of(ValueError()) == "unknown"


def test_flets_loggers_lose_the_text_of_an_exception() -> None:
    try:
        raise ValueError(NAME)
    except ValueError as error:
        record = logging.LogRecord(
            "flet", logging.ERROR, __file__, 1, "broken: %s", (NAME,), (type(error), error, None)
        )
    WithoutContent().filter(record)
    assert NAME not in logging.Formatter().format(record)
    assert record.getMessage().startswith("ValueError at ")


def test_every_component_of_the_views_has_a_boundary() -> None:
    bare: list[str] = []
    for path in sorted(VIEWS.rglob("*.py")):
        if path.name in MAY_USE_BARE_COMPONENTS:
            continue
        bare.extend(
            f"{path.relative_to(VIEWS)}:{node.lineno}"
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Attribute) and node.attr == "component"
        )
    assert not bare, f"use `part` or `screen` of boundary.py: {bare}"
