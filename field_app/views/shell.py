"""The frame around every screen: bar or rail, the sync line, the way back, the notice.

Below 840 dp a screen is a view of its own with the bar at its foot; above, a rail stands at the
side and a section may keep its list beside the open detail.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import flet as ft

from field_app.locale import Translator
from field_app.views.boundary import Screen, part
from field_app.views.kit.buttons import icon_button
from field_app.views.kit.empty import empty_state
from field_app.views.kit.notice import passing_notice
from field_app.views.kit.texts import heading
from field_app.views.pane import Action, Pane
from field_app.views.routes import Detail, Place, Section
from field_app.views.session import NOTICE_S, NoticeBoard, Session, use_session, use_words
from field_app.views.sync_strip import sync_strip
from field_app.views.theme import GAP, READING_WIDTH

SAFETY_PATH = "/safety"
LIST_PANE_WIDTH = 380


def route_table(sections: tuple[Section, ...], *, wide: bool) -> list[ft.Route]:
    """Flet's routes of a table. Build it once per width: new functions mean new components."""
    build = _wide_route if wide else _stacked_route
    # The longest path first: "/" begins every other.
    ordered = sorted(sections, key=lambda each: -len(each.path))
    return [build(section, sections) for section in ordered]


def _stacked_route(section: Section, sections: tuple[Section, ...]) -> ft.Route:
    root = _guarded(section.screen, _phone_lay(Place(section, root=section.in_bar), sections))
    inside = [_stacked_detail(each, section, sections) for each in section.details]
    return ft.Route(
        path=_relative(section.path),
        component=root,
        children=inside or None,
        # What is not in the bar opens over the place it was called from, and closes to it.
        modal=not section.in_bar,
    )


def _stacked_detail(detail: Detail, section: Section, sections: tuple[Section, ...]) -> ft.Route:
    inside = [_stacked_detail(each, section, sections) for each in detail.inside]
    shown = _guarded(detail.screen, _phone_lay(Place(section, root=False), sections))
    return ft.Route(path=detail.path, component=shown, children=inside or None)


def _wide_route(section: Section, sections: tuple[Section, ...]) -> ft.Route:
    details = [flat for each in section.details for flat in _flattened(each)]
    if section.two_panes:
        children = [
            ft.Route(path=each.path, component=_guarded(each.screen, _detail_pane))
            for each in details
        ]
        both = _guarded(section.screen, _two_panes_lay(section, sections))
        return ft.Route(
            path=_relative(section.path), component=both, children=children or None, outlet=True
        )
    children = [
        ft.Route(
            path=each.path,
            component=_guarded(each.screen, _desk_lay(Place(section, root=False), sections)),
        )
        for each in details
    ]
    root = _guarded(section.screen, _desk_lay(Place(section, root=section.in_bar), sections))
    return ft.Route(path=_relative(section.path), component=root, children=children or None)


def _flattened(detail: Detail, before: str = "") -> list[Detail]:
    path = f"{before}/{detail.path}" if before else detail.path
    deeper = [flat for each in detail.inside for flat in _flattened(each, path)]
    return [*deeper, Detail(path, detail.screen)]


def _relative(path: str) -> str:
    return path.lstrip("/")


def _guarded(shown: Screen, lay: Callable[[Pane], Any]) -> Callable[[], Any]:
    @ft.component
    def route_component() -> Any:
        return shown.shown(lay)

    return route_component


def _phone_lay(place: Place, sections: tuple[Section, ...]) -> Callable[[Pane], Any]:
    return lambda pane: _phone_view(pane, place, sections)


def _desk_lay(place: Place, sections: tuple[Section, ...]) -> Callable[[Pane], Any]:
    return lambda pane: _desk_view(_one_pane(pane, place), place.section, sections, pane)


def _two_panes_lay(section: Section, sections: tuple[Section, ...]) -> Callable[[Pane], Any]:
    def lay(pane: Pane) -> Any:
        words = use_words()
        outlet = ft.use_route_outlet()
        beside = outlet if outlet is not None else _nothing_open(words)
        left = ft.Container(content=_column(pane), width=LIST_PANE_WIDTH)
        row = ft.Row(
            [left, ft.VerticalDivider(width=1), ft.Container(content=beside, expand=True)],
            spacing=0,
            expand=True,
            vertical_alignment=ft.CrossAxisAlignment.STRETCH,
        )
        return _desk_view(row, section, sections, pane)

    return lay


def _phone_view(pane: Pane, place: Place, sections: tuple[Section, ...]) -> ft.View:
    session, words = use_session(), use_words()
    if place.section.in_bar:
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
            _under_notice(
                ft.Container(content=pane.body, expand=True, padding=_body_padding(pane))
            ),
            *([_footer(pane)] if pane.footer is not None else []),
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
        on_confirm_pop=_asking(pane),
        fullscreen_dialog=not place.section.in_bar,
        floating_action_button=_floating(pane.action),
        navigation_bar=_bottom_bar(session, words, place, sections) if place.root else None,
    )


def _desk_view(
    content: ft.Control, section: Section, sections: tuple[Section, ...], pane: Pane
) -> ft.View:
    session, words = use_session(), use_words()
    if section.in_bar:
        session.remember(ft.use_route_location())
    shown = [each for each in sections if each.in_bar]
    rail = ft.NavigationRail(
        selected_index=_index(shown, section),
        label_type=ft.NavigationRailLabelType.ALL,
        min_width=112,
        scrollable=True,
        leading=ft.Container(content=_floating(pane.action), padding=8),
        destinations=[
            ft.NavigationRailDestination(
                icon=each.icon, selected_icon=each.icon_here, label=words.keyed(each.label)
            )
            for each in shown
        ],
        on_change=_goer(session, shown),
    )
    body = ft.Column(
        [
            sync_strip(session.sync_line, lambda: session.go(SAFETY_PATH)),
            _under_notice(content),
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
        on_confirm_pop=_asking(pane),
    )


def solo_view(pane: Pane) -> ft.View:
    """A pane outside the app's frame: opening, enrolling, unlocking, a crash."""
    column = ft.Container(content=pane.body, width=480, padding=GAP, expand=True)
    body = _under_notice(ft.Row([column], alignment=ft.MainAxisAlignment.CENTER, expand=True))
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


def _one_pane(pane: Pane, place: Place) -> ft.Control:
    column = ft.Container(content=_column(pane, closable=not place.root), width=READING_WIDTH)
    return ft.Row([column], expand=True, vertical_alignment=ft.CrossAxisAlignment.STRETCH)


def _detail_pane(pane: Pane) -> ft.Control:
    return _column(pane, closable=True)


def _column(pane: Pane, *, closable: bool = False) -> ft.Control:
    session, words = use_session(), use_words()
    path = ft.use_route_location()

    def leave() -> None:
        if pane.ask_before_leaving is not None:
            pane.ask_before_leaving()
        else:
            session.leave(path)

    close = [icon_button(ft.Icons.CLOSE, words.t("action.close"), leave)] if closable else []
    action = [_inline(pane.action)] if closable and pane.action is not None else []
    top = ft.Row([ft.Container(heading(pane.title), expand=True), *pane.tools, *action, *close])
    rows: list[ft.Control] = [
        ft.Container(content=top, padding=ft.Padding.only(left=GAP, right=8, top=8, bottom=4)),
        ft.Container(content=pane.body, expand=True, padding=_body_padding(pane)),
    ]
    if pane.footer is not None:
        rows.append(_footer(pane))
    return ft.Column(rows, expand=True, spacing=0)


def _body_padding(pane: Pane) -> ft.Padding:
    """A list draws to the edges; other content keeps a margin."""
    if pane.edge_to_edge:
        return ft.Padding.all(0)
    return ft.Padding.only(left=GAP, right=GAP, top=12)


def _footer(pane: Pane) -> ft.Control:
    return ft.Container(
        content=ft.Row([ft.Container(content=pane.footer, expand=True)]),
        padding=ft.Padding.symmetric(horizontal=GAP, vertical=12),
        bgcolor=ft.Colors.SURFACE_CONTAINER,
    )


def _nothing_open(words: Translator) -> ft.Control:
    return empty_state(
        ft.Icons.TOUCH_APP_OUTLINED, words.t("shell.nothing_open"), words.t("shell.choose_one")
    )


def _floating(action: Action | None) -> ft.FloatingActionButton | None:
    if action is None:
        return None
    return ft.FloatingActionButton(
        content=action.label,
        icon=action.icon,
        bgcolor=ft.Colors.PRIMARY,
        foreground_color=ft.Colors.ON_PRIMARY,
        on_click=lambda _: action.on_tap(),
    )


def _inline(action: Action) -> ft.Control:
    return ft.FilledButton(
        content=action.label, icon=action.icon, on_click=lambda _: action.on_tap()
    )


def _bottom_bar(
    session: Session, words: Translator, place: Place, sections: tuple[Section, ...]
) -> ft.NavigationBar | None:
    shown = [each for each in sections if each.in_bar]
    if len(shown) < 2:
        return None  # Flet refuses a bar of one
    return ft.NavigationBar(
        selected_index=_index(shown, place.section) or 0,
        destinations=[
            ft.NavigationBarDestination(
                icon=each.icon, selected_icon=each.icon_here, label=words.keyed(each.label)
            )
            for each in shown
        ],
        on_change=_goer(session, shown),
    )


def _goer(session: Session, shown: list[Section]) -> Callable[[Any], None]:
    return lambda event: session.go(shown[int(event.control.selected_index)].path)


def _index(shown: list[Section], section: Section) -> int | None:
    return shown.index(section) if section in shown else None


def _asking(pane: Pane) -> Callable[[Any], None] | None:
    ask = pane.ask_before_leaving
    return None if ask is None else lambda _: ask()


def _under_notice(content: ft.Control) -> ft.Control:
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
