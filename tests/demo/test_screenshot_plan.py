"""Every screen of the app's route table has its picture, on the device of who uses it."""

from __future__ import annotations

from collections.abc import Mapping

import flet as ft
import pytest

from field_app.demo.screenshot_plan import DEVICES, NoExample, examples, stops
from field_app.demo.seeding import make_seed
from field_app.demo.story_world import World
from field_app.locale import key
from field_app.system_clock import SystemClock
from field_app.views.boundary import Screen
from field_app.views.pane import Pane
from field_app.views.routes import FIELD, Detail, Section, screens_of, sections_for
from field_app.views.wiring import SECTIONS

Known = Mapping[str, tuple[Mapping[str, str], ...]]


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Known:
    """Examples of a story whose records have made-up ids."""
    folder = tmp_path_factory.mktemp("world")
    world = World.of(folder, make_seed(1, (), SystemClock()))
    world.people |= {"shared": "a" * 32, "nickname": "b" * 32}
    names = ("assessment", "step", "task", "matter", "shared_meeting")
    world.records |= {name: f"{number:032x}" for number, name in enumerate(names, start=1)}
    world.records[f"health_part_of_{world.records['shared_meeting']}"] = "c" * 32
    return examples(world, "d" * 32)


def section(path: str, *details: Detail) -> Section:
    icon = ft.Icons.TODAY
    return Section(path, key("nav.today"), icon, icon, screen(path), details, roles=FIELD)


def screen(name: str) -> Screen:
    return Screen(name, lambda: Pane(title=name, body=ft.Text(name)))


def test_each_screen_of_each_role_is_visited_by_somebody(known: Known) -> None:
    plan = stops(SECTIONS, known)
    assert set(plan) == set(DEVICES)
    visited = [stop.path for places in plan.values() for stop in places]
    for role in DEVICES.values():
        for part in sections_for(SECTIONS, role):
            assert any(path.startswith(part.path) for path in visited), part.path
    screens = {each for part in SECTIONS for each in screens_of((part,))}
    assert len(visited) >= len(screens)


def test_no_parameter_is_left_open_and_no_picture_overwrites_another(known: Known) -> None:
    for places in stops(SECTIONS, known).values():
        assert not any(":" in stop.path for stop in places)
        names = [stop.name for stop in places]
        assert len(names) == len(set(names))


def test_health_is_pictured_on_the_nurses_phone_alone(known: Known) -> None:
    plan = stops(SECTIONS, known)
    with_health = [device for device in plan for stop in plan[device] if "/health/" in stop.path]
    assert with_health == ["nurse"]


def test_a_screen_that_is_the_same_for_two_is_taken_once(known: Known) -> None:
    plan = stops((section("/directory"),), known)
    assert [len(plan[device]) for device in DEVICES] == [1, 0, 0]


def test_the_first_screen_and_the_person_are_taken_for_each_role(known: Known) -> None:
    people = section("/people", Detail(":person_id", screen("person")))
    plan = stops((section("/"), people), known)
    assert [stop.path for stop in plan["social_instructor"]] == ["/", f"/people/{'a' * 32}"]


def test_a_new_screen_without_an_example_is_a_failure_with_its_path(known: Known) -> None:
    new = section("/network", Detail(":contact_id", screen("contact")))
    with pytest.raises(NoExample, match="/network/:contact_id"):
        stops((new,), known)
