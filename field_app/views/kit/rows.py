"""One person, or one entry of a timeline, as a row that can be tapped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import flet as ft

from field_app.views.kit.texts import body, quiet, small
from field_app.views.theme import ATTENTION, CALM, GAP, PROBLEM, TEXT_SMALL, Tone

_DOT = " · "


@dataclass(frozen=True)
class Mark:
    """A short word with an icon beside a row: a safety sign, an overdue step, a conflict."""

    text: str
    icon: ft.IconData
    urgent: bool = False
    calm: bool = False
    """Good to know, rather than something to mind."""


def person_row(
    name: str,
    facts: tuple[str, ...],
    marks: tuple[Mark, ...] = (),
    on_tap: Callable[[], None] | None = None,
    *,
    key: str | None = None,
    chosen: bool = False,
) -> ft.Control:
    """A person in a list: the name they go by, a few facts, and marks. Never a status word."""
    lines: list[ft.Control] = [body(name, strong=True, lines=2)]
    if facts:
        lines.append(quiet(_DOT.join(facts), lines=6))
    if marks:
        lines.append(
            ft.Row([mark_chip(mark) for mark in marks], wrap=True, spacing=8, run_spacing=4)
        )
    return _row(
        ft.CircleAvatar(
            content=ft.Text(_initial(name), size=18, weight=ft.FontWeight.W_600),
            bgcolor=ft.Colors.SECONDARY_CONTAINER,
            color=ft.Colors.ON_SECONDARY_CONTAINER,
            radius=22,
        ),
        lines,
        on_tap,
        key=key,
        chosen=chosen,
    )


def timeline_row(
    icon: ft.IconData,
    when: str,
    title: str,
    text: str = "",
    marks: tuple[Mark, ...] = (),
    on_tap: Callable[[], None] | None = None,
    *,
    key: str | None = None,
) -> ft.Control:
    """Something that happened: when and by whom, what, and the note."""
    lines: list[ft.Control] = [small(when), body(title, strong=True)]
    if text:
        lines.append(body(text, lines=6))
    if marks:
        lines.append(
            ft.Row([mark_chip(mark) for mark in marks], wrap=True, spacing=8, run_spacing=4)
        )
    face = ft.Container(
        content=ft.Icon(icon, size=22, color=ft.Colors.ON_SECONDARY_CONTAINER),
        width=44,
        height=44,
        border_radius=22,
        bgcolor=ft.Colors.SECONDARY_CONTAINER,
        alignment=ft.Alignment.CENTER,
    )
    return _row(face, lines, on_tap, key=key)


def mark_chip(mark: Mark) -> ft.Control:
    """A mark on its own."""
    tone: Tone = PROBLEM if mark.urgent else CALM if mark.calm else ATTENTION
    return ft.Container(
        content=ft.Row(
            [
                ft.Icon(mark.icon, size=18, color=tone.text),
                ft.Text(
                    mark.text,
                    size=TEXT_SMALL,
                    color=tone.text,
                    weight=ft.FontWeight.W_600,
                    expand=True,
                    expand_loose=True,
                ),
            ],
            spacing=6,
            tight=True,
        ),
        bgcolor=tone.ground,
        border_radius=8,
        padding=ft.Padding.symmetric(horizontal=8, vertical=4),
    )


def _initial(name: str) -> str:
    return next((letter.upper() for letter in name if letter.isalpha()), "?")


def _row(
    face: ft.Control,
    lines: list[ft.Control],
    on_tap: Callable[[], None] | None,
    *,
    key: str | None,
    chosen: bool = False,
) -> ft.Control:
    return ft.Container(
        content=ft.Row(
            [face, ft.Column(lines, spacing=2, tight=True, expand=True)],
            spacing=12,
            vertical_alignment=ft.CrossAxisAlignment.START,
        ),
        padding=ft.Padding.symmetric(horizontal=GAP, vertical=12),
        bgcolor=ft.Colors.SECONDARY_CONTAINER if chosen else None,
        border=ft.Border.only(bottom=ft.BorderSide(1, ft.Colors.OUTLINE_VARIANT)),
        ink=on_tap is not None,
        on_click=(lambda _: on_tap()) if on_tap else None,
        key=key,
    )
