"""Every record type: registers on the wire, declarations, and what never shows."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from pydantic import ValidationError

from field_app.domain.declaration import (
    REGISTERS,
    Hidden,
    LongText,
    Record,
    Searchable,
    declaration_of,
)
from field_app.domain.errors import InvalidRecord
from field_app.domain.records import (
    RECORD_TYPES,
    Assessment,
    Encounter,
    HealthNote,
    NavigationStep,
    Person,
)
from field_app.domain.vocabularies import VOCABULARIES
from tests.domain.given import NURSE, PUNAPIPO, an_id
from tests.domain.strategies import records

ID = an_id("record")
ALL = list(RECORD_TYPES.values())


@settings(max_examples=200)
@given(records())
def test_a_record_survives_its_registers(record: Record) -> None:
    assert type(record).from_keys(record.id, record.to_keys()) == record


@given(records())
def test_a_record_never_shows_more_than_type_and_id(record: Record) -> None:
    expected = f"<{record.record_type} {record.id}>"
    assert repr(record) == str(record) == f"{record}" == expected
    assert repr([record]) == f"[{expected}]"


@pytest.mark.parametrize("record", ALL)
def test_every_vocabulary_a_field_names_exists(record: type[Record]) -> None:
    for field in declaration_of(record).fields.values():
        for name in (field.vocabulary, field.key_vocabulary):
            assert name is None or name in VOCABULARIES


@pytest.mark.parametrize("record", ALL)
def test_every_reference_names_a_type_that_exists(record: type[Record]) -> None:
    for field in declaration_of(record).fields.values():
        for mark in field.marks:
            target = getattr(mark, "record_type", None)
            assert target is None or target == "worker" or target in RECORD_TYPES


@pytest.mark.parametrize("record", ALL)
def test_a_group_never_has_the_name_of_a_field(record: type[Record]) -> None:
    declaration = declaration_of(record)
    groups = {field.key for field in declaration.fields.values() if field.kind == "group"}
    assert groups & set(declaration.fields) == set()


@pytest.mark.parametrize("record", ALL)
def test_long_text_is_searched_or_hidden_with_a_reason_for_neither(record: type[Record]) -> None:
    unsearched = {
        field.label
        for field in declaration_of(record).fields.values()
        if field.has(LongText) and not field.has(Searchable) and not field.has(Hidden)
    }
    # A correction and a closing note repeat what the record says; opening hours are not words.
    assert unsearched <= {
        "encounter.correction_text",
        "matter.closing_note",
        "directory_entry.opening_hours",
    }


def test_everything_unset_makes_no_registers() -> None:
    for record in ALL:
        assert record(id=ID).to_keys() == {}


def test_housing_and_its_day_are_one_register() -> None:
    person = Person(id=ID, housing_situation="outdoors", housing_since="2026-11-01")
    assert person.to_keys() == {
        "housing": {"housing_situation": "outdoors", "housing_since": "2026-11-01"}
    }


def test_blood_pressure_is_one_value() -> None:
    note = HealthNote(id=ID, bp_systolic=162, bp_diastolic=98)
    assert note.to_keys() == {"blood_pressure": {"bp_systolic": 162, "bp_diastolic": 98}}


def test_nothing_further_is_an_answer_and_not_a_gap() -> None:
    assert Encounter(id=ID, next_step_none=True).to_keys() == {
        "next_step": {"next_step_none": True}
    }


def test_each_area_of_need_is_a_register_of_its_own() -> None:
    mapping = Assessment(id=ID, worker_score={"housing": "4"}, client_score={"housing": "declined"})
    assert mapping.to_keys() == {
        "worker_score/housing": "4",
        "client_score/housing": "declined",
    }


def test_of_a_tick_and_an_untick_only_the_tick_is_in_the_set() -> None:
    encounter = Encounter.from_keys(ID, {"topics/housing": True, "topics/benefits": False})
    assert encounter.topics == {"housing"}


def test_a_name_with_a_slash_in_it_survives() -> None:
    person = Person(id=ID, aliases=frozenset({"Pekka/Petra"}))
    assert Person.from_keys(ID, person.to_keys()).aliases == {"Pekka/Petra"}


def test_keys_and_codes_of_a_newer_version_do_not_stop_reading() -> None:
    person = Person.from_keys(ID, {"name": "Kettu", "shoe_size": 43, "phone_kind": "satellite"})
    assert (person.name, person.phone_kind) == ("Kettu", "satellite")


def test_a_value_outside_its_declaration_names_the_field_and_never_the_value() -> None:
    with pytest.raises(InvalidRecord) as caught:
        Person.from_keys(ID, {"name": "Kettu", "birth_year": "salainen"})
    assert caught.value.values == {"field": "birth_year"}
    assert "salainen" not in repr(caught.value)
    assert caught.value.__cause__ is None


def test_a_refused_value_stays_out_of_the_error_of_the_constructor() -> None:
    with pytest.raises(ValidationError) as caught:
        Person.model_validate({"id": ID, "birth_year": "salainen"})
    assert "salainen" not in str(caught.value)


@pytest.mark.parametrize("value", [[], {}, 5, 1.5, "", {"x": "y"}, None, True])
@pytest.mark.parametrize("record", ALL)
def test_any_json_under_any_key_gives_a_record_or_a_named_error(
    record: type[Record], value: Any
) -> None:
    declaration = declaration_of(record)
    for key, members in declaration.by_key.items():
        wire = key if members[0].kind in ("scalar", "group") else f"{key}/x"
        named = field_named_in_refusal(record, {wire: value})
        assert named is None or named in {member.name for member in members}


def field_named_in_refusal(record: type[Record], keys: dict[str, Any]) -> object:
    """The field an `InvalidRecord` names; None when the record could be read."""
    try:
        record.from_keys(ID, keys)
    except InvalidRecord as error:
        return error.values["field"]
    return None


def test_the_key_of_a_map_never_reaches_an_error() -> None:
    assert field_named_in_refusal(Assessment, {"need_note/Matti Meikäläinen": "x"}) == "need_note"


def test_a_health_note_is_health_alone() -> None:
    assert declaration_of(HealthNote).registers == ("health",)


def test_no_other_type_than_the_mapping_mixes_health_with_the_rest() -> None:
    for record in ALL:
        registers = declaration_of(record).registers
        assert "health" not in registers or record in (HealthNote, Assessment)


def test_the_social_half_learns_only_that_a_health_part_exists() -> None:
    health_words = [
        field.name
        for field in declaration_of(Encounter).fields.values()
        if "health" in field.name and field.register != "health"
    ]
    assert health_words == ["health_part_recorded"]


def test_who_the_person_is_lies_in_the_common_register() -> None:
    fields = declaration_of(Person).fields
    common = {name for name, field in fields.items() if field.register == "common"}
    assert {"name", "aliases", "phone", "safety", "where_found", "own_worker"} <= common
    assert {"housing_situation", "housing_since", "same_as", "archived"} <= common


def test_no_field_asks_for_what_is_never_asked() -> None:
    asked = {name for record in ALL for name in declaration_of(record).fields}
    never = ("identity_code", "ssn", "nationality", "gps", "latitude", "diagnosis", "sobriety")
    assert not {name for name in asked if any(word in name for word in never)}


def test_each_scope_has_its_types() -> None:
    kinds: dict[str, set[str]] = {}
    for name, record in RECORD_TYPES.items():
        kinds.setdefault(record.scope_kind, set()).add(name)
    assert kinds["team"] == {"anonymous_contact"}
    assert kinds["directory"] == {"directory_entry"}
    assert len(kinds["person"]) == 8


def test_the_registers_come_in_their_fixed_order() -> None:
    for record in ALL:
        registers = declaration_of(record).registers
        assert list(registers) == [name for name in REGISTERS if name in registers]


def test_a_record_cannot_be_changed_in_place() -> None:
    person = Person(id=PUNAPIPO, own_worker=NURSE)
    with pytest.raises(ValidationError):
        person.own_worker = None  # type: ignore[misc]


def test_an_application_keeps_the_days_its_clocks_need() -> None:
    fields = declaration_of(NavigationStep).fields
    days = {"due_on", "submitted_on", "complete_on", "info_due_on", "urged_on", "decision_on"}
    assert days <= set(fields)
