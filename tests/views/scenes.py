"""Open the gallery, or an app of one's own, in the fake client."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import flet as ft

from field_app.locale import key
from field_app.views.app import AppParts
from field_app.views.boundary import Screen, screen
from field_app.views.opening import page_opener
from field_app.views.pane import Pane
from field_app.views.program import Effects
from field_app.views.routes import Section
from field_app.views.runtime import Runtime
from tests.views.fake_runtime import FakeRuntime
from tests.views.flet_client import FletClient
from tests.views.gallery import gallery_parts


@screen()
def no_enrolment() -> Pane:
    """In place of enrolment."""
    return Pane("enrol", ft.Text("enrol"))


@asynccontextmanager
async def gallery(
    runtime: FakeRuntime | None = None,
    route: str = "/",
    width: float = 412,
    language: str = "fi",
    idle_s: float = 600,
) -> AsyncIterator[FletClient]:
    """The gallery on a phone, or wider."""
    parts = gallery_parts(runtime or FakeRuntime(), language, idle_s)
    async with FletClient.open(page_opener(parts), route, width) as client:
        yield client


@asynccontextmanager
async def one_screen(
    shown: Screen,
    runtime: FakeRuntime | None = None,
    effects: Callable[[Runtime], Effects] | None = None,
) -> AsyncIterator[FletClient]:
    """An app of a single screen."""
    sections = (Section("/", key("nav.today"), ft.Icons.TODAY, ft.Icons.TODAY, shown),)
    parts = AppParts(
        runtime or FakeRuntime(), sections, no_enrolment, effects or (lambda _: Effects())
    )
    async with FletClient.open(page_opener(parts)) as client:
        yield client


def one_part(build: Callable[[], ft.Control]) -> Screen:
    """A screen around a single piece."""
    return Screen("one part", lambda: Pane("one part", build()))
