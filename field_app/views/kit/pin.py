"""A PIN pad with big keys, for a cold thumb and a wet screen."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from field_app.views.boundary import part
from field_app.views.session import use_words
from field_app.views.theme import GAP_SMALL, TEXT_TITLE

PIN_LENGTH = 6
_KEY = 72


@part
def pin_pad(
    label: str, on_complete: Callable[[str], None], *, busy: bool = False, error: str = ""
) -> ft.Control:
    """Digits to tap; `on_complete` gets the PIN at its last digit. Other key, other attempt.

    The digits live only in this component's ref and are dropped when the PIN is handed over.
    """
    words = use_words()
    digits = ft.use_ref("")
    count, set_count = ft.use_state(0)

    def tap(digit: str) -> None:
        if busy:
            return
        digits.current = ((digits.current or "") + digit)[:PIN_LENGTH]
        set_count(len(digits.current))
        if len(digits.current) == PIN_LENGTH:
            pin, digits.current = digits.current, ""
            set_count(0)
            on_complete(pin)

    def erase() -> None:
        digits.current = (digits.current or "")[:-1]
        set_count(len(digits.current))

    rows = [[_digit(d, tap, busy) for d in line] for line in ("123", "456", "789")]
    last = [
        ft.Container(width=_KEY, height=_KEY),
        _digit("0", tap, busy),
        ft.IconButton(
            icon=ft.Icon(ft.Icons.BACKSPACE_OUTLINED, semantics_label=words.t("pin.erase")),
            width=_KEY,
            height=_KEY,
            on_click=lambda _: erase(),
        ),
    ]
    return ft.Column(
        [
            ft.Text(label, size=TEXT_TITLE, weight=ft.FontWeight.W_600),
            _dots(count, words.t("pin.typed", count=count, length=PIN_LENGTH)),
            ft.Text(error, color=ft.Colors.ERROR, text_align=ft.TextAlign.CENTER),
            *(_line(row) for row in (*rows, last)),
        ],
        horizontal_alignment=ft.CrossAxisAlignment.CENTER,
        spacing=GAP_SMALL,
        tight=True,
    )


def _line(keys: list[ft.Control]) -> ft.Control:
    return ft.Row(keys, alignment=ft.MainAxisAlignment.CENTER, spacing=GAP_SMALL * 2, tight=True)


def _digit(digit: str, tap: Callable[[str], None], busy: bool) -> ft.Control:
    return ft.FilledTonalButton(
        content=ft.Text(digit, size=28, weight=ft.FontWeight.W_500),
        width=_KEY,
        height=_KEY,
        disabled=busy,
        style=ft.ButtonStyle(shape=ft.CircleBorder(), padding=ft.Padding.all(0)),
        on_click=lambda _: tap(digit),
    )


def _dots(count: int, spoken: str) -> ft.Control:
    dots = [
        ft.Container(
            width=16,
            height=16,
            border_radius=8,
            bgcolor=ft.Colors.PRIMARY if place < count else None,
            border=ft.Border.all(2, ft.Colors.PRIMARY if place < count else ft.Colors.OUTLINE),
        )
        for place in range(PIN_LENGTH)
    ]
    return ft.Semantics(
        content=ft.Container(
            content=ft.Row(list(dots), spacing=12, tight=True), padding=ft.Padding.all(8)
        ),
        label=spoken,
        live_region=True,
        container=True,
        identifier="pin-dots",
    )
