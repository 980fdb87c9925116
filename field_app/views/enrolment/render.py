"""The steps of taking a device into use, one question each."""

from __future__ import annotations

import flet as ft

from field_app.locale import Translator
from field_app.views.boundary import keyed, part
from field_app.views.enrolment.program import (
    STEPS,
    Back,
    CodeTyped,
    Model,
    Next,
    PinGiven,
    WordsTypedBack,
)
from field_app.views.kit.buttons import primary, quiet
from field_app.views.kit.fields import exact_field
from field_app.views.kit.notice import banner
from field_app.views.kit.pin import pin_pad
from field_app.views.kit.texts import body, heading, small
from field_app.views.pane import Pane
from field_app.views.program import Dispatch
from field_app.views.session import use_words
from field_app.views.theme import CORNER, GAP, PROBLEM, TEXT_LEAD
from field_app.views.unlock import Secret


def render(model: Model, dispatch: Dispatch, words: Translator) -> Pane:
    """The present step."""
    match model.step:
        case "code":
            shown = _code(model, dispatch, words)
        case "pin" | "pin_again":
            shown = _pin(model, dispatch, words)
        case "words":
            shown = _words(model, dispatch, words)
        case "words_back":
            shown = [keyed(f"back-{model.attempts}", _words_back, model, dispatch)]
        case "working":
            shown = [ft.ProgressRing(), body(words.t("enrol.working"))]
    return Pane(
        title=words.t("app.name"),
        body=ft.Column(
            [*_place(model, words), *shown],
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
            spacing=GAP,
            scroll=ft.ScrollMode.AUTO,
        ),
    )


def _place(model: Model, words: Translator) -> list[ft.Control]:
    if model.step == "working":
        return []
    place = STEPS.index(model.step) + 1
    return [small(words.t("enrol.step", place=place, steps=len(STEPS)))]


def _code(model: Model, dispatch: Dispatch, words: Translator) -> list[ft.Control]:
    shown: list[ft.Control] = [
        heading(words.t("enrol.code_title")),
        body(words.t("enrol.code_help")),
    ]
    if model.has_keys:
        shown.append(banner(words.t("enrol.keys_kept")))
    return [
        *shown,
        exact_field(
            words.t("enrol.code"),
            model.code,
            lambda text: dispatch(CodeTyped(text)),
            error=model.failure.text(words) if model.failure else "",
            on_submit=lambda: dispatch(Next()),
        ),
        primary(words.t("enrol.next"), lambda: dispatch(Next()), ft.Icons.ARROW_FORWARD),
    ]


def _pin(model: Model, dispatch: Dispatch, words: Translator) -> list[ft.Control]:
    again = model.step == "pin_again"
    return [
        body(words.t("enrol.pin_again_help") if again else words.t("enrol.pin_help")),
        keyed(
            f"pin-{model.step}-{model.attempts}",
            pin_pad,
            words.t("enrol.pin_again") if again else words.t("enrol.pin"),
            lambda pin: dispatch(PinGiven(Secret(pin))),
            error=model.failure.text(words) if model.failure else "",
        ),
        quiet(words.t("enrol.back"), lambda: dispatch(Back())),
    ]


def _words(model: Model, dispatch: Dispatch, words: Translator) -> list[ft.Control]:
    numbered = [
        ft.Text(f"{number}. {word}", size=TEXT_LEAD, weight=ft.FontWeight.W_600)
        for number, word in enumerate(model.words.text.split(), 1)
    ]
    card = ft.Container(
        content=ft.Column(list(numbered), spacing=8),
        bgcolor=ft.Colors.SURFACE_CONTAINER_HIGH,
        border_radius=CORNER,
        padding=GAP,
    )
    return [
        heading(words.t("enrol.words_title")),
        body(words.t("enrol.words_help")),
        ft.Semantics(content=card, container=True, identifier="six-words"),
        primary(words.t("enrol.words_written"), lambda: dispatch(Next()), ft.Icons.EDIT_NOTE),
        quiet(words.t("enrol.back"), lambda: dispatch(Back())),
    ]


@part
def _words_back(model: Model, dispatch: Dispatch) -> ft.Control:
    words = use_words()
    typed = ft.use_ref("")

    def keep(text: str) -> None:
        typed.current = text

    def give() -> None:
        dispatch(WordsTypedBack(Secret(typed.current or "")))

    shown: list[ft.Control] = [
        heading(words.t("enrol.words_back_title")),
        body(words.t("enrol.words_back_help")),
    ]
    if model.failure:
        shown.append(banner(model.failure.text(words), PROBLEM))
    shown += [
        exact_field(words.t("enrol.words"), "", keep, autofocus=True, on_submit=give),
        primary(words.t("enrol.finish"), give, ft.Icons.CHECK),
        quiet(words.t("enrol.see_words"), lambda: dispatch(Back())),
    ]
    return ft.Column(
        shown, spacing=GAP, horizontal_alignment=ft.CrossAxisAlignment.STRETCH, tight=True
    )
