"""The coordinator's morning list."""

from __future__ import annotations

from dataclasses import fields

from field_app.domain.declaration import Record
from field_app.domain.morning import Morning, MorningItem, UnsyncedWorker, morning_list
from field_app.domain.summary import PersonSummary, summarise
from field_app.domain.vocabularies import VOCABULARIES
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
    task,
)

NOW = noon("2026-11-22")


def one(name: str, *records: Record, **values: object) -> PersonSummary:
    """Somebody's summary."""
    return summarise(an_id(name), [person(name, id=an_id(name), **values), *records])


def test_its_sections_are_those_of_the_vocabulary_in_their_order() -> None:
    assert tuple(field.name for field in fields(Morning)) == VOCABULARIES["morning_section"].codes


def test_acute_intakes_nobody_has_met_come_with_their_day() -> None:
    waiting = one("kettu", matter("2026-11-21", urgency="now"))
    met = one(
        "nea", matter("2026-11-21", urgency="now"), meeting("2026-11-21", channel="in_person")
    )
    assert morning_list([waiting, met], NOW).acute_intake == (
        MorningItem(an_id("kettu"), "2026-11-21"),
    )


def test_placements_that_end_within_two_weeks_are_told() -> None:
    soon = one("kettu", stay("supported", "2026-11-01", ended_on="2026-12-01"))
    later = one("nea", stay("supported", "2026-11-01", ended_on="2027-01-15"))
    over = one("professori", stay("supported", "2026-11-01", ended_on="2026-11-20"))
    assert [
        item.person_id for item in morning_list([soon, later, over], NOW).placements_ending
    ] == [an_id("kettu")]


def test_due_people_of_absent_workers_need_somebody() -> None:
    alone = one("kettu", task("saatto", due_on="2026-11-22", owner=INSTRUCTOR))
    paired = one("nea", task("saatto", due_on="2026-11-22", owner=INSTRUCTOR), own_worker=NURSE)
    later = one("professori", task("saatto", due_on="2026-11-30", owner=INSTRUCTOR))
    nobody = one("turun poika", task("saatto", due_on="2026-11-22"))
    morning = morning_list([alone, paired, later, nobody], NOW, absent=frozenset({INSTRUCTOR}))
    assert morning.absent_workers == (MorningItem(an_id("kettu"), "2026-11-22"),)
    assert morning_list([alone], NOW).absent_workers == ()


def test_the_oldest_unsynced_change_comes_first() -> None:
    phones = [
        UnsyncedWorker(NURSE, 2, noon("2026-11-20")),
        UnsyncedWorker(an_id("x"), 0),
        UnsyncedWorker(INSTRUCTOR, 5, noon("2026-11-19")),
    ]
    morning = morning_list([], NOW, waiting_changes=4, unsynced=phones)
    assert [phone.worker for phone in morning.unsynced] == [INSTRUCTOR, NURSE, an_id("x")]
    assert morning.waiting_changes == 4


def test_most_conflicts_come_first() -> None:
    few = summarise(an_id("a"), [], conflicts=1)
    many = summarise(an_id("b"), [], conflicts=3)
    assert [item.count for item in morning_list([few, many], NOW).conflicts] == [3, 1]


def test_two_spellings_of_one_nickname_are_proposed_as_one_person() -> None:
    found = morning_list([one("Punapipo"), one("Puna-pippo"), one("Kettu")], NOW).duplicates
    assert [{pair.first, pair.second} for pair in found] == [
        {an_id("Punapipo"), an_id("Puna-pippo")}
    ]


def test_a_lent_telephone_does_not_make_two_people_one() -> None:
    number = "040 123 4567"
    own = [one("Nea", phone=number), one("Kettu", phone="+358 40 1234567")]
    assert len(morning_list(own, NOW).duplicates) == 1
    lent = [one("Nea", phone=number, phone_kind="shared"), one("Kettu", phone=number)]
    assert morning_list(lent, NOW).duplicates == ()


def test_the_unreached_come_with_their_days_and_archived_people_do_not() -> None:
    people = [
        one("kettu", meeting("2026-10-01")),
        one("nea", meeting("2026-09-01"), archived=True),
    ]
    assert morning_list(people, NOW).unreached == (MorningItem(an_id("kettu"), "2026-10-01", 52),)


def test_there_is_no_health_in_the_morning_list() -> None:
    with_health = one("kettu", health_note("2026-11-21", condition="urgent"))
    assert morning_list([with_health], NOW) == morning_list([one("kettu")], NOW)
