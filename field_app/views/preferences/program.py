"""Settings: the language of the screens, and a new PIN proved by the old one or the passphrase."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from field_app.domain.errors import FieldAppError
from field_app.store.pin import choose_pin
from field_app.views.enrolment.program import PINS_DIFFER
from field_app.views.failures import Failure, failure_of
from field_app.views.unlock import NO_SECRET, Secret

Step = Literal["overview", "old_pin", "new_pin", "new_again", "working"]


@dataclass(frozen=True)
class Model:
    """Where the screen is; secrets show nothing in a `repr`."""

    step: Step = "overview"
    old: Secret = NO_SECRET
    new: Secret = NO_SECRET
    attempts: int = 0
    changed: bool = False
    failure: Failure | None = None


@dataclass(frozen=True)
class LanguageChosen:
    """The screens shall speak this language from now on."""

    language: str


@dataclass(frozen=True)
class ChangePin:
    """The person wants a new PIN."""


@dataclass(frozen=True)
class PinGiven:
    """Digits, whichever are asked for."""

    pin: Secret


@dataclass(frozen=True)
class GivenUp:
    """The change of the PIN is broken off; the old one stays."""


@dataclass(frozen=True)
class PinChanged:
    """The new PIN is set."""


@dataclass(frozen=True)
class Refused:
    """The vault refused; the old PIN stays."""

    failure: Failure


@dataclass(frozen=True)
class KeepLanguage:
    """Effect: keep the language on this device."""

    language: str


@dataclass(frozen=True)
class SetPin:
    """Effect: change the PIN."""

    old: Secret
    new: Secret


Event = LanguageChosen | ChangePin | PinGiven | GivenUp | PinChanged | Refused
Effect = KeepLanguage | SetPin


def init() -> tuple[Model, tuple[Effect, ...]]:
    """The overview."""
    return Model(), ()


def update(model: Model, event: Event) -> tuple[Model, tuple[Effect, ...]]:
    """One thing at a time; the old PIN opens until the new one is proved on disk."""
    match event:
        case LanguageChosen(language):
            return model, (KeepLanguage(language),)
        case ChangePin():
            return Model(step="old_pin", attempts=model.attempts + 1), ()
        case PinGiven(pin):
            return _given(replace(model, attempts=model.attempts + 1), pin)
        case GivenUp():
            return Model(attempts=model.attempts + 1), ()
        case PinChanged():
            return Model(attempts=model.attempts + 1, changed=True), ()
        case Refused(failure):
            return Model(step="old_pin", attempts=model.attempts + 1, failure=failure), ()


def failed(effect: object, failure: Failure) -> Event | None:
    """A refused PIN is told here; anything else by a notice."""
    return Refused(failure) if isinstance(effect, SetPin) else None


def _given(model: Model, pin: Secret) -> tuple[Model, tuple[Effect, ...]]:
    if model.step == "old_pin":
        return replace(model, step="new_pin", old=pin, failure=None), ()
    if model.step == "new_pin":
        try:
            choose_pin(pin.text)
        except FieldAppError as weak:
            return replace(model, failure=failure_of(weak)), ()
        return replace(model, step="new_again", new=pin, failure=None), ()
    if pin != model.new:
        return replace(model, step="new_pin", new=NO_SECRET, failure=PINS_DIFFER), ()
    return replace(model, step="working", failure=None), (SetPin(model.old, pin),)
