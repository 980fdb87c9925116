"""Deadlines: agreed days, Kela's clocks under the law of their day, the first meeting."""

from __future__ import annotations

import pytest
from hypothesis import given

from field_app.domain.clock import day_plus
from field_app.domain.deadlines import (
    AGENCY_CLOCKS,
    Deadline,
    deadlines_of_step,
    deadlines_of_task,
    first_meeting_deadline,
    is_open_step,
    overdue,
)
from field_app.domain.records import NavigationStep
from field_app.domain.vocabularies import VOCABULARIES
from field_app.domain.working_days import working_days_between
from tests.domain.given import INSTRUCTOR, an_id, matter, meeting, step, task
from tests.domain.strategies import days, records

TODAY = "2026-11-22"


def days_by_kind(one: NavigationStep) -> dict[str, str]:
    return {deadline.kind: deadline.on for deadline in deadlines_of_step(one)}


def test_kelas_exhortation_gives_a_month() -> None:
    one = step(application="basic_assistance", urged_on="2026-10-30")
    (deadline,) = deadlines_of_step(one)
    assert (deadline.kind, deadline.on) == ("exhortation", "2026-11-30")
    assert deadline.is_statutory


def test_before_the_law_of_february_2026_there_was_no_such_month() -> None:
    assert days_by_kind(step(application="basic_assistance", urged_on="2026-01-31")) == {}


def test_basic_assistance_is_decided_seven_working_days_after_the_last_attachment() -> None:
    one = step(application="basic_assistance", submitted_on="2026-11-02", complete_on="2026-11-20")
    assert days_by_kind(one) == {"decision": "2026-12-01"}


def test_the_clock_of_basic_assistance_waits_for_the_attachments() -> None:
    assert days_by_kind(step(application="basic_assistance", submitted_on="2026-11-02")) == {}


def test_housing_allowance_has_a_target_of_three_weeks_that_is_no_law() -> None:
    (deadline,) = deadlines_of_step(step(application="housing_allowance", complete_on="2026-11-02"))
    assert deadline.on == "2026-11-23"
    assert not deadline.is_statutory


def test_a_request_for_information_stops_the_agencys_clock_and_starts_the_clients() -> None:
    one = step(
        application="basic_assistance",
        stage="info_requested",
        complete_on="2026-11-10",
        info_due_on="2026-11-27",
    )
    assert days_by_kind(one) == {"info_reply": "2026-11-27"}


@pytest.mark.parametrize(
    "closed",
    [
        {"status": "done"},
        {"status": "not_realised"},
        {"stage": "granted"},
        {"stage": "refused"},
        {"stage": "lapsed"},
        {"stage": "keys"},
    ],
)
def test_a_closed_step_has_no_deadlines(closed: dict[str, str]) -> None:
    assert deadlines_of_step(step(due_on="2026-11-01", **closed)) == ()


def test_a_review_keeps_an_application_open() -> None:
    assert is_open_step(step(stage="review", status="waiting"))


def test_a_day_agreed_comes_with_its_owner() -> None:
    (deadline,) = deadlines_of_step(step(due_on="2026-11-25", owner=INSTRUCTOR))
    assert (deadline.kind, deadline.owner) == ("due", INSTRUCTOR)


def test_a_deadline_is_overdue_from_the_next_day_on() -> None:
    deadline = Deadline("due", TODAY, an_id("step"))
    assert not deadline.is_overdue(TODAY)
    assert deadline.is_overdue(day_plus(TODAY, 1))


def test_overdue_deadlines_come_oldest_first() -> None:
    late = [Deadline("due", day, an_id(day)) for day in ("2026-11-20", "2026-11-10", "2026-12-01")]
    assert [one.on for one in overdue(late, TODAY)] == ["2026-11-10", "2026-11-20"]


def test_a_task_without_a_status_is_still_to_be_done() -> None:
    assert len(deadlines_of_task(task("tulosta tiliotteet", due_on=TODAY))) == 1
    assert deadlines_of_task(task("tulosta tiliotteet", due_on=TODAY, status="done")) == ()
    assert deadlines_of_task(task("soita")) == ()


def test_the_first_meeting_is_due_in_two_working_days() -> None:
    deadline = first_meeting_deadline(matter("2026-11-20"), [])
    assert deadline is not None
    assert (deadline.kind, deadline.on) == ("first_meeting", "2026-11-24")


@pytest.mark.parametrize("urgency", ["now", "today"])
def test_an_acute_intake_is_met_on_its_day_even_on_a_sunday(urgency: str) -> None:
    deadline = first_meeting_deadline(matter("2026-11-22", urgency=urgency), [])
    assert deadline is not None
    assert deadline.on == "2026-11-22"


def test_a_contact_received_at_night_counts_for_the_day_in_helsinki() -> None:
    night = matter("2026-11-17", received_at="2026-11-16T23:30:00.000Z", urgency="now")
    deadline = first_meeting_deadline(night, [])
    assert deadline is not None
    assert deadline.on == "2026-11-17"


def test_the_first_meeting_is_met_face_to_face_and_after_the_intake() -> None:
    opened = matter("2026-11-16")
    assert first_meeting_deadline(opened, [meeting("2026-11-17", channel="in_person")]) is None
    for not_met in (
        meeting("2026-11-17", channel="phone"),
        meeting("2026-11-17", "not_reached"),
        meeting("2026-11-10", channel="in_person"),
    ):
        assert first_meeting_deadline(opened, [not_met]) is not None


def test_agreed_and_closed_matters_have_no_first_meeting_clock() -> None:
    assert first_meeting_deadline(matter("2026-11-01", urgency="agreed"), []) is None
    assert first_meeting_deadline(matter("2026-11-01", closed_on="2026-11-05"), []) is None


@given(days)
def test_seven_working_days_are_seven_on_every_day_of_the_year(day: str) -> None:
    found = days_by_kind(step(application="basic_assistance", complete_on=day))
    assert working_days_between(day, found["decision"]) == 7


@given(records(NavigationStep))
def test_deadlines_come_in_order_and_only_for_open_steps(one: NavigationStep) -> None:
    found = [deadline.on for deadline in deadlines_of_step(one)]
    assert found == sorted(found)
    assert is_open_step(one) or not found


def test_every_clock_says_its_source_and_uses_declared_words() -> None:
    for clock in AGENCY_CLOCKS:
        assert clock.source
        assert clock.deadline in VOCABULARIES["deadline"]
        assert clock.application in VOCABULARIES["application"]
        assert clock.starts in NavigationStep.model_fields
