"""The waiting room: devices that asked for news and are kept until there is some.

A waiting request is a coroutine and nothing else: it holds no thread and no database connection.
For all of a process's waiting devices together, one short read every half second asks how far
their organisations are; only devices that what came could concern look again, by the policy.

Why it reads, and is not told (LISTEN/NOTIFY): decision 0020.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import structlog
from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool

from field_app.domain.errors import FieldAppError, RateLimited
from field_app.server.database import Database
from field_app.server.news import Look, Mark, moved_buckets, read_mark
from field_app.server.tokens import Caller
from field_app.sync.waiting import WaitAnswer

LOOK_EVERY_SECONDS = 0.5
WAITING_MAX = 5000
"""Devices kept waiting by one process; the next one is asked to come back later."""
FULL_SECONDS = 60
_log = structlog.get_logger("rinnalla.server")


@dataclass(slots=True, eq=False)
class _Place:
    """One waiting device."""

    caller: Caller
    seen: Look | None = None
    called: asyncio.Event = field(default_factory=asyncio.Event)
    given_up: bool = False
    """The same device asked anew, or the server stops."""

    def call(self) -> None:
        self.called.set()

    def give_up(self) -> None:
        self.given_up = True
        self.called.set()


class WaitingRoom:
    """Every waiting device of one process; used on one event loop."""

    def __init__(self, database: Database, waiting_max: int = WAITING_MAX) -> None:
        """Be empty."""
        self._database = database
        self._waiting_max = waiting_max
        self._places: dict[str, _Place] = {}
        self._watching: asyncio.Task[None] | None = None
        self._closed = False

    def __len__(self) -> int:
        """How many devices wait."""
        return len(self._places)

    async def wait(
        self, caller: Caller, look: Callable[[], Look], seconds: float, gone: asyncio.Future[None]
    ) -> WaitAnswer:
        """Keep a device until a look finds news, or for so many seconds, or until it is gone.

        `look` blocks, and runs on a thread. A device waits once: asking anew ends the former wait.

        Raises:
            RateLimited: no place is left.
            FieldAppError: what `look` raises, e.g. DeviceRevoked.
        """
        place = self._take_place(caller)
        until = asyncio.get_running_loop().time() + seconds
        try:
            while True:
                place.called.clear()
                place.seen = await run_in_threadpool(look)
                left = until - asyncio.get_running_loop().time()
                if place.seen.tells or left <= 0 or place.given_up:
                    return place.seen.answer
                await _first_of(place.called, gone, left)
                if gone.done() or not place.called.is_set() or place.given_up:
                    return place.seen.answer
        finally:
            if self._places.get(caller.device) is place:
                del self._places[caller.device]

    def close(self) -> None:
        """Answer everybody at once and keep nobody any more: the server stops."""
        self._closed = True
        for place in self._places.values():
            place.give_up()
        if self._watching is not None:
            self._watching.cancel()

    def _take_place(self, caller: Caller) -> _Place:
        former = self._places.pop(caller.device, None)
        if former is not None:
            former.give_up()
        if self._closed or len(self._places) >= self._waiting_max:
            raise RateLimited("waiting room", seconds=FULL_SECONDS)
        place = _Place(caller)
        self._places[caller.device] = place
        if self._watching is None or self._watching.done():
            self._watching = asyncio.get_running_loop().create_task(self._watch())
        return place

    async def _watch(self) -> None:
        """Call those who may have news, for as long as anybody waits."""
        while self._places:
            await asyncio.sleep(LOOK_EVERY_SECONDS)
            waiting = [place for place in self._places.values() if place.seen is not None]
            try:
                called = await run_in_threadpool(self._concerned, waiting)
            except FieldAppError as error:  # the devices' own looks will tell them
                _log.warning("waiting_not_read", code=error.code)
                continue
            for place in called:
                place.call()

    def _concerned(self, waiting: Iterable[_Place]) -> list[_Place]:
        by_organisation: dict[int, list[tuple[_Place, Look]]] = {}
        for place in waiting:
            if place.seen is not None:
                of_one = by_organisation.setdefault(place.caller.organisation, [])
                of_one.append((place, place.seen))
        called: list[_Place] = []
        if by_organisation:
            with self._database.read() as connection:
                for number, of_one in by_organisation.items():
                    called.extend(_concerned_of(connection, number, of_one))
        return called


def _concerned_of(
    connection: Connection, organisation: int, waiting: list[tuple[_Place, Look]]
) -> Iterable[_Place]:
    mark = read_mark(connection, organisation)
    behind = [(place, seen) for place, seen in waiting if seen.mark != mark]
    if not behind:
        return
    buckets = {bucket for _, seen in behind for bucket in seen.buckets}
    lowest = min(seen.mark.sequence for _, seen in behind)
    moved = moved_buckets(connection, organisation, buckets, lowest)
    for place, seen in behind:
        if _concerns(mark, moved, seen):
            yield place
        else:
            place.seen = replace(seen, mark=mark)


def _concerns(mark: Mark, moved: dict[str, int], seen: Look) -> bool:
    before = seen.mark
    if (mark.epoch, mark.staff_version) != (before.epoch, before.staff_version):
        return True
    if seen.decides and mark.open_sets != before.open_sets:
        return True
    return any(moved.get(bucket, 0) > before.sequence for bucket in seen.buckets)


async def _first_of(called: asyncio.Event, gone: asyncio.Future[None], seconds: float) -> None:
    """Return when called, when the device is gone, or after so many seconds."""
    calling = asyncio.ensure_future(called.wait())
    both: set[asyncio.Future[Any]] = {calling, gone}
    try:
        await asyncio.wait(both, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        calling.cancel()
