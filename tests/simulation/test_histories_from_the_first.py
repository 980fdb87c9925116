"""Half of the histories every test run plays; see also `test_histories_further_on`."""

from __future__ import annotations

import pytest

from tests.simulation.playing import HISTORIES_A_TEST, play_clean

FIRST = 1
TESTS = 3


@pytest.mark.parametrize("number", range(TESTS))
def test_nothing_is_lost_doubled_leaked_or_stuck_in_histories_of_faults(number: int) -> None:
    play_clean(FIRST + number * HISTORIES_A_TEST)
