"""Small pieces of the contact form: labelled errors, yes and no, a measured value, a counter."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from field_app.locale import Translator
from field_app.views.boundary import part
from field_app.views.kit.buttons import icon_button
from field_app.views.kit.chips import Choice, one_of
from field_app.views.kit.texts import body
from field_app.views.theme import CORNER, GAP_SMALL, TEXT_BODY, TEXT_LEAD, TEXT_TITLE

YES, NO = "yes", "no"


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


def yes_or_no(
    label: str, value: bool | None, on_choose: Callable[[bool], None], words: Translator
) -> ft.Control:
    """A question with two answers, neither chosen at first."""
    chosen = None if value is None else YES if value else NO
    answers = [Choice(YES, words.t("contact.yes")), Choice(NO, words.t("contact.no"))]
    return one_of(label, answers, chosen, lambda code: on_choose(code == YES))


@part
def measure_field(
    label: str,
    value: str,
    on_change: Callable[[str], None],
    *,
    decimal: bool = False,
    error: str = "",
) -> ft.Control:
    """A measured value as it is typed, the comma of the Finnish keyboard included."""
    text = ft.use_ref(value)

    def changed(event: ft.Event[ft.TextField]) -> None:
        text.current = event.control.value
        on_change(event.control.value)

    allowed = r"^[0-9]{0,3}([.,][0-9]{0,2})?$" if decimal else r"^[0-9]{0,3}$"
    return ft.TextField(
        label=label,
        value=text.current or "",
        on_change=changed,
        width=172,
        keyboard_type=ft.KeyboardType.NUMBER,
        input_filter=ft.InputFilter(allowed, allow=True, replacement_string=""),
        text_size=TEXT_TITLE,
        error=error or None,
        border=ft.OutlineInputBorder(border_radius=CORNER),
        enable_suggestions=False,
        enable_ime_personalized_learning=False,
    )


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


def group_title(text: str) -> ft.Control:
    """The heading of a part of the form."""
    return ft.Semantics(
        content=ft.Text(text, size=TEXT_LEAD, weight=ft.FontWeight.W_600), header=True
    )
