"""Who has been reached: attempts count, pauses hold, nothing closes by itself."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from field_app.domain.reach import reach_of
from field_app.domain.records import Encounter
from field_app.domain.vocabularies import VOCABULARIES
from tests.domain.given import an_id, meeting, noon, person
from tests.domain.strategies import days

TODAY = "2026-11-22"


def test_failed_attempts_count_since_the_person_was_last_reached() -> None:
    reach = reach_of(
        [
            meeting("2026-11-01", "not_reached"),
            meeting("2026-11-05"),
            meeting("2026-11-10", "not_reached"),
            meeting("2026-11-15", "no_show", next_try_on="2026-11-23"),
        ]
    )
    assert reach.last_reached_at == noon("2026-11-05")
    assert reach.failed_attempts == 2
    assert reach.days_unreached(TODAY) == 17
    assert reach.next_try_on == "2026-11-23"


def test_a_person_who_says_no_today_has_been_reached() -> None:
    assert reach_of([meeting("2026-11-20", "declined_now")]).days_unreached(TODAY) == 2


def test_a_person_seen_across_the_street_is_seen_and_not_reached() -> None:
    reach = reach_of([meeting("2026-11-10"), meeting("2026-11-20", "seen_only")])
    assert reach.last_seen_at == noon("2026-11-20")
    assert reach.last_reached_at == noon("2026-11-10")
    assert reach.failed_attempts == 0


def test_breaking_off_for_safety_is_not_the_persons_failure() -> None:
    assert reach_of([meeting("2026-11-20", "aborted_unsafe")]).failed_attempts == 0


def test_someone_never_reached_waits_since_the_matter_was_opened() -> None:
    attempts = [meeting("2026-11-20", "not_reached")]
    assert reach_of(attempts, opened_on="2026-11-12").days_unreached(TODAY) == 10
    assert reach_of(attempts).days_unreached(TODAY) == 2
    assert reach_of([]).days_unreached(TODAY) is None


def test_a_pause_holds_through_its_last_day_and_then_ends() -> None:
    paused = person(reach_paused_until=TODAY, reach_pause_reason="prison")
    reach = reach_of([meeting("2026-10-01")], paused)
    assert not reach.is_unreached(TODAY, 14)
    assert reach.is_unreached("2026-11-23", 14)
    assert reach.days_unreached(TODAY) == 52


def test_the_limit_of_days_is_reached_on_its_day() -> None:
    reach = reach_of([meeting("2026-11-08")])
    assert reach.is_unreached(TODAY, 14)
    assert not reach.is_unreached(TODAY, 15)


def test_a_clock_that_is_ahead_never_gives_negative_days() -> None:
    assert reach_of([meeting("2026-11-25")]).days_unreached(TODAY) == 0


def test_a_late_evening_counts_for_the_day_it_was_in_helsinki() -> None:
    night = meeting("2026-11-20", at="2026-11-20T22:30:00.000Z")
    assert reach_of([night]).waiting_since == "2026-11-21"


def test_the_next_try_is_gone_once_the_person_is_reached() -> None:
    reach = reach_of(
        [meeting("2026-11-10", "not_reached", next_try_on="2026-11-12"), meeting("2026-11-12")]
    )
    assert reach.next_try_on is None


_outcomes = st.sampled_from(VOCABULARIES["outcome"].codes)
_contacts = st.lists(st.tuples(days, _outcomes), max_size=8).map(
    lambda drawn: [
        Encounter(id=an_id(f"{number}"), at=noon(day), outcome=outcome)
        for number, (day, outcome) in enumerate(drawn)
    ]
)


@given(_contacts, st.permutations(range(8)))
def test_the_order_in_which_contacts_arrive_makes_no_difference(
    contacts: list[Encounter], order: list[int]
) -> None:
    shuffled = [contacts[index] for index in order if index < len(contacts)]
    assert reach_of(shuffled) == reach_of(contacts)


@given(_contacts)
def test_reaching_somebody_after_everything_else_clears_the_attempts(
    contacts: list[Encounter],
) -> None:
    reach = reach_of(
        [*contacts, Encounter(id=an_id("z"), at=noon("2028-01-01"), outcome="reached")]
    )
    assert reach.failed_attempts == 0
    assert reach.waiting_since == "2028-01-01"


@given(_contacts)
def test_attempts_are_never_more_than_contacts(contacts: list[Encounter]) -> None:
    reach = reach_of(contacts)
    assert 0 <= reach.failed_attempts <= len(contacts)
    assert (reach.last_reached_at or "") <= (reach.last_seen_at or "")
