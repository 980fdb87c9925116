"""The frame around the screens: places, ways back, two panes, the lock."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

import flet as ft
import pytest

from field_app.locale import LANGUAGES, Translator, key
from field_app.views.app import AppParts
from field_app.views.boundary import Screen, screen
from field_app.views.opening import page_opener
from field_app.views.pane import Pane
from field_app.views.paths import parent_of
from field_app.views.routes import (
    COORDINATOR,
    FIELD,
    Detail,
    Section,
    screens_of,
    section_at,
    sections_for,
)
from field_app.views.runtime import Gate
from field_app.views.session import use_session
from field_app.views.shell import route_table
from tests.views.fake_runtime import FakeRuntime, FakeSync
from tests.views.flet_client import FletClient
from tests.views.gallery import SECTIONS
from tests.views.scenes import gallery, no_enrolment

Run = Callable[[Coroutine[Any, Any, None]], None]


def test_a_phone_has_a_bar_and_the_line_on_every_screen(run: Run) -> None:
    async def scenario() -> None:
        async with gallery() as phone:
            for path in ("/", "/people", "/people/3", "/form"):
                await phone.go(path)
                assert phone.shows("Kaikki tallessa palvelimella")
            await phone.go("/")
            assert phone.count("NavigationBar") == 1
            assert phone.count("NavigationRail") == 0

    run(scenario())


def test_the_bar_leads_to_each_place(run: Run) -> None:
    async def scenario() -> None:
        async with gallery() as phone:
            await phone.choose_tab(1)
            assert phone.tree["route"] == "/people"
            assert phone.shows("Punapipo 1")

    run(scenario())


def test_back_from_a_person_leads_to_the_list(run: Run) -> None:
    async def scenario() -> None:
        async with gallery(route="/people/3") as phone:
            assert len(phone.views()) == 2
            await phone.back()
            assert phone.tree["route"] == "/people"
            assert len(phone.views()) == 1

    run(scenario())


def test_a_new_record_opens_over_where_it_was_called_from_and_closes_to_it(run: Run) -> None:
    async def scenario() -> None:
        async with gallery(route="/people/3") as phone:
            await phone.go("/form")
            assert len(phone.views()) == 3
            assert phone.count("NavigationBar") == 0
            await phone.back()
            assert phone.tree["route"] == "/people/3"

    run(scenario())


def test_a_desk_keeps_the_list_beside_the_person(run: Run) -> None:
    async def scenario() -> None:
        async with gallery(route="/people", width=1280) as desk:
            assert desk.shows("Mitään ei ole auki")
            await desk.go("/people/3")
            assert len(desk.views()) == 1
            assert desk.shows("Punapipo 1")
            assert desk.shows("Puhelin kiinni.")
            assert desk.count("NavigationRail") == 1
            await desk.tap("Sulje")
            assert desk.tree["route"] == "/people"

    run(scenario())


def test_closing_a_form_on_a_desk_leads_back_to_the_person(run: Run) -> None:
    async def scenario() -> None:
        async with gallery(route="/people/3", width=1280) as desk:
            await desk.go("/form")
            await desk.tap("Sulje")
            assert desk.tree["route"] == "/people/3"

    run(scenario())


def test_turning_the_phone_keeps_what_was_being_written(run: Run) -> None:
    async def scenario() -> None:
        async with gallery(route="/form") as phone:
            await phone.type_into("Kirjaus", "Tavattu aseman kulmalla.")
            await phone.resize(915, 412)
            assert phone.count("NavigationRail") == 1
            assert "Tavattu aseman kulmalla." in phone.texts()
            await phone.resize(412, 915)
            assert "Tavattu aseman kulmalla." in phone.texts()

    run(scenario())


def test_another_person_starts_afresh(run: Run) -> None:
    seen: list[str] = []

    @screen("number")
    def person(number: str) -> Pane:
        first, _ = ft.use_state(number)
        seen.append(f"{number} with the state of {first}")
        return Pane(number, ft.Text(number))

    async def scenario() -> None:
        sections = (
            Section(
                "/people",
                key("nav.people"),
                ft.Icons.PEOPLE,
                ft.Icons.PEOPLE,
                no_enrolment,
                (Detail(":number", person),),
                two_panes=True,
            ),
        )
        for width in (412, 1280):
            parts = AppParts(FakeRuntime(), sections, no_enrolment)
            async with FletClient.open(page_opener(parts), "/people/1", width) as client:
                await client.go("/people/2")

    run(scenario())
    assert set(seen) == {"1 with the state of 1", "2 with the state of 2"}


def test_a_screen_may_ask_before_it_is_left(run: Run) -> None:
    asked: list[str] = []

    @screen()
    def careful() -> Pane:
        return Pane("careful", ft.Text("x"), ask_before_leaving=lambda: asked.append("asked"))

    async def scenario() -> None:
        sections = (
            Section("/", key("nav.today"), ft.Icons.TODAY, ft.Icons.TODAY, no_enrolment),
            Section("/form", key("nav.people"), ft.Icons.ADD, ft.Icons.ADD, careful, in_bar=False),
        )
        for width in (412, 1280):
            parts = AppParts(FakeRuntime(), sections, no_enrolment)
            async with FletClient.open(page_opener(parts), "/form", width) as client:
                await client.back()
                assert client.tree["route"] == "/form"
                if width == 1280:
                    await client.tap("Sulje")
                    assert client.tree["route"] == "/form"

    run(scenario())
    assert asked == ["asked", "asked", "asked"]


def test_locking_takes_every_personal_text_off_the_client(run: Run) -> None:
    async def scenario() -> None:
        runtime = FakeRuntime()
        async with gallery(runtime, route="/people/3") as phone:
            assert "Kettu 4" in str(phone.tree)
            runtime.put(Gate.LOCKED)
            await phone.settle()
            assert phone.shows("Anna PIN-koodi")
            assert "Kettu" not in str(phone.tree)
            assert "Tavattu" not in str(phone.tree)

    run(scenario())


def test_unlocking_leads_back_to_where_one_was(run: Run) -> None:
    async def scenario() -> None:
        runtime = FakeRuntime(Gate.LOCKED)
        async with gallery(runtime, route="/people/3") as phone:
            for digit in "246810":
                await phone.tap(digit)
            assert phone.tree["route"] == "/people/3"
            assert phone.shows("Puhelin kiinni.")

    run(scenario())


def test_the_first_frame_comes_before_the_store_is_open(run: Run) -> None:
    seen: list[bool] = []

    class SlowRuntime(FakeRuntime):
        async def open(self) -> None:
            seen.append(any("Avataan" in text for text in _texts_of(self)))
            await super().open()

    client_of: dict[str, FletClient] = {}

    def _texts_of(_: FakeRuntime) -> list[str]:
        return client_of["page"].texts()

    async def scenario() -> None:
        parts = AppParts(SlowRuntime(Gate.OPENING), SECTIONS, no_enrolment)
        opener = page_opener(parts)

        async def main(page: ft.Page) -> None:
            connection: Any = page.session.connection
            client_of["page"] = connection
            await opener(page)

        async with FletClient.open(main) as phone:
            assert phone.shows("Anna PIN-koodi")

    run(scenario())
    assert seen == [True]


def test_a_device_nobody_enrolled_shows_enrolment(run: Run) -> None:
    async def scenario() -> None:
        async with gallery(FakeRuntime(Gate.NEW)) as phone:
            assert phone.shows("Enrol")

    run(scenario())


def test_sync_progress_draws_the_line_and_not_the_screen(run: Run) -> None:
    drawn: list[int] = []

    @screen()
    def counting() -> Pane:
        drawn.append(1)
        return Pane("x", ft.Text("x"))

    async def scenario() -> None:
        runtime = FakeRuntime()
        sections = (Section("/", key("nav.today"), ft.Icons.TODAY, ft.Icons.TODAY, counting),)
        parts = AppParts(runtime, sections, no_enrolment)
        async with FletClient.open(page_opener(parts)) as phone:
            before = len(drawn)
            for percent in (10, 50, 90):
                runtime.put(sync=FakeSync(percent=percent))
                await phone.settle()
                assert phone.shows(f"Synkronoidaan {percent} %")
            assert len(drawn) == before

    run(scenario())


def test_closing_the_page_ends_its_subscription(run: Run) -> None:
    runtime = FakeRuntime()

    async def scenario() -> None:
        async with gallery(runtime):
            assert runtime.listeners == 1

    run(scenario())
    assert runtime.listeners == 0


def test_a_passing_notice_goes_and_one_that_matters_stays(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("field_app.views.frame.NOTICE_S", 0.05)

    @screen()
    def saying() -> Pane:
        session = use_session()
        return Pane(
            "x",
            ft.Column(
                [
                    ft.TextButton("short", on_click=lambda _: session.notices.say("gone soon")),
                    ft.TextButton(
                        "long", on_click=lambda _: session.notices.say("stays here", stays=True)
                    ),
                ]
            ),
        )

    async def scenario() -> None:
        sections = (Section("/", key("nav.today"), ft.Icons.TODAY, ft.Icons.TODAY, saying),)
        async with FletClient.open(
            page_opener(AppParts(FakeRuntime(), sections, no_enrolment))
        ) as phone:
            await phone.tap("short")
            assert phone.shows("gone soon")
            await phone.until(lambda: not phone.shows("gone soon"))
            await phone.tap("long")
            with pytest.raises(AssertionError, match="waited in vain"):
                await phone.until(lambda: not phone.shows("stays here"), 0.3)
            await phone.tap("Sulje")
            assert not phone.shows("stays here")

    run(scenario())


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_shell_speaks_every_language(run: Run, language: str) -> None:
    async def scenario() -> None:
        async with gallery(language=language) as phone:
            words = Translator(language)
            for text in (words.t("nav.today"), words.t("nav.people"), words.t("sync.all_safe")):
                assert phone.shows(text)

    run(scenario())


# The table of places


def _section(path: str, roles: frozenset[str]) -> Section:
    return Section(
        path, key("nav.today"), ft.Icons.TODAY, ft.Icons.TODAY, no_enrolment, roles=roles
    )


def test_a_path_that_leads_nowhere_says_so_and_leads_back(run: Run) -> None:
    async def scenario() -> None:
        async with gallery(route="/an/old/link") as phone:
            assert phone.shows("Tätä näkymää ei ole")
            await phone.tap("Palaa alkuun")
            assert phone.count("NavigationBar") == 1

    run(scenario())


def test_each_role_sees_its_own_places() -> None:
    table = (_section("/", FIELD), _section("/caseload", COORDINATOR))
    assert [each.path for each in sections_for(table, "nurse")] == ["/"]
    assert [each.path for each in sections_for(table, "lead")] == ["/caseload"]
    assert sections_for(table, "administrator") == ()


def test_a_path_belongs_to_its_nearest_section() -> None:
    table = (_section("/", FIELD), _section("/people", FIELD))
    assert section_at(table, "/people/12") == table[1]
    assert section_at(table, "/peoples") == table[0]
    assert parent_of("/people/12/notes") == "/people/12"
    assert parent_of("/people") == "/"


@pytest.mark.parametrize("wide", [False, True])
def test_every_route_shows_a_guarded_screen(wide: bool) -> None:
    guarded = {"route_component"}
    screens = list(screens_of(SECTIONS))

    def walk(routes: list[ft.Route]) -> int:
        count = 0
        for route in routes:
            assert route.component is not None
            assert route.component.__name__ in guarded
            count += 1 + walk(route.children or [])
        return count

    assert walk(route_table(SECTIONS, wide=wide)) == len(screens)
    assert all(isinstance(each, Screen) for each in screens)
