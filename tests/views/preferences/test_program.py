"""Settings: a new PIN is proved by the old one, and the old one opens until it is set."""

from __future__ import annotations

from field_app.views.enrolment.program import PINS_DIFFER
from field_app.views.failures import Failure
from field_app.views.preferences.program import (
    ChangePin,
    GivenUp,
    KeepLanguage,
    LanguageChosen,
    Model,
    PinChanged,
    PinGiven,
    SetPin,
    failed,
    init,
    update,
)
from field_app.views.unlock import Secret

OLD, NEW = Secret("482915"), Secret("592713")


def changing(*pins: Secret) -> Model:
    """The screen after these PINs were given."""
    model, _ = update(init()[0], ChangePin())
    for pin in pins:
        model, _ = update(model, PinGiven(pin))
    return model


def test_a_chosen_language_is_kept_on_the_device() -> None:
    assert update(Model(), LanguageChosen("sv")) == (Model(), (KeepLanguage("sv"),))


def test_the_old_pin_and_twice_the_new_one_change_it() -> None:
    _, effects = update(changing(OLD, NEW), PinGiven(NEW))
    assert effects == (SetPin(OLD, NEW),)


def test_a_new_pin_given_differently_is_chosen_again() -> None:
    model, effects = update(changing(OLD, NEW), PinGiven(OLD))
    assert (model.step, model.failure, effects) == ("new_pin", PINS_DIFFER, ())


def test_a_simple_new_pin_is_refused_with_its_reason() -> None:
    model = changing(OLD, Secret("111111"))
    assert model.step == "new_pin"
    assert model.failure == Failure("pin_too_simple")


def test_a_wrong_old_pin_is_told_and_asked_for_again() -> None:
    refusal = failed(SetPin(OLD, NEW), Failure("wrong_pin"))
    assert refusal is not None
    model, _ = update(changing(OLD, NEW), refusal)
    assert (model.step, model.failure) == ("old_pin", Failure("wrong_pin"))
    assert model.old.text == ""


def test_the_change_can_be_broken_off_at_any_step() -> None:
    for given in ((), (OLD,), (OLD, NEW)):
        model, effects = update(changing(*given), GivenUp())
        assert (model.step, model.old.text, model.new.text, effects) == ("overview", "", "", ())


def test_success_is_said_on_the_overview() -> None:
    model, _ = update(changing(OLD, NEW), PinChanged())
    assert (model.step, model.changed) == ("overview", True)


def test_no_repr_shows_a_pin() -> None:
    assert OLD.text not in repr(changing(OLD, NEW))
    assert OLD.text not in repr(SetPin(OLD, NEW))
