"""The vocabularies hold what professionals say, in the order screens show it."""

from __future__ import annotations

import re

import pytest

from field_app.domain.vocabularies import (
    ARA,
    FLAT_ONLY,
    SENSITIVE,
    VOCABULARIES,
    Code,
    CodeSystem,
    stages_of,
)
from field_app.domain.vocabularies.code_system import code_system
from tests.domain.catalogue import texts

SYSTEMS = list(VOCABULARIES.values())


@pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: system.name)
def test_codes_can_be_stored_and_looked_up(system: CodeSystem) -> None:
    assert len(system) == len(set(system.codes)) > 1
    for item in system:
        assert re.fullmatch(r"[a-z0-9_]{1,40}", item.code)
        assert item.code in system
        assert system.code(item.code) is item
        assert item.fi.strip() == item.fi != ""


def test_a_code_nobody_declared_is_not_in_the_vocabulary() -> None:
    outcome = VOCABULARIES["outcome"]
    assert "vanished" not in outcome
    with pytest.raises(KeyError, match="vanished"):
        outcome.code("vanished")


def test_a_code_is_declared_once() -> None:
    with pytest.raises(ValueError, match="twice"):
        code_system("colour", Code("red", "punainen"), Code("red", "puna"))


def test_the_first_five_housing_situations_are_the_classes_of_the_survey() -> None:
    housing = VOCABULARIES["housing_situation"]
    assert housing.marked(ARA) == housing.codes[:5]
    assert "own_home" not in housing.marked(ARA)


def test_the_scale_of_need_has_five_steps_and_two_answers_that_are_no_score() -> None:
    assert VOCABULARIES["need_score"].codes == ("0", "1", "2", "3", "4", "not_asked", "declined")


def test_the_way_to_eviction_has_its_six_stages_in_order() -> None:
    terms = [item.fi for item in VOCABULARIES["eviction_stage"]]
    assert terms == [
        "maksuhuomautus",
        "purku",
        "haaste",
        "häätötuomio",
        "muuttokehotus",
        "häätö",
    ]


def test_viewings_and_keys_are_stages_of_a_flat_and_not_of_a_benefit() -> None:
    assert "keys" in stages_of("flat")
    assert "keys" in stages_of("supported_housing")
    assert "keys" not in stages_of("basic_assistance")
    assert set(stages_of("flat")) - set(stages_of(None)) == set(
        VOCABULARIES["stage"].marked(FLAT_ONLY)
    )


def test_a_benefit_is_offered_under_the_name_of_its_day() -> None:
    application = VOCABULARIES["application"]
    before = {item.code for item in application.offered_on("2026-04-30")}
    after = {item.code for item in application.offered_on("2026-05-01")}
    assert before - after == {"labour_market_subsidy", "basic_allowance"}
    assert after - before == {"general_benefit"}


def test_a_benefit_of_another_time_keeps_its_label() -> None:
    assert "labour_market_subsidy" in VOCABULARIES["application"]


def test_chosen_codes_are_shown_in_the_order_of_the_vocabulary() -> None:
    topic = VOCABULARIES["topic"]
    assert topic.in_order(frozenset({"chat", "housing", "zeal", "art"})) == (
        "housing",
        "chat",
        "art",
        "zeal",
    )


def test_everything_of_health_is_sensitive() -> None:
    for name in ("condition", "health_observation", "nurse_done", "need_health"):
        assert VOCABULARIES[name].marked(SENSITIVE) == VOCABULARIES[name].codes


def test_words_of_substances_and_violence_are_sensitive_wherever_they_stand() -> None:
    for system in SYSTEMS:
        for item in system:
            if re.search(r"päihde|päihtee|väkivalta|mielentervey|vanki", item.fi):
                assert SENSITIVE in item.marks, system.label(item.code)


def test_a_payment_default_is_never_named_otherwise() -> None:
    assert texts("fi")["person.payment_default"] == "Maksuhäiriömerkintä"
