"""A server process in a thread: the real application on a real socket, on both databases."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import uvicorn

from field_app.server.app import create_app
from field_app.server.core import Core, open_core
from field_app.server.main import take_port
from field_app.settings import ServerSettings
from field_app.sync.enrolment_code import EnrolmentCode
from tests.server.office import HandClock, Office, open_office
from tests.store.devices import DeviceOnDisk


@dataclass
class Served:
    """A running server and the organisation in it."""

    office: Office
    port: int
    devices: list[DeviceOnDisk] = field(default_factory=list)

    def code(self, worker: str) -> str:
        """A code for a worker's next device."""
        made = self.office.code(worker).code
        return EnrolmentCode(f"127.0.0.1:{self.port}", made.secret).encode()


@pytest.fixture
def served(server_database_url: str, tmp_path: Path) -> Iterator[Served]:
    clock = HandClock()
    settings = ServerSettings(data=tmp_path / "server", database_url=server_database_url)
    core: Core = open_core(settings, clock=clock)
    listening = take_port("127.0.0.1", 0)
    config = uvicorn.Config(create_app(core), log_config=None, access_log=False, lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.005)
    running = Served(open_office(core, clock), listening.getsockname()[1])
    yield running
    for device in running.devices:
        device.disk.close()
    server.should_exit = True
    thread.join()
    listening.close()
    core.database.close()
