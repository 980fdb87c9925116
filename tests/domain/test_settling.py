"""Settling: which way fits a field, and texts joined without a line lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from field_app.domain.declaration import declaration_of
from field_app.domain.errors import InvalidRecord
from field_app.domain.records import RECORD_TYPES
from field_app.domain.settling import Said, Way, checked, joined_text, text_in, way_of, with_text

WORKER = "ab" * 16
NOW = "2026-11-22T10:15:00.000Z"
lines = st.text(st.characters(categories=["L", "N", "P"], exclude_characters=":"), max_size=12)
texts = st.lists(lines, min_size=1, max_size=6).map("\n".join).map(str.strip)


def is_within(part: list[str], whole: list[str]) -> bool:
    """Whether the lines of `part` stand in `whole`, in their order."""
    rest = iter(whole)
    return all(line in rest for line in part)


def filled(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.strip()]


@given(texts, texts)
def test_a_joined_text_keeps_every_line_of_both_in_order(one: str, other: str) -> None:
    joined = joined_text([Said("Yksi:", one), Said("Toinen:", other)]).split("\n")
    assert is_within(filled(one), joined)
    assert is_within(filled(other), joined)


@given(st.lists(texts, min_size=1, max_size=4))
def test_any_number_of_texts_is_joined_without_loss(many: list[str]) -> None:
    joined = joined_text([Said(f"{n}:", text) for n, text in enumerate(many)]).split("\n")
    assert all(is_within(filled(text), joined) for text in many)


@given(texts, texts, texts)
def test_what_texts_begin_with_alike_is_said_once(start: str, one: str, other: str) -> None:
    marked = f"yhteinen alku\n{start}".rstrip()
    joined = joined_text([Said("A:", f"{marked}\n{one}x1"), Said("B:", f"{marked}\n{other}x2")])
    assert joined.count("yhteinen alku") == 1
    assert joined.startswith("yhteinen alku")


@given(texts, texts)
def test_a_text_that_the_other_carries_on_is_not_said_twice(start: str, more: str) -> None:
    longer = f"{start}\n{more}".strip()
    assert joined_text([Said("A:", start), Said("B:", longer)]) == longer


@given(texts)
def test_a_text_joined_with_itself_is_itself(text: str) -> None:
    assert joined_text([Said("A:", text), Said("B:", text)]) == text.strip()


def test_joined_texts_name_their_authors() -> None:
    assert joined_text([Said("Outi:", "Tavattu.\nKylmä."), Said("Niko:", "Tavattu.\nHaava.")]) == (
        "Tavattu.\n\nOuti:\nKylmä.\n\nNiko:\nHaava."
    )


def test_nothing_to_join_is_nothing() -> None:
    assert joined_text([]) == ""


@pytest.mark.parametrize(
    ("record_type", "key", "way"),
    [
        ("person", "housing", Way.WHEN),
        ("person", "phone", Way.LINE),
        ("person", "phone_kind", Way.CODE),
        ("person", "interpreter", Way.CHOOSE),
        ("person", "own_worker", Way.CHOOSE),
        ("encounter", "note", Way.TEXTS),
        ("encounter", "correction", Way.TEXTS),
        ("encounter", "signature", Way.CHOOSE),
        ("encounter", "next_try_on", Way.DAY),
        ("encounter", "next_step", Way.CHOOSE),
        ("assessment", "worker_score/housing", Way.CODE),
        ("assessment", "need_note/housing", Way.LINE),
        ("health_note", "blood_pressure", Way.CHOOSE),
        ("health_note", "temperature", Way.LINE),
        ("person", "from_tomorrow", Way.NEWER),
        ("unheard_of", "name", Way.NEWER),
    ],
)
def test_each_field_is_settled_the_way_that_fits_it(record_type: str, key: str, way: Way) -> None:
    assert way_of(record_type, key) is way


def test_every_declared_field_has_a_way() -> None:
    for record_type, record in RECORD_TYPES.items():
        for key in declaration_of(record).by_key:
            assert way_of(record_type, key) is not Way.NEWER, (record_type, key)


def test_what_is_typed_is_cleaned_as_its_field_declares() -> None:
    assert checked("person", "phone", "  040  000 0000 ") == "040 000 0000"
    assert checked("person", "birth_year", "1980") == 1980
    assert checked("health_note", "temperature", "37,10") == "37.1"


@pytest.mark.parametrize(
    ("record_type", "key", "typed"),
    [
        ("person", "birth_year", "kauan sitten"),
        ("person", "birth_year", "1492"),
        ("encounter", "note", "x" * 20_001),
        ("encounter", "next_try_on", "huomenna"),
    ],
)
def test_what_a_field_cannot_hold_is_refused_by_name(
    record_type: str, key: str, typed: str
) -> None:
    with pytest.raises(InvalidRecord) as refused:
        checked(record_type, key, typed)
    assert typed[:9] not in str(refused.value)


def test_corrections_made_apart_become_one_correction_by_whoever_joins_them() -> None:
    first = {"correction_text": "Oli tiistai.", "correction_reason": "Päivä väärin"}
    second = {"correction_text": "Oli kaksi henkilöä.", "correction_reason": "Määrä väärin"}
    value = with_text("encounter", "correction", [first, second], "Molemmat.", WORKER, NOW)
    assert value == {
        "correction_text": "Molemmat.",
        "correction_reason": "Päivä väärin; Määrä väärin",
        "corrected_at": NOW,
        "corrected_by": WORKER,
    }
    assert checked("encounter", "correction", value) == value


def test_reasons_that_are_too_long_together_still_make_a_valid_correction() -> None:
    reasons = [{"correction_reason": letter * 290} for letter in "ab"]
    value = with_text("encounter", "correction", reasons, "Teksti.", WORKER, NOW)
    assert checked("encounter", "correction", value)["correction_reason"].startswith("aaa")


def test_members_of_a_newer_version_stay_in_a_settled_group() -> None:
    value = {"correction_text": "Teksti.", "correction_mood": "calm"}
    assert checked("encounter", "correction", value)["correction_mood"] == "calm"


def test_the_text_of_a_value_is_the_value_or_the_group_s_text() -> None:
    assert text_in("encounter", "note", "Tavattu.") == "Tavattu."
    assert text_in("encounter", "correction", {"correction_text": "Tavattu."}) == "Tavattu."
    assert text_in("encounter", "note", None) == ""
    assert text_in("encounter", "signature", {"signed_by": WORKER}) == ""
