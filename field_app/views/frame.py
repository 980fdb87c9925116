"""Pieces of the frame that phones and desks share: the notice, the main action, ways back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import flet as ft

from field_app.views.boundary import part
from field_app.views.kit.notice import passing_notice
from field_app.views.pane import Action, Pane
from field_app.views.routes import Section
from field_app.views.session import NOTICE_S, NoticeBoard, Session, use_session, use_words
from field_app.views.theme import GAP


def solo_view(pane: Pane) -> ft.View:
    """A pane outside the app's frame: opening, enrolling, unlocking, a crash."""
    column = ft.Container(content=pane.body, width=480, padding=GAP, expand=True)
    body = under_notice(ft.Row([column], alignment=ft.MainAxisAlignment.CENTER, expand=True))
    bar = ft.AppBar(
        title=ft.Text(pane.title),
        automatically_imply_leading=False,
        center_title=True,
        bgcolor=ft.Colors.SURFACE,
    )
    return ft.View(
        route="/",
        appbar=bar,
        controls=[ft.SafeArea(content=body, expand=True)],
        padding=0,
        spacing=0,
    )


def under_notice(content: ft.Control) -> ft.Control:
    """The notice lies over the content: nothing moves under a thumb when it comes and goes."""
    notice = _notice(use_session().notices)
    return ft.Stack(
        [
            ft.Row(
                [ft.Container(content=content, expand=True)],
                expand=True,
                vertical_alignment=ft.CrossAxisAlignment.STRETCH,
            ),
            ft.Container(content=notice, top=0, left=0, right=0),
        ],
        fit=ft.StackFit.EXPAND,
        expand=True,
    )


@part
def _notice(board: NoticeBoard) -> ft.Control:
    words = use_words()

    async def pass_by() -> None:
        if board.text and not board.stays:
            await asyncio.sleep(NOTICE_S)
            board.clear()

    ft.use_effect(pass_by, [board.text, board.stays, board.serial], lambda: None)
    if not board.text:
        return ft.Container(height=0)
    return passing_notice(board.text, words.t("action.close"), board.clear)


def body_padding(pane: Pane) -> ft.Padding:
    """A list draws to the edges; other content keeps a margin."""
    if pane.edge_to_edge:
        return ft.Padding.all(0)
    return ft.Padding.only(left=GAP, right=GAP, top=12)


def footer(pane: Pane) -> ft.Control:
    """What stays below the body: a save button."""
    return ft.Container(
        content=ft.Row([ft.Container(content=pane.footer, expand=True)]),
        padding=ft.Padding.symmetric(horizontal=GAP, vertical=12),
        bgcolor=ft.Colors.SURFACE_CONTAINER,
    )


def floating(action: Action | None) -> ft.FloatingActionButton | None:
    """The main action, above the thumb."""
    if action is None:
        return None
    return ft.FloatingActionButton(
        content=action.label,
        icon=action.icon,
        bgcolor=ft.Colors.PRIMARY,
        foreground_color=ft.Colors.ON_PRIMARY,
        on_click=lambda _: action.on_tap(),
    )


def inline(action: Action) -> ft.Control:
    """The main action of a pane, in its heading."""
    return ft.FilledButton(
        content=action.label, icon=action.icon, on_click=lambda _: action.on_tap()
    )


def goer(session: Session, shown: list[Section]) -> Callable[[Any], None]:
    """A handler that goes to the destination chosen in a bar or rail."""
    return lambda event: session.go(shown[int(event.control.selected_index)].path)


def place_in_bar(shown: list[Section], section: Section) -> int | None:
    """Where a section stands among the destinations; None when it is not one."""
    return shown.index(section) if section in shown else None


def asking(pane: Pane) -> Callable[[Any], None] | None:
    """A handler for the way back of a pane that asks before it is left."""
    ask = pane.ask_before_leaving
    return None if ask is None else lambda _: ask()
