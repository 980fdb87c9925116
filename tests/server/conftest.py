"""A server of each database kind, over its functions and over real HTTP."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import uvicorn

from field_app.server.app import create_app
from field_app.server.core import Core, open_core
from field_app.server.main import take_port
from field_app.settings import ServerSettings
from tests.server.office import HandClock, Office, open_office


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def core(server_database_url: str, tmp_path: Path, clock: HandClock) -> Iterator[Core]:
    settings = ServerSettings(data=tmp_path, database_url=server_database_url)
    opened = open_core(settings, clock=clock)
    yield opened
    opened.database.close()


@pytest.fixture
def office(core: Core, clock: HandClock) -> Office:
    return open_office(core, clock)


@pytest.fixture
def http(core: Core) -> Iterator[httpx.Client]:
    """A client of the server over a real socket."""
    listening = take_port("127.0.0.1", 0)
    server = uvicorn.Server(
        uvicorn.Config(create_app(core), log_config=None, access_log=False, lifespan="off")
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.005)
    with httpx.Client(base_url=f"http://127.0.0.1:{listening.getsockname()[1]}") as client:
        yield client
    server.should_exit = True
    thread.join()
    listening.close()
