"""The first screen of a locked app: the PIN, or the passphrase when the PIN is gone."""

from __future__ import annotations

from dataclasses import dataclass, replace

import flet as ft

from field_app.locale import Translator
from field_app.views.boundary import keyed, part
from field_app.views.failures import Failure
from field_app.views.kit.buttons import primary, quiet
from field_app.views.kit.fields import exact_field
from field_app.views.kit.pin import pin_pad
from field_app.views.kit.texts import body
from field_app.views.pane import Pane
from field_app.views.program import Dispatch, Program
from field_app.views.session import use_session, use_words
from field_app.views.theme import GAP


@dataclass(frozen=True)
class Model:
    """What the unlock screen shows; the secret itself is never in it."""

    busy: bool = False
    with_passphrase: bool = False
    attempts: int = 0
    failure: Failure | None = None


@dataclass(frozen=True)
class Secret:
    """A PIN or passphrase on its way to the vault; its `repr` shows nothing."""

    text: str

    def __repr__(self) -> str:
        """Nothing of the secret."""
        return "Secret(…)"


NO_SECRET = Secret("")
"""Where nothing was given yet."""


@dataclass(frozen=True)
class Given:
    """The person gave a secret."""

    secret: Secret


@dataclass(frozen=True)
class OtherWay:
    """The person wants the passphrase instead of the PIN, or the other way round."""


@dataclass(frozen=True)
class Refused:
    """The vault did not open."""

    failure: Failure


@dataclass(frozen=True)
class Open:
    """Effect: try to open the vault. When it opens, the whole screen goes."""

    secret: Secret


Event = Given | OtherWay | Refused


def init() -> tuple[Model, tuple[Open, ...]]:
    """Waiting for a PIN."""
    return Model(), ()


def update(model: Model, event: Event) -> tuple[Model, tuple[Open, ...]]:
    """One attempt at a time; each wrong one clears what was typed."""
    if isinstance(event, Given):
        if model.busy:
            return model, ()
        return replace(model, busy=True, failure=None), (Open(event.secret),)
    if isinstance(event, OtherWay):
        return replace(model, with_passphrase=not model.with_passphrase, failure=None), ()
    return replace(model, busy=False, attempts=model.attempts + 1, failure=event.failure), ()


def failed(_effect: object, failure: Failure) -> Event:
    """The vault refused."""
    return Refused(failure)


def render(model: Model, dispatch: Dispatch, words: Translator) -> Pane:
    """A PIN pad, or a field for six words."""
    error = model.failure.text(words) if model.failure else ""
    if model.with_passphrase:
        content = _passphrase(model, dispatch, error)
        other = words.t("unlock.use_pin")
    else:
        content = keyed(
            f"pin-{model.attempts}",
            pin_pad,
            words.t("unlock.pin"),
            lambda pin: dispatch(Given(Secret(pin))),
            length=use_session().runtime.pin_digits,
            busy=model.busy,
            error=error,
        )
        other = words.t("unlock.use_passphrase")
    return Pane(
        title=words.t("app.name"),
        body=ft.Column(
            [
                ft.Icon(ft.Icons.LOCK_OUTLINE, size=40, color=ft.Colors.PRIMARY),
                content,
                ft.ProgressRing() if model.busy else ft.Container(height=36),
                quiet(other, lambda: dispatch(OtherWay())),
            ],
            horizontal_alignment=ft.CrossAxisAlignment.CENTER,
            spacing=GAP,
            scroll=ft.ScrollMode.AUTO,
        ),
    )


@part
def _passphrase(model: Model, dispatch: Dispatch, error: str) -> ft.Control:
    words = use_words()
    typed = ft.use_ref("")

    def keep(text: str) -> None:
        typed.current = text

    def give() -> None:
        dispatch(Given(Secret(typed.current or "")))

    field = keyed(
        f"words-{model.attempts}",
        exact_field,
        words.t("unlock.passphrase"),
        "",
        keep,
        error=error,
        autofocus=True,
        on_submit=give,
    )
    open_it = primary(words.t("unlock.open"), give, ft.Icons.LOCK_OPEN, disabled=model.busy)
    return ft.Column([body(words.t("unlock.passphrase_help")), field, open_it], spacing=GAP)


UNLOCK: Program[Model, Event] = Program("unlock", init, update, render, failed)
