"""Banners and short notices: an icon and words, never a colour alone."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from field_app.views.kit.buttons import icon_button
from field_app.views.theme import (
    ATTENTION,
    CALM,
    CORNER,
    GAP,
    GAP_SMALL,
    GOOD,
    PROBLEM,
    TEXT_BODY,
    Tone,
)

ICONS: dict[Tone, ft.IconData] = {
    CALM: ft.Icons.INFO_OUTLINE,
    GOOD: ft.Icons.CHECK_CIRCLE_OUTLINE,
    ATTENTION: ft.Icons.ERROR_OUTLINE,
    PROBLEM: ft.Icons.REPORT_GMAILERRORRED,
}


def banner(
    text: str,
    tone: Tone = CALM,
    icon: ft.IconData | None = None,
    action: tuple[str, Callable[[], None]] | None = None,
) -> ft.Control:
    """A message that stays: what is so, and perhaps one thing to do about it."""
    line = ft.Row(
        [
            ft.Icon(icon or ICONS[tone], color=tone.text, size=24),
            ft.Text(text, size=TEXT_BODY, color=tone.text, expand=True),
        ],
        spacing=12,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )
    rows: list[ft.Control] = [line]
    if action is not None:
        label, on_tap = action
        rows.append(
            ft.Row(
                [
                    ft.TextButton(
                        content=label,
                        style=ft.ButtonStyle(color=tone.text),
                        on_click=lambda _: on_tap(),
                    )
                ],
                alignment=ft.MainAxisAlignment.END,
            )
        )
    return ft.Container(
        content=ft.Column(rows, spacing=4, tight=True),
        bgcolor=tone.ground,
        border_radius=CORNER,
        padding=ft.Padding.symmetric(horizontal=GAP, vertical=12),
    )


def passing_notice(text: str, close_name: str, on_close: Callable[[], None]) -> ft.Control:
    """A notice under the sync line that a screen reader says at once."""
    face = ft.Container(
        content=ft.Row(
            [
                ft.Text(text, size=TEXT_BODY, color=ft.Colors.ON_INVERSE_SURFACE, expand=True),
                icon_button(
                    ft.Icons.CLOSE, close_name, on_close, color=ft.Colors.ON_INVERSE_SURFACE
                ),
            ]
        ),
        bgcolor=ft.Colors.INVERSE_SURFACE,
        border_radius=CORNER,
        margin=GAP_SMALL,
        padding=ft.Padding.only(left=GAP, right=4, top=4, bottom=4),
    )
    return ft.Semantics(content=face, live_region=True, container=True, identifier="notice")
