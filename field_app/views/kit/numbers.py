"""Measured values: typed on a number keyboard, kept as decimal strings, never as floats."""

from __future__ import annotations

import re
from collections.abc import Callable

import flet as ft

from field_app.views.boundary import part
from field_app.views.kit.fields import use_kept_field
from field_app.views.theme import CORNER, TEXT_TITLE

_DECIMAL = re.compile(r"[0-9]{1,4}([.,][0-9]{0,2})?")


def decimal_string(typed: str, decimals: int) -> str | None:
    """What a person typed as a decimal string: "37,1" -> "37.1"; None when it is no number yet."""
    text = typed.strip()
    if not _DECIMAL.fullmatch(text):
        return None
    whole, _, part_ = text.replace(",", ".").partition(".")
    if decimals == 0 and part_:
        return None
    part_ = part_[:decimals]
    number = whole.lstrip("0") or "0"
    return f"{number}.{part_}" if part_ else number


@part
def number_field(
    label: str,
    unit: str,
    value: str | None,
    on_change: Callable[[str | None], None],
    *,
    decimals: int = 0,
    error: str = "",
    width: int = 150,
) -> ft.Control:
    """A field for one measured value in `unit`; `on_change` gets a decimal string or None."""
    kept = use_kept_field((value or "").replace(".", ","))
    field = ft.TextField(
        label=label,
        value=kept.value,
        on_change=lambda event: on_change(decimal_string(event.control.value, decimals)),
        suffix=unit,
        width=width,
        keyboard_type=ft.KeyboardType.NUMBER,
        input_filter=ft.InputFilter(
            r"^[0-9]{0,4}([.,][0-9]{0,2})?$", allow=True, replacement_string=""
        ),
        text_size=TEXT_TITLE,
        error=error or None,
        border=ft.OutlineInputBorder(border_radius=CORNER),
        enable_suggestions=False,
        enable_ime_personalized_learning=False,
    )
    return kept.drawn(field)
