"""A phone's bar has room for five places; what is beyond them is one tap further."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

import flet as ft
import pytest

from field_app.locale import key
from field_app.views.app import AppParts
from field_app.views.boundary import Screen
from field_app.views.more import BAR_MAX, MORE_PATH, at_the_foot, with_more
from field_app.views.opening import page_opener
from field_app.views.pane import Pane
from field_app.views.routes import EVERYONE, Section, sections_for
from field_app.views.wiring import SECTIONS
from tests.views.fake_runtime import FakeRuntime
from tests.views.flet_client import FletClient
from tests.views.scenes import no_enrolment

Run = Callable[[Coroutine[Any, Any, None]], None]


def place(path: str) -> Section:
    """A place whose screen shows its path."""
    shown = Screen(path, lambda: Pane(path, ft.Text(f"here is {path}")))
    return Section(path, key("nav.people"), ft.Icons.TODAY, ft.Icons.TODAY, shown)


SEVEN = tuple(place(path) for path in ("/", "/b", "/c", "/d", "/e", "/f", "/g"))


def app_of(count: int) -> AppParts:
    return AppParts(FakeRuntime(), SEVEN[:count], no_enrolment)


@pytest.mark.parametrize("role", sorted(EVERYONE))
def test_no_role_has_more_places_in_its_phones_bar_than_thumbs_tell_apart(role: str) -> None:
    own = with_more(sections_for(SECTIONS, role))
    assert 2 <= len(at_the_foot(own)) <= BAR_MAX


def test_the_coordinators_bar_holds_what_the_morning_asks_for() -> None:
    foot = at_the_foot(with_more(sections_for(SECTIONS, "lead")))
    assert [each.path for each in foot] == ["/", "/caseload", "/conflicts", "/inbox", MORE_PATH]


def test_five_places_need_no_further_one() -> None:
    assert with_more(SEVEN[:5]) == SEVEN[:5]


def test_a_place_behind_the_last_one_is_two_taps_away_and_the_bar_says_where_one_is(
    run: Run,
) -> None:
    async def scenario() -> None:
        async with FletClient.open(page_opener(app_of(7))) as phone:
            await phone.choose_tab(4)
            assert phone.tree["route"] == MORE_PATH
            assert phone.shows("Muut")
            await phone.go("/g")
            assert phone.shows("here is /g")
            assert phone.find("NavigationBar")["selected_index"] == 4
            await phone.choose_tab(1)
            assert phone.shows("here is /b")

    run(scenario())


def test_a_desk_has_all_places_in_its_rail_and_none_behind_another(run: Run) -> None:
    async def scenario() -> None:
        async with FletClient.open(page_opener(app_of(7)), "/more", 1280) as desk:
            rail = desk.find("NavigationRail")
            assert len(rail["destinations"]) == 7
            assert desk.shows("Muut"), "a phone that is turned stays where it was"

    run(scenario())
