"""Choices as chips: one tap with a thumb, everything in sight, nothing to open."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import flet as ft

from field_app.views.kit.texts import sentence
from field_app.views.theme import CORNER, GAP_SMALL, TARGET, TEXT_BODY

_BETWEEN = 6


@dataclass(frozen=True)
class Choice:
    """One thing that can be chosen: its code, what people read, and perhaps an icon."""

    code: str
    label: str
    icon: ft.IconData | None = None


def one_of(
    label: str, choices: Iterable[Choice], chosen: str | None, on_choose: Callable[[str], None]
) -> ft.Control:
    """Chips of which at most one is chosen; tapping another one moves the choice."""
    chips = [
        _chip(each, each.code == chosen, _bound(on_choose, each.code), round_ends=True)
        for each in choices
    ]
    return _group(label, chips)


def many_of(
    label: str,
    choices: Iterable[Choice],
    chosen: frozenset[str],
    on_toggle: Callable[[str, bool], None],
) -> ft.Control:
    """Chips of which any number is chosen; `on_toggle` gets the code and the new state."""
    chips = [
        _chip(each, each.code in chosen, _toggled(on_toggle, each.code, each.code not in chosen))
        for each in choices
    ]
    return _group(label, chips)


def _bound(on_choose: Callable[[str], None], code: str) -> Callable[[], None]:
    return lambda: on_choose(code)


def _toggled(on_toggle: Callable[[str, bool], None], code: str, on: bool) -> Callable[[], None]:
    return lambda: on_toggle(code, on)


def _group(label: str, chips: list[ft.Control]) -> ft.Control:
    row = ft.Row(chips, wrap=True, spacing=GAP_SMALL, run_spacing=GAP_SMALL)
    if not label:
        return row
    title = ft.Text(label, size=TEXT_BODY, weight=ft.FontWeight.W_600)
    return ft.Column([ft.Semantics(content=title, header=True), row], spacing=GAP_SMALL, tight=True)


def _chip(
    choice: Choice, chosen: bool, on_tap: Callable[[], None], *, round_ends: bool = False
) -> ft.Control:
    """Drawn here and not by `ft.Chip`: a whole 48 dp target, and a state that is said aloud."""
    text = ft.Colors.ON_PRIMARY_CONTAINER if chosen else ft.Colors.ON_SURFACE
    shown_icon = ft.Icons.CHECK if chosen else choice.icon
    # The strut keeps the target's height; with large text the chip grows.
    content: list[ft.Control] = [ft.Container(width=0, height=TARGET)]
    content += [ft.Icon(shown_icon, size=20, color=text)] if shown_icon else []
    content.append(
        ft.Text(
            sentence(choice.label),
            size=TEXT_BODY,
            color=text,
            weight=ft.FontWeight.W_600 if chosen else None,
            expand=True,
            expand_loose=True,
        )
    )
    face = ft.Container(
        content=ft.Row(content, spacing=_BETWEEN, tight=True),
        padding=ft.Padding.only(left=16 - _BETWEEN, right=16),
        bgcolor=ft.Colors.PRIMARY_CONTAINER if chosen else ft.Colors.SURFACE_CONTAINER_LOWEST,
        border=ft.Border.all(
            2 if chosen else 1, ft.Colors.PRIMARY if chosen else ft.Colors.OUTLINE
        ),
        border_radius=TARGET / 2 if round_ends else CORNER,
        ink=True,
        on_click=lambda _: on_tap(),
    )
    # Merged, so that a screen reader finds one thing: its words, its state, and a tap.
    return ft.MergeSemantics(content=ft.Semantics(content=face, checked=chosen), key=choice.code)
