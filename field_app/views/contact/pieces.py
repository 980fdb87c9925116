"""Small pieces of the contact form: chips, yes and no, a measured value, a counter, errors.

What a keystroke does not change is not drawn again: pieces are memoised, and the callbacks they
are given compare equal from one frame to the next.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar, cast

import flet as ft

from field_app.locale import Translator
from field_app.views.boundary import part
from field_app.views.contact import model as m
from field_app.views.contact.kinds import KINDS
from field_app.views.kit.buttons import icon_button
from field_app.views.kit.chips import Choice, many_of, one_of
from field_app.views.kit.dates import date_choice
from field_app.views.kit.fields import text_field, use_kept_field
from field_app.views.kit.texts import body
from field_app.views.program import Dispatch
from field_app.views.theme import CORNER, GAP_SMALL, TEXT_BODY, TEXT_SMALL, TEXT_TITLE

P = ParamSpec("P")
R = TypeVar("R")
YES, NO = "yes", "no"


def memoised(build: Callable[P, R]) -> Callable[P, R]:
    """A part that is drawn again only when what it is given differs."""
    # Flet's own function has no types.
    made: Callable[P, R] = cast(Any, ft.memo)(build)
    return made


@dataclass(frozen=True)
class Putting:
    """Sends one field's new value; equal for the same field of the same screen."""

    dispatch: Dispatch
    name: str

    def __call__(self, value: Any) -> None:
        """Send it."""
        self.dispatch(m.Put(self.name, value))


@dataclass(frozen=True)
class Toggling:
    """Sends a tick or an untick of a set."""

    dispatch: Dispatch
    name: str

    def __call__(self, code: str, on: bool) -> None:
        """Send it."""
        self.dispatch(m.Toggle(self.name, code, on))


@dataclass(frozen=True)
class ChoosingKind:
    """Sends another kind of contact."""

    dispatch: Dispatch

    def __call__(self, code: str) -> None:
        """Send it."""
        kind = next(kind for kind in KINDS if kind == code)
        self.dispatch(m.KindChosen(kind))


@part
def _one_chip(
    label: str,
    choices: tuple[Choice, ...],
    chosen: str | None,
    on_choose: Callable[[str], None],
) -> ft.Control:
    return one_of(label, choices, chosen, on_choose)


@part
def _many_chips(
    label: str,
    choices: tuple[Choice, ...],
    chosen: frozenset[str],
    on_toggle: Callable[[str, bool], None],
) -> ft.Control:
    return many_of(label, choices, chosen, on_toggle)


one_chip = memoised(_one_chip)
"""Chips of which one is chosen."""
many_chips = memoised(_many_chips)
"""Chips of which any number is chosen."""
calm_text_field = memoised(text_field)
"""The kit's text field."""
calm_date_choice = memoised(date_choice)
"""The kit's choice of a coming day."""


def with_problem(content: ft.Control, text: str) -> ft.Control:
    """A piece of the form with what is wrong about it below."""
    if not text:
        return content
    line = ft.Row(
        [
            ft.Icon(ft.Icons.ERROR_OUTLINE, size=20, color=ft.Colors.ERROR),
            ft.Text(text, size=TEXT_BODY, color=ft.Colors.ERROR, expand=True),
        ],
        spacing=6,
    )
    return ft.Column([content, line], spacing=GAP_SMALL, tight=True)


@dataclass(frozen=True)
class Answering:
    """Sends yes or no."""

    dispatch: Dispatch
    name: str

    def __call__(self, code: str) -> None:
        """Send it."""
        self.dispatch(m.Put(self.name, code == YES))


def yes_or_no(
    label: str, value: bool | None, on_answer: Answering, words: Translator
) -> ft.Control:
    """A question with two answers, neither chosen at first."""
    chosen = None if value is None else YES if value else NO
    answers = (Choice(YES, words.t("contact.yes")), Choice(NO, words.t("contact.no")))
    return one_chip(label, answers, chosen, on_answer)


@part
def _measure_field(
    label: str,
    value: str,
    on_change: Callable[[str], None],
    *,
    decimal: bool = False,
    error: str = "",
) -> ft.Control:
    """A measured value as it is typed, the comma of the Finnish keyboard included."""
    kept = use_kept_field(value)
    allowed = r"^[0-9]{0,3}([.,][0-9]{0,2})?$" if decimal else r"^[0-9]{0,3}$"
    field = ft.TextField(
        label=label,
        value=kept.value,
        on_change=lambda event: on_change(event.control.value),
        width=182,
        keyboard_type=ft.KeyboardType.NUMBER,
        input_filter=ft.InputFilter(allowed, allow=True, replacement_string=""),
        text_size=TEXT_TITLE,
        label_style=ft.TextStyle(size=TEXT_SMALL),
        error=error or None,
        border=ft.OutlineInputBorder(border_radius=CORNER),
        enable_suggestions=False,
        enable_ime_personalized_learning=False,
    )
    return kept.drawn(field)


measure_field = memoised(_measure_field)


def counter(
    label: str, count: int, on_change: Callable[[int], None], words: Translator
) -> ft.Control:
    """A small number with a button on either side."""
    row = ft.Row(
        [
            icon_button(
                ft.Icons.REMOVE_CIRCLE_OUTLINE,
                words.t("contact.fewer"),
                lambda: on_change(max(1, count - 1)),
            ),
            ft.Text(
                str(count),
                size=TEXT_TITLE,
                weight=ft.FontWeight.W_600,
                width=40,
                text_align=ft.TextAlign.CENTER,
            ),
            icon_button(
                ft.Icons.ADD_CIRCLE_OUTLINE,
                words.t("contact.more"),
                lambda: on_change(min(500, count + 1)),
            ),
        ],
        spacing=GAP_SMALL,
    )
    return ft.Column([body(label, strong=True), row], spacing=4, tight=True)
