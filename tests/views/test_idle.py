"""The lock closes when nobody touches, and when nobody looks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import flet as ft
import pytest

from field_app.views.app import open_app
from field_app.views.idle import Attendance
from field_app.views.runtime import Gate
from tests.views.fake_runtime import FakeRuntime, FakeSync
from tests.views.flet_client import FletClient
from tests.views.gallery import gallery_parts
from tests.views.scenes import gallery

Run = Callable[[Coroutine[Any, Any, None]], None]


class Room:
    """An attendance with a counted lock."""

    def __init__(self, idle_s: float = 60, unseen_s: float = 60) -> None:
        """Begin unlocked."""
        self.locked = 0
        self.attendance = Attendance(self._lock, idle_s=idle_s, unseen_s=unseen_s)

    async def _lock(self) -> None:
        self.locked += 1


def test_nobody_touching_locks(run: Run) -> None:
    async def scenario() -> None:
        room = Room(idle_s=0.05)
        room.attendance.came("window")
        await asyncio.sleep(0.12)
        assert room.locked >= 1
        room.attendance.close()

    run(scenario())


def test_touching_keeps_it_open(run: Run) -> None:
    async def scenario() -> None:
        room = Room(idle_s=0.2)
        room.attendance.came("window")
        for _ in range(6):
            await asyncio.sleep(0.05)
            room.attendance.touched()
        assert room.locked == 0
        room.attendance.close()

    run(scenario())


def test_a_phone_put_away_locks_at_once(run: Run) -> None:
    async def scenario() -> None:
        room = Room()
        room.attendance.came("phone")
        room.attendance.left("phone", at_once=True)
        await asyncio.sleep(0.01)
        assert room.locked == 1
        room.attendance.close()

    run(scenario())


def test_a_reloaded_page_does_not_lock_its_successor(run: Run) -> None:
    async def scenario() -> None:
        room = Room(unseen_s=0.05)
        room.attendance.came("old page")
        room.attendance.left("old page")
        room.attendance.came("new page")
        room.attendance.left("old page")
        await asyncio.sleep(0.1)
        assert room.locked == 0
        room.attendance.left("new page")
        await asyncio.sleep(0.1)
        assert room.locked == 1
        room.attendance.close()

    run(scenario())


def test_one_of_two_windows_may_be_hidden(run: Run) -> None:
    async def scenario() -> None:
        room = Room(unseen_s=0.02)
        room.attendance.came("one")
        room.attendance.came("two")
        room.attendance.left("one")
        await asyncio.sleep(0.05)
        assert room.locked == 0
        room.attendance.close()

    run(scenario())


def test_a_lock_that_fails_is_logged_and_watched_on(
    run: Run, caplog: pytest.LogCaptureFixture
) -> None:
    async def scenario() -> None:
        tries: list[int] = []

        async def broken() -> None:
            tries.append(1)
            raise ValueError("Salainen Nimi")

        attendance = Attendance(broken, idle_s=0.02)
        attendance.came("window")
        await asyncio.sleep(0.1)
        assert len(tries) >= 2
        attendance.close()

    run(scenario())
    assert "ValueError while locking" in caplog.text


def test_the_background_locks_and_the_foreground_syncs(run: Run) -> None:
    async def scenario() -> None:
        runtime = FakeRuntime()
        async with gallery(runtime) as phone:
            await phone.lifecycle("hide")
            await phone.until(lambda: runtime.gate is Gate.LOCKED)
            await phone.lifecycle("resume")
            assert "sync_now" in runtime.calls
            assert phone.shows("Anna PIN-koodi")

    run(scenario())


def test_a_tap_counts_as_a_touch_and_a_sync_does_not(run: Run) -> None:
    class Counting(Attendance):
        touches = 0

        def touched(self) -> None:
            self.touches += 1
            super().touched()

    async def scenario() -> None:
        runtime = FakeRuntime()
        attendance = Counting(runtime.lock)

        async def main(page: ft.Page) -> None:
            await open_app(page, gallery_parts(runtime), attendance)

        async with FletClient.open(main) as phone:
            before = attendance.touches
            runtime.put(sync=FakeSync(percent=40))
            await phone.settle()
            assert attendance.touches == before
            await phone.choose_tab(1)
            assert attendance.touches == before + 1
        attendance.close()

    run(scenario())


def test_an_idle_app_locks(run: Run) -> None:
    async def scenario() -> None:
        runtime = FakeRuntime()
        async with gallery(runtime, idle_s=0.05) as phone:
            await phone.until(lambda: phone.shows("Anna PIN-koodi"))
            assert runtime.gate is Gate.LOCKED

    run(scenario())
