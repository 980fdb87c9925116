"""Taking a device into use, step by step: code, PIN, PIN again, six words, the words back.

The code is redeemed last, when the keys that guard what it gives are durable. A code that is
refused then (it lives ten minutes) is asked for anew; PIN and words stay as they were set.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

from field_app.domain.errors import FieldAppError, PinsDiffer, WordsDiffer
from field_app.store.passphrase import normalise_passphrase
from field_app.store.pin import choose_pin
from field_app.sync.enrolment_code import EnrolmentCode
from field_app.views.failures import Failure, failure_of
from field_app.views.unlock import NO_SECRET, Secret

Step = Literal["code", "pin", "pin_again", "words", "words_back", "working"]
STEPS: tuple[Step, ...] = ("code", "pin", "pin_again", "words", "words_back")

PINS_DIFFER = failure_of(PinsDiffer())
WORDS_DIFFER = failure_of(WordsDiffer())


@dataclass(frozen=True)
class Model:
    """Where the taking into use has come to. Secrets show nothing in a `repr`."""

    step: Step = "code"
    has_keys: bool = False
    """PIN and words were set before: only the code is missing."""
    code: str = field(default="", repr=False)
    pin: Secret = NO_SECRET
    words: Secret = NO_SECRET
    attempts: int = 0
    failure: Failure | None = None


@dataclass(frozen=True)
class KeysFound:
    """Whether PIN and words were set here before."""

    has_keys: bool


@dataclass(frozen=True)
class CodeTyped:
    """The coordinator's code, as far as it is typed."""

    text: str = field(repr=False)


@dataclass(frozen=True)
class Next:
    """Go on to the next step."""


@dataclass(frozen=True)
class Back:
    """One step back."""


@dataclass(frozen=True)
class PinGiven:
    """A PIN."""

    pin: Secret


@dataclass(frozen=True)
class WordsMade:
    """The six generated words."""

    words: Secret


@dataclass(frozen=True)
class WordsTypedBack:
    """What the worker typed back from their paper."""

    words: Secret


@dataclass(frozen=True)
class KeysMade:
    """PIN and words are set, durably."""


@dataclass(frozen=True)
class Refused:
    """An effect failed."""

    effect: object = field(repr=False)
    failure: Failure


@dataclass(frozen=True)
class LookForKeys:
    """Effect: were PIN and words set here before?"""


@dataclass(frozen=True)
class MakeWords:
    """Effect: generate six words."""


@dataclass(frozen=True)
class MakeKeys:
    """Effect: set PIN and words."""

    pin: Secret
    words: Secret


@dataclass(frozen=True)
class Redeem:
    """Effect: redeem the code. When it succeeds, the whole screen goes."""

    code: str = field(repr=False)


Event = (
    KeysFound | CodeTyped | Next | Back | PinGiven | WordsMade | WordsTypedBack | KeysMade | Refused
)
Effect = LookForKeys | MakeWords | MakeKeys | Redeem


def init() -> tuple[Model, tuple[Effect, ...]]:
    """Waiting for a code."""
    return Model(), (LookForKeys(),)


def update(model: Model, event: Event) -> tuple[Model, tuple[Effect, ...]]:
    """Each step is checked before the next; nothing typed is lost by a slip."""
    match event:
        case KeysFound(has_keys):
            return replace(model, has_keys=has_keys), ()
        case CodeTyped(text):
            return replace(model, code=text, failure=None), ()
        case Next():
            return _next(model)
        case Back():
            return _back(model), ()
        case PinGiven(pin):
            return _pin(model, pin)
        case WordsMade(words):
            return replace(model, words=words), ()
        case WordsTypedBack(words):
            return _words_back(model, words)
        case KeysMade():
            return replace(model, has_keys=True), (Redeem(model.code),)
        case Refused(effect, failure):
            return _refused(model, effect, failure), ()


def failed(effect: object, failure: Failure) -> Event:
    """An effect failed: told on the step it belongs to."""
    return Refused(effect, failure)


def _next(model: Model) -> tuple[Model, tuple[Effect, ...]]:
    if model.step == "words":
        return replace(model, step="words_back", failure=None), ()
    try:
        EnrolmentCode.decode(model.code)
    except FieldAppError as slip:
        return replace(model, failure=failure_of(slip)), ()
    if model.has_keys:
        return replace(model, step="working", failure=None), (Redeem(model.code),)
    return replace(model, step="pin", failure=None), ()


def _back(model: Model) -> Model:
    if model.step in ("code", "working"):
        return model
    place = STEPS.index(model.step)
    # A PIN is given anew as a whole: from its repetition one goes back to its first giving.
    return replace(model, step=STEPS[place - 1], failure=None, attempts=model.attempts + 1)


def _pin(model: Model, pin: Secret) -> tuple[Model, tuple[Effect, ...]]:
    again = replace(model, attempts=model.attempts + 1)
    if model.step == "pin":
        try:
            choose_pin(pin.text)
        except FieldAppError as weak:
            return replace(again, failure=failure_of(weak)), ()
        return replace(again, step="pin_again", pin=pin, failure=None), ()
    if pin != model.pin:
        return replace(again, step="pin", pin=NO_SECRET, failure=PINS_DIFFER), ()
    if model.words.text:
        return replace(again, step="words", failure=None), ()
    return replace(again, step="words", failure=None), (MakeWords(),)


def _words_back(model: Model, words: Secret) -> tuple[Model, tuple[Effect, ...]]:
    if normalise_passphrase(words.text) != normalise_passphrase(model.words.text):
        return replace(model, failure=WORDS_DIFFER), ()
    working = replace(model, step="working", failure=None)
    return working, (MakeKeys(model.pin, model.words),)


def _refused(model: Model, effect: object, failure: Failure) -> Model:
    match effect:
        case Redeem():
            return replace(model, step="code", failure=failure)
        case MakeKeys():
            return replace(model, step="pin", pin=NO_SECRET, failure=failure)
        case _:
            return replace(model, failure=failure)
