"""Which PINs may be chosen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from field_app.domain.errors import PinNotAllowed, PinNotDigits, PinTooShort, PinTooSimple
from field_app.store.pin import (
    choose_pin,
    is_pin_shaped,
    is_simple,
    looks_like_pin,
    normalise_pin,
)


@pytest.mark.parametrize(
    "pin",
    [
        *("000000", "111111", "999999"),
        *("123456", "654321", "012345", "890123", "098765", "135791", "246802"),
        *("121212", "123123", "001001", "12341234"),
        *("112233", "111222", "998877", "00112233"),
        *("123321", "100001", "111112", "122222"),
    ],
)
def test_what_is_tried_first_is_refused(pin: str) -> None:
    with pytest.raises(PinTooSimple):
        choose_pin(pin)


@pytest.mark.parametrize("pin", ["482915", "592713", "739164", "19847203", "3141592653589793"])
def test_other_pins_are_taken(pin: str) -> None:
    assert choose_pin(pin) == pin


@pytest.mark.parametrize("pin", ["", "4", "48291", "12345678901234567"])
def test_too_few_or_too_many_digits_are_refused_with_the_limits(pin: str) -> None:
    with pytest.raises(PinTooShort) as refused:
        choose_pin(pin)
    assert refused.value.values == {"least": 6, "most": 16}


@pytest.mark.parametrize("pin", ["48291a", "4829-15", "salasana", "٤٨٢٩١٥", "48291½"])
def test_other_than_digits_is_refused(pin: str) -> None:
    with pytest.raises(PinNotDigits):
        choose_pin(pin)


@pytest.mark.parametrize("typed", ["482 915", " 482915 ", "482\u00a0915", "482915"])
def test_spaces_and_wide_digits_make_no_difference(typed: str) -> None:
    assert choose_pin(typed) == "482915"


@given(st.text(max_size=20))
def test_a_chosen_pin_is_one_that_can_be_typed_again(typed: str) -> None:
    try:
        chosen = choose_pin(typed)
    except PinNotAllowed:
        return
    assert is_pin_shaped(chosen)
    assert normalise_pin(typed) == chosen


def test_few_pins_are_refused() -> None:
    simple = sum(is_simple(f"{number:06d}") for number in range(0, 1_000_000, 17))
    assert simple * 17 < 6_000


@pytest.mark.parametrize("typed", ["482915", "482 915", " 12", "4829-15", "48"])
def test_digits_are_meant_as_a_pin_even_when_they_are_wrong(typed: str) -> None:
    assert looks_like_pin(typed)


@pytest.mark.parametrize("typed", ["", "  ", "hajolo karoko", "HAJOLO", "h"])
def test_letters_are_meant_as_a_passphrase(typed: str) -> None:
    assert not looks_like_pin(typed)
