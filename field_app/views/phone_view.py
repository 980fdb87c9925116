"""A screen as a view of a phone: its bar above, the places at its foot, the action at the thumb."""

from __future__ import annotations

import flet as ft

from field_app.locale import Translator
from field_app.views.frame import (
    asking,
    body_padding,
    floating,
    footer,
    goer,
    under_notice,
)
from field_app.views.more import at_the_foot
from field_app.views.pane import Pane
from field_app.views.paths import SAFETY_PATH
from field_app.views.routes import Place, Section
from field_app.views.session import Session, use_session, use_words
from field_app.views.sync_strip import sync_strip


def phone_view(pane: Pane, place: Place, sections: tuple[Section, ...]) -> ft.View:
    """A whole view of a phone."""
    session, words = use_session(), use_words()
    if place.section.is_place:
        session.remember(ft.use_route_location())
    bar = ft.AppBar(
        title=ft.Text(pane.title),
        automatically_imply_leading=not place.root,
        actions=list(pane.tools),
        bgcolor=ft.Colors.SURFACE,
    )
    body = ft.Column(
        [
            sync_strip(session.sync_line, lambda: session.go(SAFETY_PATH)),
            under_notice(ft.Container(content=pane.body, expand=True, padding=body_padding(pane))),
            *([footer(pane)] if pane.footer is not None else []),
        ],
        expand=True,
        spacing=0,
    )
    return ft.View(
        # One navigator key for all roots: changing section is no journey, so no animation.
        route="/" if place.root else ft.use_view_path(),
        appbar=bar,
        controls=[ft.SafeArea(content=body, expand=True, avoid_intrusions_top=False)],
        padding=0,
        spacing=0,
        can_pop=pane.ask_before_leaving is None,
        on_confirm_pop=asking(pane),
        fullscreen_dialog=not place.section.is_place,
        floating_action_button=floating(pane.action),
        navigation_bar=_bottom_bar(session, words, place, sections) if place.root else None,
    )


def _bottom_bar(
    session: Session, words: Translator, place: Place, sections: tuple[Section, ...]
) -> ft.NavigationBar | None:
    shown = at_the_foot(sections)
    if len(shown) < 2:
        return None  # Flet refuses a bar of one
    # What is not in the bar stands behind its last place.
    here = shown.index(place.section) if place.section in shown else len(shown) - 1
    return ft.NavigationBar(
        selected_index=here,
        destinations=[
            ft.NavigationBarDestination(
                icon=each.icon, selected_icon=each.icon_here, label=words.keyed(each.label)
            )
            for each in shown
        ],
        on_change=goer(session, shown),
    )
