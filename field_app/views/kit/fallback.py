"""What is shown in place of something that broke: calm, and with a way on."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from field_app.locale import Translator
from field_app.views.kit.buttons import primary, secondary
from field_app.views.kit.notice import banner
from field_app.views.kit.texts import body, heading
from field_app.views.pane import Pane
from field_app.views.theme import ATTENTION, GAP


def crashed_screen(
    words: Translator, again: Callable[[], None], to_today: Callable[[], None]
) -> Pane:
    """In place of a screen: what happened, that saved work is safe, and two ways on."""
    return Pane(
        title=words.t("fallback.title"),
        body=ft.Column(
            [
                heading(words.t("fallback.heading")),
                body(words.t("fallback.safe")),
                primary(words.t("fallback.again"), again, ft.Icons.REFRESH),
                secondary(words.t("fallback.today"), to_today, ft.Icons.TODAY),
            ],
            spacing=GAP,
        ),
    )


def crashed_part(words: Translator) -> ft.Control:
    """In place of a piece of a screen."""
    return banner(words.t("fallback.part"), ATTENTION)
