"""The table of places as Flet's routes: stacked views below 840 dp, a rail and panes above."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flet as ft

from field_app.views.boundary import Screen
from field_app.views.desk_view import desk_view, detail_pane, one_pane, two_panes
from field_app.views.pane import Pane
from field_app.views.phone_view import phone_view
from field_app.views.routes import Detail, Place, Section


def route_table(sections: tuple[Section, ...], *, wide: bool) -> list[ft.Route]:
    """Flet's routes of a table. Build it once per width: new functions mean new components."""
    build = _wide_route if wide else _stacked_route
    # The longest path first: "/" begins every other.
    ordered = sorted(sections, key=lambda each: -len(each.path))
    return [build(section, sections) for section in ordered]


def _stacked_route(section: Section, sections: tuple[Section, ...]) -> ft.Route:
    root = _guarded(section.screen, _phone_lay(Place(section, root=section.is_place), sections))
    inside = [_stacked_detail(each, section, sections) for each in section.details]
    return ft.Route(
        path=_relative(section.path),
        component=root,
        children=inside or None,
        # What is not in the bar opens over the place it was called from, and closes to it.
        modal=not section.is_place,
    )


def _stacked_detail(detail: Detail, section: Section, sections: tuple[Section, ...]) -> ft.Route:
    inside = [_stacked_detail(each, section, sections) for each in detail.inside]
    shown = _guarded(detail.screen, _phone_lay(Place(section, root=False), sections))
    return ft.Route(path=detail.path, component=shown, children=inside or None)


def _wide_route(section: Section, sections: tuple[Section, ...]) -> ft.Route:
    details = [flat for each in section.details for flat in _flattened(each)]
    if section.two_panes:
        children = [
            ft.Route(path=each.path, component=_guarded(each.screen, detail_pane))
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
    root = _guarded(section.screen, _desk_lay(Place(section, root=section.is_place), sections))
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
    return lambda pane: phone_view(pane, place, sections)


def _desk_lay(place: Place, sections: tuple[Section, ...]) -> Callable[[Pane], Any]:
    return lambda pane: desk_view(one_pane(pane, place), place.section, sections, pane)


def _two_panes_lay(section: Section, sections: tuple[Section, ...]) -> Callable[[Pane], Any]:
    return lambda pane: two_panes(pane, section, sections)
