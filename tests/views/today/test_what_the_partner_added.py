"""The partner's additions, and the lines of the day, without a screen."""

from __future__ import annotations

from pathlib import Path

from field_app.domain.clock import plus
from field_app.domain.deadlines import Deadline
from field_app.domain.next_step import NextStep
from field_app.domain.reach import Reach
from field_app.domain.records import Encounter, HealthNote
from field_app.domain.summary import PersonSummary
from field_app.store.case_list import ListedPerson
from field_app.views.today.additions import additions_in
from field_app.views.today.lines import lines_of
from field_app.views.today.model import (
    Addition,
    AdditionOpened,
    AdditionsFound,
    DayFacts,
    DayRead,
    FindAdditions,
    FollowDay,
    MarkSeen,
    Model,
    Shown,
)
from field_app.views.today.program import init, met_lately, update
from tests.views.phones import NURSE, SOCIAL, PairServer, Phone, add_person, phone

NOW = "2026-11-22T10:15:00.000Z"
SINCE = plus(NOW, hours=-36)


def shared(root: Path, both: bool = True) -> tuple[Phone, Phone, str, str]:
    """A meeting the nurse recorded; with both as participants, unless told otherwise."""
    server = PairServer()
    social, nurse = phone(root, SOCIAL, server), phone(root, NURSE, server)
    person_id = add_person(social, "Kettu")
    social.sync()
    nurse.sync()
    record_id = nurse.device.new_id()
    nurse.device.write(
        Encounter(
            id=record_id,
            at=NOW,
            outcome="reached",
            participants=frozenset({SOCIAL, NURSE}) if both else frozenset({NURSE}),
            author_half="health",
            health_part_recorded=True,
        ),
        person_id,
    )
    note = HealthNote(id=nurse.device.new_id(), encounter=record_id, condition="fine")
    nurse.device.write(note, person_id)
    nurse.sync()
    social.sync()
    return social, nurse, person_id, record_id


def found(held: Phone, person_id: str, seen: dict[str, str] | None = None) -> list[Addition]:
    """The additions a phone finds."""
    views = held.store.person(person_id).records
    role = "nurse" if held.device.worker == NURSE else "social_instructor"
    return list(additions_in(views, held.device.worker, role, SINCE, seen or {}))


def test_what_the_partner_wrote_is_news_until_it_was_seen(tmp_path: Path) -> None:
    social, _, person_id, record_id = shared(tmp_path)
    (addition,) = found(social, person_id)
    assert addition.facts.record_id == record_id
    assert addition.by == NURSE
    assert addition.own_part_missing
    assert found(social, person_id, {record_id: addition.mark}) == []


def test_something_newer_of_the_partner_is_news_again(tmp_path: Path) -> None:
    social, nurse, person_id, record_id = shared(tmp_path)
    (addition,) = found(social, person_id)
    nurse.device.clock.move(minutes=5)
    nurse.device.change(record_id, place="shelter")
    nurse.sync()
    social.sync()
    (again,) = found(social, person_id, {record_id: addition.mark})
    assert again.mark != addition.mark


def test_ones_own_words_are_no_news(tmp_path: Path) -> None:
    _, nurse, person_id, _ = shared(tmp_path)
    assert found(nurse, person_id) == []


def test_a_meeting_without_the_reader_is_no_news(tmp_path: Path) -> None:
    social, _, person_id, _ = shared(tmp_path, both=False)
    assert found(social, person_id) == []


def test_old_meetings_are_no_news(tmp_path: Path) -> None:
    social, _, person_id, _ = shared(tmp_path)
    views = social.store.person(person_id).records
    later = plus(NOW, hours=40)
    assert additions_in(views, SOCIAL, "social_worker", later, {}) == ()


# The program and its lines


def summary(person_id: str, **facts: object) -> ListedPerson:
    """A person of the worker's."""
    values = {"workers": (SOCIAL,), "is_open": True, **facts}
    return ListedPerson(PersonSummary(person_id, **values))  # type: ignore[arg-type]


def day(*people: ListedPerson) -> DayFacts:
    """A day with these people."""
    return DayFacts(NOW, SOCIAL, people)


def test_the_day_is_followed_from_the_start_and_again_when_in_sight() -> None:
    model, effects = init()
    assert effects == (FollowDay(),)
    assert update(model, Shown())[1] == ()
    read, _ = update(model, DayRead(day()))
    assert update(read, Shown())[1] == (FollowDay(),)


def test_only_records_of_people_met_lately_are_looked_into() -> None:
    facts = day(
        summary("new", reach=Reach(last_attempt_at="2026-11-22T08:00:00.000Z")),
        summary("old", reach=Reach(last_attempt_at="2026-11-12T08:00:00.000Z")),
        summary("others", workers=(), reach=Reach(last_attempt_at="2026-11-22T08:00:00.000Z")),
        summary("never"),
    )
    assert met_lately(facts) == ("new",)
    assert update(Model(), DayRead(facts))[1] == (FindAdditions(("new",)),)


def test_an_addition_that_was_opened_goes_and_is_remembered(tmp_path: Path) -> None:
    social, _, person_id, record_id = shared(tmp_path)
    (addition,) = found(social, person_id)
    model, _ = update(Model(), DayRead(day()))
    model, _ = update(model, AdditionsFound((addition,)))
    model, effects = update(model, AdditionOpened(record_id))
    assert model.additions == ()
    assert effects == (MarkSeen(record_id, addition.mark),)


def test_an_overdue_line_says_which_step_was_missed() -> None:
    missed = NextStep("encounter", "e1", text="Tiliotteet", on="2026-11-19")
    coming = NextStep("task", "t1", text="Soitto", on="2026-11-25")
    model, _ = update(Model(), DayRead(day(summary("p", steps=(missed, coming), name="Kettu"))))
    ((section, (line,)),) = lines_of(model)
    assert section == "overdue"
    assert line.step is not None
    assert line.step.text == "Tiliotteet"


def test_a_deadline_without_a_step_says_its_own_name() -> None:
    passed = Deadline("first_meeting", "2026-11-04", "m1")
    model, _ = update(Model(), DayRead(day(summary("p", deadlines=(passed,), name="Kettu"))))
    ((_, (line,)),) = lines_of(model)
    assert line.deadline == passed
    assert line.step is None


def test_a_line_prints_neither_names_nor_steps() -> None:
    step = NextStep("encounter", "e1", text="Salainen askel", on="2026-11-22")
    model, _ = update(Model(), DayRead(day(summary("p", steps=(step,), name="Salainen"))))
    assert "Salainen" not in repr(lines_of(model))
