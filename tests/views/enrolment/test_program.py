"""Taking a device into use: each step is checked before the next, and no slip loses anything."""

from __future__ import annotations

from field_app.sync.enrolment_code import EnrolmentCode
from field_app.views.enrolment.program import (
    PINS_DIFFER,
    WORDS_DIFFER,
    Back,
    CodeTyped,
    Effect,
    Event,
    KeysFound,
    KeysMade,
    MakeKeys,
    MakeWords,
    Model,
    Next,
    PinGiven,
    Redeem,
    WordsMade,
    WordsTypedBack,
    failed,
    init,
    update,
)
from field_app.views.failures import Failure
from field_app.views.unlock import Secret

CODE = EnrolmentCode("127.0.0.1:8700", b"sixteen bytes ok").encode()
WORDS = "hajolo karoko tovanu lirito mehipa samoko"
PIN, OTHER_PIN = "482915", "592713"


def after(*events: Event, start: Model | None = None) -> tuple[Model, tuple[Effect, ...]]:
    """The model after events, and the last one's effects."""
    model, effects = (start, ()) if start else init()
    for event in events:
        model, effects = update(model, event)
    return model, effects


def at_the_words_back() -> Model:
    model, _ = after(
        CodeTyped(CODE),
        Next(),
        PinGiven(Secret(PIN)),
        PinGiven(Secret(PIN)),
        WordsMade(Secret(WORDS)),
        Next(),
    )
    assert model.step == "words_back"
    return model


def test_a_mistyped_code_is_told_at_once_and_stays_in_the_field() -> None:
    typed = CODE[:-1] + ("0" if CODE[-1] != "0" else "1")
    model, effects = after(CodeTyped(typed), Next())
    assert (model.step, model.code, effects) == ("code", typed, ())
    assert model.failure == Failure("code_mistyped")


def test_a_simple_pin_is_refused_with_its_reason() -> None:
    model, _ = after(CodeTyped(CODE), Next(), PinGiven(Secret("123456")))
    assert model.step == "pin"
    assert model.failure is not None
    assert model.failure.code == "pin_too_simple"


def test_two_different_pins_begin_the_pin_anew() -> None:
    model, effects = after(
        CodeTyped(CODE), Next(), PinGiven(Secret(PIN)), PinGiven(Secret(OTHER_PIN))
    )
    assert (model.step, model.failure, effects) == ("pin", PINS_DIFFER, ())


def test_the_words_are_made_once_the_pin_was_given_twice() -> None:
    model, effects = after(CodeTyped(CODE), Next(), PinGiven(Secret(PIN)), PinGiven(Secret(PIN)))
    assert model.step == "words"
    assert effects == (MakeWords(),)


def test_going_back_to_the_words_shows_the_same_words() -> None:
    model, effects = after(Back(), start=at_the_words_back())
    assert (model.step, model.words.text, effects) == ("words", WORDS, ())


def test_words_typed_back_wrong_are_asked_for_again() -> None:
    model, effects = after(WordsTypedBack(Secret("aivan muut sanat")), start=at_the_words_back())
    assert (model.step, model.failure, effects) == ("words_back", WORDS_DIFFER, ())


def test_words_may_be_typed_with_capitals_and_hyphens() -> None:
    model, effects = after(
        WordsTypedBack(Secret(WORDS.upper().replace(" ", "-"))), start=at_the_words_back()
    )
    assert model.step == "working"
    assert effects == (MakeKeys(Secret(PIN), Secret(WORDS)),)


def test_the_code_is_redeemed_only_when_the_keys_are_durable() -> None:
    model, effects = after(WordsTypedBack(Secret(WORDS)), KeysMade(), start=at_the_words_back())
    assert model.has_keys
    assert effects == (Redeem(CODE),)


def test_an_expired_code_is_asked_for_anew_and_the_keys_stay() -> None:
    working, _ = after(WordsTypedBack(Secret(WORDS)), KeysMade(), start=at_the_words_back())
    model, _ = after(failed(Redeem(CODE), Failure("code_expired")), start=working)
    assert (model.step, model.has_keys) == ("code", True)
    assert model.failure == Failure("code_expired")
    again, effects = after(CodeTyped(CODE), Next(), start=model)
    assert (again.step, effects) == ("working", (Redeem(CODE),))


def test_a_device_with_keys_needs_only_a_code() -> None:
    model, effects = after(KeysFound(has_keys=True), CodeTyped(CODE), Next())
    assert (model.step, effects) == ("working", (Redeem(CODE),))


def test_no_repr_shows_a_secret() -> None:
    model = at_the_words_back()
    for shown in (repr(model), repr(MakeKeys(model.pin, model.words)), repr(Redeem(CODE))):
        assert PIN not in shown
        assert "hajolo" not in shown
        assert CODE not in shown
