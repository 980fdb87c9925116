"""Dialogs that ask before something larger happens."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from field_app.views.kit.buttons import danger, primary, quiet
from field_app.views.kit.texts import body


def confirm(
    title: str,
    text: str,
    yes: tuple[str, Callable[[], None]],
    no: tuple[str, Callable[[], None]],
    *,
    irreversible: bool = False,
) -> ft.AlertDialog:
    """A question with two answers; give it to `ft.use_dialog` while it should be open."""
    accept = danger if irreversible else primary
    return ft.AlertDialog(
        modal=True,
        title=ft.Text(title),
        content=body(text),
        actions=[quiet(no[0], no[1]), accept(yes[0], yes[1])],
        actions_alignment=ft.MainAxisAlignment.END,
    )
