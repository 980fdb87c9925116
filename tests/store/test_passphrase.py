"""Six generated words: strong, sayable, and what was misread is found."""

from __future__ import annotations

import hashlib
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from field_app.domain.errors import PassphraseNotAllowed
from field_app.store.passphrase import (
    CONSONANTS,
    VOWELS,
    choose_passphrase,
    entropy_bits,
    generate_passphrase,
    misread_words,
    normalise_passphrase,
    words,
)
from tests.store.makers import PASSPHRASE, SeededEntropy


def test_the_list_is_long_enough_and_has_no_word_twice() -> None:
    assert len(words()) == len(set(words())) >= 2048
    assert entropy_bits() >= 66


def test_the_list_is_the_same_on_every_device() -> None:
    digest = hashlib.sha256(" ".join(words()).encode()).hexdigest()
    assert digest == "acf6ef2008f002d10f4a9210d619bb35346a0cfa845e0ec019cb7568e99165ea"


def test_every_word_can_be_said_in_any_language() -> None:
    for word in words():
        assert len(word) == 6
        assert set(word[::2]) <= set(CONSONANTS)
        assert set(word[1::2]) <= set(VOWELS)


def test_no_word_is_one_letter_from_another() -> None:
    known = set(words())
    for word in words():
        for at, letter in enumerate(word):
            kind = CONSONANTS if at % 2 == 0 else VOWELS
            misread = (word[:at] + other + word[at + 1 :] for other in kind if other != letter)
            assert known.isdisjoint(misread)


def test_two_letters_of_a_kind_exchanged_make_no_other_word() -> None:
    known = set(words())
    for word in words():
        for first, second in ((0, 2), (2, 4), (0, 4), (1, 3), (3, 5), (1, 5)):
            letters = list(word)
            letters[first], letters[second] = letters[second], letters[first]
            exchanged = "".join(letters)
            assert exchanged == word or exchanged not in known


@pytest.mark.parametrize("part", ["kuk", "homo", "hora", "rape", "isis", "satan", "vitu", "tapa"])
def test_no_word_is_crude_or_frightening(part: str) -> None:
    assert not [word for word in words() if part in word]


def test_generated_passphrases_are_accepted_and_differ() -> None:
    entropy = SeededEntropy()
    made = [generate_passphrase(entropy) for _ in range(200)]
    assert len(set(made)) == 200
    assert all(choose_passphrase(passphrase) == passphrase for passphrase in made)


def test_words_are_drawn_evenly() -> None:
    """Every two bytes below the last whole multiple lead to each word equally often."""

    class Counting:
        def __init__(self) -> None:
            self.number = -1

        def bytes(self, count: int) -> bytes:
            self.number += 1
            return self.number.to_bytes(count, "big")

        def new_id(self) -> str:
            raise AssertionError("no ids here")

    counting = Counting()
    rounds = 2**16 // len(words())
    drawn: dict[str, int] = {}
    for _ in range(rounds * len(words()) // 6):
        for word in generate_passphrase(counting).split():
            drawn[word] = drawn.get(word, 0) + 1
    assert set(drawn.values()) <= {rounds, rounds - 1}
    assert counting.number < rounds * len(words())


@pytest.mark.parametrize(
    "typed",
    [
        PASSPHRASE.upper(),
        PASSPHRASE.title(),
        PASSPHRASE.replace(" ", "-"),
        PASSPHRASE.replace(" ", "\u2013"),
        PASSPHRASE.replace(" ", ""),
        PASSPHRASE.replace(" ", ",  "),
        f"  {PASSPHRASE}.\n",
        PASSPHRASE.replace(" ", "\u00a0"),
        "".join(chr(ord(c) + 0xFEE0) if c.isalpha() else c for c in PASSPHRASE),
    ],
)
def test_how_it_is_typed_makes_no_difference(typed: str) -> None:
    assert choose_passphrase(typed) == PASSPHRASE


@given(st.text(max_size=60))
def test_normalising_twice_is_normalising_once(typed: str) -> None:
    once = normalise_passphrase(typed)
    assert normalise_passphrase(once) == once
    assert unicodedata.is_normalized("NFC", once)


@given(st.integers(0, 5), st.integers(0, 5), st.sampled_from(CONSONANTS + VOWELS))
def test_one_misread_letter_is_pointed_at(word: int, letter: int, read: str) -> None:
    kind = CONSONANTS if letter % 2 == 0 else VOWELS
    typed = PASSPHRASE.split()
    if read not in kind or typed[word][letter] == read:
        return
    typed[word] = typed[word][:letter] + read + typed[word][letter + 1 :]
    assert misread_words(" ".join(typed)) == [word]


@pytest.mark.parametrize(
    "typed",
    ["", "kissa", PASSPHRASE.rsplit(" ", 1)[0], f"{PASSPHRASE} hajolo", "minun oma salasanani"],
)
def test_only_six_words_of_the_list_are_a_passphrase(typed: str) -> None:
    with pytest.raises(PassphraseNotAllowed):
        choose_passphrase(typed)
