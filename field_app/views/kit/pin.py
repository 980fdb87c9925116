"""A PIN pad with big keys, for a cold thumb and a wet screen."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from field_app.store.pin import PIN_DIGITS_MAX, PIN_DIGITS_MIN
from field_app.views.boundary import part
from field_app.views.session import use_words
from field_app.views.theme import GAP_SMALL, TEXT_TITLE

_KEY = 72
_DOTS_WIDTH = 320


@part
def pin_pad(
    label: str,
    on_complete: Callable[[str], None],
    *,
    length: int | None = None,
    busy: bool = False,
    error: str = "",
) -> ft.Control:
    """Digits to tap; `on_complete` gets the PIN. Other key, other attempt.

    With a known `length` the last digit hands the PIN over; without one a tick does, from the
    least number of digits on. The digits live only in this component's ref and are dropped when
    the PIN is handed over.
    """
    words = use_words()
    digits = ft.use_ref("")
    count, set_count = ft.use_state(0)

    def hand_over() -> None:
        pin, digits.current = digits.current or "", ""
        set_count(0)
        on_complete(pin)

    def tap(digit: str) -> None:
        if busy:
            return
        digits.current = ((digits.current or "") + digit)[: length or PIN_DIGITS_MAX]
        set_count(len(digits.current))
        if len(digits.current) == length:
            hand_over()

    def erase() -> None:
        digits.current = (digits.current or "")[:-1]
        set_count(len(digits.current))

    def tick() -> None:
        if len(digits.current or "") >= PIN_DIGITS_MIN:
            hand_over()

    rows = [[_digit(d, tap, busy) for d in line] for line in ("123", "456", "789")]
    done = None if length else _tick(words.t("pin.done"), tick, busy or count < PIN_DIGITS_MIN)
    last = [
        done or ft.Container(width=_KEY, height=_KEY),
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
            _dots(count, length or max(count, PIN_DIGITS_MIN), words.n("pin.typed", count)),
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


def _tick(name: str, done: Callable[[], None], disabled: bool) -> ft.Control:
    return ft.FilledButton(
        content=ft.Icon(ft.Icons.CHECK, size=32, semantics_label=name),
        width=_KEY,
        height=_KEY,
        disabled=disabled,
        style=ft.ButtonStyle(shape=ft.CircleBorder(), padding=ft.Padding.all(0)),
        on_click=lambda _: done(),
    )


def _dots(count: int, places: int, spoken: str) -> ft.Control:
    dots = [
        ft.Container(
            width=16,
            height=16,
            border_radius=8,
            bgcolor=ft.Colors.PRIMARY if place < count else None,
            border=ft.Border.all(2, ft.Colors.PRIMARY if place < count else ft.Colors.OUTLINE),
        )
        for place in range(places)
    ]
    row = ft.Row(
        list(dots), spacing=12, run_spacing=8, wrap=True, alignment=ft.MainAxisAlignment.CENTER
    )
    return ft.Semantics(
        content=ft.Container(content=row, padding=ft.Padding.all(8), width=_DOTS_WIDTH),
        label=spoken,
        live_region=True,
        container=True,
        identifier="pin-dots",
    )
