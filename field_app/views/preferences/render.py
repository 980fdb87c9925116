"""Settings on screen."""

from __future__ import annotations

import flet as ft

from field_app.locale import LANGUAGES, Translator
from field_app.views.boundary import keyed
from field_app.views.kit.buttons import quiet, secondary
from field_app.views.kit.chips import Choice, one_of
from field_app.views.kit.notice import banner
from field_app.views.kit.pin import pin_pad
from field_app.views.kit.texts import body
from field_app.views.pane import Pane
from field_app.views.preferences.program import (
    ChangePin,
    GivenUp,
    LanguageChosen,
    Model,
    PinGiven,
)
from field_app.views.program import Dispatch
from field_app.views.session import use_session
from field_app.views.theme import GAP, GOOD
from field_app.views.unlock import Secret


def render(model: Model, dispatch: Dispatch, words: Translator) -> Pane:
    """The overview, or the step of a PIN's change."""
    shown = _overview(model, dispatch, words) if model.step == "overview" else []
    return Pane(
        title=words.t("settings.title"),
        body=ft.Column(
            shown or _pin(model, dispatch, words),
            spacing=GAP,
            scroll=ft.ScrollMode.AUTO,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        ),
    )


def _overview(model: Model, dispatch: Dispatch, words: Translator) -> list[ft.Control]:
    session = use_session()

    def chosen(language: str | None) -> None:
        if language is None:
            return
        dispatch(LanguageChosen(language))
        session.surroundings.words = Translator(language)

    names = {
        "fi": words.t("settings.finnish"),
        "sv": words.t("settings.swedish"),
        "en": words.t("settings.english"),
    }
    account = session.account
    shown: list[ft.Control] = []
    if account is not None:
        role = words.vocabulary("role", account.role) if account.role else ""
        shown.append(body(words.t("settings.who", name=account.name, role=role), strong=True))
    shown += [
        one_of(
            words.t("settings.language"),
            [Choice(each, names[each]) for each in LANGUAGES],
            words.language,
            chosen,
        ),
        secondary(words.t("settings.change_pin"), lambda: dispatch(ChangePin()), ft.Icons.PIN),
    ]
    if model.changed:
        shown.append(banner(words.t("settings.pin_changed"), GOOD))
    return shown


def _pin(model: Model, dispatch: Dispatch, words: Translator) -> list[ft.Control]:
    if model.step == "working":
        return [ft.ProgressRing(), body(words.t("settings.working"))]
    label = {
        "old_pin": words.t("settings.old_pin"),
        "new_pin": words.t("settings.new_pin"),
        "new_again": words.t("settings.new_again"),
    }[model.step]
    return [
        keyed(
            f"pin-{model.step}-{model.attempts}",
            pin_pad,
            label,
            lambda pin: dispatch(PinGiven(Secret(pin))),
            length=use_session().runtime.pin_digits if model.step == "old_pin" else None,
            error=model.failure.text(words) if model.failure else "",
        ),
        quiet(words.t("action.cancel"), lambda: dispatch(GivenUp())),
    ]
