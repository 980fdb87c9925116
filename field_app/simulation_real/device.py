"""A device without a screen: it enrols and works, and may be killed at any statement."""

from __future__ import annotations

import asyncio
import random
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from field_app.domain.clock import Instant
from field_app.domain.errors import FieldAppError, SyncError
from field_app.simulation_real.deciding import DECIDERS, Deciding
from field_app.simulation_real.drafting import Drafting
from field_app.simulation_real.journal import Journal
from field_app.simulation_real.work import next_work, unchecked
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
DECIDE = "decide"
"""Of the phases after the faults: what is held is decided, once everything is at the server."""
STEP_SECONDS = 0.05
AGAIN_SECONDS = 0.3
"""Until somebody tries a code again that the network stopped."""


def phase_file(folder: Path) -> Path:
    """Says to all devices what to do now; it lies beside their folders."""
    return folder.parent / "phase"


class Device:
    """One worker's device, in one process."""

    def __init__(self, folder: Path, dice: random.Random, saves_per_second: float) -> None:
        """Have it at hand; nothing is opened yet."""
        self._folder = folder
        self._dice = dice
        self._pause = 1 / saves_per_second
        self._entropy = SystemEntropy()
        self._clock = SystemClock()
        self._runtime = DeviceRuntime(
            folder / "store", self._clock, self._entropy, pace=PACE, cost=COST
        )
        self._journal = Journal(folder)
        self._drafting = Drafting(self._runtime, self._journal, dice)
        self._deciding = Deciding(self._runtime, self._journal, dice)
        self._waiting: dict[str, str] | None = None

    async def enrol(self, code: str) -> None:
        """Take the device into use, from wherever a kill left that, and get everything once.

        Raises:
            FieldAppError: what no kill and no network may lead to, e.g. `CodeUsed`.
        """
        await self._runtime.open()
        if self._runtime.has_keys:
            await self._runtime.unlock(PIN)
        else:
            await self._runtime.create_keys(PIN, await self._runtime.new_passphrase())
        while self._runtime.account is None:
            try:
                self._journal.note("asking")
                await self._runtime.enrol(code)
            except SyncError:
                await asyncio.sleep(self._dice.random() * AGAIN_SECONDS)
        self._journal.note("enrolled")
        await self._until(lambda: self._is_done(""))
        await self._runtime.close()

    async def live(self) -> None:
        """Work, then drain, decide and settle, as the phase says."""
        await self._runtime.open()
        await self._runtime.unlock(PIN)
        await self._drafting.resume()
        await self._runtime.cases(self._note_waiting)
        while self._phase() == WORK:
            await self._runtime.cases(self._save)
            await self._drafting.type()
            if self._decides and self._dice.random() < 0.2:
                await self._deciding.one()
            await asyncio.sleep(self._dice.uniform(0.2, 1.8) * self._pause)
        for phase in (DRAIN, DECIDE, SETTLE):
            await self._until(partial(self._is_told, phase))
            if phase == DECIDE and self._decides:
                await self._deciding.rest()
            began = self._clock.now()
            await self._runtime.sync_now()
            await self._until(partial(self._is_done, began))
            await self._runtime.cases(self._note_waiting)
            self._tell(phase)
        await asyncio.Event().wait()

    @property
    def _decides(self) -> bool:
        account = self._runtime.account
        return account is not None and account.role in DECIDERS

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
        work = next_work(cases, self._entropy, self._dice, self._folder.parent)
        if work.edits:
            try:
                with unchecked(work.is_spoiled):
                    made = cases.save(work.edits, opens=work.opens).change_set
                parts = [part.raw.decode() for part in made.parts]
                self._journal.note("save", made.header.raw.decode(), parts)
            except FieldAppError as refused:  # nothing was promised
                sys.stderr.write(f"not saved: {refused.code}\n")
        self._note_waiting(cases)

    def _note_waiting(self, cases: CaseStore) -> None:
        """Write down what is shown to the author as waiting, when that has changed."""
        waiting = {saved.change_set.header.id: str(saved.state) for saved in cases.waiting()}
        if waiting != self._waiting:
            self._journal.note("waiting", waiting)
            self._waiting = waiting
