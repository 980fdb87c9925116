"""Text fields that never lose a keystroke.

While someone types, the field on their screen is ahead of this process. So a redraw passes back
exactly what the last drawn field holds, which the client itself wrote there: Flet then finds no
difference and sends nothing to the field. (Passing back what `on_change` stored loses letters: the
client's next keystroke may already be in the old field while its event still waits.)

`value` is read once; to put another text into a field, give it another key.
"""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from field_app.views.boundary import part
from field_app.views.theme import CORNER, TEXT_BODY

Change = Callable[[str], None]


class KeptField:
    """The text field drawn last; it knows what was typed."""

    def __init__(self, first: str) -> None:
        """Begin with a text, before anything is drawn."""
        self._first = first
        self._drawn: ft.TextField | None = None

    @property
    def value(self) -> str:
        """What to draw: the client's own text, or the first one."""
        return self._first if self._drawn is None else self._drawn.value

    def drawn(self, field: ft.TextField) -> ft.TextField:
        """Remember the field that is drawn now."""
        self._drawn = field
        return field


def use_kept_field(first: str) -> KeptField:
    """The kept field of this component."""
    ref: ft.MutableRef[KeptField] = ft.use_ref(lambda: KeptField(first))
    kept: KeptField = ref.current
    return kept


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
    kept = use_kept_field(value)
    field = ft.TextField(
        expand=True,
        label=label,
        value=kept.value,
        on_change=lambda event: on_change(event.control.value),
        on_submit=(lambda _: on_submit()) if on_submit else None,
        multiline=lines > 1,
        min_lines=lines,
        max_lines=max(lines, 8) if lines > 1 else 1,
        hint_text=hint or None,
        error=error or None,
        autofocus=autofocus,
        text_size=TEXT_BODY,
        border=ft.OutlineInputBorder(border_radius=CORNER),
        align_label_with_hint=lines > 1,
        capitalization=ft.TextCapitalization.SENTENCES,
        enable_suggestions=False,
        enable_ime_personalized_learning=False,
    )
    return ft.Row([kept.drawn(field)])


@part
def exact_field(
    label: str,
    value: str,
    on_change: Change,
    *,
    error: str = "",
    autofocus: bool = False,
    on_submit: Callable[[], None] | None = None,
) -> ft.Control:
    """A field for codes and passphrases: nothing is corrected or made a capital letter."""
    kept = use_kept_field(value)
    field = ft.TextField(
        expand=True,
        label=label,
        value=kept.value,
        on_change=lambda event: on_change(event.control.value),
        on_submit=(lambda _: on_submit()) if on_submit else None,
        error=error or None,
        autofocus=autofocus,
        text_size=TEXT_BODY,
        border=ft.OutlineInputBorder(border_radius=CORNER),
        autocorrect=False,
        enable_suggestions=False,
        enable_ime_personalized_learning=False,
    )
    return ft.Row([kept.drawn(field)])


@part
def search_field(
    label: str, value: str, on_change: Change, clear_name: str, hint: str = ""
) -> ft.Control:
    """A search field; keep it outside the list it searches, so that typing draws the list only."""
    ref: ft.MutableRef[KeptField] = ft.use_ref(lambda: KeptField(value))
    clearings, set_clearings = ft.use_state(0)

    def clear(_: object) -> None:
        ref.current = KeptField("")
        set_clearings(clearings + 1)
        on_change("")

    kept: KeptField = ref.current
    field = ft.TextField(
        key=f"search-{clearings}",
        expand=True,
        label=label,
        value=kept.value,
        on_change=lambda event: on_change(event.control.value),
        hint_text=hint or None,
        prefix_icon=ft.Icons.SEARCH,
        suffix_icon=ft.IconButton(
            icon=ft.Icon(ft.Icons.CLOSE, semantics_label=clear_name), on_click=clear
        ),
        text_size=TEXT_BODY,
        border=ft.OutlineInputBorder(border_radius=28),
        enable_suggestions=False,
        enable_ime_personalized_learning=False,
    )
    return ft.Row([kept.drawn(field)])
