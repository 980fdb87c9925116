"""A server of each database kind, over its functions and over real HTTP.

Every test begins with the same office: migrated and staffed once a run, then copied or put back.
"""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import httpx
import pytest
import uvicorn

from field_app.server.app import create_app
from field_app.server.core import Core, open_core
from field_app.server.database import Database
from field_app.server.main import take_port
from field_app.settings import ServerSettings
from tests.databases import KINDS, NewDatabase
from tests.server.backups import Rows, all_rows, put_back
from tests.server.office import HandClock, Office, open_office


@dataclass(frozen=True)
class Template:
    """A migrated database with an office in it, and every row of that."""

    url: str
    office: Office
    rows: Rows = field(repr=False)


@pytest.fixture(scope="session")
def template_of(
    new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Template]:
    made: dict[str, Template] = {}

    def template(kind: str) -> Template:
        if kind not in made:
            url = new_database(kind)
            settings = ServerSettings(data=tmp_path_factory.mktemp("t"), database_url=url)
            clock = HandClock()
            core = open_core(settings, clock=clock)
            office = open_office(core, clock)
            made[kind] = Template(url, office, all_rows(core.database))
            core.database.close()
        return made[kind]

    return template


def _reset(url: str, rows: Rows) -> None:
    """Put a database back to its template's rows; a new one would cost eight megabytes."""
    database = Database(url)
    put_back(database, rows)
    database.close()


@pytest.fixture(params=KINDS)
def template(request: pytest.FixtureRequest, template_of: Callable[[str], Template]) -> Template:
    return template_of(request.param)


@pytest.fixture
def staffed_url(template: Template, tmp_path: Path) -> str:
    """A database with the office in it and nothing else."""
    if template.url.startswith("sqlite"):
        shutil.copy(template.url.removeprefix("sqlite:///"), tmp_path / "server.db")
        return f"sqlite:///{tmp_path}/server.db"
    _reset(template.url, template.rows)
    return template.url


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def core(staffed_url: str, tmp_path: Path, clock: HandClock) -> Iterator[Core]:
    settings = ServerSettings(data=tmp_path, database_url=staffed_url)
    opened = open_core(settings, clock=clock)
    yield opened
    opened.database.close()


@pytest.fixture
def office(core: Core, clock: HandClock, template: Template) -> Office:
    teams, workers = dict(template.office.teams), dict(template.office.workers)
    return replace(template.office, core=core, clock=clock, teams=teams, workers=workers)


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
