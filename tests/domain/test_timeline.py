"""The timeline: latest first, one line each, health and hard words hidden."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from field_app.domain.case_file import case_file
from field_app.domain.declaration import Record
from field_app.domain.records import Assessment
from field_app.domain.timeline import TimelineEntry, timeline
from tests.domain.catalogue import texts
from tests.domain.given import (
    INSTRUCTOR,
    NURSE,
    an_id,
    health_note,
    matter,
    meeting,
    noon,
    person,
    stay,
    step,
    task,
)
from tests.domain.strategies import records


def lines(*found: Record) -> tuple[TimelineEntry, ...]:
    """The timeline of these records."""
    return timeline(case_file(found))


def values(entry: TimelineEntry) -> list[str]:
    """What an entry's line is made of."""
    return [piece.value for piece in entry.pieces]


def test_the_latest_comes_first_whatever_kind_it_is() -> None:
    told = lines(
        meeting("2026-11-01"),
        matter("2026-10-01", closed_on="2026-11-10"),
        stay("outdoors", "2026-11-05"),
        step(title="Asuntohakemus", submitted_on="2026-11-07"),
        task("tiliotteet", done_on="2026-11-08", status="done"),
        health_note("2026-11-02"),
    )
    assert [entry.on for entry in told] == [
        "2026-11-10",
        "2026-11-08",
        "2026-11-07",
        "2026-11-05",
        "2026-11-02",
        "2026-11-01",
        "2026-10-01",
    ]


def test_a_meeting_says_what_how_and_what_next() -> None:
    (entry,) = lines(
        meeting(
            "2026-11-20",
            channel="phone",
            topics=frozenset({"chat", "housing"}),
            note="Kahvi kelpasi.",
            next_step_text="Nähdään torstaina",
            next_step_on="2026-11-26",
            health_part_recorded=True,
        )
    )
    assert entry.at == noon("2026-11-20")
    assert values(entry) == [
        "outcome.reached",
        "channel.phone",
        "topic.housing",
        "topic.chat",
        "Kahvi kelpasi.",
        "Nähdään torstaina",
        "2026-11-26",
        "encounter.health_part_recorded",
    ]


def test_an_attempt_says_where_and_when_again() -> None:
    (entry,) = lines(
        meeting(
            "2026-11-20",
            "not_reached",
            places_tried="päiväkeskus, kirjasto",
            next_try_on="2026-11-21",
        )
    )
    assert values(entry) == ["outcome.not_reached", "päiväkeskus, kirjasto", "2026-11-21"]


def test_a_meeting_names_its_pair_by_id() -> None:
    (entry,) = lines(meeting("2026-11-20", participants=frozenset({NURSE, INSTRUCTOR})))
    assert entry.workers == tuple(sorted([INSTRUCTOR, NURSE]))


def test_nothing_further_is_said() -> None:
    (entry,) = lines(meeting("2026-11-20", next_step_none=True))
    assert "encounter.next_step_none" in values(entry)


def test_a_correction_stands_in_the_place_of_the_note() -> None:
    (entry,) = lines(meeting("2026-11-20", note="väärin", correction_text="oikein"))
    assert "oikein" in values(entry)
    assert "väärin" not in values(entry)


def test_words_of_health_substances_and_violence_wait_to_be_revealed() -> None:
    told = lines(
        health_note("2026-11-20", condition="concern", note="Haava", observations={"wound"}),
        meeting("2026-11-19", topics=frozenset({"substances"})),
        stay("outdoors", "2026-11-18", cause_trigger="violence"),
    )
    for value in ("condition.concern", "Haava", "health_observation.wound", "topic.substances"):
        (piece,) = [piece for entry in told for piece in entry.pieces if piece.value == value]
        assert piece.is_hidden
    assert [piece.is_hidden for piece in told[-1].pieces] == [False, True]
    assert told[0].register == "health"


def test_the_entries_of_one_meeting_are_joined_by_their_occasion() -> None:
    occasion = an_id("occasion")
    told = lines(
        meeting("2026-11-20", occasion=occasion), health_note("2026-11-20", occasion=occasion)
    )
    assert {entry.occasion for entry in told} == {occasion}


def test_an_application_tells_each_of_its_days() -> None:
    told = lines(
        step(
            application="basic_assistance",
            stage="granted",
            submitted_on="2026-11-01",
            urged_on="2026-11-02",
            info_requested_on="2026-11-05",
            accompanied_on="2026-11-08",
            decision_on="2026-11-20",
            outcome="myönnetty marraskuulle",
        )
    )
    assert [entry.event for entry in told] == [
        "navigation_step.decision_on",
        "navigation_step.accompanied_on",
        "navigation_step.info_requested_on",
        "navigation_step.urged_on",
        "navigation_step.submitted_on",
    ]
    assert values(told[0]) == [
        "application.basic_assistance",
        "stage.granted",
        "myönnetty marraskuulle",
    ]


def test_a_step_to_which_nothing_has_happened_stands_on_its_due_day() -> None:
    (entry,) = lines(step(kind="referral", title="Velkaneuvonta", due_on="2026-12-01"))
    assert (entry.event, entry.on) == ("navigation_step.due_on", "2026-12-01")
    assert values(entry) == ["step_kind.referral", "Velkaneuvonta"]


def test_a_task_is_told_once_it_is_done() -> None:
    assert lines(task("soita", due_on="2026-11-20")) == ()


def test_the_clients_goals_lead_a_mapping() -> None:
    mapping = Assessment(
        id=an_id("kartoitus"), made_at=noon("2026-11-20"), client_goals="oma avain", summary="x"
    )
    (entry,) = lines(mapping)
    assert values(entry) == ["oma avain", "x"]


def test_a_returner_is_said_at_the_opening() -> None:
    (entry,) = lines(
        matter("2026-11-01", returner=True, urgency="today", reason="majoitus päättyi")
    )
    assert values(entry) == ["urgency.today", "matter.returner", "majoitus päättyi"]


def test_the_person_record_itself_is_no_event() -> None:
    assert lines(person()) == ()


_cases = st.lists(records(), max_size=6, unique_by=lambda record: record.id)


@settings(max_examples=40)  # whole cases are slow to draw
@given(_cases)
def test_every_label_of_a_line_has_its_text(found: list[Record]) -> None:
    catalogue = texts("fi")
    for entry in timeline(case_file(found)):
        assert entry.event in catalogue
        for piece in entry.pieces:
            assert piece.kind != "label" or piece.value in catalogue


@settings(max_examples=40)  # whole cases are slow to draw
@given(_cases)
def test_the_order_of_records_makes_no_difference(found: list[Record]) -> None:
    assert timeline(case_file(found[::-1])) == timeline(case_file(found))


@settings(max_examples=40)  # whole cases are slow to draw
@given(_cases)
def test_a_line_tells_nothing_in_its_repr(found: list[Record]) -> None:
    for entry in timeline(case_file(found)):
        for piece in entry.pieces:
            assert piece.kind != "text" or repr(piece.value) not in repr(entry)


@settings(max_examples=40)  # whole cases are slow to draw
@given(_cases)
def test_days_run_backwards(found: list[Record]) -> None:
    told = [entry.on or "" for entry in timeline(case_file(found))]
    assert told == sorted(told, reverse=True)
