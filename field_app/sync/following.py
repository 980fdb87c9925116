"""Follow the server while somebody looks: wait for news, have a round fetch it, wait again.

It waits after a good round only, and never while one runs: a round is the one place that pulls,
and where trouble is found. Its failures are silent: the rounds at an interval go on, and tell.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import structlog

from field_app.domain.clock import Clock, Entropy
from field_app.domain.errors import FieldAppError, NotAuthenticated, RateLimited

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class FollowSettings:
    """The waits, in seconds."""

    breath: float = 0.2
    """After a round: another one often comes at once, and no request is made for nothing."""
    prompt: float = 1.0
    """An answer without news that comes sooner was no waiting: asked again at once, it would
    come again and again."""
    spacing: float = 1.0
    """Between the round before and the next, in an office where something is always new."""
    back_off_first: float = 5.0
    back_off_max: float = 300.0


class Waits(Protocol):
    """The waiting requests, and the connection they share."""

    async def wait(self) -> bool:
        """One request; returns whether there is news. It may be cancelled at any moment.

        Raises:
            FieldAppError: the network, the server, or the app was locked.
        """
        ...

    async def close(self) -> None:
        """Let go of the connection, once a cancelled request has ended."""
        ...


class Following:
    """One waiting request at a time; everything on one event loop."""

    def __init__(
        self,
        waits: Waits,
        told: Callable[[], None],
        clock: Clock,
        entropy: Entropy,
        settings: FollowSettings | None = None,
    ) -> None:
        """Be at rest.

        Args:
            waits: The waiting requests.
            told: There is news: a round is to fetch it.
            clock: Its monotonic seconds tell a wait from an answer at once.
            entropy: Draws the back-off.
            settings: The waits.
        """
        self._waits = waits
        self._told = told
        self._clock = clock
        self._entropy = entropy
        self._settings = settings or FollowSettings()
        self._task: asyncio.Task[None] | None = None
        self._closing: asyncio.Task[None] | None = None
        self._empty = 0

    @property
    def waiting(self) -> bool:
        """Whether it waits, or will again by itself."""
        return self._task is not None and not self._task.done()

    def begin(self, *, fetched: bool) -> None:
        """A round ended well; `fetched` when it brought something."""
        if fetched:
            self._empty = 0
        if not self.waiting:
            self._task = asyncio.get_running_loop().create_task(self._follow())

    def rest(self) -> None:
        """A round begins: the request under way ends at once."""
        if self._task is not None:
            self._task.cancel()
            self._task = None

    def stop(self) -> None:
        """The app is locked, or ends: let go of the connection as well."""
        self.rest()
        self._closing = asyncio.get_running_loop().create_task(self._waits.close())

    async def stopped(self) -> None:
        """Return when nothing is open any more."""
        if self._closing is not None:
            await asyncio.wait([self._closing])

    async def _follow(self) -> None:
        failures = 0
        await asyncio.sleep(self._settings.breath)
        while True:
            began = self._clock.monotonic()
            news, least = await self._asked()
            waited = self._clock.monotonic() - began >= self._settings.prompt
            if news:
                break
            failures = 0 if waited and not least else failures + 1
            if failures:
                await asyncio.sleep(max(least, self._back_off(failures)))
        if self._empty and not waited:
            await asyncio.sleep(self._back_off(self._empty))
        elif not waited:
            await asyncio.sleep(self._settings.spacing)
        self._empty += 1
        self._told()

    async def _asked(self) -> tuple[bool, float]:
        """Whether there is news; and after a failure, how many seconds to keep away at least."""
        try:
            return await self._waits.wait(), 0.0
        except NotAuthenticated:  # a token past its time, or worse: the round finds out
            return True, 0.0
        except RateLimited as error:
            return False, float(error.values.get("seconds", 1))
        except FieldAppError:
            return False, self._settings.back_off_first
        except Exception as error:  # noqa: BLE001 - nobody waits for this task
            _log.error("waiting_broke", kind=type(error).__name__)
            return False, self._settings.back_off_first

    def _back_off(self, failures: int) -> float:
        """Doubling up to a limit, drawn from its upper half."""
        doubled = self._settings.back_off_first * float(2 ** min(failures - 1, 30))
        share = int.from_bytes(self._entropy.bytes(4), "big") / 2**32
        return min(doubled, self._settings.back_off_max) * (0.5 + 0.5 * share)
