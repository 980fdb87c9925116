"""Which PINs may be chosen, and what a typed PIN means.

Six digits are enough because the device's secret is mixed in and wrong tries wait; the PINs that
everybody tries first are refused all the same.
"""

from __future__ import annotations

import unicodedata
from itertools import pairwise

from field_app.domain.errors import PinNotDigits, PinTooShort, PinTooSimple

PIN_DIGITS_MIN = 6
PIN_DIGITS_MAX = 16


def normalise_pin(typed: str) -> str:
    """The digits of what was typed: other scripts' digits become 0-9, spaces are dropped."""
    return "".join(unicodedata.normalize("NFKC", typed).split())


def is_pin_shaped(pin: str) -> bool:
    """Whether a normalised text can be a PIN at all; a wrong shape is not worth a try."""
    return pin.isascii() and pin.isdigit() and PIN_DIGITS_MIN <= len(pin) <= PIN_DIGITS_MAX


def looks_like_pin(typed: str) -> bool:
    """Whether somebody who may type either meant a PIN: a passphrase has letters."""
    return bool(typed.strip()) and not any(character.isalpha() for character in typed)


def choose_pin(typed: str) -> str:
    """Normalise a PIN that someone wants to use from now on.

    Raises:
        PinNotDigits: there is something other than digits.
        PinTooShort: fewer than 6 digits (or more than 16).
        PinTooSimple: one of those that are tried first.
    """
    pin = normalise_pin(typed)
    if not (pin.isascii() and pin.isdigit()) and pin:
        raise PinNotDigits("a PIN is digits only")
    if not is_pin_shaped(pin):
        raise PinTooShort("a PIN has 6 to 16 digits", least=PIN_DIGITS_MIN, most=PIN_DIGITS_MAX)
    if is_simple(pin):
        raise PinTooSimple("a PIN that is tried first")
    return pin


def is_simple(pin: str) -> bool:
    """Whether the digits follow a pattern: steps, a repeated group, doubled or mirrored runs.

    000000 123456 098765 246802 121212 123123 112233 123321 111222
    """
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(pin)}
    if len(steps) == 1 or len(set(pin)) < 3:
        return True
    if any(pin == pin[:size] * (len(pin) // size) for size in range(1, len(pin) // 2 + 1)):
        return True
    if pin == pin[::-1]:
        return True
    return is_run_of_groups(pin, 2) or is_run_of_groups(pin, 3)


def is_run_of_groups(pin: str, size: int) -> bool:
    """Whether the PIN is groups of one digit each: 112233 (size 2), 444888 (size 3)."""
    groups = [pin[at : at + size] for at in range(0, len(pin), size)]
    return all(len(group) == size and len(set(group)) == 1 for group in groups)
