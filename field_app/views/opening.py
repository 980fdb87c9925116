"""What Flet is given to open a page of the app."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import flet as ft

from field_app.locale import Translator
from field_app.views.app import AppParts, open_app
from field_app.views.failures import report

ASSETS = Path(__file__).parent / "assets"


def page_opener(parts: AppParts) -> Callable[[ft.Page], Coroutine[Any, Any, None]]:
    """What Flet calls with each new page."""
    attendance = parts.attendance()

    async def main(page: ft.Page) -> None:
        try:
            await open_app(page, parts, attendance)
        except Exception as error:  # noqa: BLE001 - Flet would show the exception's text
            report(error, "opening a page")
            words = Translator(parts.language)
            texts = (words.t("fallback.heading"), words.t("fallback.safe"))
            page.views = [ft.View(controls=[ft.Text(text) for text in texts])]
            page.update()

    return main
