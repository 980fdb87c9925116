"""The processes of a run: a server as it ships, and a device without a screen.

Both are functions for `multiprocessing`'s fork server, which has their modules read already: a
process is new every time, and only its start is cheaper. They may be killed at any statement; what
a device has promised to keep it writes down first, in a journal of its own.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from field_app.domain.clock import Instant
from field_app.domain.errors import FieldAppError
from field_app.logs import log_to_stderr
from field_app.server.main import serve
from field_app.settings import ServerSettings
from field_app.simulation_real.work import next_work
from field_app.store.case_store import CaseStore
from field_app.store.stretching import Argon2Cost, CostPolicy
from field_app.sync.pace import PaceSettings
from field_app.system_clock import SystemClock, SystemEntropy
from field_app.views.device_runtime import DeviceRuntime

PIN = "482915"
PACE = PaceSettings(
    after_save=0.05, after_save_max=0.2, interval=2.0, back_off_first=0.1, back_off_max=1.0,
    spacing=0.1,
)  # fmt: skip
COST = CostPolicy(
    new=Argon2Cost(memory_kib=8, passes=1),
    floor=Argon2Cost(memory_kib=8, passes=1),
    ceiling=Argon2Cost(memory_kib=256 * 1024, passes=24, lanes=4),
)
"""Nobody guesses these PINs; hundreds of unlockings shall not be most of the run."""
WORK, DRAIN, SETTLE = "work", "drain", "settle"
STEP_SECONDS = 0.05


def run_server(data: str, url: str, port: int, log: str) -> None:
    """Serve until killed or told to stop."""
    _say_into(log)
    log_to_stderr("warning")
    serve(ServerSettings(data=Path(data), database_url=url, port=port))


def run_device(folder: str, code: str, seed: int, saves_per_second: float) -> None:
    """Be one worker's device until killed or told to stop; a code enrols it first."""
    _say_into(str(Path(folder) / "log"))
    device = _Device(Path(folder), random.Random(seed), saves_per_second)
    asyncio.run(device.enrol(code) if code else device.live())


def _say_into(log: str) -> None:
    file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(file, 1)
    os.dup2(file, 2)


def phase_file(folder: Path) -> Path:
    """Says to all devices what to do now; it lies beside their folders."""
    return folder.parent / "phase"


class _Device:
    def __init__(self, folder: Path, dice: random.Random, saves_per_second: float) -> None:
        self._folder = folder
        self._dice = dice
        self._pause = 1 / saves_per_second
        self._entropy = SystemEntropy()
        self._clock = SystemClock()
        self._runtime = DeviceRuntime(
            folder / "store", self._clock, self._entropy, pace=PACE, cost=COST
        )
        self._journal = (folder / "journal").open("ab", buffering=0)

    async def enrol(self, code: str) -> None:
        """Take the device into use and get everything once."""
        await self._runtime.open()
        await self._runtime.create_keys(PIN, await self._runtime.new_passphrase())
        await self._runtime.enrol(code)
        await self._until(lambda: self._is_done(""))
        await self._runtime.close()

    async def live(self) -> None:
        """Work, then drain, then settle, as the phase says."""
        await self._runtime.open()
        await self._runtime.unlock(PIN)
        while self._phase() == WORK:
            await self._runtime.cases(self._save)
            await asyncio.sleep(self._dice.uniform(0.2, 1.8) * self._pause)
        for phase in (DRAIN, SETTLE):
            await self._until(partial(self._is_told, phase))
            began = self._clock.now()
            await self._runtime.sync_now()
            await self._until(partial(self._is_done, began))
            self._tell(phase)
        await asyncio.Event().wait()

    def _phase(self) -> str:
        return phase_file(self._folder).read_text()

    def _is_told(self, phase: str) -> bool:
        return self._phase() == phase

    def _is_done(self, since: Instant) -> bool:
        """Whether a round that began after an instant ended with everything answered."""
        status = self._runtime.sync_status
        if status is None or status.unsynced or status.not_complete_yet or status.error:
            return False
        return status.last_success_at is not None and status.last_success_at > since

    def _tell(self, phase: str) -> None:
        beside = self._folder / "told.new"
        beside.write_text(phase)
        beside.rename(self._folder / "told")

    async def _until(self, condition: Callable[[], bool]) -> None:
        asked = time.monotonic()
        while not condition():
            await asyncio.sleep(STEP_SECONDS)
            if time.monotonic() - asked > 1:
                asked = time.monotonic()
                await self._runtime.sync_now()

    def _save(self, cases: CaseStore) -> None:
        """Save, and write down what was promised: exactly these bytes are kept."""
        work = next_work(cases, self._entropy, self._dice)
        if not work.edits:
            return
        try:
            made = cases.save(work.edits, opens=work.opens).change_set
        except FieldAppError as refused:  # nothing was promised
            sys.stderr.write(f"not saved: {refused.code}\n")
            return
        line = [made.header.raw.decode(), [part.raw.decode() for part in made.parts]]
        self._journal.write(json.dumps(line).encode() + b"\n")
