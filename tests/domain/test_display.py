"""What may be read over a shoulder, and what waits for a hold of the thumb."""

from __future__ import annotations

import pytest

from field_app.domain.display import (
    glance_codes,
    hidden_again_at,
    is_hidden,
    is_sensitive_code,
    list_names,
    short_name,
)
from field_app.domain.summary import summarise
from tests.domain.given import an_id, noon, person


@pytest.mark.parametrize(
    "label",
    [
        "person.surname",
        "person.safety",
        "person.risks",
        "person.postal_address",
        "person.reach_pause_reason",
        "person.eviction_stage",
        "housing_period.cause_trigger",
        "housing_period.where",
        "assessment.health_worker_score",
        "person.never_heard_of",
        "spaceship.name",
    ],
)
def test_hidden_until_held(label: str) -> None:
    assert is_hidden(*label.split("."))


def test_every_field_of_the_nurse_is_hidden() -> None:
    assert is_hidden("health_note", "at")
    assert is_hidden("health_note", "temperature")


@pytest.mark.parametrize("label", ["person.name", "person.housing_situation", "encounter.outcome"])
def test_shown_at_once(label: str) -> None:
    assert not is_hidden(*label.split("."))


def test_lists_show_the_harmless_topics_only() -> None:
    assert glance_codes("topic", {"substances", "chat", "housing"}) == ("housing", "chat")
    assert glance_codes("topic", {"substances"}) == ()


def test_codes_nobody_knows_are_not_shown_at_a_glance() -> None:
    assert is_sensitive_code("topic", "new_topic")
    assert is_sensitive_code("new_vocabulary", "housing")


def test_people_are_called_by_the_name_they_go_by() -> None:
    assert short_name(person("Nea", surname="Salanimi", aliases=frozenset({"Lukija"}))) == "Nea"


def test_without_a_name_an_alias_and_never_the_surname() -> None:
    nameless = person(None, surname="Salanimi", aliases=frozenset({"Vihreä reppu", "Reppu"}))
    assert short_name(nameless) == "Reppu"
    assert short_name(person(None, surname="Salanimi")) is None


def test_namesakes_are_told_apart_by_an_alias() -> None:
    first = summarise("a" * 32, [person("Jari", id="a" * 32, aliases=frozenset({"Kitaramies"}))])
    second = summarise("b" * 32, [person("Jari", id="b" * 32)])
    third = summarise("c" * 32, [person("Nea", id="c" * 32, aliases=frozenset({"Lukija"}))])
    assert list_names([first, second, third]) == {
        "a" * 32: "Jari · Kitaramies",
        "b" * 32: "Jari",
        "c" * 32: "Nea",
    }
    assert list_names([summarise(an_id("x"), [])]) == {an_id("x"): None}


def test_what_was_revealed_is_hidden_again_after_half_a_minute() -> None:
    assert hidden_again_at(noon("2026-11-22")) == "2026-11-22T12:00:30.000Z"
