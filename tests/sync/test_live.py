"""An open screen follows: whole devices and real server processes, up to two on one PostgreSQL."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from field_app.domain.records import Person
from field_app.server.core import open_core
from field_app.settings import ServerSettings
from field_app.store.case_store import CaseStore
from field_app.store.editing import edit_towards
from field_app.sync.changes import person_scope
from field_app.sync.enrolment_code import EnrolmentCode
from field_app.sync.pace import PaceSettings
from field_app.system_clock import SystemClock, SystemEntropy
from field_app.views.device_runtime import DeviceRuntime
from tests.databases import KINDS, NewDatabase
from tests.server.office import Office, open_office
from tests.store.makers import CHEAP, MemoryKeystore

LIVE_SECONDS = 3.0
RARELY = PaceSettings(after_save=0.02, interval=10_000)
"""Rounds come of saves and of news alone."""
PIN = "482915"


@dataclass
class Process:
    """A server as it ships."""

    child: subprocess.Popen[str]
    port: int

    def stop(self) -> float:
        """Ask it to stop; returns how many seconds that took."""
        began = time.monotonic()
        self.child.terminate()
        assert self.child.wait(15) == 0
        return time.monotonic() - began


@contextmanager
def serving(data: Path, url: str) -> Iterator[Process]:
    command = [sys.executable, "-m", "field_app", "serve", "--data", str(data), "--port", "0"]
    environment = os.environ | {"DATABASE_URL": url}
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as child:
        assert child.stdout is not None
        try:
            ready = json.loads(child.stdout.readline())
            yield Process(child, int(ready["url"].rpartition(":")[2]))
        finally:
            child.kill()


@asynccontextmanager
async def device(
    folder: Path, office: Office, worker: str, port: int
) -> AsyncIterator[DeviceRuntime]:
    """A whole device, unlocked, enrolled and up to date."""
    runtime = DeviceRuntime(
        folder,
        SystemClock(),
        SystemEntropy(),
        keystore=MemoryKeystore(),
        pace=RARELY,
        cost=CHEAP,
    )
    try:
        await runtime.open()
        await runtime.create_keys(PIN, await runtime.new_passphrase())
        secret = office.code(worker).code.secret
        await runtime.enrol(EnrolmentCode(f"127.0.0.1:{port}", secret).encode())
        await until(lambda: is_following(runtime))
        yield runtime
    finally:
        await runtime.close()


def is_following(runtime: DeviceRuntime) -> bool:
    following = runtime.schedule._following
    return following is not None and following.waiting


async def until(condition: Callable[[], bool], seconds: float = 15) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        await asyncio.sleep(0.01)


async def add_person(runtime: DeviceRuntime, name: str, team: str) -> str:
    person = Person(id=SystemEntropy().new_id(), name=name)

    def save(cases: CaseStore) -> None:
        scope = person_scope(person.id)
        cases.save([edit_towards(person, scope, None)], opens={person.id: team})

    await runtime.cases(save)
    return person.id


async def arrives(runtime: DeviceRuntime, person: str) -> float:
    """Seconds until a person is on the device, told by the stream that screens listen to."""
    began = time.monotonic()
    async for _ in runtime.changes():
        if await runtime.cases(lambda cases: cases.record(person)):
            break
    return time.monotonic() - began


def opened_office(data: Path, url: str) -> Office:
    core = open_core(ServerSettings(data=data, database_url=url))
    return open_office(core, SystemClock())  # type: ignore[arg-type]  # only asked for now


@pytest.mark.parametrize("kind", KINDS)
def test_a_save_through_one_server_is_on_a_device_at_another_within_three_seconds(
    kind: str, new_database: NewDatabase, tmp_path: Path
) -> None:
    url = new_database(kind)
    office = opened_office(tmp_path / "server", url)

    async def scenario(one: Process, other: Process) -> None:
        async with (
            device(tmp_path / "field", office, "niko", one.port) as field,
            device(tmp_path / "desk", office, "leena", other.port) as desk,
        ):
            for name in ("Onni", "Aino"):
                await until(lambda: is_following(desk))
                await asyncio.sleep(0.3)  # the request is under way
                person = await add_person(field, name, office.teams["centre"])
                assert await asyncio.wait_for(arrives(desk, person), LIVE_SECONDS)
            assert await asyncio.to_thread(other.stop) < LIVE_SECONDS  # though a device waits there
            await desk.lock()
            assert not is_following(desk)

    with serving(tmp_path / "server", url) as one, serving(tmp_path / "server", url) as other:
        try:
            asyncio.run(scenario(one, other))
        finally:
            office.core.database.close()
