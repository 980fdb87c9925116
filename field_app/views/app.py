"""The app of one session: behind its lock, in its frame, awake to what happens around it."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import flet as ft

from field_app.locale import LANGUAGES, Translator
from field_app.views.boundary import Screen, program_screen
from field_app.views.failures import report
from field_app.views.frame import solo_view
from field_app.views.idle import IDLE_S, UNSEEN_S, Attendance, watch_page
from field_app.views.kit.empty import empty_state
from field_app.views.kit.fallback import crashed_screen
from field_app.views.more import with_more
from field_app.views.pane import Pane
from field_app.views.program import Effects
from field_app.views.routes import Section, sections_for
from field_app.views.runtime import Gate, Runtime
from field_app.views.safety_net import stretch, watch_drawing
from field_app.views.session import (
    Door,
    Session,
    Surroundings,
    provide,
    use_session,
    use_surroundings,
)
from field_app.views.shell import route_table
from field_app.views.theme import WIDE_FROM, apply_theme
from field_app.views.unlock import UNLOCK, Open

UNLOCK_SCREEN = program_screen(UNLOCK)


@dataclass(frozen=True)
class AppParts:
    """What an app is made of; one per data directory, shared by that user's sessions."""

    runtime: Runtime
    sections: tuple[Section, ...]
    enrol: Screen
    effects: Callable[[Runtime], Effects] = field(default=lambda _: Effects())
    language: str = "fi"
    idle_s: float = IDLE_S
    unseen_s: float = UNSEEN_S

    def attendance(self) -> Attendance:
        """A fresh watch over who looks; one for all pages of this app."""
        return Attendance(self.runtime.lock, idle_s=self.idle_s, unseen_s=self.unseen_s)


async def open_app(page: ft.Page, parts: AppParts, attendance: Attendance) -> None:
    """Show the app on a fresh page: a first frame at once, then the store is opened."""
    session = _session_of(page, parts)
    stretch(session)
    apply_theme(page)
    page.title = session.words.t("app.name")
    page.locale_configuration = _locales(session.words)
    _follow_size(session)
    _follow_runtime(session, attendance)
    watch_page(page, attendance, parts.runtime.sync_now)
    page.render_views(_app, session, parts)
    watch_drawing(session)
    _in_background(session, "opening the store", _open(session))


def _session_of(page: ft.Page, parts: AppParts) -> Session:
    surroundings = Surroundings(
        words=Translator(parts.language),
        wide=(page.width or 0) >= WIDE_FROM,
    )
    effects = Effects().on(Open, _unlocker(parts.runtime))
    session = Session(page, parts.runtime, effects, surroundings)
    session.effects = effects.with_all(parts.effects(parts.runtime))
    return session


def _unlocker(runtime: Runtime) -> Callable[[Open], Any]:
    async def unlock(effect: Open) -> None:
        await runtime.unlock(effect.secret.text)

    return unlock


def _follow_size(session: Session) -> None:
    def resized(event: ft.PageResizeEvent) -> None:
        session.surroundings.wide = event.width >= WIDE_FROM

    session.page.on_resize = resized


def _follow_runtime(session: Session, attendance: Attendance) -> None:
    loop, context = asyncio.get_running_loop(), contextvars.copy_context()

    def changed() -> None:
        loop.call_soon_threadsafe(session.take_state, context=context)

    stop = session.runtime.subscribe(changed)

    def closed(_: Any) -> None:
        stop()
        attendance.left(session.page)
        session.close()

    session.page.on_close = closed


async def _open(session: Session) -> None:
    if session.runtime.gate is Gate.OPENING:
        await session.runtime.open()
    session.take_state()


def _in_background(session: Session, what: str, work: Any) -> None:
    async def guarded() -> None:
        try:
            await work
        except Exception as error:  # noqa: BLE001 - told to the person, never silent
            session.say_failure(report(error, what))

    session.keep(asyncio.get_running_loop().create_task(guarded()))


def _locales(words: Translator) -> ft.LocaleConfiguration:
    return ft.LocaleConfiguration(
        supported_locales=[ft.Locale(each, "FI" if each != "en" else "GB") for each in LANGUAGES],
        current_locale=ft.Locale(words.language, "FI" if words.language != "en" else "GB"),
    )


@ft.component
def _app(session: Session, parts: AppParts) -> Any:
    return provide(session, lambda: _behind_the_door(session.door, parts))


@ft.component
def _behind_the_door(door: Door, parts: AppParts) -> Any:
    if door.crashed:
        return _solo_crashed()
    if door.gate is Gate.OPENING:
        # Always the first frame: it cannot break, and the net is under what follows.
        return _solo(OPENING_SCREEN)
    if door.gate is Gate.NEW:
        return _solo(parts.enrol)
    if door.gate is Gate.LOCKED or door.account is None:
        return _solo(UNLOCK_SCREEN)
    return _unlocked(parts.sections, door.account.role)


@ft.component
def _unlocked(sections: tuple[Section, ...], role: str) -> Any:
    wide = use_surroundings().wide
    own = with_more(sections_for(sections, role))
    table = ft.use_memo(lambda: route_table(own, wide=wide), [role, wide])
    return ft.Router(table, manage_views=True, not_found=_nowhere)


@ft.component
def _nowhere() -> Any:
    """A path this role has no screen for: after a change of role, or from an old link."""
    session = use_session()
    words = session.words
    home = (words.t("fallback.today"), lambda: session.go("/"))
    lost = words.t("fallback.nowhere"), words.t("fallback.nowhere_why")
    return empty_state(ft.Icons.EXPLORE_OFF_OUTLINED, *lost, home)


@ft.component
def _solo(shown: Screen) -> Any:
    return [shown.shown(solo_view)]


@ft.component
def _solo_crashed() -> Any:
    session = use_session()

    def again() -> None:
        session.door.crashed = False

    def to_today() -> None:
        session.go("/")
        session.door.crashed = False

    return [solo_view(crashed_screen(session.words, again, to_today))]


def _opening() -> Pane:
    words = use_session().words
    return Pane(
        title=words.t("app.name"),
        body=ft.Column(
            [ft.ProgressRing(), ft.Text(words.t("app.opening"))],
            horizontal_alignment=ft.CrossAxisAlignment.CENTER,
            alignment=ft.MainAxisAlignment.CENTER,
        ),
    )


OPENING_SCREEN = Screen("opening", _opening)
