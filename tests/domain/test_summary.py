"""A person in a few lines: complete for the lists, small, and silent about the rest."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from field_app.domain.declaration import Record
from field_app.domain.records import Encounter, HealthNote, Matter, NavigationStep, Person, Task
from field_app.domain.summary import STEPS_MAX, PersonSummary, summarise
from tests.domain.given import (
    COLLEAGUE,
    INSTRUCTOR,
    NURSE,
    PUNAPIPO,
    TEAM,
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

TODAY = "2026-11-22"


def test_the_header_finds_everything_it_shows() -> None:
    summary = summarise(
        PUNAPIPO,
        [
            person(
                aliases=frozenset({"Pipo", "Asemapipo"}),
                safety="Kaksi työntekijää",
                languages=frozenset({"sv", "fi"}),
                interpreter=True,
                where_found="Aseman kulmalla aamuisin",
                housing_situation="outdoors",
                housing_since="2026-11-01",
                own_worker=INSTRUCTOR,
            ),
            matter("2026-10-01"),
            meeting("2026-11-10", place="street", place_text="Asema", channel="in_person"),
            meeting("2026-11-20", "not_reached"),
            task("soita", due_on="2026-11-25", owner=NURSE),
        ],
        team_id=TEAM,
        conflicts=2,
    )
    step_shown = summary.next_step(TODAY)
    assert step_shown is not None
    assert (step_shown.text, step_shown.owner) == ("soita", NURSE)
    assert summary.aliases == ("Asemapipo", "Pipo")
    assert summary.languages == ("fi", "sv")
    assert (summary.safety, summary.interpreter) == ("Kaksi työntekijää", True)
    assert (summary.housing_situation, summary.housing_since) == ("outdoors", "2026-11-01")
    assert summary.reach.last_reached_at == noon("2026-11-10")
    assert summary.reach.failed_attempts == 1
    assert (summary.last_place, summary.last_place_text) == ("street", "Asema")
    assert (summary.team_id, summary.conflicts, summary.own_worker) == (TEAM, 2, INSTRUCTOR)


def test_workers_are_those_who_work_with_the_person_now() -> None:
    summary = summarise(
        PUNAPIPO,
        [
            person(own_worker=INSTRUCTOR),
            meeting("2026-01-01", participants=frozenset({COLLEAGUE})),
            meeting("2026-11-01", participants=frozenset({INSTRUCTOR, NURSE})),
            task("tehty", owner=COLLEAGUE, status="done"),
        ],
    )
    assert summary.workers == tuple(sorted({INSTRUCTOR, NURSE}))


def test_a_missed_meeting_is_as_overdue_as_a_missed_deadline() -> None:
    summary = summarise(
        PUNAPIPO,
        [
            meeting("2026-11-01", next_step_text="nähdään", next_step_on="2026-11-05"),
            step(due_on="2026-11-10"),
        ],
    )
    assert [one.on for one in summary.overdue(TODAY)] == ["2026-11-05", "2026-11-10"]
    assert summary.overdue("2026-11-01") == ()


def test_an_acute_intake_is_urgent_until_somebody_has_met_the_person() -> None:
    opened = matter("2026-11-20", urgency="today")
    waiting = summarise(PUNAPIPO, [opened])
    met = summarise(PUNAPIPO, [opened, meeting("2026-11-20", channel="in_person")])
    assert waiting.is_acute_intake
    assert waiting.is_urgent
    assert not met.is_urgent


def test_an_urgent_task_and_a_nurses_word_make_a_person_urgent() -> None:
    assert summarise(PUNAPIPO, [task("turvapaikka", urgent=True)]).is_urgent
    assert not summarise(PUNAPIPO, [task("x", urgent=True, status="done")]).is_urgent
    assert summarise(PUNAPIPO, [health_note("2026-11-20", condition="urgent")]).is_urgent
    calmer = [
        health_note("2026-11-20", condition="urgent"),
        health_note("2026-11-21", condition="fine", recheck_on="2026-11-28"),
    ]
    assert not summarise(PUNAPIPO, calmer).is_urgent
    assert summarise(PUNAPIPO, calmer).recheck_on == "2026-11-28"


def test_a_returner_had_a_matter_closed_before() -> None:
    closed = matter("2025-01-01", closed_on="2025-06-01")
    assert summarise(PUNAPIPO, [closed, matter("2026-11-01")]).returner
    assert summarise(PUNAPIPO, [matter("2026-11-01", returner=True)]).returner
    assert not summarise(PUNAPIPO, [closed]).returner
    assert not summarise(PUNAPIPO, [closed]).is_open


def test_someone_met_without_a_matter_yet_is_open() -> None:
    assert summarise(PUNAPIPO, [person()]).is_open


def test_a_placement_tells_when_it_ends() -> None:
    stays = [stay("supported", "2026-11-01", ended_on="2026-12-01"), stay("hostel", "2026-01-01")]
    assert summarise(PUNAPIPO, stays).stays_end == ("2026-12-01",)


def test_the_surname_and_the_notes_are_not_in_it() -> None:
    summary = summarise(
        PUNAPIPO,
        [person(surname="Salanimi", risks="velkoja"), meeting("2026-11-01", note="Pitkä juttu")],
    )
    plain = json.dumps(summary.to_plain(), ensure_ascii=False)
    assert "Salanimi" not in plain
    assert "Pitkä juttu" not in plain
    assert "velkoja" not in plain


def test_its_repr_tells_only_ids() -> None:
    summary = summarise(
        PUNAPIPO,
        [
            person(safety="varo koiraa", phone="040 1234567"),
            meeting("2026-11-01", place_text="Asema", next_step_text="nähdään"),
        ],
    )
    for secret in ("Punapipo", "koiraa", "040", "Asema", "nähdään", "2026-11-01"):
        assert secret not in repr(summary)


def test_a_summary_of_nobody_is_small() -> None:
    summary = summarise(PUNAPIPO, [])
    assert summary.to_plain().keys() == {"person_id", "is_open", "reach"}
    assert PersonSummary.from_plain(summary.to_plain()) == summary


def test_a_summary_of_a_long_case_stays_small() -> None:
    many: list[Record] = [task(f"tehtävä {number}", due_on=TODAY) for number in range(200)]
    many += [meeting(f"2026-{month:02}-{day:02}") for month in range(1, 12) for day in range(1, 28)]
    summary = summarise(PUNAPIPO, many)
    assert len(summary.steps) == len(summary.deadlines) == STEPS_MAX
    assert len(json.dumps(summary.to_plain())) < 4096


def test_what_another_version_wrote_is_left_out_when_reading() -> None:
    plain = {**summarise(PUNAPIPO, [person()]).to_plain(), "shoe_size": 43}
    assert PersonSummary.from_plain(plain).name == "Punapipo"


_cases = st.lists(
    st.one_of(
        *[records(kind) for kind in (Person, Encounter, Matter, NavigationStep, Task, HealthNote)]
    ),
    max_size=6,
    unique_by=lambda record: record.id,
)


@given(_cases)
def test_a_summary_survives_its_plain_form(found: list[Record]) -> None:
    summary = summarise(PUNAPIPO, found, TEAM, conflicts=1)
    again = PersonSummary.from_plain(json.loads(json.dumps(summary.to_plain())))
    assert again == summary
    assert again.overdue(TODAY) == summary.overdue(TODAY)
    assert again.next_step(TODAY) == summary.next_step(TODAY)


@given(_cases)
def test_the_order_of_records_makes_no_difference(found: list[Record]) -> None:
    assert summarise(PUNAPIPO, found[::-1]) == summarise(PUNAPIPO, found)


@given(_cases)
def test_without_health_records_there_is_no_health_in_it(found: list[Record]) -> None:
    social = [record for record in found if not isinstance(record, HealthNote)]
    summary = summarise(PUNAPIPO, social)
    assert not summary.health_urgent
    assert summary.recheck_on is None
