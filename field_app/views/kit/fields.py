"""Text fields that never lose a keystroke.

The field keeps its own text in a ref and passes it back unchanged: a redraw while someone types
finds no difference and sends nothing to the field. `value` is read once; to put another text into
a field, give it another key.
"""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from field_app.views.boundary import part
from field_app.views.theme import CORNER, TEXT_BODY

Change = Callable[[str], None]


@part
def text_field(
    label: str,
    value: str,
    on_change: Change,
    *,
    lines: int = 1,
    hint: str = "",
    error: str = "",
    autofocus: bool = False,
    on_submit: Callable[[], None] | None = None,
) -> ft.Control:
    """A field for words; the keyboard suggests nothing and learns nothing.

    Args:
        label: What it asks; it stays readable while typing.
        value: The text at first; later changes of this argument are not shown.
        on_change: Gets the whole text after each keystroke.
        lines: How many lines it shows; more than one makes Enter a new line.
        hint: An example, shown while empty.
        error: What is wrong with the text, shown below.
        autofocus: Open the keyboard at once.
        on_submit: Called on Enter in a field of one line.
    """
    text = ft.use_ref(value)

    def changed(event: ft.Event[ft.TextField]) -> None:
        text.current = event.control.value
        on_change(event.control.value)

    return ft.TextField(
        label=label,
        value=text.current or "",
        on_change=changed,
        on_submit=(lambda _: on_submit()) if on_submit else None,
        multiline=lines > 1,
        min_lines=lines,
        max_lines=max(lines, 8) if lines > 1 else 1,
        hint_text=hint or None,
        error=error or None,
        autofocus=autofocus,
        text_size=TEXT_BODY,
        border_radius=CORNER,
        border_color=ft.Colors.OUTLINE,
        align_label_with_hint=lines > 1,
        capitalization=ft.TextCapitalization.SENTENCES,
        enable_suggestions=False,
        enable_ime_personalized_learning=False,
    )


@part
def search_field(label: str, value: str, on_change: Change, clear_name: str) -> ft.Control:
    """A search field; keep it outside the list it searches, so that typing draws the list only."""
    text = ft.use_ref(value)
    round_, set_round = ft.use_state(0)

    def changed(event: ft.Event[ft.TextField]) -> None:
        text.current = event.control.value
        on_change(event.control.value)

    def clear() -> None:
        text.current = ""
        set_round(round_ + 1)
        on_change("")

    return ft.TextField(
        key=f"search-{round_}",
        label=label,
        value=text.current or "",
        on_change=changed,
        prefix_icon=ft.Icons.SEARCH,
        suffix=ft.IconButton(
            icon=ft.Icon(ft.Icons.CLOSE, semantics_label=clear_name, size=20),
            on_click=lambda _: clear(),
        ),
        text_size=TEXT_BODY,
        border_radius=28,
        border_color=ft.Colors.OUTLINE,
        enable_suggestions=False,
        enable_ime_personalized_learning=False,
    )
