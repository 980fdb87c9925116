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
    return ft.ListView(
        controls=controls,
        expand=True,
        spacing=0,
        padding=ft.Padding.only(bottom=96),
    )


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
