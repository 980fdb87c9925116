"""A lead or a nurse at work on the cases that wait for them, over the same bad network."""

from __future__ import annotations

import random
from contextlib import suppress

from field_app.domain.errors import CannotAccept, InvalidInput, SyncError
from field_app.simulation_real.journal import Journal
from field_app.sync.client import SyncClient
from field_app.views.device_runtime import DeviceRuntime

DECIDERS = ("lead", "nurse")


class Deciding:
    """One worker's decisions."""

    def __init__(self, runtime: DeviceRuntime, journal: Journal, dice: random.Random) -> None:
        """Decide as this device's worker."""
        self._runtime = runtime
        self._journal = journal
        self._dice = dice

    async def one(self) -> None:
        """Look into one case, if there is one, and decide it; a bad network may stop that."""
        with suppress(SyncError):
            cases = await self._runtime.ask_server(SyncClient.cases)
            if cases:
                await self._decide(self._dice.choice(cases).set_id)

    async def rest(self) -> None:
        """Decide everything held, and half of what else waits: the other half stays waiting."""
        while open_cases := [
            case.set_id
            for case in await self._runtime.ask_server(SyncClient.cases)
            if case.status == "held" or int(case.set_id, 16) % 2
        ]:
            for case in open_cases:
                await self._decide(case)

    async def _decide(self, case: str) -> None:
        reason = f"päätös {self._dice.randrange(1 << 30)}"
        self._journal.note("deciding", case, reason)
        accepts = self._dice.random() < 0.6
        with suppress(InvalidInput):  # somebody else was faster
            await self._runtime.ask_server(lambda client: _settle(client, case, reason, accepts))


def _settle(client: SyncClient, case: str, reason: str, accepts: bool) -> None:
    client.case(case)
    if accepts:
        try:
            client.accept_case(case, reason)
        except CannotAccept:
            pass
        else:
            return
    client.set_aside_case(case, reason)
