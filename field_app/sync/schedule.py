"""Carries out what `pace` decides, by APScheduler, and tells the screens how the sync stands.

Everything here runs on one event loop; triggers and progress may come from any thread. A round
is a coroutine given from outside: its owner knows which thread may block.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, timedelta
from typing import Any, Protocol

import structlog
from apscheduler.job import Job  # type: ignore[import-untyped]
from apscheduler.jobstores.base import JobLookupError  # type: ignore[import-untyped]
from apscheduler.schedulers.asyncio import AsyncIOScheduler  # type: ignore[import-untyped]
from apscheduler.triggers.date import DateTrigger  # type: ignore[import-untyped]

from field_app.domain.clock import Clock, Entropy, Instant, moment_of
from field_app.domain.errors import FieldAppError, RateLimited
from field_app.sync.client import Progress
from field_app.sync.exchange import Outcome
from field_app.sync.following import Following, Waits
from field_app.sync.pace import Pace, PaceSettings
from field_app.sync.status import AWAY, SyncStatus

WATCH_SECONDS = 20.0
"""How often the plan is checked against the monotonic clock: the wall clock may jump back."""
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Standing:
    """What the store says of its own changes."""

    unsynced: int = 0
    oldest_at: Instant | None = None
    waiting: int = 0
    complete: bool = True
    """Whether everything the device may read has arrived once."""


Round = Callable[[Callable[[Progress], None]], Awaitable[Outcome]]
"""One sync round; it reports its progress from any thread."""


class Carrier(Protocol):
    """What the schedule needs of APScheduler; tests bring a tiny one."""

    def plan(self, seconds: float, job: Callable[[], None]) -> None:
        """Call `job` on the event loop after so many seconds, in place of what was planned."""
        ...

    def drop(self) -> None:
        """Plan nothing."""
        ...

    def shutdown(self) -> None:
        """Stop for good."""
        ...


class ApsCarrier:
    """The real one: at most one job of an `AsyncIOScheduler`, a new one at each plan.

    A new job, not the old one replaced: of one job only so many may run at once, and the old one
    counts as running until the loop has got round to it. The new plan would be skipped.
    """

    def __init__(self, clock: Clock) -> None:
        """Start the scheduler on the running event loop."""
        self._clock = clock
        self._job: Job | None = None
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._scheduler.start()

    def plan(self, seconds: float, job: Callable[[], None]) -> None:
        """Plan the job; a moment that has passed is now."""
        self.drop()
        at = moment_of(self._clock.now()) + timedelta(seconds=seconds)
        self._job = self._scheduler.add_job(
            _on_loop, DateTrigger(at), args=[job], misfire_grace_time=None
        )

    def drop(self) -> None:
        """Plan nothing."""
        if self._job is not None:
            with suppress(JobLookupError):  # it ran
                self._job.remove()
        self._job = None

    def shutdown(self) -> None:
        """Stop the scheduler."""
        self._scheduler.shutdown(wait=False)


async def _on_loop(job: Callable[[], None]) -> None:
    """Coroutine jobs run on the event loop; plain ones would go to a thread."""
    job()


class SyncSchedule:
    """Starts rounds, one at a time, and keeps the status."""

    def __init__(
        self,
        round_: Round,
        standing: Callable[[], Standing | None],
        clock: Clock,
        entropy: Entropy,
        settings: PaceSettings | None = None,
        carrier: Callable[[], Carrier] | None = None,
        waits: Waits | None = None,
    ) -> None:
        """Be paused; nothing is planned until `start` and `resume`.

        `standing` is asked on the event loop and must not block; None means that the store is
        locked, and the last answer stays. `waits` are for a device that
        shall follow the server between rounds.
        """
        self._last_standing = Standing()
        self._round = round_
        self._standing = standing
        self._clock = clock
        self._pace = Pace(entropy, settings)
        self._following = Following(waits, self._told, clock, entropy) if waits else None
        self._make_carrier = carrier or (lambda: ApsCarrier(clock))
        self._carrier: Carrier | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._watch: asyncio.Task[None] | None = None
        self._running: asyncio.Task[None] | None = None
        self._listeners: list[Callable[[SyncStatus], None]] = []
        self.status = SyncStatus()

    # -- life ----------------------------------------------------------------------------------

    async def start(self) -> None:
        """Begin on the running event loop; still paused."""
        self._loop = asyncio.get_running_loop()
        self._carrier = self._make_carrier()
        self._watch = asyncio.create_task(self._watching())

    async def stop(self) -> None:
        """Plan nothing more and wait for the round under way."""
        self.pause()
        if self._watch is not None:
            self._watch.cancel()
        await self.quiet()
        if self._following is not None:
            await self._following.stopped()
        if self._carrier is not None:
            self._carrier.shutdown()
        self._carrier = self._loop = None

    async def quiet(self) -> None:
        """Return when no round is running."""
        if self._running is not None:
            await asyncio.wait([self._running])

    @property
    def failures(self) -> int:
        """How many rounds in a row broke off until now."""
        return self._pace.failures

    # -- triggers, from any thread -------------------------------------------------------------

    def saved(self) -> None:
        """Something was saved here: a round follows after a breath."""
        self._post(self._saved)

    def connected(self) -> None:
        """The network came back."""
        self._post(lambda: self._triggered(self._pace.hurried))

    def foregrounded(self) -> None:
        """The app came to the front."""
        self._post(lambda: self._triggered(self._pace.hurried))

    def asked(self) -> None:
        """A person asks for a sync now."""
        self._post(lambda: self._triggered(self._pace.asked))

    def resume(self) -> None:
        """The store was unlocked: a round follows at once."""
        self._post(lambda: self._triggered(self._pace.resume))

    def pause(self) -> None:
        """The store is being locked: no round starts any more."""
        self._post(self._paused)

    # -- listeners -----------------------------------------------------------------------------

    def subscribe(self, listener: Callable[[SyncStatus], None]) -> Callable[[], None]:
        """Call `listener` on the event loop at every change of the status.

        Returns:
            A function that ends the subscription.
        """
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    def refresh(self) -> None:
        """Read the store's standing anew, e.g. after unlocking."""
        self._post(self._show)

    # -- on the event loop ---------------------------------------------------------------------

    def _post(self, action: Callable[[], None]) -> None:
        if self._loop is None:
            return
        try:
            here = asyncio.get_running_loop() is self._loop
        except RuntimeError:
            here = False
        if here:
            action()
        else:
            self._loop.call_soon_threadsafe(action)

    def _saved(self) -> None:
        self._show()
        self._triggered(self._pace.saved)

    def _told(self) -> None:
        self._triggered(self._pace.asked)

    def _paused(self) -> None:
        if self._following is not None:
            self._following.stop()
        self._pace.pause()
        self._plan()

    def _triggered(self, trigger: Callable[[float], None]) -> None:
        trigger(self._clock.monotonic())
        self._plan()

    def _plan(self) -> None:
        if self._carrier is None:
            return
        due = self._pace.due_at
        if due is None:
            self._carrier.drop()
        else:
            self._carrier.plan(max(0.0, due - self._clock.monotonic()), self.check)

    def check(self) -> None:
        """Start a round if one is due; otherwise plan again for when it will be."""
        if self._pace.start(self._clock.monotonic()):
            self._running = asyncio.ensure_future(self._run())
        elif not self._pace.running:
            self._plan()

    async def _watching(self) -> None:
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            due = self._pace.due_at
            if due is not None and self._clock.monotonic() >= due:
                self.check()

    async def _run(self) -> None:
        if self._following is not None:
            self._following.rest()
        try:
            outcome = await self._round(self._progress)
        except FieldAppError as error:
            self._failed(error)
        except Exception as error:  # noqa: BLE001 - a broken round must not end all syncing
            _log.error("sync_round_broke", kind=type(error).__name__)
            self._failed(FieldAppError(type(error).__name__))
        else:
            self._pace.succeeded(self._clock.monotonic(), outcome.complete)
            success = self._clock.now() if outcome.complete else self.status.last_success_at
            self._show(phase="idle", error=None, done=0, total=0, last_success_at=success)
            if self._following is not None and outcome.complete and not self._pace.paused:
                self._following.begin(fetched=outcome.pulled > 0)
        self._running = None
        self._plan()

    def _failed(self, error: FieldAppError) -> None:
        wait = 0.0
        if isinstance(error, RateLimited):
            wait = float(error.values.get("seconds", 0))
        self._pace.failed(self._clock.monotonic(), wait)
        if self._pace.paused:  # locked in the middle of it: nothing went wrong
            self._show(phase="idle", done=0, total=0)
            return
        _log.info("sync_round_failed", code=error.code, failures=self._pace.failures)
        phase = "offline" if error.code in AWAY else "failed"
        self._show(phase=phase, error=error.code, done=0, total=0)

    def _progress(self, progress: Progress) -> None:
        done = progress.pushed if progress.phase == "pushing" else progress.pulled
        total = done + progress.remaining
        self._post(lambda: self._show(phase=progress.phase, done=done, total=total))

    def _show(self, **changes: Any) -> None:
        standing = self._standing() or self._last_standing
        self._last_standing = standing
        status = replace(
            self.status,
            unsynced=standing.unsynced,
            oldest_at=standing.oldest_at,
            waiting=standing.waiting,
            not_complete_yet=not standing.complete,
            **changes,
        )
        if status == self.status:
            return
        self.status = status
        for listener in list(self._listeners):
            listener(status)
