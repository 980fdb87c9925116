"""Two facts stand side by side: said on the record itself, in words and with an icon."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from field_app.locale import Translator
from field_app.views.theme import ATTENTION, CORNER, TEXT_BODY


def conflict_badge(
    words: Translator, count: int = 2, on_tap: Callable[[], None] | None = None
) -> ft.Control:
    """Say that a field has several values which people wrote apart ("Kaksi tietoa")."""
    label = words.t("conflict.two_facts") if count == 2 else words.n("conflict.facts", count)
    return ft.Container(
        content=ft.Row(
            [
                ft.Icon(ft.Icons.CALL_SPLIT, size=20, color=ATTENTION.text),
                ft.Text(label, size=TEXT_BODY, color=ATTENTION.text, weight=ft.FontWeight.W_600),
            ],
            spacing=6,
            tight=True,
        ),
        bgcolor=ATTENTION.ground,
        border_radius=CORNER,
        padding=ft.Padding.symmetric(horizontal=12, vertical=14 if on_tap else 5),
        ink=on_tap is not None,
        on_click=(lambda _: on_tap()) if on_tap else None,
    )
