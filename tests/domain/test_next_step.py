"""The next step: what was agreed last, by when, whose."""

from __future__ import annotations

from field_app.domain.case_file import case_file
from field_app.domain.declaration import Record
from field_app.domain.next_step import NextStep, next_step, nothing_further, open_steps, was_missed
from tests.domain.given import INSTRUCTOR, meeting, step, task

TODAY = "2026-11-22"


def shown(*records: Record) -> NextStep | None:
    """The step the header shows today."""
    return next_step(open_steps(case_file(records)), TODAY)


def test_what_was_agreed_when_last_met_stands() -> None:
    found = shown(
        meeting("2026-11-01", next_step_text="Kelaan", next_step_on="2026-11-26"),
        meeting(
            "2026-11-20",
            next_step_text="Asuntonäyttöön",
            next_step_on="2026-11-24",
            next_step_owner=INSTRUCTOR,
        ),
    )
    assert found is not None
    assert (found.text, found.on, found.owner) == ("Asuntonäyttöön", "2026-11-24", INSTRUCTOR)
    assert found.source == "encounter"


def test_a_meeting_that_says_nothing_about_it_leaves_the_step_as_it_was() -> None:
    found = shown(
        meeting("2026-11-01", next_step_text="Kelaan", next_step_on="2026-11-26"),
        meeting("2026-11-20"),
    )
    assert found is not None
    assert found.text == "Kelaan"


def test_nothing_further_ends_what_was_agreed_before() -> None:
    records = (
        meeting("2026-11-01", next_step_text="Kelaan", next_step_on="2026-11-26"),
        meeting("2026-11-20", next_step_none=True),
    )
    assert shown(*records) is None
    assert nothing_further(case_file(records))
    assert not nothing_further(case_file(records[:1]))
    assert not nothing_further(case_file([]))


def test_after_a_failed_attempt_the_next_try_is_a_step() -> None:
    found = shown(meeting("2026-11-21", "not_reached", next_try_on="2026-11-23"))
    assert found is not None
    assert (found.source, found.label, found.on) == (
        "next_try",
        "step_source.next_try",
        "2026-11-23",
    )


def test_the_earliest_step_still_to_come_is_shown_before_missed_ones() -> None:
    found = shown(
        task("tulosta tiliotteet", due_on="2026-11-10"),
        task("soita", due_on="2026-11-25"),
        step(title="Asuntonäyttö", due_on="2026-11-24"),
    )
    assert found is not None
    assert found.text == "Asuntonäyttö"


def test_when_all_were_missed_the_latest_of_them_is_shown() -> None:
    found = shown(task("a", due_on="2026-11-01"), task("b", due_on="2026-11-20"))
    assert found is not None
    assert found.text == "b"
    assert was_missed(found, TODAY)


def test_a_step_of_today_has_not_been_missed() -> None:
    found = shown(task("a", due_on=TODAY))
    assert found is not None
    assert not was_missed(found, TODAY)


def test_an_undated_step_is_better_than_none() -> None:
    found = shown(task("soita"))
    assert found is not None
    assert found.on is None
    assert not was_missed(found, TODAY)


def test_an_application_is_named_by_its_label_and_its_earliest_clock() -> None:
    found = shown(
        step(application="basic_assistance", complete_on="2026-11-20", due_on="2026-12-24")
    )
    assert found is not None
    assert (found.label, found.on) == ("application.basic_assistance", "2026-12-01")


def test_a_referral_is_named_by_its_kind() -> None:
    found = shown(step(kind="referral", due_on="2026-12-24"))
    assert found is not None
    assert found.label == "step_kind.referral"


def test_what_is_done_is_no_next_step() -> None:
    assert shown(task("soita", status="done"), step(title="x", status="done")) is None


def test_words_of_a_step_stay_out_of_its_repr() -> None:
    found = shown(task("salainen asia", due_on="2026-11-25"))
    assert "salainen" not in repr(found)
    assert "2026-11-25" not in repr(found)
