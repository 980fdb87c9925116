"""Whole devices that reach a real server through a network that misbehaves."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn

from field_app.domain.clock import Clock, Instant
from field_app.domain.records import Person
from field_app.locale import Translator
from field_app.server.app import create_app
from field_app.server.core import open_core
from field_app.server.main import take_port
from field_app.settings import ServerSettings
from field_app.simulation_real.proxy import FaultProxy, Network
from field_app.store.case_store import CaseStore
from field_app.store.editing import edit_towards
from field_app.sync.changes import person_scope
from field_app.sync.enrolment_code import EnrolmentCode
from field_app.sync.pace import PaceSettings
from field_app.system_clock import SystemClock, SystemEntropy
from field_app.views.device_runtime import DeviceRuntime
from field_app.views.sync_strip import strip_of
from tests.server.office import HandClock, Office, open_office
from tests.store.makers import CHEAP, MemoryKeystore

BRISK = PaceSettings(
    after_save=0.01, interval=1000, back_off_first=0.02, back_off_max=0.1, spacing=0.02
)
"""Rounds follow failures quickly: a test's seconds stand for a street's minutes."""


@dataclass
class Street:
    """A server, and the network between it and everybody."""

    office: Office
    proxy: FaultProxy
    server_port: int

    @property
    def network(self) -> Network:
        return self.proxy.network

    def mend(self) -> None:
        """Be a good network from now on."""
        self.proxy.network = Network()

    def code(self, worker: str, pin: str = "", port: int = 0) -> str:
        secret = self.office.code(worker).code.secret
        return EnrolmentCode(f"127.0.0.1:{port or self.proxy.port}", secret, pin).encode()

    @asynccontextmanager
    async def device(
        self, folder: Path, worker: str, clock: Clock | None = None
    ) -> AsyncIterator[DeviceRuntime]:
        """A whole device, enrolled over a good network and up to date."""
        runtime = DeviceRuntime(
            folder / f"{worker} {time.monotonic()}",
            clock or SystemClock(),
            SystemEntropy(),
            keystore=MemoryKeystore(),
            pace=BRISK,
            cost=CHEAP,
        )
        try:
            await runtime.open()
            await runtime.create_keys("482915", await runtime.new_passphrase())
            await runtime.enrol(self.code(worker))
            await until(lambda: is_safe(runtime))
            yield runtime
        finally:
            await runtime.close()


@pytest.fixture
def street(tmp_path: Path) -> Iterator[Street]:
    clock = HandClock()
    core = open_core(ServerSettings(data=tmp_path / "server"), clock=clock)
    core.limits.of_device.burst = core.limits.of_address.burst = 1e9  # time stands still here
    listening = take_port("127.0.0.1", 0)
    config = uvicorn.Config(create_app(core), log_config=None, access_log=False, lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.005)
    port = listening.getsockname()[1]
    loop = asyncio.new_event_loop()
    network = threading.Thread(target=loop.run_forever, daemon=True)
    network.start()
    proxy = FaultProxy(lambda: [port], seed=1)
    asyncio.run_coroutine_threadsafe(proxy.start(), loop).result()
    yield Street(open_office(core, clock), proxy, port)
    core.waiting.close()
    asyncio.run_coroutine_threadsafe(proxy.stop(), loop).result()
    server.should_exit = True
    thread.join()
    loop.call_soon_threadsafe(loop.stop)
    network.join()
    loop.close()
    listening.close()
    core.database.close()


async def until(
    condition: Callable[[], bool], runtime: DeviceRuntime | None = None, seconds: float = 20
) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, runtime and on_screen(runtime)
        await asyncio.sleep(0.01)


def on_screen(runtime: DeviceRuntime, words: Translator | None = None) -> list[str]:
    """What the line on every screen says of the sync."""
    strip = strip_of(runtime.sync_status, runtime.now(), words or Translator("en"))
    return [text for text in (strip.text, strip.also) if text]


def is_safe(runtime: DeviceRuntime) -> bool:
    return on_screen(runtime) == [Translator("en").t("sync.all_safe")]


async def add_people(runtime: DeviceRuntime, team: str, count: int = 1) -> set[str]:
    """Save so many new persons, one save each."""
    people = [Person(id=SystemEntropy().new_id(), name=f"Testi {n}") for n in range(count)]

    def save(cases: CaseStore) -> None:
        for person in people:
            edit = edit_towards(person, person_scope(person.id), None)
            cases.save([edit], opens={person.id: team})

    await runtime.cases(save)
    return {person.id for person in people}


async def people(runtime: DeviceRuntime) -> list[str]:
    return await runtime.cases(lambda cases: [one.person_id for one in cases.people()])


@dataclass
class SkewedClock:
    """A device's clock that is days off."""

    days: int

    def now(self) -> Instant:
        from field_app.domain.clock import plus

        return plus(SystemClock().now(), days=self.days)

    def monotonic(self) -> float:
        return SystemClock().monotonic()
