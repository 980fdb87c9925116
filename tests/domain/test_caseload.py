"""The caseload and its filters; load is told, never ranked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from field_app.domain.caseload import CaseloadFilter, WorkerLoad, caseload, fits, load
from field_app.domain.declaration import Record
from field_app.domain.summary import PersonSummary, summarise
from tests.domain.given import INSTRUCTOR, NURSE, TEAM, an_id, matter, meeting, person, task

TODAY = "2026-11-22"


def one(
    name: str, *records: Record, team: str = TEAM, conflicts: int = 0, **values: object
) -> PersonSummary:
    """Somebody's summary."""
    return summarise(
        an_id(name), [person(name, id=an_id(name), **values), *records], team, conflicts
    )


NEA = one("Nea", meeting("2026-11-20"), own_worker=INSTRUCTOR, housing_situation="with_others")
KETTU = one("Kettu", meeting("2026-10-01"), task("x", due_on="2026-11-01", owner=NURSE))
PROFESSORI = one("Professori", meeting("2026-09-01"), team=an_id("itä"), conflicts=1)
POIKA = one(
    "Turun poika",
    matter("2025-01-01", closed_on="2025-02-01"),
    matter("2026-11-22", urgency="now"),
)
ARKI = one("Arki", meeting("2026-01-01"), archived=True)
ALL = [NEA, KETTU, PROFESSORI, POIKA, ARKI]


def names(asked: CaseloadFilter) -> list[str | None]:
    """The names of those who fit, in order."""
    return [summary.name for summary in caseload(ALL, asked, TODAY)]


def test_everybody_in_the_order_in_which_they_need_somebody() -> None:
    assert names(CaseloadFilter()) == ["Turun poika", "Kettu", "Professori", "Nea"]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (CaseloadFilter(team_id=an_id("itä")), ["Professori"]),
        (CaseloadFilter(worker=INSTRUCTOR), ["Nea"]),
        (CaseloadFilter(worker=NURSE), ["Kettu"]),
        (CaseloadFilter(overdue=True), ["Kettu"]),
        (CaseloadFilter(unreached_days=30), ["Kettu", "Professori"]),
        (CaseloadFilter(unreached_days=70), ["Professori"]),
        (CaseloadFilter(conflicts=True), ["Professori"]),
        (CaseloadFilter(housing_situation="with_others"), ["Nea"]),
        (CaseloadFilter(urgent=True), ["Turun poika"]),
        (CaseloadFilter(returners=True), ["Turun poika"]),
        (CaseloadFilter(archived=True), ["Arki"]),
        (CaseloadFilter(team_id=TEAM, unreached_days=30), ["Kettu"]),
    ],
)
def test_a_filter_leaves_those_asked_for(asked: CaseloadFilter, expected: list[str]) -> None:
    assert names(asked) == expected


_filters = st.builds(
    CaseloadFilter,
    team_id=st.sampled_from([None, TEAM]),
    worker=st.sampled_from([None, INSTRUCTOR, NURSE]),
    overdue=st.booleans(),
    unreached_days=st.sampled_from([None, 0, 30]),
    conflicts=st.booleans(),
    housing_situation=st.sampled_from([None, "with_others"]),
)


@given(_filters)
def test_a_filter_only_takes_away(asked: CaseloadFilter) -> None:
    everybody = caseload(ALL, CaseloadFilter(), TODAY)
    found = caseload(ALL, asked, TODAY)
    assert found == tuple(one for one in everybody if fits(one, asked, TODAY))
    assert caseload(ALL[::-1], asked, TODAY) == found


def test_load_is_told_by_worker_and_not_from_most_to_least() -> None:
    told = load(ALL, TODAY, unreached_days=30)
    assert [one.worker for one in told] == sorted([INSTRUCTOR, NURSE])
    assert WorkerLoad(NURSE, people=1, overdue=1, unreached=1) in told
    assert WorkerLoad(INSTRUCTOR, people=1, overdue=0, unreached=0) in told


def test_closed_cases_are_nobodys_load() -> None:
    closed = one("x", matter("2025-01-01", closed_on="2025-02-01"), own_worker=NURSE)
    assert load([closed], TODAY, 14) == ()
