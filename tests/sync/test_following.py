"""Following the server between rounds: when it waits, when it does not, and what it then does."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from field_app.domain.errors import (
    FieldAppError,
    Offline,
    RateLimited,
    ServerUnreachable,
    TokenExpired,
)
from field_app.sync.exchange import Outcome
from field_app.sync.following import Following, FollowSettings
from tests.sync.makers import SeededEntropy
from tests.sync.test_schedule import HandClock, Stage, settle

BREATH = FollowSettings().breath
Ends = list[bool | Exception]


class Waits:
    """Waiting requests that end as the test says, the pauses between them, and what was told."""

    def __init__(self, ends: Ends, seconds: float = 0.0) -> None:
        self.clock = HandClock()
        self.ends = ends
        self.seconds = seconds
        self.asked = 0
        self.hung_up = 0
        self.told = 0
        self.closed = 0
        self.pauses: list[float] = []
        self.following = Following(self, self.tell, self.clock, SeededEntropy())

    async def close(self) -> None:
        self.closed += 1

    def tell(self) -> None:
        self.told += 1

    async def wait(self) -> bool:
        self.asked += 1
        self.clock.seconds += self.seconds
        if not self.ends:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                self.hung_up += 1
                raise
        end = self.ends.pop(0)
        if isinstance(end, Exception):
            raise end
        return end


def run(monkeypatch: pytest.MonkeyPatch, waits: Waits, play: Callable[[], Awaitable[None]]) -> None:
    """Play on an event loop on which pauses take no time but are noted."""
    sleep = asyncio.sleep

    async def paused(seconds: float) -> None:
        if seconds > BREATH:
            waits.pauses.append(seconds)
        await sleep(0)

    async def main() -> None:
        monkeypatch.setattr(asyncio, "sleep", paused)
        await play()
        for _ in range(50):
            await sleep(0)
        waits.following.rest()
        await sleep(0)

    asyncio.run(main())


def begun(waits: Waits, *, fetched: bool = False) -> Callable[[], Awaitable[None]]:
    async def begin() -> None:
        waits.following.begin(fetched=fetched)

    return begin


def test_waits_follow_each_other_without_a_pause_until_there_is_news(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waits = Waits([False, False, True], seconds=25)
    run(monkeypatch, waits, begun(waits))
    assert (waits.asked, waits.told, waits.pauses) == (3, 1, [])


def test_answers_at_once_without_news_are_asked_for_ever_less_often(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waits = Waits([False] * 12)
    run(monkeypatch, waits, begun(waits))
    assert waits.told == 0
    assert waits.pauses[0] >= 2.5
    assert waits.pauses[-1] >= 150
    assert sum(waits.pauses) > 600


def test_failures_back_off_and_a_full_server_says_how_long(monkeypatch: pytest.MonkeyPatch) -> None:
    away: Ends = [ServerUnreachable(), Offline(), RateLimited("room", seconds=60), ValueError("?")]
    waits = Waits(away)
    run(monkeypatch, waits, begun(waits))
    assert waits.told == 0
    assert waits.pauses[2] >= 60
    assert waits.asked == 5


def test_a_token_past_its_time_is_a_rounds_business(monkeypatch: pytest.MonkeyPatch) -> None:
    waits = Waits([TokenExpired()], seconds=25)
    run(monkeypatch, waits, begun(waits))
    assert waits.told == 1


def test_news_that_no_round_can_fetch_is_told_ever_less_often(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waits = Waits([True] * 12)

    async def play() -> None:
        for _ in range(12):
            waits.following.begin(fetched=False)
            await settle()

    run(monkeypatch, waits, play)
    assert waits.pauses[0] <= 1
    assert waits.pauses[-1] >= 150


def test_news_after_news_is_told_within_seconds_in_a_busy_office(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waits = Waits([True] * 12)

    async def play() -> None:
        for _ in range(12):
            waits.following.begin(fetched=True)
            await settle()

    run(monkeypatch, waits, play)
    assert waits.told == 12
    assert max(waits.pauses) <= 1


def staged(play: Callable[[Stage, Waits], Awaitable[None]]) -> None:
    """A schedule that follows the server, unlocked and after its first round."""

    async def main() -> None:
        waits = Waits([])
        stage = Stage(waits)
        await stage.schedule.start()
        stage.schedule.resume()
        await stage.turn(0)
        await begins(waits, 1)
        await play(stage, waits)
        await stage.schedule.stop()
        assert waits.asked == waits.hung_up
        assert waits.closed

    asyncio.run(main())


async def begins(waits: Waits, count: int) -> None:
    """Let it take its breath and ask."""
    while waits.asked < count:  # noqa: ASYNC110 - it has no event to wait for
        await asyncio.sleep(0.01)


def test_it_hangs_up_before_a_round_and_waits_again_after_a_good_one() -> None:
    async def play(stage: Stage, waits: Waits) -> None:
        stage.gate = asyncio.Event()
        stage.schedule.asked()
        await stage.turn(0)
        assert (stage.started, waits.hung_up, waits.asked) == (2, 1, 1)
        stage.gate.set()
        await begins(waits, 2)

    staged(play)


@pytest.mark.parametrize("end", [Offline(), Outcome(0, 0, complete=False)])
def test_it_does_not_wait_after_a_round_that_failed_or_was_not_the_last(
    end: Outcome | FieldAppError,
) -> None:
    async def play(stage: Stage, waits: Waits) -> None:
        stage.ends = iter([end, Offline()])
        stage.schedule.asked()
        await stage.turn(0)
        await asyncio.sleep(2 * BREATH)
        assert waits.asked == waits.hung_up == 1

    staged(play)


def test_locking_hangs_up_at_once_and_a_locked_app_does_not_wait() -> None:
    async def play(stage: Stage, waits: Waits) -> None:
        stage.schedule.pause()
        await settle()
        assert waits.hung_up == 1
        stage.schedule.asked()
        await stage.turn(1000)
        assert (stage.started, waits.asked) == (1, 1)

    staged(play)


def test_a_lock_during_a_round_leaves_nothing_waiting() -> None:
    async def play(stage: Stage, waits: Waits) -> None:
        stage.gate = asyncio.Event()
        stage.schedule.asked()
        await stage.turn(0)
        stage.schedule.pause()
        stage.gate.set()
        await settle()
        await asyncio.sleep(2 * BREATH)
        assert (stage.started, waits.asked, waits.hung_up) == (2, 1, 1)

    staged(play)
