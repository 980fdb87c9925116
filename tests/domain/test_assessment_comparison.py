"""Two mappings side by side; the client's own score beside the worker's; never a total."""

from __future__ import annotations

from dataclasses import fields

import pytest
from hypothesis import given

from field_app.domain import assessment_comparison
from field_app.domain.assessment_comparison import (
    AreaComparison,
    compare,
    number_of,
    previous_of,
)
from field_app.domain.declaration import Record
from field_app.domain.records import Assessment
from field_app.domain.vocabularies import VOCABULARIES
from tests.domain.given import an_id, noon
from tests.domain.strategies import records

SPRING = Assessment(
    id=an_id("kevät"),
    made_at=noon("2026-04-01"),
    worker_score={"housing": "4", "money": "2", "errands": "1"},
    client_score={"housing": "3"},
    need_note={"housing": "sohvalla"},
    health_worker_score={"wounds": "3"},
)
AUTUMN = Assessment(
    id=an_id("syksy"),
    made_at=noon("2026-10-01"),
    worker_score={"housing": "2", "money": "2", "errands": "3", "children": "not_asked"},
    client_score={"housing": "4", "money": "declined"},
    health_worker_score={"wounds": "1"},
    health_client_score={"wounds": "2"},
)


def area(name: str, half: assessment_comparison.Half = "social") -> AreaComparison:
    """One area of autumn beside spring."""
    return next(one for one in compare(SPRING, AUTUMN, half) if one.area == name)


def test_each_area_stands_with_its_previous_score() -> None:
    housing = area("housing")
    assert (housing.worker_before, housing.worker_now) == ("4", "2")
    assert (housing.client_before, housing.client_now) == ("3", "4")
    assert (housing.note_before, housing.note_now) == ("sohvalla", None)


def test_the_worker_and_the_client_may_see_a_change_differently() -> None:
    housing = area("housing")
    assert housing.worker_change == "eased"
    assert housing.client_change == "grown"
    assert housing.differs


def test_the_same_score_is_the_same_and_a_need_can_grow() -> None:
    assert area("money").worker_change == "same"
    assert area("errands").worker_change == "grown"


def test_answers_that_are_no_score_show_no_change() -> None:
    assert area("children").worker_change is None
    assert area("money").client_change is None
    assert not area("money").differs


def test_the_halves_do_not_mix() -> None:
    assert area("wounds", "health").worker_change == "eased"
    assert "wounds" not in [one.area for one in compare(SPRING, AUTUMN, "social")]


def test_every_area_is_there_in_its_order_even_if_nobody_asked() -> None:
    assert tuple(one.area for one in compare(None, AUTUMN, "social")) == (
        VOCABULARIES["need_social"].codes
    )
    assert compare(None, AUTUMN, "social")[0].worker_change is None


def test_an_area_of_a_newer_version_comes_last() -> None:
    newer = Assessment(id=an_id("x"), worker_score={"pets": "2"})
    assert compare(None, newer, "social")[-1].area == "pets"


def test_there_is_no_total_anywhere() -> None:
    names = [*(field.name for field in fields(AreaComparison)), *vars(assessment_comparison)]
    assert not [name for name in names if "total" in name or "sum" in name or "average" in name]


def test_the_previous_mapping_is_the_named_one_or_the_latest_before() -> None:
    winter = Assessment(id=an_id("talvi"), made_at=noon("2026-01-01"))
    assert previous_of(AUTUMN, [winter, SPRING, AUTUMN]) == SPRING
    assert previous_of(SPRING, [SPRING, AUTUMN]) is None
    named = AUTUMN.model_copy(update={"previous": winter.id})
    assert previous_of(named, [winter, SPRING]) == winter


def test_mappings_are_numbered_in_the_order_they_were_made() -> None:
    assert number_of(SPRING, [AUTUMN, SPRING]) == 1
    assert number_of(AUTUMN, [AUTUMN, SPRING]) == 2


@pytest.mark.parametrize("half", ["social", "health"])
@given(one=records(Assessment), other=records(Assessment))
def test_turned_round_a_change_turns_round(
    half: assessment_comparison.Half, one: Record, other: Record
) -> None:
    assert isinstance(one, Assessment)
    assert isinstance(other, Assessment)
    turned = {"eased": "grown", "grown": "eased", "same": "same", None: None}
    for there, back in zip(compare(one, other, half), compare(other, one, half), strict=True):
        assert there.area == back.area
        assert turned[there.worker_change] == back.worker_change
        assert turned[there.client_change] == back.client_change
