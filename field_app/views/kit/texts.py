"""Texts on screen, by their part in it; sizes follow the system's text scale."""

from __future__ import annotations

import flet as ft

from field_app.views.theme import TEXT_BODY, TEXT_LEAD, TEXT_SMALL, TEXT_TITLE


def sentence(text: str) -> str:
    """A label of a vocabulary as it stands alone: "katu, ulkotila" -> "Katu, ulkotila"."""
    return text[:1].upper() + text[1:]


def heading(text: str) -> ft.Control:
    """A heading that a screen reader finds as one."""
    return _headed(ft.Text(text, size=TEXT_TITLE, weight=ft.FontWeight.W_600))


def subheading(text: str) -> ft.Control:
    """A heading inside a screen."""
    return _headed(ft.Text(text, size=TEXT_LEAD, weight=ft.FontWeight.W_600))


def body(text: str, *, strong: bool = False, lines: int | None = None) -> ft.Text:
    """Running text; `lines` cuts it with an ellipsis."""
    return ft.Text(
        text,
        size=TEXT_BODY,
        weight=ft.FontWeight.W_600 if strong else None,
        max_lines=lines,
        overflow=ft.TextOverflow.ELLIPSIS if lines else ft.TextOverflow.CLIP,
    )


def quiet(text: str, *, lines: int | None = None) -> ft.Text:
    """Running text that steps back: explanations, secondary facts."""
    return ft.Text(
        text,
        size=TEXT_BODY,
        color=ft.Colors.ON_SURFACE_VARIANT,
        max_lines=lines,
        overflow=ft.TextOverflow.ELLIPSIS if lines else ft.TextOverflow.CLIP,
    )


def small(text: str, color: ft.Colors = ft.Colors.ON_SURFACE_VARIANT) -> ft.Text:
    """Times, places and other short facts beside a text; never the only place of something."""
    return ft.Text(text, size=TEXT_SMALL, color=color)


def _headed(text: ft.Text) -> ft.Control:
    return ft.Semantics(content=text, header=True, container=True)
