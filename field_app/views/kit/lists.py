"""Rows and long lists: pages of fifty, rows that draw alone, one tap to a record."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import flet as ft

from field_app.views.boundary import part
from field_app.views.kit.buttons import secondary
from field_app.views.session import use_words
from field_app.views.theme import GAP, GAP_SMALL

PAGE = 50
"""Rows added at a time."""

Item = TypeVar("Item")


@part
def paged_list(
    items: Sequence[Item],
    row: Callable[[Item], ft.Control],
    *,
    empty: ft.Control | None = None,
    header: ft.Control | None = None,
) -> ft.Control:
    """A list that scrolls by itself and shows fifty more on demand.

    `row` makes a keyed row of an item; make it a memoised part, so that one changed item draws
    one row. Give the list a key of its filter, so that another filter starts at its first page.
    """
    words = use_words()
    pages, set_pages = ft.use_state(1)
    shown = items[: pages * PAGE]
    rest = len(items) - len(shown)
    controls: list[ft.Control] = [header] if header is not None else []
    controls += [row(item) for item in shown]
    if not items and empty is not None:
        controls.append(empty)
    if rest > 0:
        more = secondary(words.n("list.more", rest), lambda: set_pages(pages + 1))
        controls.append(ft.Container(content=more, padding=GAP, key="more"))
    return _scrolling(controls)


def section_header(text: str) -> ft.Control:
    """A heading between rows of a list; a node of its own, or it would swallow a row beneath."""
    return ft.Semantics(
        content=ft.Container(
            content=ft.Text(
                text,
                size=16,
                weight=ft.FontWeight.W_600,
                color=ft.Colors.PRIMARY,
            ),
            padding=ft.Padding.only(left=GAP, right=GAP, top=GAP, bottom=GAP_SMALL),
        ),
        header=True,
        container=True,
    )


def section_list(
    sections: Sequence[Sequence[ft.Control]], *, wide: bool, top: Sequence[ft.Control] = ()
) -> ft.Control:
    """Sections one below the other; on a desk in two columns, so that more is in sight at once.

    Args:
        sections: Each a heading and its rows; what matters most comes first.
        wide: Whether there is room for two columns.
        top: What stands above all of them.
    """
    filled = [section for section in sections if section]
    if not wide or len(filled) < 2:
        return _scrolling([*top, *(row for section in filled for row in section)])
    first = _as_high_as_the_rest([len(section) for section in filled])
    columns: list[ft.Control] = [
        ft.Container(_scrolling([row for section in half for row in section]), expand=True)
        for half in (filled[:first], filled[first:])
    ]
    columns.insert(1, ft.VerticalDivider(width=1))
    beside = ft.Row(
        columns, expand=True, spacing=0, vertical_alignment=ft.CrossAxisAlignment.STRETCH
    )
    return ft.Column([*top, beside], expand=True, spacing=0)


def _as_high_as_the_rest(heights: Sequence[int]) -> int:
    """How many sections the first column takes, that the second one is about as high."""
    half = sum(heights) / 2
    cuts = range(1, len(heights))
    return min(cuts, key=lambda cut: abs(sum(heights[:cut]) - half))


def _scrolling(controls: list[ft.Control]) -> ft.Control:
    # Room below, so that the floating button covers no row.
    return ft.ListView(controls, expand=True, spacing=0, padding=ft.Padding.only(bottom=96))
