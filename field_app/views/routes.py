"""Where the app's screens are: sections with a place in the bar, and the details inside them.

The same table becomes stacked views on a phone and two panes on a desk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import flet as ft

from field_app.locale import Key
from field_app.views.boundary import Screen
from field_app.views.paths import begins

COORDINATOR = frozenset({"lead"})
FIELD = frozenset({"social_instructor", "social_worker", "nurse"})
EVERYONE = COORDINATOR | FIELD


@dataclass(frozen=True)
class Detail:
    """A screen inside a section; `path` is relative to its parent, e.g. ":person_id"."""

    path: str
    screen: Screen
    inside: tuple[Detail, ...] = ()


@dataclass(frozen=True)
class Section:
    """A destination of the bar: a list, and what opens from it.

    `two_panes` keeps the list beside its details on a desk. `in_bar` is False for what is reached
    from elsewhere (the new contact). `phone_only` is the place of what a phone's bar cannot hold.
    """

    path: str
    label: Key
    icon: ft.IconData
    icon_here: ft.IconData
    screen: Screen
    details: tuple[Detail, ...] = ()
    roles: frozenset[str] = EVERYONE
    two_panes: bool = False
    in_bar: bool = True
    phone_only: bool = False

    @property
    def is_place(self) -> bool:
        """Whether it has a way of its own to it, on some device: nothing is above it."""
        return self.in_bar or self.phone_only


@dataclass(frozen=True)
class Place:
    """Where the shell shows a pane: of which section, and whether it is its first screen."""

    section: Section
    root: bool


Frame = Callable[[Place, Any], Any]


def sections_for(sections: tuple[Section, ...], role: str) -> tuple[Section, ...]:
    """The sections of one role, in their order."""
    return tuple(each for each in sections if role in each.roles)


def section_at(sections: tuple[Section, ...], path: str) -> Section | None:
    """The section a path belongs to: the longest one that begins it."""
    fitting = [each for each in sections if begins(each.path, path)]
    return max(fitting, key=lambda each: len(each.path), default=None)


def screens_of(sections: tuple[Section, ...]) -> Iterator[Screen]:
    """Every screen of a table, for the tests that walk them."""
    for section in sections:
        yield section.screen
        for detail in section.details:
            yield from _screens_inside(detail)


def _screens_inside(detail: Detail) -> Iterator[Screen]:
    yield detail.screen
    for each in detail.inside:
        yield from _screens_inside(each)
