"""Between a record and a form: only what was changed is saved, and what is wrong is named."""

from __future__ import annotations

import pytest

from field_app.domain.records import Assessment, Person, Task
from field_app.views.record_form.kinds import Value
from field_app.views.record_form.values import (
    NOT_UNDERSTOOD,
    OUT_OF_RANGE,
    REQUIRED,
    TOO_LONG,
    changed_values,
    missing,
    shown_values,
    wanted_record,
    wire_keys,
)

ID = "a" * 32
FIELDS = ("name", "aliases", "phone", "interpreter", "birth_year")


def person(**facts: object) -> Person:
    return Person.model_validate({"id": ID, **facts})


def test_a_form_shows_a_record_as_plain_values() -> None:
    record = person(name="Kettu", aliases=frozenset({"b", "a"}), birth_year=1980, interpreter=True)
    assert shown_values(record, Person, FIELDS) == {
        "name": "Kettu",
        "aliases": ["a", "b"],
        "phone": None,
        "interpreter": True,
        "birth_year": "1980",
    }


def test_a_record_that_is_not_there_has_empty_fields() -> None:
    assert shown_values(None, Assessment, ("worker_score", "summary")) == {
        "worker_score": {},
        "summary": None,
    }


def test_typing_and_taking_it_back_changes_nothing() -> None:
    shown: dict[str, Value] = {"name": "Kettu", "phone": None, "aliases": []}
    assert changed_values(shown, {"name": " Kettu ", "phone": "  ", "aliases": []}) == {}
    assert changed_values(shown, {**shown, "phone": "040"}) == {"phone": "040"}


def test_an_answer_no_is_not_the_same_as_no_answer() -> None:
    assert changed_values({"interpreter": None}, {"interpreter": False}) == {"interpreter": False}


def test_an_emptied_text_is_no_text() -> None:
    current = person(name="Kettu", phone="040")
    target, errors = wanted_record(ID, Person, current, {"phone": "040"}, {"phone": "  "})
    assert errors == {}
    assert isinstance(target, Person)
    assert (target.phone, target.name) == (None, "Kettu")


def test_names_others_added_meanwhile_stay() -> None:
    current = person(aliases=frozenset({"Kettu", "Kitaramies"}))
    shown, changed = {"aliases": ["Kettu", "Repo"]}, {"aliases": ["Repo", "Professori"]}
    target, _ = wanted_record(ID, Person, current, shown, changed)
    assert isinstance(target, Person)
    assert target.aliases == {"Kitaramies", "Professori"}


def test_scores_others_gave_meanwhile_stay() -> None:
    current = Assessment(id=ID, worker_score={"housing": "4", "money": "2"})
    shown = {"worker_score": {"housing": "4"}}
    changed = {"worker_score": {"housing": "3", "safety": "1"}}
    target, _ = wanted_record(ID, Assessment, current, shown, changed)
    assert isinstance(target, Assessment)
    assert target.worker_score == {"housing": "3", "money": "2", "safety": "1"}


def test_a_score_taken_back_is_gone() -> None:
    current = Assessment(id=ID, worker_score={"housing": "4"})
    target, _ = wanted_record(
        ID, Assessment, current, {"worker_score": {"housing": "4"}}, {"worker_score": {}}
    )
    assert isinstance(target, Assessment)
    assert target.worker_score == {}


@pytest.mark.parametrize(
    ("field", "typed", "wrong"),
    [
        ("name", "n" * 121, TOO_LONG),
        ("birth_year", "1850", OUT_OF_RANGE),
        ("birth_year", "2200", OUT_OF_RANGE),
        ("birth_year", "kesällä", NOT_UNDERSTOOD),
        ("children_in_household", "99", OUT_OF_RANGE),
        ("children_in_household", "kaksi", NOT_UNDERSTOOD),
    ],
)
def test_what_is_wrong_is_said_of_its_field(field: str, typed: str, wrong: str) -> None:
    target, errors = wanted_record(ID, Person, None, {}, {field: typed})
    assert target is None
    assert errors == {field: wrong}


def test_several_faults_are_told_at_once() -> None:
    _, errors = wanted_record(ID, Person, None, {}, {"name": "n" * 200, "birth_year": "x"})
    assert set(errors) == {"name", "birth_year"}


def test_a_required_field_wants_more_than_spaces() -> None:
    assert missing(("title",), {"title": "  "}) == {"title": REQUIRED}
    assert missing(("title",), {"title": "Soita"}) == {}


def test_fields_of_a_group_share_a_wire_key() -> None:
    keys = wire_keys(Person, ("housing_situation", "housing_since", "name"))
    assert keys == {"housing", "name"}
    assert wire_keys(Task, ("title",)) == {"title"}
