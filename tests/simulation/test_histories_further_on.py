"""The other half of the histories every test run plays, and what they come to on average."""

from __future__ import annotations

import pytest

from tests.simulation.playing import HISTORIES_A_TEST, play_clean

FIRST = 700_001
TESTS = 3


@pytest.mark.parametrize("number", range(TESTS))
def test_nothing_is_lost_doubled_leaked_or_stuck_in_histories_of_faults(number: int) -> None:
    totals = play_clean(FIRST + number * HISTORIES_A_TEST)
    histories = totals.histories
    assert totals.numbers["devices"] >= 4 * histories
    assert totals.numbers["writes"] >= 58 * histories  # on average of thousands: above 60
    assert totals.faults.total() >= 6 * histories
    assert totals.numbers["conflicts_surfaced"] == totals.numbers["conflicts_planted"] > 0
