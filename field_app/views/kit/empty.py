"""An empty place that says so, and what comes next."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from field_app.views.kit.buttons import primary
from field_app.views.theme import GAP, GAP_LARGE, TEXT_BODY, TEXT_LEAD


def empty_state(
    icon: ft.IconData,
    title: str,
    text: str,
    next_step: tuple[str, Callable[[], None]] | None = None,
) -> ft.Control:
    """Nothing here: why, and the button for the next step when there is one."""
    rows: list[ft.Control] = [
        ft.Icon(icon, size=48, color=ft.Colors.OUTLINE),
        ft.Text(
            title,
            size=TEXT_LEAD,
            weight=ft.FontWeight.W_600,
            text_align=ft.TextAlign.CENTER,
        ),
        ft.Text(
            text,
            size=TEXT_BODY,
            color=ft.Colors.ON_SURFACE_VARIANT,
            text_align=ft.TextAlign.CENTER,
        ),
    ]
    if next_step is not None:
        rows.append(primary(next_step[0], next_step[1]))
    return ft.Container(
        content=ft.Column(
            rows,
            spacing=GAP,
            horizontal_alignment=ft.CrossAxisAlignment.CENTER,
            tight=True,
        ),
        padding=GAP_LARGE,
        alignment=ft.Alignment.CENTER,
    )
