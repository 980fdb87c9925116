"""The schedule on the real APScheduler: plans that follow each other, overlap, or lie behind."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from functools import partial

import pytest

from field_app.sync.client import Progress
from field_app.sync.exchange import Outcome
from field_app.sync.pace import PaceSettings
from field_app.sync.schedule import ApsCarrier, Standing, SyncSchedule
from field_app.system_clock import SystemClock, SystemEntropy

GOOD = Outcome(0, 0, complete=True)


def test_the_real_carrier_skips_no_plan_however_quickly_one_follows_another(
    caplog: pytest.LogCaptureFixture,
) -> None:
    done: list[int] = []

    async def run() -> None:
        carrier = ApsCarrier(SystemClock())
        for number in range(50):
            carrier.plan(0, partial(done.append, number))
            if number % 3 == 0:
                await asyncio.sleep(0)
            if number % 10 == 9:
                threading.Event().wait(0.002)  # the loop is busy, jobs pile up
        await asyncio.sleep(0.1)
        carrier.shutdown()

    asyncio.run(run())
    assert done[-1] == 49
    assert "skipped" not in caplog.text


FAST = PaceSettings(after_save=0.02, after_save_max=0.1, interval=0.2, jitter=0.5)


@pytest.mark.parametrize("triggers", [["saved"], ["saved"] * 20, ["asked"], []])
def test_with_the_real_scheduler_rounds_run_and_never_overlap(triggers: list[str]) -> None:
    now_running, most, ended = 0, 0, 0

    def blocking_round() -> Outcome:
        nonlocal now_running, most, ended
        now_running += 1
        most = max(most, now_running)
        threading.Event().wait(0.01)
        now_running -= 1
        ended += 1
        return GOOD

    async def round_(_: Callable[[Progress], None]) -> Outcome:
        return await asyncio.to_thread(blocking_round)

    async def run() -> None:
        clock = SystemClock()
        schedule = SyncSchedule(round_, Standing, clock, SystemEntropy(), FAST)
        await schedule.start()
        schedule.resume()
        for trigger in triggers:
            await asyncio.to_thread(getattr(schedule, trigger))
        await asyncio.sleep(0.5)
        await schedule.stop()
        after = ended
        await asyncio.sleep(0.25)
        assert ended == after

    asyncio.run(run())
    assert most == 1
    assert ended >= 3


def test_the_real_carrier_runs_a_job_in_the_past_and_forgets_a_dropped_one() -> None:
    async def run() -> list[str]:
        carrier = ApsCarrier(SystemClock())
        done: list[str] = []
        carrier.plan(-5, lambda: done.append("late"))
        await asyncio.sleep(0.05)
        carrier.plan(0.05, lambda: done.append("replaced"))
        carrier.plan(0.05, lambda: done.append("dropped"))
        carrier.drop()
        carrier.drop()
        await asyncio.sleep(0.1)
        carrier.shutdown()
        return done

    assert asyncio.run(run()) == ["late"]
