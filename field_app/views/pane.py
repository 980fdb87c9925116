"""What a screen gives the shell: its content without its place.

The same pane is a whole view on a phone and one of two panes on a desk.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import flet as ft


@dataclass(frozen=True)
class Action:
    """The one thing most people come to a screen for; on a phone it floats above the thumb."""

    label: str
    icon: ft.IconData
    on_tap: Callable[[], None]
    identifier: str = "primary-action"


@dataclass(frozen=True)
class Pane:
    """A screen's content.

    `body` scrolls by itself where it must; `footer` stays below it (a save button); `tools` are
    named icon buttons of the bar. `ask_before_leaving`, when given, is called instead of leaving:
    the screen asks, and goes back itself. `edge_to_edge` is for lists, whose rows have margins.
    `full_width` takes a desk's whole width: its columns see to it that lines stay short.
    """

    title: str
    body: ft.Control
    action: Action | None = None
    tools: tuple[ft.Control, ...] = ()
    footer: ft.Control | None = None
    edge_to_edge: bool = False
    full_width: bool = False
    ask_before_leaving: Callable[[], None] | None = None
