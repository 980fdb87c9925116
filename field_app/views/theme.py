"""Colours, sizes and shapes: calm, readable in low sun and at night, by a thumb in a glove.

Every pair of a text colour and its ground is declared in `PAIRS`; a test computes their contrast
(WCAG 2.2: at least 4.5 to 1 for text, 3 to 1 for what only marks a boundary).
"""

from __future__ import annotations

from dataclasses import dataclass

import flet as ft

GAP_SMALL, GAP, GAP_LARGE = 8, 16, 24
"""Distances between things, in logical pixels."""
TARGET = 48
"""The least side of anything that is tapped, in logical pixels (WCAG 2.5.8 asks for 24)."""
TEXT_SMALL, TEXT_BODY, TEXT_LEAD, TEXT_TITLE = 14, 16, 18, 22
"""Text sizes; the system's text scale multiplies them. Small is for times and places only."""
BUTTON_ACROSS, BUTTON_UP, MAIN_BUTTON_UP = 16, 16, 19
"""A button's padding: with one line of text it is as high as a target at least."""
CORNER = 12
READING_WIDTH = 720
"""The widest a single column grows on a desk."""
WIDE_FROM = 840
"""From this width on a rail and two panes replace the bottom bar."""

LIGHT = {
    "primary": "#0A5A63",
    "on_primary": "#FFFFFF",
    "primary_container": "#C4EAEE",
    "on_primary_container": "#00272C",
    "secondary": "#43595C",
    "on_secondary": "#FFFFFF",
    "secondary_container": "#D9E7E9",
    "on_secondary_container": "#10282B",
    "tertiary": "#7A4100",
    "on_tertiary": "#FFFFFF",
    "tertiary_container": "#FFE0C2",
    "on_tertiary_container": "#2E1500",
    "error": "#A8201A",
    "on_error": "#FFFFFF",
    "error_container": "#FBDCD9",
    "on_error_container": "#410E0B",
    "surface": "#F8FAFA",
    "on_surface": "#161D1E",
    "on_surface_variant": "#3B4749",
    "outline": "#687577",
    "outline_variant": "#C0CACC",
    "surface_container_lowest": "#FFFFFF",
    "surface_container_low": "#F1F5F5",
    "surface_container": "#EAF0F0",
    "surface_container_high": "#E3EAEB",
    "surface_container_highest": "#DCE4E5",
    "inverse_surface": "#2A3233",
    "on_inverse_surface": "#ECF2F2",
    "inverse_primary": "#86D3DC",
    "surface_tint": "#F8FAFA",
}
DARK = {
    "primary": "#86D3DC",
    "on_primary": "#00363C",
    "primary_container": "#0B4F57",
    "on_primary_container": "#C9F1F6",
    "secondary": "#B4CACD",
    "on_secondary": "#1F3437",
    "secondary_container": "#35494C",
    "on_secondary_container": "#D9E7E9",
    "tertiary": "#FFB877",
    "on_tertiary": "#482500",
    "tertiary_container": "#5E3A12",
    "on_tertiary_container": "#FFE0C2",
    "error": "#FFB4AB",
    "on_error": "#5F1412",
    "error_container": "#7A1F1B",
    "on_error_container": "#FFE2DE",
    "surface": "#0F1415",
    "on_surface": "#E2E9EA",
    "on_surface_variant": "#C0CACC",
    "outline": "#8A9698",
    "outline_variant": "#3F494B",
    "surface_container_lowest": "#0A0F10",
    "surface_container_low": "#171D1E",
    "surface_container": "#1B2122",
    "surface_container_high": "#252C2D",
    "surface_container_highest": "#303738",
    "inverse_surface": "#E2E9EA",
    "on_inverse_surface": "#2A3233",
    "inverse_primary": "#0A5A63",
    "surface_tint": "#0F1415",
}

_GROUNDS = (
    "surface",
    "surface_container_lowest",
    "surface_container_low",
    "surface_container",
    "surface_container_high",
    "surface_container_highest",
)
TEXT_PAIRS = (
    *((text, ground) for text in ("on_surface", "on_surface_variant") for ground in _GROUNDS),
    *((text, ground) for text in ("primary", "error") for ground in _GROUNDS[:5]),
    *(
        (f"on_{role}{kind}", f"{role}{kind}")
        for role in ("primary", "secondary", "tertiary", "error")
        for kind in ("", "_container")
    ),
    ("on_inverse_surface", "inverse_surface"),
    ("inverse_primary", "inverse_surface"),
)
"""(text, ground) pairs that the kit uses."""
BOUNDARY_PAIRS = tuple(("outline", ground) for ground in _GROUNDS[:4])
"""(line, ground) pairs that mark where a control begins."""


@dataclass(frozen=True)
class Tone:
    """The two colours of a notice, as names of the scheme, so that dark follows by itself."""

    ground: ft.Colors
    text: ft.Colors


CALM = Tone(ft.Colors.SECONDARY_CONTAINER, ft.Colors.ON_SECONDARY_CONTAINER)
GOOD = Tone(ft.Colors.PRIMARY_CONTAINER, ft.Colors.ON_PRIMARY_CONTAINER)
ATTENTION = Tone(ft.Colors.TERTIARY_CONTAINER, ft.Colors.ON_TERTIARY_CONTAINER)
PROBLEM = Tone(ft.Colors.ERROR_CONTAINER, ft.Colors.ON_ERROR_CONTAINER)


def theme_of(colours: dict[str, str]) -> ft.Theme:
    """The Material 3 theme of one set of colours."""
    return ft.Theme(
        color_scheme=ft.ColorScheme(**colours),
        color_scheme_seed=colours["primary"],
        font_family="Roboto",
        scaffold_bgcolor=colours["surface"],
        text_theme=_text_theme(),
        visual_density=ft.VisualDensity.STANDARD,
        # Five labels fit side by side, also when the system's text is large.
        navigation_bar_theme=ft.NavigationBarTheme(label_text_style=_style(12)),
        filled_button_theme=ft.FilledButtonTheme(style=_button_style(MAIN_BUTTON_UP)),
        outlined_button_theme=ft.OutlinedButtonTheme(style=_button_style()),
        text_button_theme=ft.TextButtonTheme(style=_button_style()),
        page_transitions=ft.PageTransitionsTheme(
            android=ft.PageTransitionTheme.FADE_UPWARDS,
            ios=ft.PageTransitionTheme.CUPERTINO,
            linux=ft.PageTransitionTheme.NONE,
            macos=ft.PageTransitionTheme.NONE,
            windows=ft.PageTransitionTheme.NONE,
        ),
    )


def apply_theme(page: ft.Page) -> None:
    """Give a page both themes; the system chooses between them."""
    page.theme = theme_of(LIGHT)
    page.dark_theme = theme_of(DARK)
    page.theme_mode = ft.ThemeMode.SYSTEM


def _text_theme() -> ft.TextTheme:
    return ft.TextTheme(
        body_large=_style(TEXT_LEAD),
        body_medium=_style(TEXT_BODY),
        body_small=_style(TEXT_SMALL),
        label_large=_style(TEXT_BODY, ft.FontWeight.W_500),
        label_medium=_style(TEXT_SMALL, ft.FontWeight.W_500),
        label_small=_style(TEXT_SMALL),
        title_small=_style(TEXT_BODY, ft.FontWeight.W_500),
        title_medium=_style(TEXT_LEAD, ft.FontWeight.W_500),
        title_large=_style(TEXT_TITLE, ft.FontWeight.W_500),
        headline_small=_style(TEXT_TITLE, ft.FontWeight.W_500),
    )


def _style(size: int, weight: ft.FontWeight | None = None) -> ft.TextStyle:
    """A style that names its colour: without one Flet draws black, in the dark as well."""
    return ft.TextStyle(
        size=size, weight=weight, height=1.35, letter_spacing=0.1, color=ft.Colors.ON_SURFACE
    )


def _button_style(up: int = BUTTON_UP) -> ft.ButtonStyle:
    return ft.ButtonStyle(
        text_style=ft.TextStyle(size=TEXT_BODY, weight=ft.FontWeight.W_600),
        padding=ft.Padding.symmetric(horizontal=BUTTON_ACROSS, vertical=up),
        shape=ft.RoundedRectangleBorder(radius=CORNER),
    )
