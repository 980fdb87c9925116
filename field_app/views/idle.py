"""Lock when nobody touches the app for a while, or when it is out of sight.

One `Attendance` watches over one data directory: a person may have it open in two windows, and
reloading a page must not lock the one that follows.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Any

import flet as ft

from field_app.views.failures import report

IDLE_S = 180.0
"""Seconds without a touch until the app locks."""
UNSEEN_S = 60.0
"""Seconds out of sight until it locks in a browser; a phone locks at once."""

_HIDDEN = frozenset({ft.AppLifecycleState.HIDE, ft.AppLifecycleState.PAUSE})
_SHOWN = frozenset({ft.AppLifecycleState.SHOW, ft.AppLifecycleState.RESUME})


class Attendance:
    """Who looks, and when someone last touched; it locks when nobody does."""

    def __init__(
        self,
        lock: Callable[[], Awaitable[None]],
        *,
        idle_s: float = IDLE_S,
        unseen_s: float = UNSEEN_S,
        now_s: Callable[[], float] = monotonic,
    ) -> None:
        """Begin with nobody.

        Args:
            lock: Drops the keys.
            idle_s: Seconds without a touch until it locks.
            unseen_s: Seconds out of sight until it locks.
            now_s: A clock of seconds that only grow.
        """
        self._lock = lock
        self._idle_s = idle_s
        self._unseen_s = unseen_s
        self._now_s = now_s
        self._last_touch_s = now_s()
        self._looking: set[object] = set()
        self._watching: asyncio.Task[None] | None = None
        self._leaving: asyncio.Task[None] | None = None

    def came(self, who: object) -> None:
        """A window is in sight (again)."""
        self._looking.add(who)
        self.touched()
        if self._leaving is not None:
            self._leaving.cancel()
            self._leaving = None
        if self._watching is None or self._watching.done():
            self._watching = asyncio.get_running_loop().create_task(self._watch())

    def left(self, who: object, *, at_once: bool = False) -> None:
        """A window is out of sight; after the last one the lock closes."""
        self._looking.discard(who)
        if self._looking or self._leaving is not None:
            return
        wait_s = 0.0 if at_once else self._unseen_s
        self._leaving = asyncio.get_running_loop().create_task(self._lock_after(wait_s))

    def touched(self) -> None:
        """A person did something: count from now."""
        self._last_touch_s = self._now_s()

    def close(self) -> None:
        """End both timers."""
        for task in (self._watching, self._leaving):
            if task is not None:
                task.cancel()

    async def _lock_after(self, wait_s: float) -> None:
        await asyncio.sleep(wait_s)
        self._leaving = None
        await self._lock_told()

    async def _watch(self) -> None:
        while self._looking:
            left_s = self._idle_s - (self._now_s() - self._last_touch_s)
            if left_s > 0:
                await asyncio.sleep(left_s)
            else:
                await self._lock_told()
                self.touched()

    async def _lock_told(self) -> None:
        try:
            await self._lock()
        except Exception as error:  # noqa: BLE001 - a timer has nobody to raise to
            report(error, "locking")


def watch_page(
    page: ft.Page, attendance: Attendance, on_shown: Callable[[], Awaitable[None]]
) -> None:
    """Tell an attendance what a page sees; `on_shown` is called when it is in front again."""
    _watch_touches(page, attendance.touched)
    attendance.came(page)

    async def changed(event: ft.AppLifecycleStateChangeEvent) -> None:
        if event.state in _HIDDEN:
            attendance.left(page, at_once=not page.web)
        elif event.state in _SHOWN:
            attendance.came(page)
        if event.state is ft.AppLifecycleState.RESUME:
            await on_shown()

    page.on_app_lifecycle_state_change = changed
    page.on_connect = lambda _: attendance.came(page)
    page.on_disconnect = lambda _: attendance.left(page)


def _watch_touches(page: ft.Page, touched: Callable[[], None]) -> None:
    """Call `touched` with every event a person causes; in Flet all arrive in one place."""
    dispatch = page.session.dispatch_event

    async def heard(control_id: int, event_name: str, event_data: Any) -> None:
        if control_id != page._i:
            touched()
        await dispatch(control_id, event_name, event_data)

    setattr(page.session, "dispatch_event", heard)  # noqa: B010 (a method, replaced on purpose)
