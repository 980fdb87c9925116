"""A person's records side by side, whatever order they came in."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from field_app.domain.case_file import CaseFile, case_file
from field_app.domain.declaration import Record
from tests.domain.given import health_note, matter, meeting, person, stay, step, task
from tests.domain.strategies import records

EVERYTHING = [
    person(),
    matter("2026-01-01", closed_on="2026-03-01"),
    matter("2026-10-01"),
    meeting("2026-10-02"),
    meeting("2026-11-02"),
    health_note("2026-11-02"),
    step(due_on="2026-11-20"),
    task("soita vuokranantajalle"),
    stay("outdoors", "2026-10-01"),
]


def test_records_are_sorted_by_kind_and_time() -> None:
    case = case_file(reversed(EVERYTHING))
    assert case.person == EVERYTHING[0]
    assert case.matters == tuple(EVERYTHING[1:3])
    assert case.encounters == tuple(EVERYTHING[3:5])
    assert len(case.health_notes) == len(case.steps) == len(case.tasks) == 1
    assert case.housing_periods == (EVERYTHING[8],)


def test_the_open_matter_is_the_latest_one_not_closed() -> None:
    assert case_file(EVERYTHING).open_matter == EVERYTHING[2]
    assert case_file(EVERYTHING[:2]).open_matter is None


def test_a_case_file_shows_nothing_in_its_repr() -> None:
    assert repr(case_file(EVERYTHING)) == "CaseFile()"
    assert case_file([]) == CaseFile()


@settings(max_examples=40)  # whole cases are slow to draw
@given(st.lists(records(), max_size=8, unique_by=lambda record: record.id))
def test_the_order_records_arrive_in_makes_no_difference(found: list[Record]) -> None:
    assert case_file(found[::-1]) == case_file(found)
