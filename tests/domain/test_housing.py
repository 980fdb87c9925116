"""Housing: two values can both be true at different times, and none is lost."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from field_app.domain.errors import HousingOrderUnknown
from field_app.domain.housing import (
    HousingValue,
    days_in_situation,
    ends_on,
    history,
    is_homeless,
    period_id,
    settle,
)
from field_app.domain.vocabularies import VOCABULARIES
from tests.domain.given import NEA, PUNAPIPO, stay
from tests.domain.strategies import days

TODAY = "2026-11-22"
SOFA = HousingValue("with_others", "2026-10-01", "a" * 32 + ":0")
STAIRWELL = HousingValue("outdoors", "2026-11-15", "b" * 32 + ":2")


def test_the_later_value_holds_now_and_the_earlier_becomes_history() -> None:
    settled = settle(PUNAPIPO, [STAIRWELL, SOFA])
    assert settled.current == STAIRWELL
    (period,) = settled.periods
    assert period.situation == "with_others"
    assert (period.started_on, period.ended_on) == ("2026-10-01", "2026-11-15")


def test_two_phones_that_settle_alike_make_the_same_record() -> None:
    one = settle(PUNAPIPO, [STAIRWELL, SOFA])
    other = settle(PUNAPIPO, [SOFA, STAIRWELL])
    assert one.periods == other.periods
    assert one.periods[0].id == other.periods[0].id


def test_a_value_nobody_can_date_is_the_oldest() -> None:
    undated = HousingValue("hostel", None, "c" * 32 + ":0")
    settled = settle(PUNAPIPO, [STAIRWELL, undated])
    assert settled.current == STAIRWELL
    assert settled.periods[0].started_on is None
    assert settled.periods[0].ended_on == "2026-11-15"


def test_the_same_situation_twice_is_one_stay_since_its_known_beginning() -> None:
    again = HousingValue("outdoors", "2026-11-18", "c" * 32 + ":0")
    undated = HousingValue("outdoors", None, "d" * 32 + ":0")
    assert settle(PUNAPIPO, [again, STAIRWELL]).current == STAIRWELL
    assert settle(PUNAPIPO, [undated, STAIRWELL]).current == STAIRWELL
    assert settle(PUNAPIPO, [again, STAIRWELL]).periods == ()


def test_coming_back_to_a_sofa_is_another_stay() -> None:
    back = HousingValue("with_others", "2026-11-20", "c" * 32 + ":0")
    settled = settle(PUNAPIPO, [SOFA, STAIRWELL, back])
    assert settled.current == back
    assert [period.situation for period in settled.periods] == ["with_others", "outdoors"]


@pytest.mark.parametrize(
    "values",
    [
        [],
        [SOFA, HousingValue("outdoors", "2026-10-01", "c" * 32 + ":0")],
        [HousingValue("hostel", None, "c" * 32 + ":0"), HousingValue("outdoors", None, "d" * 32)],
    ],
)
def test_without_an_order_the_app_asks_again(values: list[HousingValue]) -> None:
    with pytest.raises(HousingOrderUnknown):
        settle(PUNAPIPO, values)


def test_the_id_of_a_period_tells_nothing_and_belongs_to_one_person() -> None:
    made = period_id(PUNAPIPO, SOFA.write_id)
    assert len(made) == 32
    assert made[12] == "4"
    assert made[16] in "89ab"
    assert made != period_id(NEA, SOFA.write_id)
    # Another day or situation in the same write gives the same id: the value is not in it.
    moved = HousingValue("hostel", "2026-01-01", SOFA.write_id)
    assert settle(PUNAPIPO, [moved, STAIRWELL]).periods[0].id == made


_values = st.lists(
    st.tuples(st.sampled_from(VOCABULARIES["housing_situation"].codes), days),
    min_size=1,
    max_size=6,
    unique_by=lambda drawn: drawn[1],
).map(
    lambda drawn: [
        HousingValue(situation, day, f"{number:032x}:0")
        for number, (situation, day) in enumerate(drawn)
    ]
)


@given(_values, st.permutations(range(6)))
def test_the_order_of_the_values_makes_no_difference(
    values: list[HousingValue], order: list[int]
) -> None:
    shuffled = [values[index] for index in order if index < len(values)]
    assert settle(PUNAPIPO, shuffled) == settle(PUNAPIPO, values)


@given(_values)
def test_stays_follow_each_other_without_gap_or_overlap(values: list[HousingValue]) -> None:
    settled = settle(PUNAPIPO, values)
    for earlier, later in pairwise(settled.periods):
        assert earlier.ended_on == later.started_on
    if settled.periods:
        assert settled.periods[-1].ended_on == settled.current.since


@given(_values)
def test_every_situation_somebody_recorded_is_still_told(values: list[HousingValue]) -> None:
    settled = settle(PUNAPIPO, values)
    told = {period.situation for period in settled.periods} | {settled.current.situation}
    assert told == {value.situation for value in values}


def test_an_own_home_is_not_homelessness_and_a_friends_sofa_is() -> None:
    assert is_homeless("with_others")
    assert not is_homeless("own_home")
    assert not is_homeless("at_risk")
    assert not is_homeless(None)


def test_history_tells_the_latest_stay_first() -> None:
    stays = [stay("hostel", None), stay("outdoors", "2026-01-01"), stay("own_home", "2026-06-01")]
    assert [one.situation for one in history(stays)] == ["own_home", "outdoors", "hostel"]


def test_a_temporary_flat_ends_on_its_known_day() -> None:
    flat = stay("supported", "2026-11-01", ended_on="2026-12-01")
    old = stay("hostel", "2026-01-01", ended_on="2026-02-01")
    coming = stay("hostel", "2026-12-10", ended_on="2026-12-12")
    assert ends_on([old, flat, coming], TODAY) == "2026-12-01"
    assert ends_on([old, coming], TODAY) is None


def test_how_long_a_situation_has_held_is_counted_in_days() -> None:
    assert days_in_situation("2026-11-15", TODAY) == 7
    assert days_in_situation(None, TODAY) is None
    assert days_in_situation("2026-11-30", TODAY) == 0
