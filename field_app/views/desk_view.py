"""A screen on a desk: a rail at the side, one pane or a list with its detail."""

from __future__ import annotations

import flet as ft

from field_app.locale import Translator
from field_app.views.frame import (
    asking,
    body_padding,
    floating,
    footer,
    goer,
    inline,
    place_in_bar,
    under_notice,
)
from field_app.views.kit.buttons import icon_button
from field_app.views.kit.empty import empty_state
from field_app.views.kit.texts import heading
from field_app.views.pane import Pane
from field_app.views.paths import SAFETY_PATH
from field_app.views.routes import Place, Section
from field_app.views.session import use_session, use_words
from field_app.views.sync_strip import sync_strip
from field_app.views.theme import GAP, READING_WIDTH

LIST_PANE_WIDTH = 380
RAIL_WIDTH = 152


def desk_view(
    content: ft.Control, section: Section, sections: tuple[Section, ...], pane: Pane
) -> ft.View:
    """A whole view of a desk around its content."""
    session, words = use_session(), use_words()
    if section.in_bar:
        session.remember(ft.use_route_location())
    shown = [each for each in sections if each.in_bar]
    rail = ft.NavigationRail(
        selected_index=place_in_bar(shown, section),
        label_type=ft.NavigationRailLabelType.ALL,
        # As wide as its widest action: the screen does not jump when a place has another one.
        min_width=RAIL_WIDTH,
        scrollable=True,
        leading=ft.Container(content=floating(pane.action), padding=8),
        destinations=[
            ft.NavigationRailDestination(
                icon=each.icon, selected_icon=each.icon_here, label=words.keyed(each.label)
            )
            for each in shown
        ],
        on_change=goer(session, shown),
    )
    body = ft.Column(
        [
            sync_strip(session.sync_line, lambda: session.go(SAFETY_PATH)),
            under_notice(content),
        ],
        expand=True,
        spacing=0,
    )
    row = ft.Row(
        [rail, ft.VerticalDivider(width=1), ft.SafeArea(content=body, expand=True)],
        expand=True,
        spacing=0,
        vertical_alignment=ft.CrossAxisAlignment.STRETCH,
    )
    return ft.View(
        route="/",
        controls=[row],
        padding=0,
        spacing=0,
        can_pop=pane.ask_before_leaving is None,
        on_confirm_pop=asking(pane),
    )


def one_pane(pane: Pane, place: Place) -> ft.Control:
    """A pane alone on a desk, no wider than reads well."""
    content = _column(pane, closable=not place.root)
    column = (
        ft.Container(content=content, expand=True)
        if pane.full_width
        else ft.Container(content=content, width=READING_WIDTH)
    )
    return ft.Row([column], expand=True, vertical_alignment=ft.CrossAxisAlignment.STRETCH)


def detail_pane(pane: Pane) -> ft.Control:
    """A pane beside a list."""
    return _column(pane, closable=True)


def two_panes(pane: Pane, section: Section, sections: tuple[Section, ...]) -> ft.View:
    """A list with what was opened from it beside it."""
    outlet = ft.use_route_outlet()
    beside = outlet if outlet is not None else nothing_open(use_words())
    left = ft.Container(content=_column(pane), width=LIST_PANE_WIDTH)
    row = ft.Row(
        [left, ft.VerticalDivider(width=1), ft.Container(content=beside, expand=True)],
        spacing=0,
        expand=True,
        vertical_alignment=ft.CrossAxisAlignment.STRETCH,
    )
    return desk_view(row, section, sections, pane)


def _column(pane: Pane, *, closable: bool = False) -> ft.Control:
    session, words = use_session(), use_words()
    path = ft.use_route_location()

    def leave() -> None:
        if pane.ask_before_leaving is not None:
            pane.ask_before_leaving()
        else:
            session.leave(path)

    close = [icon_button(ft.Icons.CLOSE, words.t("action.close"), leave)] if closable else []
    action = [inline(pane.action)] if closable and pane.action is not None else []
    top = ft.Row([ft.Container(heading(pane.title), expand=True), *pane.tools, *action, *close])
    rows: list[ft.Control] = [
        ft.Container(content=top, padding=ft.Padding.only(left=GAP, right=8, top=8, bottom=4)),
        ft.Container(content=pane.body, expand=True, padding=body_padding(pane)),
    ]
    if pane.footer is not None:
        rows.append(footer(pane))
    return ft.Column(rows, expand=True, spacing=0)


def nothing_open(words: Translator) -> ft.Control:
    """The second pane before anything was chosen."""
    return empty_state(
        ft.Icons.TOUCH_APP_OUTLINED, words.t("shell.nothing_open"), words.t("shell.choose_one")
    )
