"""From a form to edits: only what the kind asks, only what was changed, only one's own half."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from field_app.store.editing import Edit
from field_app.views.contact.checks import (
    HALF_PRESSURE,
    MISSING,
    NO_ANSWER,
    NOT_A_MEASURE,
    NOT_A_TIME,
    TOO_LONG,
    Problem,
    time_of,
)
from field_app.views.contact.composing import Author, all_problems, composed, next_day
from field_app.views.contact.form import Form, Ids, Who, blank_form
from field_app.views.contact.kinds import Kind

IDS = Ids(*(f"{number:032x}" for number in range(1, 7)))
NOW = "2026-11-22T10:15:00.000Z"
ME, PARTNER, PERSON, TEAM = "a" * 32, "b" * 32, "c" * 32, "d" * 32
AUTHOR = Author(ME, "nurse", None, TEAM)


def form(kind: Kind = "street", **values: Any) -> Form:
    """A form with a known person."""
    return replace(blank_form(IDS, NOW, kind), who=Who(PERSON, "Kettu"), **values)


def edits(given: Form, author: Author = AUTHOR, sign: bool = False) -> dict[str, Edit]:
    """The edits of a new contact by record type."""
    made = composed(given, author, {}, {}, NOW if sign else None)
    return {edit.type: edit for edit in made.edits}


def problems(given: Form, sign: bool = False) -> set[tuple[str, str]]:
    """What is wrong with a form."""
    return {(one.field, one.what) for one in all_problems(given, AUTHOR, sign)}


def test_a_street_contact_writes_one_encounter() -> None:
    written = edits(form(topics=frozenset({"housing"}), note="  Kahvi kelpasi. "))
    assert set(written) == {"encounter"}
    values = written["encounter"].values
    assert values["topics/housing"] is True
    assert values["note"] == "Kahvi kelpasi."
    assert values[f"participants/{ME}"] is True
    assert values["author_half"] == "social"
    assert "next_step" not in values


def test_a_failed_attempt_writes_no_word_of_the_social_part() -> None:
    given = form("not_reached", topics=frozenset({"housing"}), note="Sana", next_try_on="none")
    values = edits(given)["encounter"].values
    assert values["outcome"] == "not_reached"
    assert not {key.partition("/")[0] for key in values} & {"topics", "note", "next_step", "place"}
    assert "next_try_on" not in values


def test_the_next_step_is_the_authors_unless_somebody_else_takes_it() -> None:
    own = edits(form(next_on="2026-11-24"))["encounter"].values["next_step"]
    assert own == {"next_step_on": "2026-11-24", "next_step_owner": ME}
    given = form(next_text="Soita", next_owner=PARTNER)
    taken = edits(given)["encounter"].values["next_step"]
    assert taken == {"next_step_text": "Soita", "next_step_owner": PARTNER}


def test_nothing_further_is_an_answer() -> None:
    values = edits(form(next_on="none"))["encounter"].values
    assert values["next_step"] == {"next_step_none": True}


def test_the_nurses_part_goes_to_the_health_note_alone() -> None:
    given = form(
        "health",
        condition="concern",
        temperature="37,10",
        glucose="5,4",
        spo2="97",
        note="Ei kuulu tähän",
    )
    written = edits(given)
    assert set(written) == {"encounter", "health_note"}
    common = {key.partition("/")[0] for key in written["encounter"].values}
    assert common == {
        "occasion",
        "at",
        "channel",
        "outcome",
        "participants",
        "author_half",
        "health_part_recorded",
    }
    health = written["health_note"].values
    assert (health["temperature"], health["glucose"], health["spo2"]) == ("37.1", "5.4", 97)
    assert "note" not in health


def test_signing_a_health_part_leaves_the_encounter_open_for_the_other_half() -> None:
    written = edits(form("health", condition="fine"), sign=True)
    assert "signature" in written["health_note"].values
    assert "signature" not in written["encounter"].values


def test_a_new_person_comes_with_an_alias_a_matter_and_a_team() -> None:
    given = replace(form("phone"), who=Who(PERSON, "Vihreä reppu", is_new=True))
    made = composed(given, AUTHOR, {}, {}, None)
    written = {edit.type: edit for edit in made.edits}
    assert written["person"].values == {"aliases/Vihreä reppu": True}
    assert written["matter"].values["intake_channel"] == "phone"
    assert written["encounter"].values["matter"] == IDS.matter
    assert made.opens == {PERSON: TEAM}


def test_an_anonymous_contact_belongs_to_the_team_and_to_nobody() -> None:
    given = form("anonymous", people_count=3, area="Asema", aid=frozenset({"food"}))
    made = composed(given, AUTHOR, {}, {}, None)
    (edit,) = made.edits
    assert (edit.type, edit.scope) == ("anonymous_contact", f"team/{TEAM}")
    assert edit.values["people_count"] == 3
    assert made.opens == {}


def test_an_added_part_writes_only_what_is_new_and_names_what_was_shown() -> None:
    shown = {
        "at": NOW,
        "channel": "in_person",
        "outcome": "reached",
        "place": "street",
        f"participants/{PARTNER}": True,
        "author_half": "health",
        "occasion": IDS.occasion,
        "health_part_recorded": True,
    }
    base = {"note": (("e" * 32 + ":0", 1),), "place": (("f" * 32 + ":0", 2),)}
    given = form(place="street", partners=frozenset({PARTNER}), note="Sana")
    made = composed(given, AUTHOR, {IDS.encounter: shown}, {IDS.encounter: base}, None)
    (edit,) = made.edits
    assert edit.values == {"note": "Sana", f"participants/{ME}": True}
    assert edit.base == {"note": base["note"]}


@pytest.mark.parametrize(
    ("typed", "day", "at"),
    [
        ("", "2026-11-22", NOW),
        ("", "2026-11-21", "2026-11-21T10:15:00.000Z"),
        ("9.05", "2026-11-22", "2026-11-22T07:05:00.000Z"),
        ("23:59", "2026-11-21", "2026-11-21T21:59:00.000Z"),
        ("12.75", "2026-11-22", None),
        ("aamulla", "2026-11-22", None),
    ],
)
def test_the_time_is_read_where_the_work_is_done(typed: str, day: str, at: str | None) -> None:
    assert time_of(form(time_typed=typed, day=day)) == at


def test_what_is_missing_is_said_where_it_is() -> None:
    assert problems(replace(form(), who=None)) == {("who", MISSING)}
    assert problems(form("health")) == {("condition", MISSING)}
    assert problems(form(time_typed="pian")) == {("time_typed", NOT_A_TIME)}
    assert problems(form(), sign=True) == {("next_on", NO_ANSWER)}
    assert problems(form("not_reached"), sign=True) == set()


def test_measures_are_checked_one_by_one() -> None:
    given = form(
        "health", condition="fine", systolic="162", temperature="kuume", spo2="97", glucose=","
    )
    assert problems(given) == {
        ("diastolic", HALF_PRESSURE),
        ("temperature", NOT_A_MEASURE),
        ("glucose", NOT_A_MEASURE),
    }
    given = form("health", condition="fine", temperature="371", spo2="197")
    assert problems(given) == {("temperature", NOT_A_MEASURE), ("spo2", NOT_A_MEASURE)}


def test_long_texts_are_said_by_the_forms_own_names() -> None:
    given = form(note="x" * 20_001, next_text="y" * 301)
    assert problems(given) == {("note", TOO_LONG), ("next_text", TOO_LONG)}
    named = replace(form(), who=Who(PERSON, "z" * 121, is_new=True))
    assert problems(named) == {("who", TOO_LONG)}


def test_problems_hold_no_values() -> None:
    assert "Salainen" not in repr(Problem("note", TOO_LONG))


def test_the_day_agreed_on_is_that_of_the_kind() -> None:
    assert next_day(form(next_on="2026-11-24")) == "2026-11-24"
    assert next_day(form(next_on="none")) is None
    assert next_day(form("health", recheck_on="2026-11-25")) == "2026-11-25"
    assert next_day(form("not_reached", next_try_on="2026-11-23")) == "2026-11-23"
