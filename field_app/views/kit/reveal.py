"""What must not be read over a shoulder: shown while held for, hidden again by itself."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import flet as ft

from field_app.views.boundary import part
from field_app.views.session import use_words
from field_app.views.theme import CORNER, GAP, TEXT_BODY

SHOWN_S = 30.0
"""After this many seconds a revealed value is hidden again."""


@part
def hold_to_reveal(label: str, value: Callable[[], str], shown_s: float = SHOWN_S) -> ft.Control:
    """A labelled value behind a long press; the value enters the screen only when revealed.

    Args:
        label: What is hidden, in words that may be read by anyone, e.g. "Osoite".
        value: Gives the value when it is revealed.
        shown_s: Seconds until it is hidden again.
    """
    words = use_words()
    shown, set_shown = ft.use_state(False)

    async def hide_later() -> None:
        if shown:
            await asyncio.sleep(shown_s)
            set_shown(False)

    ft.use_effect(hide_later, [shown], lambda: None)
    text = value() if shown else words.t("reveal.hold")
    face = ft.Container(
        content=ft.Row(
            [
                ft.Icon(ft.Icons.VISIBILITY if shown else ft.Icons.VISIBILITY_OFF, size=24),
                ft.Text(f"{label}: {text}", size=TEXT_BODY, expand=True),
            ],
            spacing=12,
        ),
        border=ft.Border.all(1, ft.Colors.OUTLINE),
        border_radius=CORNER,
        # Without a fixed height: large text and long labels need a second line.
        padding=ft.Padding.symmetric(horizontal=GAP, vertical=12),
        ink=True,
        on_long_press=lambda _: set_shown(not shown),
    )
    return ft.Semantics(
        content=face,
        identifier="hold-to-reveal",
        on_long_press_hint_text=words.t("reveal.hint"),
        container=True,
    )
