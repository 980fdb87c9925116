"""What a field accepts: forms of time, measures, yes and no, and their limits."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from field_app.domain.field_types import Between
from field_app.domain.records import AnonymousContact, Encounter, HealthNote, Person
from tests.domain.given import an_id
from tests.domain.strategies import days, instants

ID = an_id("record")


@given(instants, days)
def test_instants_and_days_of_the_wire_are_taken_as_they_are(instant: str, day: str) -> None:
    encounter = Encounter(id=ID, at=instant, next_try_on=day)
    assert (encounter.at, encounter.next_try_on) == (instant, day)


@pytest.mark.parametrize(
    "instant",
    [
        "2026-11-22",
        "2026-11-22T10:15:00Z",
        "2026-11-22T10:15:00.000+00:00",
        "2026-11-22T10:15:00.000000Z",
        "2026-13-22T10:15:00.000Z",
        "2026-11-22T25:15:00.000Z",
        "٢٠٢٦-11-22T10:15:00.000Z",
    ],
)
def test_an_instant_has_one_spelling(instant: str) -> None:
    with pytest.raises(ValidationError):
        Encounter(id=ID, at=instant)


@pytest.mark.parametrize("day", ["22.11.2026", "2026-02-30", "2026-1-1", "2026-W01-1", ""])
def test_a_day_has_one_spelling(day: str) -> None:
    with pytest.raises(ValidationError):
        Person(id=ID, housing_since=day)


@pytest.mark.parametrize(
    ("typed", "stored"), [("37,1", "37.1"), ("37.10", "37.1"), (" 38 ", "38"), ("40.0", "40")]
)
def test_a_temperature_typed_the_finnish_way_has_one_spelling(typed: str, stored: str) -> None:
    assert HealthNote(id=ID, temperature=typed).temperature == stored


@pytest.mark.parametrize("typed", ["19.9", "45.1", "kuumeinen", "1e1", "37.1234", "", "NaN", "+37"])
def test_a_temperature_no_body_has_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        HealthNote(id=ID, temperature=typed)


@given(st.integers(0, 10_000))
def test_a_measure_spelled_once_stays(thousandths: int) -> None:
    between = Between("0", "10")
    spelled = between(f"{thousandths // 1000}.{thousandths % 1000:03}")
    assert between(spelled) == spelled


@pytest.mark.parametrize(
    "values",
    [
        {"bp_systolic": 39},
        {"bp_systolic": 301},
        {"bp_diastolic": "80"},
        {"spo2": 101},
        {"spo2": True},
        {"glucose": 5.5},
    ],
)
def test_measures_outside_their_range_or_type_are_refused(values: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        HealthNote(id=ID, **values)


@pytest.mark.parametrize("answer", ["true", 1, "kyllä"])
def test_yes_and_no_are_not_guessed(answer: object) -> None:
    with pytest.raises(ValidationError):
        Person.model_validate({"id": ID, "interpreter": answer})


def test_an_anonymous_contact_counts_at_least_one_person() -> None:
    with pytest.raises(ValidationError):
        AnonymousContact(id=ID, people_count=0)


def test_a_note_may_be_long_and_a_name_may_not() -> None:
    assert Encounter(id=ID, note="a" * 20_000).note
    with pytest.raises(ValidationError):
        Encounter(id=ID, note="a" * 20_001)
    with pytest.raises(ValidationError):
        Person(id=ID, name="a" * 121)


def test_a_telephone_number_is_written_as_people_say_it() -> None:
    spoken = "040 123 4567, vastaa iltaisin"
    assert Person(id=ID, phone=spoken).phone == spoken


@pytest.mark.parametrize("bad", ["", "A" * 32, "a" * 31, "../" + "a" * 29])
def test_an_id_is_32_small_hex_digits(bad: str) -> None:
    with pytest.raises(ValidationError):
        Person(id=ID, own_worker=bad)


def test_an_unset_text_is_none_and_never_empty() -> None:
    with pytest.raises(ValidationError):
        Person(id=ID, name="   ")
