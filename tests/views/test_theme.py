"""Everyone can read it: contrast, sizes, targets."""

from __future__ import annotations

import dataclasses

import flet as ft
import pytest

from field_app.views import theme
from field_app.views.theme import BOUNDARY_PAIRS, DARK, LIGHT, TEXT_PAIRS, Tone, theme_of

PALETTES = {"light": LIGHT, "dark": DARK}


def luminance(colour: str) -> float:
    """Relative luminance of "#RRGGBB" (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_the_formula_knows_black_on_white() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("name", PALETTES)
@pytest.mark.parametrize("pair", TEXT_PAIRS, ids=" on ".join)
def test_text_stands_out_from_its_ground(name: str, pair: tuple[str, str]) -> None:
    colours = PALETTES[name]
    assert contrast(colours[pair[0]], colours[pair[1]]) >= 4.5


@pytest.mark.parametrize("name", PALETTES)
@pytest.mark.parametrize("pair", BOUNDARY_PAIRS, ids=" on ".join)
def test_the_edge_of_a_control_can_be_seen(name: str, pair: tuple[str, str]) -> None:
    colours = PALETTES[name]
    assert contrast(colours[pair[0]], colours[pair[1]]) >= 3


@pytest.mark.parametrize(
    "tone", [theme.CALM, theme.GOOD, theme.ATTENTION, theme.PROBLEM], ids=lambda t: t.ground.value
)
def test_a_tone_is_a_declared_pair(tone: Tone) -> None:
    names = {_role(colour) for colour in LIGHT}
    assert tone.ground.value in names
    pairs = {(_role(text), _role(ground)) for text, ground in TEXT_PAIRS}
    assert (tone.text.value, tone.ground.value) in pairs


def test_light_and_dark_declare_the_same_colours() -> None:
    assert LIGHT.keys() == DARK.keys()
    assert set(LIGHT) <= {field.name for field in dataclasses.fields(ft.ColorScheme)}


def test_running_text_and_targets_are_large_enough() -> None:
    assert theme.TEXT_BODY >= 16
    assert theme.TARGET >= 48


@pytest.mark.parametrize("colours", PALETTES.values(), ids=PALETTES)
def test_every_text_style_names_its_colour(colours: dict[str, str]) -> None:
    texts = theme_of(colours).text_theme
    assert texts is not None
    styles = [getattr(texts, field.name) for field in dataclasses.fields(texts)]
    given = [style for style in styles if isinstance(style, ft.TextStyle)]
    assert given
    assert all(style.color == ft.Colors.ON_SURFACE for style in given)


def _role(name: str) -> str:
    """A scheme field as Flet's colour says it: "on_surface" -> "onSurface"."""
    value: str = ft.Colors[name.upper()].value
    return value
