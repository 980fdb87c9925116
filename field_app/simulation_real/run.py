"""One run on one database: work under kills and a bad network, then quiet, then the judgement."""

from __future__ import annotations

import asyncio
import random
import tempfile
import time
from collections import Counter
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from field_app.domain.errors import FieldAppError
from field_app.server.main import take_port
from field_app.settings import ServerSettings
from field_app.simulation.violation import Violation, require
from field_app.simulation_real.device import DECIDE, DRAIN, SETTLE, WORK, phase_file
from field_app.simulation_real.judge import Judgement, judge
from field_app.simulation_real.places import SEATS, Office, Worker, database_of
from field_app.simulation_real.processes import Processes
from field_app.simulation_real.proxy import FAULTS, FaultProxy, Network
from field_app.simulation_real.taking_into_use import TakingIntoUse

SERVERS = 2
FAULT_SHARE = 0.3
"""Of all requests, so many meet one of the faults, each as likely as the others."""
DELAY_SECONDS = 2.0
"""At most, of what comes late."""
DEVICE_LIFE, SERVER_LIFE = (0.2, 6.0), (0.3, 4.0)
"""Seconds, from its start on, after which a process is killed: drawn evenly."""
COMMAND_SECONDS = (2.0, 6.0)
DRAIN_SECONDS = 120.0
"""After the faults stop, everything must be answered and delivered within this."""
NEWCOMER_SECONDS = (0.2, 4.0)
"""From one newcomer's enrolment to the next one's code."""


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
    newcomers: int = 8
    """Second devices, enrolled one after the other in the middle of it all."""


@dataclass(slots=True)
class Result:
    """What a run came to."""

    kills: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    enrolments: Counter[str] = field(default_factory=Counter)
    """Devices enrolled; killed while they were; and of these, after the server had let them in."""
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
        self._ports = [_free_port() for _ in range(SERVERS)]
        self._names: list[str] = []
        """Of every device that is enrolled."""
        self._processes = Processes(place, self._dice, plan.saves_per_second)
        self._proxy = FaultProxy(lambda: self._ports, plan.seed)

    async def play(self) -> None:
        settings = ServerSettings(data=self._place / "server", database_url=self._url)
        office = Office(settings, self._plan.devices)
        try:
            await self._proxy.start()
            told = (self._processes, self._place, self._proxy.port, self._dice)
            enrolling = TakingIntoUse(office, *told)
            self._result.enrolments = enrolling.counted
            await self._begin(office, enrolling)
            await self._mayhem(office, enrolling)
            await self._rest(office)
        finally:
            await self._end()
            self._result.faults = Counter(self._proxy.happened)
            self._result.requests = self._proxy.requests
            office.close()

    # -- before, during and after --------------------------------------------------------------

    async def _begin(self, office: Office, enrolling: TakingIntoUse) -> None:
        """Servers run, and every worker's device is enrolled, dying over it."""
        for number in range(SERVERS):
            self._start_server(number)
        self._phase(WORK)
        await self._servers_answer()
        shares = dict.fromkeys(FAULTS, FAULT_SHARE / len(FAULTS))
        self._proxy.network = Network(shares, delay_max=DELAY_SECONDS)
        await _together(*(enrolling.enrol(one.id, one) for one in office.workers))
        self._names = [one.id for one in office.workers]

    async def _mayhem(self, office: Office, enrolling: TakingIntoUse) -> None:
        """Kill and start again until there were enough kills, or the time is over."""
        until = time.monotonic() + self._plan.seconds
        await _together(
            *(self._kill_devices(worker.id, until) for worker in office.workers),
            *(self._kill_servers(number, until) for number in range(SERVERS)),
            self._commands(office, until),
            self._newcomers(office, enrolling),
        )

    async def _rest(self, office: Office) -> None:
        """The faults stop: all is answered and decided, all is delivered, and all is judged."""
        began = time.monotonic()
        self._proxy.network = Network()
        self._phase(DRAIN)
        for number in range(SERVERS):
            self._start_server(number)
        await self._proxy.at_rest()  # a decision that comes late is a decision of this minute
        for name in self._names:
            self._processes.start_device(name)
        for phase in (DRAIN, DECIDE, SETTLE):
            self._phase(phase)
            await self._all_told(phase, time.monotonic() + DRAIN_SECONDS)
        self._result.drain_seconds = time.monotonic() - began
        await self._end()
        folders = {name: self._place / name for name in self._names}
        self._result.judged = await asyncio.to_thread(judge, office, folders)

    async def _end(self) -> None:
        await self._processes.end()
        await self._proxy.stop()

    # -- kills ---------------------------------------------------------------------------------

    async def _kill_devices(self, name: str, until: float) -> None:
        while self._goes_on("device", until):
            self._processes.start_device(name)
            await asyncio.sleep(self._dice.uniform(*DEVICE_LIFE))
            await self._processes.kill(name)
            self._result.kills["device"] += 1

    async def _kill_servers(self, number: int, until: float) -> None:
        while self._goes_on("server", until):
            await asyncio.sleep(self._dice.uniform(*SERVER_LIFE))
            await self._processes.kill(f"server {number}")
            self._result.kills["server"] += 1
            self._start_server(number)

    async def _newcomers(self, office: Office, enrolling: TakingIntoUse) -> None:
        """Some workers take a second device into use, while everything else goes on."""
        for number in range(self._plan.newcomers):
            await asyncio.sleep(self._dice.uniform(*NEWCOMER_SECONDS))
            worker: Worker = self._dice.choice(office.workers)
            name = f"{worker.id}-{number}"
            await enrolling.enrol(name, worker)
            self._names.append(name)

    def _goes_on(self, kind: str, until: float) -> bool:
        """Both kinds go on until both have had enough: neither is ever left in peace."""
        kills = self._result.kills
        enough = min(kills["device"], kills["server"]) >= self._plan.kills
        return not enough and time.monotonic() < until

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
        self._processes.start_server(number, self._url, self._ports[number])

    async def _servers_answer(self) -> None:
        for port in self._ports:
            while True:
                with suppress(OSError):
                    _, writer = await asyncio.open_connection("127.0.0.1", port)
                    writer.close()
                    break
                await asyncio.sleep(0.05)

    # -- phases --------------------------------------------------------------------------------

    def _phase(self, phase: str) -> None:
        beside = self._place / "phase.new"
        beside.write_text(phase)
        beside.rename(phase_file(self._place / "any"))

    async def _all_told(self, phase: str, until: float) -> None:
        waiting = set(self._names)
        while waiting:
            for name in list(waiting):
                told = self._place / name / "told"
                if told.exists() and told.read_text() == phase:
                    waiting.remove(name)
            late = time.monotonic() > until
            require(not late, "stuck", f"{len(waiting)} devices do not come to {phase}")
            await asyncio.sleep(0.05)


async def _together(*tasks: Coroutine[Any, Any, None]) -> None:
    """Do all of it at once; what goes wrong first ends the rest."""
    try:
        async with asyncio.TaskGroup() as group:
            for task in tasks:
                group.create_task(task)
    except BaseExceptionGroup as found:
        raise found.exceptions[0] from None


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
