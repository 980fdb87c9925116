"""When the next round is due, second by second, without a scheduler."""

from __future__ import annotations

from field_app.sync.pace import Pace, PaceSettings
from tests.sync.makers import SeededEntropy

SETTINGS = PaceSettings()


class Drawn:
    """An entropy that always draws the same share of the range."""

    def __init__(self, share: float) -> None:
        self.share = share

    def bytes(self, count: int) -> bytes:
        return int(self.share * (256**count - 1)).to_bytes(count, "big")

    def new_id(self) -> str:
        raise AssertionError("no ids are made here")


def running_pace(share: float = 0.0) -> Pace:
    """A pace whose first round, at second 0, has just ended well."""
    pace = Pace(Drawn(share))
    pace.resume(0.0)
    assert pace.start(0.0)
    pace.succeeded(0.0, complete=True)
    return pace


def test_a_locked_app_plans_nothing_whatever_happens() -> None:
    pace = Pace(SeededEntropy())
    pace.saved(1.0)
    pace.hurried(2.0)
    pace.asked(3.0)
    assert pace.due_at is None
    assert not pace.start(1000.0)


def test_unlocking_starts_a_round_at_once() -> None:
    pace = Pace(SeededEntropy())
    pace.resume(10.0)
    assert pace.due_at == 10.0
    assert pace.start(10.0)
    assert pace.due_at is None


def test_a_save_is_followed_by_a_round_after_a_breath() -> None:
    pace = running_pace()
    pace.saved(100.0)
    assert pace.due_at == 100.5
    assert not pace.start(100.4)
    assert pace.start(100.5)


def test_a_burst_of_saves_goes_in_one_push_but_not_for_ever() -> None:
    pace = running_pace()
    for tenths in range(40):
        pace.saved(100.0 + tenths / 10)
    assert pace.due_at == 102.0


def test_the_next_burst_has_its_own_breath() -> None:
    pace = running_pace()
    pace.saved(100.0)
    assert pace.start(100.5)
    pace.succeeded(101.0, complete=True)
    pace.saved(200.0)
    assert pace.due_at == 200.5


def test_the_interval_is_drawn_so_that_phones_do_not_march_in_step() -> None:
    assert running_pace(share=0.0).due_at == SETTINGS.interval
    late = running_pace(share=1.0).due_at
    assert late is not None
    assert abs(late - SETTINGS.interval * (1 - SETTINGS.jitter)) < 0.001


def test_a_save_does_not_put_off_a_round_that_comes_sooner() -> None:
    pace = running_pace()
    pace.saved(SETTINGS.interval - 0.1)
    assert pace.due_at == SETTINGS.interval


def test_two_rounds_never_run_at_once() -> None:
    pace = running_pace()
    pace.asked(10.0)
    assert pace.start(10.0)
    pace.asked(11.0)
    pace.saved(11.0)
    pace.hurried(12.0)
    assert pace.due_at is None
    assert not pace.start(1000.0)


def test_any_number_of_triggers_while_a_round_runs_is_one_more_round() -> None:
    pace = running_pace()
    pace.asked(10.0)
    pace.start(10.0)
    for second in range(11, 20):
        pace.saved(float(second))
    pace.succeeded(20.0, complete=True)
    assert pace.due_at == 20.0
    assert pace.start(20.0)
    pace.succeeded(21.0, complete=True)
    assert pace.due_at == 21.0 + SETTINGS.interval


def test_a_round_that_left_something_over_is_followed_at_once() -> None:
    pace = running_pace()
    pace.asked(10.0)
    pace.start(10.0)
    pace.succeeded(12.0, complete=False)
    assert pace.due_at == 12.0


def test_waits_double_after_failures_up_to_a_quarter_of_an_hour() -> None:
    pace = running_pace(share=1.0)
    now, waits = 0.0, []
    pace.asked(now)
    for _ in range(12):
        assert pace.start(now)
        pace.failed(now)
        assert pace.due_at is not None
        waits.append(round(pace.due_at - now))
        now = pace.due_at
    assert waits == [5, 10, 20, 40, 80, 160, 320, 640, 900, 900, 900, 900]


def test_waits_are_drawn_from_their_upper_half() -> None:
    pace = running_pace(share=0.0)
    pace.asked(10.0)
    pace.start(10.0)
    pace.failed(10.0)
    assert pace.due_at == 12.5


def test_after_thousands_of_failures_the_wait_is_still_a_number() -> None:
    pace = running_pace(share=1.0)
    pace.failures = 5000
    pace.asked(0.0)
    pace.start(0.0)
    pace.failed(0.0)
    assert pace.due_at is not None
    assert pace.due_at < 901


def test_a_good_round_ends_the_waits() -> None:
    pace = running_pace()
    pace.asked(0.0)
    pace.start(0.0)
    pace.failed(0.0)
    pace.start(5.0)
    pace.succeeded(6.0, complete=True)
    assert pace.failures == 0
    assert pace.due_at == 6.0 + SETTINGS.interval


def failing_pace() -> Pace:
    """A pace after many failures, the last try at second 1000."""
    pace = running_pace(share=1.0)
    pace.failures = 20
    pace.asked(1000.0)
    pace.start(1000.0)
    pace.failed(1000.0)
    assert pace.due_at is not None
    assert pace.due_at > 1899
    return pace


def test_a_network_that_comes_back_ends_the_wait() -> None:
    pace = failing_pace()
    pace.hurried(1010.0)
    assert pace.due_at == 1010.0
    assert pace.failures == 0


def test_a_person_who_asks_does_not_wait() -> None:
    pace = failing_pace()
    pace.asked(1001.0)
    assert pace.due_at == 1001.0


def test_a_save_while_failing_tries_again_but_not_at_every_save() -> None:
    pace = failing_pace()
    pace.saved(1001.0)
    assert pace.due_at == 1000.0 + SETTINGS.spacing
    pace.start(1005.0)
    pace.failed(1005.0)
    pace.saved(1005.5)
    assert pace.due_at == 1005.0 + SETTINGS.spacing


def test_a_save_during_a_round_that_fails_is_tried_again_soon() -> None:
    pace = failing_pace()
    pace.asked(1001.0)
    pace.start(1001.0)
    pace.saved(1002.0)
    pace.failed(1003.0)
    assert pace.due_at == 1003.0 + SETTINGS.spacing


def test_a_server_that_says_how_long_to_wait_is_heard() -> None:
    pace = running_pace()
    pace.asked(10.0)
    pace.start(10.0)
    pace.failed(10.0, wait=120.0)
    assert pace.due_at == 130.0
    pace.saved(20.0)
    assert pace.due_at == 130.0
    pace.hurried(30.0)
    assert pace.due_at == 130.0
    pace.asked(40.0)
    assert pace.due_at == 40.0


def test_a_server_cannot_silence_a_phone_for_days() -> None:
    pace = running_pace()
    pace.asked(0.0)
    pace.start(0.0)
    pace.failed(0.0, wait=10.0**9)
    assert pace.due_at == SETTINGS.back_off_max


def test_locking_drops_the_plan_and_unlocking_starts_anew() -> None:
    pace = running_pace()
    pace.saved(50.0)
    pace.pause()
    assert pace.due_at is None
    pace.resume(60.0)
    assert pace.due_at == 60.0


def test_a_round_that_ends_after_locking_plans_nothing() -> None:
    for good in (True, False):
        pace = running_pace()
        pace.asked(10.0)
        pace.start(10.0)
        pace.saved(10.5)
        pace.pause()
        if good:
            pace.succeeded(11.0, complete=True)
        else:
            pace.failed(11.0)
        assert pace.due_at is None
        pace.resume(20.0)
        assert pace.start(20.0)


def test_unlocking_while_the_old_round_still_runs_adds_one_more() -> None:
    pace = running_pace()
    pace.asked(10.0)
    pace.start(10.0)
    pace.pause()
    pace.resume(11.0)
    assert not pace.start(11.0)
    pace.failed(12.0)
    assert pace.due_at is not None
    assert pace.due_at <= 12.0 + SETTINGS.spacing
