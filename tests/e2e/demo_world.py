"""The demo as a stranger starts it, for whole flows: `field-app demo`, and phones beside it.

Every process is the product's own. The demo's three devices are known by the links in its page;
a phone of its own (`OwnPhone`) belongs to another worker, so that it can be killed.
"""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from html import unescape
from pathlib import Path
from typing import TypeVar

import httpx

from field_app.demo.launcher import prepare_device
from field_app.demo.organisation import PIN
from field_app.demo.processes import Child
from field_app.demo.seeding import Seed, make_seed
from field_app.domain.declaration import Record
from field_app.domain.display import short_name
from field_app.domain.records import Person
from field_app.system_clock import SystemClock

R = TypeVar("R", bound=Record)
_STOP_SECONDS = 20.0
_LINK = re.compile(r'<iframe src="([^"]+)"')
_DEVICES = ("social_instructor", "nurse", "coordinator")


@dataclass
class DemoWorld:
    """One running demo: a server full of past, two phones and a desk."""

    child: Child
    folder: Path
    page: str
    """The demo page's address."""
    links: dict[str, str] = field(repr=False)
    seed: Seed = field(repr=False)
    _taken: set[str] = field(default_factory=set, repr=False)

    @classmethod
    def start(cls, folder: Path) -> DemoWorld:
        """Start it and wait until its page is there."""
        arguments = ["field_app", "demo", "--headless", "--port", "0", "--data", str(folder)]
        child = Child("demo", arguments, folder.with_suffix(".log"))
        said = ""
        while "http://" not in said:
            said = child.first_line(120)
        page = said[said.index("http://") :].split()[0]
        html = httpx.get(page, trust_env=False).text
        links = dict(zip(_DEVICES, map(unescape, _LINK.findall(html)), strict=True))
        return cls(child, folder, page, links, make_seed(1, (), SystemClock()))

    def stop(self) -> None:
        """Stop the demo; it stops its own."""
        self.child.ask_to_stop()
        self.child.wait_stopped(time.monotonic() + _STOP_SECONDS)

    def offline(self, device: str, is_offline: bool) -> None:
        """Turn a device's network switch, as the button on the demo page does."""
        answer = httpx.post(
            f"{self.page}offline/{device}",
            json={"offline": is_offline},
            headers={"Origin": self.page.rstrip("/")},
            trust_env=False,
        )
        answer.raise_for_status()

    def code(self, worker: str) -> str:
        """A one-time code, as the coordinator's command makes it."""
        port = json.loads((self.folder / "demo.json").read_text())["server_port"]
        arguments = ["admin", "--data", str(self.folder / "server"), "--port", str(port), "code"]
        done = subprocess.run(
            [sys.executable, "-m", "field_app", *arguments, worker, "--no-qr"],
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    # -- who is in the caseload: a person of the pair's team by what a flow needs of them ---------

    @cached_property
    def _records(self) -> dict[str, dict[str, Record]]:
        """{person: {record: the record as the past left it}} of the pair's team, oldest first."""
        saves, team = self.seed.caseload.saves, self.seed.organisation.teams[0].id
        opened = {person: own for save in saves for person, own in save.opens.items()}
        found: dict[str, dict[str, Record]] = {p: {} for p, own in opened.items() if own == team}
        for save in saves:
            person = save.scope.rpartition("/")[2]
            if person in found:
                found[person].update((record.id, record) for record in save.records)
        return found

    def records_of(self, person: Person, kind: type[R]) -> list[R]:
        """A person's records of one type."""
        return [one for one in self._records[person.id].values() if isinstance(one, kind)]

    def someone(self, fits: Callable[[Person], bool] = lambda _: True) -> Person:
        """A person nobody has asked for yet, whose name is no part of another one's."""
        people = [self._records[person_id].get(person_id) for person_id in self._records]
        known = [one for one in people if isinstance(one, Person)]
        for one in known:
            alike = [other for other in known if name_of(one) in name_of(other)]
            if one.id not in self._taken and len(alike) == 1 and fits(one):
                self._taken.add(one.id)
                return one
        raise LookupError("nobody in the demo fits")


def name_of(person: Person) -> str:
    """What lists call a person."""
    return short_name(person) or ""


@dataclass
class OwnPhone:
    """The phone of one more worker: a store of its own, a process that can be killed."""

    directory: Path
    logs: Path
    child: Child | None = None
    link: str = field(default="", repr=False)

    def take_into_use(self, code: str) -> OwnPhone:
        """Enrol it with the demo's PIN and let it sync."""
        with ThreadPoolExecutor(1) as thread:  # the main thread runs the browser's loop
            thread.submit(lambda: asyncio.run(prepare_device(self.directory, code))).result()
        return self

    def start(self) -> OwnPhone:
        """Start the app; its launch link is a new one."""
        arguments = ["field_app", "app", "--data", str(self.directory), "--port", "0"]
        arguments += ["--no-open-browser", "--sync-seconds", "2"]
        variables = {"FIELD_APP_CONTROL_TOKEN": _CONTROL}
        self.child = Child("phone", arguments, self.logs / "phone.log", **variables)
        self.link = self.child.first_line()
        return self

    def offline(self, is_offline: bool) -> None:
        """Turn its network off or on."""
        answer = httpx.post(
            self.link.partition("/?")[0] + "/control/offline",
            json={"offline": is_offline},
            headers={"Authorization": f"Bearer {_CONTROL}"},
            trust_env=False,
        )
        answer.raise_for_status()

    def kill(self) -> None:
        """End the process as an empty battery would (SIGKILL)."""
        if self.child is not None:
            self.child.kill()
            self.child = None


_CONTROL = "the-switch-of-the-tests"
DEMO_PIN = PIN
