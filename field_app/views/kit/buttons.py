"""Buttons: every one has words, or an icon with a name.

None has a fixed height: words grow with the system's text size, and their button with them. The
paddings make each at least 48 dp high at the ordinary size.
"""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from field_app.views.theme import TARGET, TEXT_BODY

Tap = Callable[[], None]


def primary(
    label: str, on_tap: Tap, icon: ft.IconData | None = None, *, disabled: bool = False
) -> ft.FilledButton:
    """The one main button of a screen or dialog."""
    return ft.FilledButton(
        content=label,
        icon=icon,
        disabled=disabled,
        on_click=lambda _: on_tap(),
    )


def secondary(
    label: str, on_tap: Tap, icon: ft.IconData | None = None, *, disabled: bool = False
) -> ft.OutlinedButton:
    """A button beside the main one."""
    return ft.OutlinedButton(
        content=label, icon=icon, disabled=disabled, on_click=lambda _: on_tap()
    )


def quiet(label: str, on_tap: Tap, icon: ft.IconData | None = None) -> ft.TextButton:
    """A button that steps back: cancel, show more."""
    return ft.TextButton(content=label, icon=icon, on_click=lambda _: on_tap())


def danger(label: str, on_tap: Tap, icon: ft.IconData | None = None) -> ft.FilledButton:
    """A main button for what cannot be taken back."""
    return ft.FilledButton(
        content=label,
        icon=icon,
        on_click=lambda _: on_tap(),
        style=ft.ButtonStyle(
            bgcolor=ft.Colors.ERROR,
            color=ft.Colors.ON_ERROR,
            text_style=ft.TextStyle(size=TEXT_BODY, weight=ft.FontWeight.W_600),
        ),
    )


def icon_button(
    icon: ft.IconData, name: str, on_tap: Tap, *, color: ft.Colors | None = None
) -> ft.IconButton:
    """An icon to tap; `name` is what a screen reader says and a long press shows."""
    return ft.IconButton(
        icon=ft.Icon(icon, semantics_label=name, color=color),
        width=TARGET,
        height=TARGET,
        on_click=lambda _: on_tap(),
    )
