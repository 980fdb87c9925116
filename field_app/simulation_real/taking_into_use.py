"""Devices that are killed while they are taken into use, until one life is long enough."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from pathlib import Path

from field_app.simulation_real.journal import entries
from field_app.simulation_real.places import Office, Worker
from field_app.simulation_real.processes import Processes

LIFE = (0.02, 0.9)
"""Seconds from its start on after which an enrolling process is killed: drawn evenly."""
AFTER_ASKING = (0.0, 0.3)
"""Half of them are killed so long after they began to redeem the code."""
STEP_SECONDS, ASKING_STEPS_MAX = 0.01, 300
"""How often it is looked whether they did; on a slow machine they are killed before."""
KILLS_MAX = 5
"""A device that was killed so often while it enrolled is left in peace."""


class TakingIntoUse:
    """Enrols devices through a port, and counts what it did to them."""

    def __init__(
        self, office: Office, processes: Processes, place: Path, port: int, dice: random.Random
    ) -> None:
        """Enrol devices of this office, whose folders lie in `place`."""
        self._office = office
        self._processes = processes
        self._place = place
        self._port = port
        self._dice = dice
        self.counted: Counter[str] = Counter()

    async def enrol(self, name: str, worker: Worker) -> None:
        """Enrol one device of a worker with one code, however often it is killed over it.

        Raises:
            Violation: it ended otherwise than enrolled.
        """
        code = await asyncio.to_thread(self._office.code, worker, self._port)
        for _ in range(KILLS_MAX):
            self._processes.start_device(name, code)
            await self._wait(name)
            was_at_it = await self._processes.kill_unless_done(name)
            if self._is_enrolled(name):
                break
            self.counted["killed"] += was_at_it
            self.counted["killed_over_the_answer"] += await self._is_used(code)
        self._processes.start_device(name, code)
        await self._processes.finish(name)
        self.counted["enrolled"] += 1

    async def _wait(self, name: str) -> None:
        """For a moment of dying, wherever that is."""
        if self._dice.random() < 0.5:
            await asyncio.sleep(self._dice.uniform(*LIFE))
            return
        asked = self._asked(name)
        for _ in range(ASKING_STEPS_MAX):
            if self._asked(name) > asked:
                break
            await asyncio.sleep(STEP_SECONDS)
        await asyncio.sleep(self._dice.uniform(*AFTER_ASKING))

    def _asked(self, name: str) -> int:
        return entries(self._place / name).count(["asking"])

    def _is_enrolled(self, name: str) -> bool:
        return ["enrolled"] in entries(self._place / name)

    async def _is_used(self, code: str) -> bool:
        """Whether the server has let a device in that does not know it."""
        return await asyncio.to_thread(self._office.is_used, code)
