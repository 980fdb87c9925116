"""Today: the order of the work, each person once."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from field_app.domain.clock import plus
from field_app.domain.declaration import Record
from field_app.domain.records import Encounter, Matter, Person, Task
from field_app.domain.summary import PersonSummary, summarise
from field_app.domain.today import DraftFacts, PartnerAddition, TodayItem, sections_of, today_list
from field_app.domain.vocabularies import VOCABULARIES
from tests.domain.given import (
    INSTRUCTOR,
    NEA,
    NURSE,
    PUNAPIPO,
    an_id,
    matter,
    meeting,
    noon,
    person,
    task,
)
from tests.domain.strategies import records

NOW = noon("2026-11-22")


def one(name: str, *records: Record, **values: object) -> PersonSummary:
    """Somebody's summary."""
    return summarise(an_id(name), [person(name, id=an_id(name), **values), *records])


URGENT = one("kettu", matter("2026-11-22", urgency="now"), safety="Kaksi työntekijää")
AGREED = one("nea", meeting("2026-11-20", next_step_text="kahvi", next_step_on="2026-11-22"))
OVERDUE = one("professori", meeting("2026-11-20"), task("tiliotteet", due_on="2026-11-16"))
UNREACHED = one("turun poika", meeting("2026-10-01"))
QUIET = one("kitaramies", meeting("2026-11-20"))


def sections(items: tuple[TodayItem, ...]) -> list[str]:
    """The sections in the order they are shown."""
    return [item.section for item in items]


def test_the_list_has_the_order_of_the_work() -> None:
    items = today_list(
        [QUIET, UNREACHED, OVERDUE, AGREED, URGENT],
        NOW,
        drafts=[DraftFacts("draft", "encounter", NOW, PUNAPIPO)],
        additions=[PartnerAddition(NEA, "health_note", an_id("note"), NOW)],
        only_here=3,
    )
    assert sections(items) == list(VOCABULARIES["today_section"].codes)
    assert items[4] == TodayItem("only_here", count=3)


def test_somebody_who_needs_nothing_today_is_not_in_it() -> None:
    assert today_list([QUIET], NOW) == ()


def test_a_person_stands_once_with_every_reason() -> None:
    both = one(
        "nea",
        matter("2026-01-01"),
        meeting("2026-10-01", next_step_text="kahvi", next_step_on="2026-11-22"),
        task("tiliotteet", due_on="2026-11-16"),
    )
    (item,) = today_list([both], NOW)
    assert item.section == "agreed"
    assert item.reasons == ("agreed", "overdue", "unreached")


def test_a_safety_sign_goes_with_the_person() -> None:
    (item,) = today_list([URGENT], NOW)
    assert item.has_safety_sign


def test_a_home_visit_nobody_checked_out_of_comes_first() -> None:
    visit = DraftFacts("visit", "encounter", NOW, PUNAPIPO, check_out_at=plus(NOW, minutes=-5))
    items = today_list([AGREED], NOW, drafts=[visit])
    assert sections(items) == ["urgent", "agreed"]
    assert items[0].draft_id == "visit"


def test_a_home_visit_that_goes_on_is_a_draft() -> None:
    visit = DraftFacts("visit", "encounter", NOW, PUNAPIPO, check_out_at=plus(NOW, minutes=5))
    assert sections(today_list([], NOW, drafts=[visit])) == ["drafts"]


def test_a_worker_sees_their_own_people_and_every_acute_intake() -> None:
    mine = one("nea", matter("2026-11-02"), task("x", due_on="2026-11-01", owner=INSTRUCTOR))
    theirs = one("professori", task("y", due_on="2026-11-01", owner=NURSE))
    items = today_list([mine, theirs, URGENT], NOW, worker=INSTRUCTOR)
    assert [item.person_id for item in items] == [URGENT.person_id, mine.person_id]


def test_archived_people_are_left_in_peace() -> None:
    assert today_list([one("nea", task("x", due_on="2026-11-01"), archived=True)], NOW) == ()


def test_a_pause_keeps_a_person_out_of_the_unreached() -> None:
    paused = one("nea", meeting("2026-10-01"), reach_paused_until="2026-12-01")
    assert today_list([paused], NOW) == ()


def test_the_longest_unreached_come_first_and_the_limit_is_the_teams() -> None:
    longer = one("kettu", meeting("2026-09-01"))
    items = today_list([UNREACHED, longer], NOW)
    assert [item.person_id for item in items] == [longer.person_id, UNREACHED.person_id]
    assert today_list([UNREACHED, longer], NOW, unreached_days=365) == ()


def test_the_day_is_helsinkis_and_not_greenwichs() -> None:
    evening = "2026-11-21T22:30:00.000Z"  # 00:30 on the 22nd in Helsinki
    assert sections(today_list([AGREED], evening)) == ["agreed"]


_people = st.lists(
    st.one_of(*[records(kind) for kind in (Person, Encounter, Matter, Task)]),
    max_size=4,
    unique_by=lambda record: record.id,
)


@settings(max_examples=40)  # whole cases are slow to draw
@given(st.lists(_people, max_size=4))
def test_every_person_with_a_reason_is_shown_exactly_once(cases: list[list[Record]]) -> None:
    summaries = [summarise(an_id(f"{number}"), case) for number, case in enumerate(cases)]
    items = today_list(summaries, NOW)
    expected = {
        summary.person_id
        for summary in summaries
        if not summary.archived and sections_of(summary, "2026-11-22", 14)
    }
    assert sorted(item.person_id or "" for item in items) == sorted(expected)
    assert today_list(summaries[::-1], NOW) == items


def test_the_lines_tell_no_names_in_their_repr() -> None:
    items = today_list([URGENT, AGREED, OVERDUE, UNREACHED], NOW)
    for secret in ("nea", "kettu", "2026", "Kaksi"):
        assert secret not in repr(items)
