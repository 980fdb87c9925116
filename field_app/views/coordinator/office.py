"""What the coordinator's screens ask of the runtime beyond the device's own records: the server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Protocol, TypeVar

from field_app.domain.errors import FieldAppError
from field_app.sync.client import SyncClient
from field_app.views.cases import CaseRuntime
from field_app.views.failures import Failure, failure_of

Result = TypeVar("Result")
ASK_EVERY_S = 30.0
"""How often the server is asked again while a screen shows what it said."""
_GATHER_S = 0.2
"""Changes that come together are one reason to ask again."""


class OfficeRuntime(CaseRuntime, Protocol):
    """One data directory at work, and its server within reach or not."""

    async def ask_server(self, question: Callable[[SyncClient], Result]) -> Result:
        """Ask the server something that is not part of a sync round.

        Raises:
            SyncError: the network or the server.
        """
        ...

    async def sync_now(self) -> None:
        """Ask for a sync now; returns when it was asked for."""
        ...


async def asked_while_shown(
    runtime: OfficeRuntime,
    ask: Callable[[], Awaitable[object]],
    failed: Callable[[Failure], object],
) -> AsyncIterator[object]:
    """What `ask` gets of the server, now, after each sync and change, and every half a minute.

    A failure is an event as well, and the asking goes on: the network comes back by itself.
    """
    stream = runtime.changes()
    coming = asyncio.ensure_future(anext(stream, None))
    try:
        while True:
            try:
                answer = await ask()
            except FieldAppError as error:
                answer = failed(failure_of(error))
            yield answer
            if await _came(coming):
                coming = asyncio.ensure_future(anext(stream, None))
                await asyncio.sleep(_GATHER_S)
    finally:
        coming.cancel()


async def _came(coming: asyncio.Future[frozenset[str] | None]) -> bool:
    done, _ = await asyncio.wait({coming}, timeout=ASK_EVERY_S)
    return bool(done)
