"""What a bad network does to a device: what its screen says, and that the work gets through."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from field_app.locale import Translator
from field_app.simulation_real.proxy import Network
from field_app.sync import schedule
from field_app.sync.schedule import ApsCarrier
from field_app.system_clock import SystemClock
from field_app.views.device_runtime import DeviceRuntime
from tests.links.conftest import SkewedClock, Street, add_people, is_safe, on_screen, people, until

EN = Translator("en")
SAID = {
    "portal": EN.error_code("captive_portal"),
    "redirect": EN.error_code("captive_portal"),
    "other_type": EN.error_code("answer_damaged"),
    "answer_damaged": EN.error_code("answer_damaged"),
}
"""Faults that need a person: the sentence on the screen."""
PASSING = ("refused", "request_lost", "answer_cut", "answer_lost")
"""Faults that the app gets over by itself: the screen says offline, and what is only here."""


def played(play: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(play())


def says(runtime: DeviceRuntime, *texts: str) -> Callable[[], bool]:
    return lambda: all(any(text in line for line in on_screen(runtime)) for text in texts)


async def receives(runtime: DeviceRuntime, made: set[str]) -> None:
    """Wait for exactly these people, and for a screen that says so."""
    await runtime.sync_now()
    end = asyncio.get_running_loop().time() + 20
    while not (is_safe(runtime) and len(await people(runtime)) >= len(made)):
        assert asyncio.get_running_loop().time() < end, on_screen(runtime)
        await asyncio.sleep(0.02)
    assert sorted(await people(runtime)) == sorted(made)


def test_every_kind_of_bad_network_has_its_sentence_and_takes_nothing_away(
    street: Street, tmp_path: Path
) -> None:
    async def play() -> None:
        async with (
            street.device(tmp_path, "sanna") as sanna,
            street.device(tmp_path, "niko") as niko,
        ):
            made: set[str] = set()
            for fault in (*SAID, *PASSING):
                street.proxy.network = Network({fault: 1.0})
                made |= await add_people(sanna, street.office.teams["centre"])
                told = SAID.get(fault, EN.t("sync.offline_and", rest="").strip())
                await until(says(sanna, told, "only on this"), sanna)
                street.mend()
                await until(lambda: is_safe(sanna), sanna)
            assert sorted(await people(sanna)) == sorted(made)
            await receives(niko, made)

    played(play)


def test_a_third_of_everything_lost_on_a_slow_line_costs_time_and_nothing_else(
    street: Street, tmp_path: Path
) -> None:
    async def play() -> None:
        async with (
            street.device(tmp_path, "sanna") as sanna,
            street.device(tmp_path, "niko") as niko,
        ):
            lost = {
                "request_lost": 0.1,
                "request_cut": 0.05,
                "answer_lost": 0.1,
                "answer_cut": 0.05,
            }
            street.proxy.network = Network(lost, bytes_per_second=6_000, latency=0.05)
            made: set[str] = set()
            for _ in range(10):
                made |= await add_people(sanna, street.office.teams["centre"], 5)
                await asyncio.sleep(0.1)
            await until(lambda: is_safe(sanna), sanna)
            await receives(niko, made)
            assert street.proxy.happened.total() >= 3

    played(play)


def test_a_line_that_never_lasts_for_a_page_brings_all_of_them_in_smaller_pieces(
    street: Street, tmp_path: Path
) -> None:
    async def play() -> None:
        async with (
            street.device(tmp_path, "sanna") as sanna,
            street.device(tmp_path, "niko") as niko,
        ):
            await niko.set_offline(True)
            made = await add_people(sanna, street.office.teams["centre"], 150)
            await until(lambda: is_safe(sanna), sanna)
            street.network.answer_bytes_max = 3_000  # also too few for what small pieces grow to
            await niko.set_offline(False)
            await receives(niko, made)
            assert street.proxy.happened["answer_too_long"] in range(1, 20)

    played(play)


@pytest.mark.parametrize("days", [-9, 9, 5000])
def test_a_clock_that_is_days_off_neither_stops_nor_orders_anything(
    street: Street, tmp_path: Path, days: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # On a phone the scheduler's clock is off as well; in this process it is not.
    monkeypatch.setattr(schedule, "ApsCarrier", lambda _: ApsCarrier(SystemClock()))

    async def play() -> None:
        async with (
            street.device(tmp_path, "sanna", SkewedClock(days)) as sanna,
            street.device(tmp_path, "niko") as niko,
        ):
            made = await add_people(sanna, street.office.teams["centre"], 3)
            await until(lambda: is_safe(sanna), sanna)
            await receives(niko, made)

    played(play)
