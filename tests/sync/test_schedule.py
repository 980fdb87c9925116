"""The schedule at work: with a clock that is turned by hand."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field

from field_app.domain.clock import Instant, plus
from field_app.domain.errors import (
    CaptivePortal,
    DeviceRevoked,
    FieldAppError,
    Offline,
    RateLimited,
    ServerTrouble,
)
from field_app.sync.client import Progress
from field_app.sync.exchange import Outcome
from field_app.sync.following import Waits
from field_app.sync.schedule import Standing, SyncSchedule
from field_app.sync.status import SyncStatus
from tests.sync.makers import AT, SeededEntropy

GOOD = Outcome(0, 0, complete=True)


@dataclass
class HandClock:
    """A clock turned by hand; its wall time may jump without its seconds."""

    seconds: float = 1000.0
    wall: Instant = AT

    def now(self) -> Instant:
        return self.wall

    def monotonic(self) -> float:
        return self.seconds


@dataclass
class HandCarrier:
    """Holds the one planned job until the test lets its time come."""

    clock: HandClock
    due: float | None = None
    job: Callable[[], None] = field(default=lambda: None)
    stopped: bool = False

    def plan(self, seconds: float, job: Callable[[], None]) -> None:
        self.due, self.job = self.clock.seconds + seconds, job

    def drop(self) -> None:
        self.due = None

    def shutdown(self) -> None:
        self.stopped = True


class Stage:
    """A schedule, its clock, and rounds that end as the test says."""

    def __init__(self, waits: Waits | None = None) -> None:
        self.clock = HandClock()
        self.carrier = HandCarrier(self.clock)
        self.standing: Standing | None = Standing()
        self.started = 0
        self.ends: Iterator[Outcome | Exception] = iter(())
        self.gate: asyncio.Event | None = None
        self.seen: list[SyncStatus] = []
        self.schedule = SyncSchedule(
            self._round,
            lambda: self.standing,
            self.clock,
            SeededEntropy(),
            carrier=lambda: self.carrier,
            waits=waits,
        )
        self.schedule.subscribe(self.seen.append)

    async def _round(self, on_progress: Callable[[Progress], None]) -> Outcome:
        self.started += 1
        self.on_progress = on_progress
        if self.gate is not None:
            await self.gate.wait()
        end = next(self.ends, GOOD)
        if isinstance(end, Exception):
            raise end
        return end

    async def turn(self, seconds: float) -> None:
        """Let time pass; what falls due in it is done."""
        await settle()
        until = self.clock.seconds + seconds
        while self.carrier.due is not None and self.carrier.due <= until:
            self.clock.seconds = max(self.clock.seconds, self.carrier.due)
            self.carrier.due = None
            self.carrier.job()
            await settle()
        self.clock.seconds = until
        await settle()


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


def on_stage(play: Callable[[Stage], Awaitable[None]]) -> Callable[[], None]:
    """Run a test on an event loop, with a started and unlocked schedule."""

    def test() -> None:
        async def run() -> None:
            stage = Stage()
            await stage.schedule.start()
            stage.schedule.resume()
            await stage.turn(0)
            assert stage.started == 1
            await play(stage)
            if stage.gate is not None:
                stage.gate.set()
            await stage.schedule.stop()
            assert stage.carrier.stopped

        asyncio.run(run())

    test.__name__ = play.__name__
    test.__doc__ = play.__doc__
    return test


@on_stage
async def test_a_save_is_synced_half_a_second_later(stage: Stage) -> None:
    stage.schedule.saved()
    await stage.turn(0.4)
    assert stage.started == 1
    await stage.turn(0.1)
    assert stage.started == 2


@on_stage
async def test_without_any_trigger_rounds_come_at_the_interval(stage: Stage) -> None:
    await stage.turn(3600)
    assert 12 <= stage.started - 1 <= 15


@on_stage
async def test_the_network_coming_back_and_the_app_coming_to_the_front_start_a_round(
    stage: Stage,
) -> None:
    stage.schedule.connected()
    await stage.turn(0)
    stage.schedule.foregrounded()
    await stage.turn(0)
    stage.schedule.asked()
    await stage.turn(0)
    assert stage.started == 4


@on_stage
async def test_rounds_never_overlap_and_triggers_meanwhile_are_one_more(stage: Stage) -> None:
    stage.gate = asyncio.Event()
    stage.schedule.asked()
    await stage.turn(0)
    for _ in range(5):
        stage.schedule.saved()
        stage.schedule.connected()
        await stage.turn(10)
    assert stage.started == 2
    stage.gate.set()
    await stage.turn(1)
    assert stage.started == 3


@on_stage
async def test_a_locked_store_starts_nothing_and_unlocking_starts_one(stage: Stage) -> None:
    stage.schedule.pause()
    stage.schedule.saved()
    stage.schedule.asked()
    await stage.turn(100_000)
    assert stage.started == 1
    stage.schedule.resume()
    await stage.turn(0)
    assert stage.started == 2


@on_stage
async def test_offline_is_told_with_what_is_only_here_and_since_when(stage: Stage) -> None:
    stage.standing = Standing(unsynced=3, oldest_at=AT, waiting=1, complete=False)
    stage.ends = iter([Offline()])
    stage.schedule.asked()
    await stage.turn(0)
    status = stage.schedule.status
    assert (status.phase, status.error, status.online) == ("offline", "offline", False)
    assert (status.unsynced, status.oldest_at, status.waiting) == (3, AT, 1)
    assert status.not_complete_yet
    assert status.problem is None
    assert stage.seen[-1] == status


@on_stage
async def test_after_a_failure_a_good_round_clears_the_error_and_notes_when(stage: Stage) -> None:
    stage.ends = iter([ServerTrouble(status=503)])
    stage.schedule.asked()
    await stage.turn(0)
    assert (stage.schedule.status.phase, stage.schedule.status.error) == (
        "failed",
        "server_trouble",
    )
    stage.clock.wall = plus(AT, minutes=5)
    await stage.turn(10)
    status = stage.schedule.status
    assert (status.phase, status.error) == ("idle", None)
    assert status.last_success_at == plus(AT, minutes=5)


@on_stage
async def test_what_needs_a_person_is_a_problem_and_what_passes_is_not(stage: Stage) -> None:
    for error, problem in [
        (DeviceRevoked(), "device_revoked"),
        (CaptivePortal(), "captive_portal"),
        (ServerTrouble(), None),
    ]:
        stage.ends = iter([error])
        stage.schedule.asked()
        await stage.turn(0)
        assert stage.schedule.status.problem == problem


@on_stage
async def test_a_server_that_asks_for_patience_gets_it(stage: Stage) -> None:
    stage.ends = iter([RateLimited(seconds=120)])
    stage.schedule.asked()
    await stage.turn(0)
    stage.schedule.saved()
    await stage.turn(119)
    assert stage.started == 2
    await stage.turn(1)
    assert stage.started == 3


@on_stage
async def test_an_error_nobody_foresaw_does_not_end_all_syncing(stage: Stage) -> None:
    stage.ends = iter([ZeroDivisionError("personal data could stand here")])
    stage.schedule.asked()
    await stage.turn(0)
    assert stage.schedule.status.error == "unexpected"
    await stage.turn(10)
    assert stage.started == 3
    assert stage.schedule.status.error is None


@on_stage
async def test_a_round_broken_off_by_locking_is_no_failure(stage: Stage) -> None:
    stage.gate = asyncio.Event()
    stage.ends = iter([FieldAppError("locked")])
    stage.schedule.asked()
    await stage.turn(0)
    stage.schedule.pause()
    stage.standing = None
    stage.gate.set()
    await stage.schedule.quiet()
    assert (stage.schedule.status.phase, stage.schedule.status.error) == ("idle", None)


@on_stage
async def test_progress_from_another_thread_reaches_the_screens(stage: Stage) -> None:
    stage.gate = asyncio.Event()
    stage.standing = Standing(unsynced=250, complete=True)
    stage.schedule.asked()
    await stage.turn(0)
    await asyncio.to_thread(stage.on_progress, Progress("pushing", 50, 0, 200))
    await settle()
    status = stage.schedule.status
    assert (status.phase, status.done, status.total, status.percent) == ("pushing", 50, 250, 20)
    await asyncio.to_thread(stage.on_progress, Progress("pulling", 250, 3, 1))
    await settle()
    assert stage.schedule.status.phase == "pulling"
    assert stage.schedule.status.percent is None


@on_stage
async def test_a_save_shows_at_once_as_being_only_here(stage: Stage) -> None:
    stage.standing = Standing(unsynced=1, oldest_at=AT)
    stage.schedule.saved()
    assert stage.seen[-1].unsynced == 1
    assert stage.seen[-1].oldest_at == AT


@on_stage
async def test_a_save_told_from_the_stores_thread_is_heard(stage: Stage) -> None:
    await asyncio.to_thread(stage.schedule.saved)
    await settle()
    await stage.turn(0.5)
    assert stage.started == 2


@on_stage
async def test_a_listener_that_left_hears_nothing_more(stage: Stage) -> None:
    heard: list[SyncStatus] = []
    leave = stage.schedule.subscribe(heard.append)
    leave()
    leave()
    stage.standing = Standing(unsynced=1)
    stage.schedule.refresh()
    assert heard == []
    assert stage.seen[-1].unsynced == 1


@on_stage
async def test_a_job_that_comes_too_early_is_planned_again(stage: Stage) -> None:
    stage.schedule.saved()
    stage.schedule.check()
    await settle()
    assert stage.started == 1
    await stage.turn(0.5)
    assert stage.started == 2


@on_stage
async def test_a_plan_whose_wall_clock_moment_never_comes_is_noticed(stage: Stage) -> None:
    """The wall clock jumped back by days: the scheduler would sleep until it has caught up."""
    stage.carrier.due = None
    stage.clock.seconds += 10_000
    stage.schedule.check()
    await settle()
    assert stage.started == 2
