"""The app's side of the benchmark: ten devices push, one pulls, a fresh one starts.

As the peer's: ten devices push 500 contacts each, one after the other; the first pulls the other
4,500; a device that has nothing yet pulls all 5,000. Encryption on the device, signatures,
authorisation, durable commits (`synchronous=FULL`) and conflict tracking are on, as they ship.

What comes before the three is made once a run, and copied for every round: a round takes seconds,
so it meets the machine at the speed at which the peer's rounds beside it meet it.
"""

from __future__ import annotations

import gc
import os
import shutil
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.contacts import Contact, people_of, read_contacts
from benchmarks.devices import BenchDevice
from benchmarks.processes import CountingProxy, counting_proxy, found_organisation, served
from field_app.collector import collect_seldom

DEVICES = 10
_SERVER, _OFFICE, _FRESH = "server", "Office", "Fresh"
_WORKERS = [f"Worker {number}" for number in range(DEVICES)]


@dataclass(frozen=True, slots=True)
class Timed:
    """What one of the three took."""

    contacts: int
    seconds: float
    bytes: int

    @property
    def per_second(self) -> float:
        """Contacts a second."""
        return self.contacts / self.seconds

    @property
    def bytes_per_contact(self) -> float:
        """Bytes on the wire, both ways, a contact."""
        return self.bytes / self.contacts


@dataclass(frozen=True, slots=True)
class SyncTimes:
    """The three things that are timed."""

    push: Timed
    pull: Timed
    first: Timed


def prepare(folder: Path, database_url: str = "") -> None:
    """Make the state before the three: on an empty URL with SQLite, all of it in this folder.

    An office has opened the people, every worker has synced them and then recorded 500 contacts,
    a fresh device has enrolled. All is closed, the server stopped: the folder can be copied.
    """
    contacts = read_contacts()
    found_organisation(folder / _SERVER, database_url)
    with ExitStack() as open_things:
        organisation = open_things.enter_context(served(folder / _SERVER, database_url))

        def enrolled(name: str) -> BenchDevice:
            device = BenchDevice.enrolled(folder / name, organisation.code(name))
            open_things.callback(device.close)
            return device

        office = enrolled(_OFFICE)
        office.sync()
        office.open_people(people_of(contacts))
        office.sync()
        for number, name in enumerate(_WORKERS):
            worker = enrolled(name)
            worker.sync()
            worker.caught_up()
            worker.save([one.edit() for one in contacts if one.device == number])
        enrolled(_FRESH)


def measure(template: Path, folder: Path, database_url: str = "") -> SyncTimes:
    """One round from a copy of what `prepare` made; the copy is gone afterwards.

    Raises:
        AssertionError: a device does not show every contact, word for word.
    """
    try:
        _copy(template, folder)
        gc.collect()
        collect_seldom()  # as the app does when it starts
        return _round(folder, database_url)
    finally:
        shutil.rmtree(folder)


def _round(folder: Path, database_url: str) -> SyncTimes:
    contacts = read_contacts()
    with ExitStack() as open_things:
        organisation = open_things.enter_context(served(folder / _SERVER, database_url))
        proxy = open_things.enter_context(counting_proxy(organisation.port))

        def unlocked(name: str) -> BenchDevice:
            device = BenchDevice.unlocked(folder / name, proxy.url)
            open_things.callback(device.close)
            return device

        workers = [unlocked(name) for name in _WORKERS]
        fresh = unlocked(_FRESH)
        for worker in workers:
            worker.greet()
        push = _timed(proxy, len(contacts), partial(_push_all, workers))
        others = len(contacts) - sum(1 for one in contacts if one.device == 0)
        pull = _timed(proxy, others, workers[0].pull)
        first = _timed(proxy, len(contacts), fresh.pull)
        for device in (workers[0], fresh):
            _require_all(device, contacts)
        return SyncTimes(push, pull, first)


def _copy(template: Path, folder: Path) -> None:
    """Copy, down to the disk: what is still being written would disturb what is timed."""
    shutil.copytree(template, folder)
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())


def _push_all(workers: list[BenchDevice]) -> None:
    for worker in workers:
        worker.push()


def _timed(proxy: CountingProxy, contacts: int, work: Callable[[], object]) -> Timed:
    proxy.taken()
    began = time.perf_counter()
    work()
    seconds = time.perf_counter() - began
    return Timed(contacts, seconds, proxy.taken())


def _require_all(device: BenchDevice, contacts: list[Contact]) -> None:
    """A figure counts only if the device shows every contact, word for word."""
    shown = device.notes_of([contact.id for contact in contacts])
    for contact in contacts:
        if shown[contact.id] != contact.note:
            raise AssertionError(f"contact {contact.id} did not arrive")
