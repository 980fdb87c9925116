"""What people read comes from the catalogue: no literal text in a screen.

A control's text is a call such as `say.t("unlock.title")`, or data. A literal with a letter in it,
given to `ft.Text(…)` or as `label=`, is a text that Swedish speakers would read in another
language. Units and signs ("mmHg", "%") are texts as well, once they hold a letter.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from lint.findings import Finding, SourceFile

TEXT_CONTROLS = frozenset(
    [
        "Text",
        "TextSpan",
        "Markdown",
        "Button",
        "TextButton",
        "FilledButton",
        "FilledTonalButton",
        "OutlinedButton",
        "ElevatedButton",
        "SnackBar",
        "Tooltip",
        "Tab",
        "Chip",
        "Option",
        "DropdownOption",
    ]
)
"""Controls whose first positional argument people read."""

TEXT_ARGUMENTS = frozenset(
    [
        "label",
        "title",
        "subtitle",
        "tooltip",
        "hint_text",
        "helper",
        "error",
        "counter",
        "content",
        "text",
        "heading",
        "message",
        "semantics_label",
        "placeholder",
        "prefix",
        "suffix",
        "bar_hint_text",
        "help_text",
        "cancel_text",
        "confirm_text",
        "hint_style_text",
        "error_text",
        "helper_text",
        "header",
        "description",
        "caption",
    ]
)
"""Keyword arguments people read, whatever the control."""


def literal_texts(file: SourceFile) -> Iterator[Finding]:
    """Find literal texts handed to controls."""
    if not file.within("field_app/views"):
        return
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Call):
            for argument in _read_by_people(node):
                for literal in _literals(argument):
                    yield file.finding(argument, f"{literal!r} belongs into the catalogue")


def _read_by_people(call: ast.Call) -> Iterator[ast.expr]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name in TEXT_CONTROLS:
        yield from call.args[:1]
        yield from (keyword.value for keyword in call.keywords if keyword.arg == "value")
    for keyword in call.keywords:
        if keyword.arg in TEXT_ARGUMENTS:
            yield keyword.value


def _literals(value: ast.expr) -> Iterator[str]:
    """The literal texts an expression may become; calls are the catalogue's or data."""
    if isinstance(value, ast.Constant):
        if isinstance(value.value, str) and any(sign.isalpha() for sign in value.value):
            yield value.value
        return
    parts: list[ast.expr] = []
    if isinstance(value, ast.JoinedStr):
        parts = value.values
    elif isinstance(value, ast.IfExp):
        parts = [value.body, value.orelse]
    elif isinstance(value, ast.BoolOp):
        parts = value.values
    elif isinstance(value, ast.BinOp):
        parts = [value.left, value.right]
    for part in parts:
        yield from _literals(part)
