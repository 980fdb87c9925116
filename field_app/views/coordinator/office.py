"""What the coordinator's screens ask of the runtime beyond the device's own records: the server."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

from field_app.sync.client import SyncClient
from field_app.views.cases import CaseRuntime

Result = TypeVar("Result")


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
