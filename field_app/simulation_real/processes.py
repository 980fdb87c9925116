"""The processes of a run, by name: started, ended, and killed without a word."""

from __future__ import annotations

import asyncio
import multiprocessing
import random
from multiprocessing.process import BaseProcess
from pathlib import Path

from field_app.simulation.violation import require
from field_app.simulation_real.children import run_device, run_server

STUCK_SECONDS = 120.0
_PRELOADED = ["field_app.simulation_real.children", "field_app.server.app", "uvicorn"]


class Processes:
    """Everything that runs now."""

    def __init__(self, place: Path, dice: random.Random, saves_per_second: float) -> None:
        """Run nothing yet; files go to `place`, and a device works at this pace."""
        self._place = place
        self._dice = dice
        self._saves_per_second = saves_per_second
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(_PRELOADED)
        self._living: dict[str, BaseProcess] = {}

    def start_server(self, number: int, url: str, port: int) -> None:
        """Start a server, unless it runs."""
        name = f"server {number}"
        if name not in self._living:
            log = str(self._place / f"{name}.log")
            self._start(name, run_server, str(self._place / "server"), url, port, log)

    def start_device(self, name: str, code: str = "") -> None:
        """Start a device in the folder of its name; with a code, it enrols and ends."""
        folder = self._place / name
        folder.mkdir(exist_ok=True)
        seed = self._dice.randrange(1 << 30)
        self._start(name, run_device, str(folder), code, seed, self._saves_per_second)

    def _start(self, name: str, main: object, *arguments: object) -> None:
        process = self._context.Process(target=main, args=arguments, daemon=True)  # type: ignore[arg-type]
        process.start()
        self._living[name] = process

    async def kill(self, name: str) -> None:
        """Kill -9 a process that must be alive.

        Raises:
            Violation: it ended by itself.
        """
        alive, code = await self._end(name)
        require(alive, "crash", f"{name[:8]} ended by itself with {code}{self._said(name)}")

    async def kill_unless_done(self, name: str) -> bool:
        """Kill -9 a process that may have done its work; whether it was still at it.

        Raises:
            Violation: it ended by itself, and not well.
        """
        alive, code = await self._end(name)
        well = alive or code == 0
        require(well, "crash", f"{name[:8]} ended by itself with {code}{self._said(name)}")
        return alive

    async def finish(self, name: str) -> None:
        """Wait for a process that ends by itself.

        Raises:
            Violation: it ended with an error, or not at all.
        """
        await asyncio.to_thread(self._living[name].join, STUCK_SECONDS)
        require(not await self.kill_unless_done(name), "stuck", f"{name[:8]} does not end")

    async def end(self) -> None:
        """Kill everything that is left."""
        for process in self._living.values():
            process.kill()
        for name in list(self._living):
            await self._end(name)

    def _said(self, name: str) -> str:
        """The last words of a process: all its data is made up."""
        for log in (self._place / name / "log", self._place / f"{name}.log"):
            if log.exists() and (lines := log.read_text().splitlines()):
                return f": {lines[-1]}"
        return ""

    async def _end(self, name: str) -> tuple[bool, int | None]:
        process = self._living.pop(name)
        alive = process.is_alive()
        process.kill()
        await asyncio.to_thread(process.join)
        code = process.exitcode
        process.close()
        return alive, code
