"""A phone's bar holds five places at most; the places beyond stand behind the last of them."""

from __future__ import annotations

import flet as ft

from field_app.locale import key
from field_app.views.boundary import Screen
from field_app.views.pane import Pane
from field_app.views.routes import Section
from field_app.views.session import use_session, use_words
from field_app.views.theme import GAP, TEXT_LEAD

BAR_MAX = 5
"""As many places as thumbs tell apart, with their labels in sight (Material 3: three to five)."""
MORE_PATH = "/more"
_ROOM = 20
"""Above and below a place's name, in logical pixels."""


def with_more(sections: tuple[Section, ...]) -> tuple[Section, ...]:
    """A role's sections, and the place of what a phone's bar cannot hold, where there is any."""
    in_bar = [each for each in sections if each.in_bar]
    if len(in_bar) <= BAR_MAX:
        return sections
    behind = tuple(in_bar[BAR_MAX - 1 :])
    return (*sections, _more(behind))


def at_the_foot(sections: tuple[Section, ...]) -> list[Section]:
    """The places of a phone's bar."""
    in_bar = [each for each in sections if each.in_bar]
    more = [each for each in sections if each.phone_only]
    return [*in_bar[: BAR_MAX - len(more)], *more]


def _more(behind: tuple[Section, ...]) -> Section:
    return Section(
        MORE_PATH,
        key("nav.more"),
        ft.Icons.MENU,
        ft.Icons.MENU,
        Screen("more", lambda: _places(behind)),
        in_bar=False,
        phone_only=True,
    )


def _places(behind: tuple[Section, ...]) -> Pane:
    return Pane(
        title=use_words().t("nav.more"),
        body=ft.ListView([_place(each) for each in behind], expand=True),
        edge_to_edge=True,
    )


def _place(section: Section) -> ft.Control:
    session, words = use_session(), use_words()
    row = ft.Row(
        [
            ft.Icon(section.icon, color=ft.Colors.PRIMARY),
            ft.Text(
                words.keyed(section.label), size=TEXT_LEAD, weight=ft.FontWeight.W_500, expand=True
            ),
            ft.Icon(ft.Icons.CHEVRON_RIGHT),
        ],
        spacing=GAP,
    )
    return ft.Container(
        content=row,
        padding=ft.Padding.symmetric(horizontal=GAP, vertical=_ROOM),
        border=ft.Border.only(bottom=ft.BorderSide(1, ft.Colors.OUTLINE_VARIANT)),
        ink=True,
        on_click=lambda _: session.go(section.path),
        key=section.path,
    )
