"""Lock when nobody touches the app for a while, or when it goes to the background."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import flet as ft

IDLE_S = 180.0
"""Seconds without a touch until the app locks."""

_HIDDEN = frozenset({ft.AppLifecycleState.HIDE, ft.AppLifecycleState.PAUSE})


class IdleLock:
    """Counts the seconds since the last touch; one for each session."""

    def __init__(
        self, monotonic: Callable[[], float], lock: Callable[[], Awaitable[None]], idle_s: float
    ) -> None:
        """Begin to count at the first `watch`."""
        self._monotonic = monotonic
        self._lock = lock
        self._idle_s = idle_s
        self._last_touch = monotonic()

    def touched(self) -> None:
        """A person did something: count from now."""
        self._last_touch = self._monotonic()

    def left_s(self) -> float:
        """Seconds until the lock closes."""
        return self._idle_s - (self._monotonic() - self._last_touch)

    async def watch(self) -> None:
        """Lock each time the seconds are over; runs until cancelled."""
        while True:
            left = self.left_s()
            if left > 0:
                await asyncio.sleep(left)
                continue
            await self._lock()
            self.touched()


def watch_touches(page: ft.Page, touched: Callable[[], None]) -> None:
    """Call `touched` with every event a person causes (Flet has one place where all arrive)."""
    dispatch = page.session.dispatch_event

    async def heard(control_id: int, event_name: str, event_data: Any) -> None:
        touched()
        await dispatch(control_id, event_name, event_data)

    setattr(page.session, "dispatch_event", heard)  # noqa: B010 (a method, replaced on purpose)


def watch_lifecycle(
    page: ft.Page, on_hidden: Callable[[], Awaitable[None]], on_shown: Callable[[], Awaitable[None]]
) -> None:
    """Call back when the app is hidden (lock) and when it is in front again (sync)."""

    async def changed(event: ft.AppLifecycleStateChangeEvent) -> None:
        if event.state in _HIDDEN:
            await on_hidden()
        elif event.state is ft.AppLifecycleState.RESUME:
            await on_shown()

    page.on_app_lifecycle_state_change = changed
