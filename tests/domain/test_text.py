"""Free text at input: one form, nothing invisible, no words lost."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from field_app.domain.text import clean_line, clean_note


def test_letters_typed_as_letter_and_dots_become_one_character() -> None:
    assert clean_line("Pa\u0308ivi") == "Päivi"


def test_a_note_keeps_its_lines_and_a_name_does_not() -> None:
    assert (
        clean_note("Tavattu asemalla.\r\nKahvi kelpasi.\r") == "Tavattu asemalla.\nKahvi kelpasi."
    )
    assert clean_line("Kirjaston\n  Nea ") == "Kirjaston Nea"


def test_control_characters_and_direction_overrides_go() -> None:
    assert clean_note("a\x00b\x07c\u202ed\ufeff") == "abcd"


def test_joiners_that_shape_words_and_emoji_stay() -> None:
    assert clean_note("می\u200cخواهم 👩\u200d🦽") == "می\u200cخواهم 👩\u200d🦽"


def test_direction_marks_stay_where_they_were_typed_and_overrides_go() -> None:
    typed = "هو ينتظر عند المحطة \u200f(asema)\u200f!"
    assert clean_note(typed) == typed
    assert clean_line(typed) == typed
    assert clean_note("a\u202eb\u2066c\u2069\u202c") == "abc"


def test_lone_surrogates_that_no_utf8_can_hold_go() -> None:
    clean_note("a\ud800b").encode()


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean_note(clean_note(text)) == clean_note(text)
    assert clean_line(clean_line(text)) == clean_line(text)


@given(st.text(st.characters(categories=["L", "N", "P"])))
def test_letters_digits_and_punctuation_are_never_lost(text: str) -> None:
    assert clean_note(text) == unicodedata.normalize("NFC", text)


@given(st.text())
def test_what_is_kept_is_composed(text: str) -> None:
    assert unicodedata.is_normalized("NFC", clean_note(text))
