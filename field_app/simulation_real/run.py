"""One run on one database: work under kills and a bad network, then quiet, then the judgement."""

from __future__ import annotations

import asyncio
import multiprocessing
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path

from field_app.domain.errors import FieldAppError
from field_app.server.main import take_port
from field_app.settings import ServerSettings
from field_app.simulation.violation import Violation, require
from field_app.simulation_real.children import (
    DRAIN,
    SETTLE,
    WORK,
    phase_file,
    run_device,
    run_server,
)
from field_app.simulation_real.judge import Judgement, judge
from field_app.simulation_real.places import SEATS, Office, Worker, database_of
from field_app.simulation_real.proxy import FAULTS, FaultProxy, Network

SERVERS = 2
FAULT_SHARE = 0.3
"""Of all requests, so many meet one of the faults, each as likely as the others."""
DEVICE_LIFE, SERVER_LIFE = (0.2, 6.0), (0.3, 4.0)
"""Seconds, from its start on, after which a process is killed: drawn evenly."""
COMMAND_SECONDS = (2.0, 6.0)
DRAIN_SECONDS = 120.0
"""After the faults stop, everything must be answered and delivered within this."""
_PRELOADED = ["field_app.simulation_real.children", "field_app.server.app", "uvicorn"]


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is to happen on one database."""

    kind: str
    seed: int
    kills: int
    """Of devices, and as many of servers."""
    seconds: float
    """When the kills are not all done by then, the run ends with those it has."""
    saves_per_second: float = 3.0
    """Of each device."""
    devices: int = len(SEATS)


@dataclass(slots=True)
class Result:
    """What a run came to."""

    kills: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    requests: int = 0
    commands: int = 0
    seconds: float = 0.0
    drain_seconds: float = 0.0
    judged: Judgement = field(default_factory=Judgement)
    violation: Violation | None = None


def play(plan: Plan) -> Result:
    """Run, and leave nothing behind: no process, no port, no file."""
    result = Result()
    began = time.monotonic()
    with (
        tempfile.TemporaryDirectory(prefix="rinnalla-real-") as place,
        database_of(plan.kind, Path(place)) as url,
    ):
        try:
            asyncio.run(_Run(plan, Path(place), url, result).play())
        except Violation as found:
            result.violation = found
    result.seconds = time.monotonic() - began
    return result


class _Run:
    def __init__(self, plan: Plan, place: Path, url: str, result: Result) -> None:
        self._plan = plan
        self._place = place
        self._url = url
        self._result = result
        self._dice = random.Random(plan.seed)
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(_PRELOADED)
        self._ports = [_free_port() for _ in range(SERVERS)]
        self._up: set[int] = set()
        self._living: dict[str, BaseProcess] = {}
        self._proxy = FaultProxy(lambda: self._ports, plan.seed)

    async def play(self) -> None:
        settings = ServerSettings(data=self._place / "server", database_url=self._url)
        office = Office(settings, self._plan.devices)
        try:
            await self._proxy.start()
            await self._begin(office)
            await self._mayhem(office)
            await self._rest(office)
        finally:
            await self._end()
            self._result.faults = Counter(self._proxy.happened)
            self._result.requests = self._proxy.requests
            office.close()

    # -- before, during and after --------------------------------------------------------------

    async def _begin(self, office: Office) -> None:
        """Servers run, and every device is enrolled over a good network."""
        for number in range(SERVERS):
            self._start_server(number)
        self._phase(WORK)
        await self._servers_answer()
        codes = {worker.id: office.code(worker, self._proxy.port) for worker in office.workers}
        for worker in office.workers:
            self._folder(worker).mkdir()
            self._start_device(worker, codes[worker.id])
        for worker in office.workers:
            await self._ended(worker.id)
            ended = self._living.pop(worker.id)
            require(ended.exitcode == 0, "crash", f"enrolling ended with {ended.exitcode}")

    async def _mayhem(self, office: Office) -> None:
        """Kill and start again until there were enough kills, or the time is over."""
        self._proxy.network = Network(dict.fromkeys(FAULTS, FAULT_SHARE / len(FAULTS)))
        until = time.monotonic() + self._plan.seconds
        tasks = [
            *(self._kill_devices(worker, until) for worker in office.workers),
            *(self._kill_servers(number, until) for number in range(SERVERS)),
            self._commands(office, until),
        ]
        await asyncio.gather(*tasks)

    async def _rest(self, office: Office) -> None:
        """The faults stop: all is answered, all is delivered, and all is judged."""
        began = time.monotonic()
        self._proxy.network = Network()
        for number in range(SERVERS):
            self._start_server(number)
        for worker in office.workers:
            self._start_device(worker)
        for phase in (DRAIN, SETTLE):
            self._phase(phase)
            await self._all_told(office, phase, began + DRAIN_SECONDS)
        self._result.drain_seconds = time.monotonic() - began
        await self._end()
        folders = {worker.id: self._folder(worker) for worker in office.workers}
        self._result.judged = await asyncio.to_thread(judge, office, folders)

    async def _end(self) -> None:
        for process in self._living.values():
            process.kill()
        for name in list(self._living):
            await self._ended(name)
            self._living.pop(name).close()
        await self._proxy.stop()

    # -- kills ---------------------------------------------------------------------------------

    async def _kill_devices(self, worker: Worker, until: float) -> None:
        while self._goes_on("device", until):
            self._start_device(worker)
            await asyncio.sleep(self._dice.uniform(*DEVICE_LIFE))
            await self._kill(worker.id, "device")

    async def _kill_servers(self, number: int, until: float) -> None:
        while self._goes_on("server", until):
            await asyncio.sleep(self._dice.uniform(*SERVER_LIFE))
            await self._kill(f"server {number}", "server")
            self._start_server(number)

    def _goes_on(self, kind: str, until: float) -> bool:
        """Both kinds go on until both have had enough: neither is ever left in peace."""
        kills = self._result.kills
        enough = min(kills["device"], kills["server"]) >= self._plan.kills
        return not enough and time.monotonic() < until

    async def _kill(self, name: str, kind: str) -> None:
        process = self._living.pop(name)
        alive = process.is_alive()
        process.kill()
        await asyncio.to_thread(process.join)
        code = process.exitcode
        process.close()
        require(alive, "crash", f"{kind} ended by itself with {code}")
        self._result.kills[kind] += 1

    async def _commands(self, office: Office, until: float) -> None:
        """People are moved between teams, and a worker comes and goes."""
        here, there = office.teams
        guest = office.workers[0]
        while self._goes_on("command", until):
            await asyncio.sleep(self._dice.uniform(*COMMAND_SECONDS))
            people = await asyncio.to_thread(known_people, office)
            name, arguments = self._dice.choice(
                (
                    ("join_team", (guest.id, there)),
                    ("leave_team", (guest.id, there)),
                    *(
                        ("move_person", (person, self._dice.choice((here, there))))
                        for person in people[:2]
                    ),
                )
            )
            with suppress(FieldAppError):  # already there, or never
                await asyncio.to_thread(office.command, name, *arguments)
                self._result.commands += 1

    # -- processes -----------------------------------------------------------------------------

    def _start_server(self, number: int) -> None:
        name = f"server {number}"
        if name not in self._living:
            log = str(self._place / f"{name}.log")
            data = str(self._place / "server")
            self._start(name, run_server, data, self._url, self._ports[number], log)

    def _start_device(self, worker: Worker, code: str = "") -> None:
        seed = self._dice.randrange(1 << 30)
        rate = self._plan.saves_per_second
        self._start(worker.id, run_device, str(self._folder(worker)), code, seed, rate)

    def _start(self, name: str, main: Callable[..., None], *arguments: object) -> None:
        process = self._context.Process(target=main, args=arguments, daemon=True)
        process.start()
        self._living[name] = process

    async def _ended(self, name: str) -> None:
        await asyncio.to_thread(self._living[name].join)

    async def _servers_answer(self) -> None:
        for port in self._ports:
            while True:
                with suppress(OSError):
                    _, writer = await asyncio.open_connection("127.0.0.1", port)
                    writer.close()
                    break
                await asyncio.sleep(0.05)

    # -- phases --------------------------------------------------------------------------------

    def _folder(self, worker: Worker) -> Path:
        return self._place / worker.id

    def _phase(self, phase: str) -> None:
        beside = self._place / "phase.new"
        beside.write_text(phase)
        beside.rename(phase_file(self._place / "any"))

    async def _all_told(self, office: Office, phase: str, until: float) -> None:
        waiting = {worker.id for worker in office.workers}
        while waiting:
            for worker in list(waiting):
                told = self._place / worker / "told"
                if told.exists() and told.read_text() == phase:
                    waiting.remove(worker)
            late = time.monotonic() > until
            require(not late, "stuck", f"{len(waiting)} devices do not come to {phase}")
            await asyncio.sleep(0.05)


def known_people(office: Office) -> list[str]:
    """Some persons that the server knows."""
    with office.core.database.read() as connection:
        rows = connection.exec_driver_sql("SELECT DISTINCT person FROM person_team ORDER BY person")
        people = [str(row[0]) for row in rows]
    return people[:: max(1, len(people) // 3)]


def _free_port() -> int:
    listening = take_port("127.0.0.1", 0)
    port: int = listening.getsockname()[1]
    listening.close()
    return port
