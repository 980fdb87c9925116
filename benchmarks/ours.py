"""The app's side of the benchmark: ten devices push, one pulls, a fresh one starts.

As the peer's: ten devices push 500 contacts each, one after the other; the first pulls the other
4,500; a device that has nothing yet pulls all 5,000. Encryption on the device, signatures,
authorisation, durable commits (`synchronous=FULL`) and conflict tracking are on, as they ship.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.contacts import Contact, people_of, read_contacts
from benchmarks.devices import BenchDevice
from benchmarks.processes import CountingProxy, ServedOrganisation, counting_proxy, served
from field_app.collector import collect_seldom

DEVICES = 10


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


def measure(folder: Path, database_url: str = "") -> SyncTimes:
    """Run the whole story against a new server on this database; SQLite on an empty URL."""
    contacts = read_contacts()
    collect_seldom()  # as the app does when it starts
    with ExitStack() as open_things:
        organisation = open_things.enter_context(served(folder / "server", database_url))
        proxy = open_things.enter_context(counting_proxy(organisation.port))
        devices = _Devices(folder, organisation, proxy, open_things)
        office = devices.new("Office")
        office.sync()
        office.open_people(people_of(contacts))
        office.sync()
        workers = [devices.new(f"Worker {number}") for number in range(DEVICES)]
        for number, worker in enumerate(workers):
            worker.sync()
            worker.caught_up()
            worker.save([one.edit() for one in contacts if one.device == number])
        push = _timed(proxy, len(contacts), partial(_push_all, workers))
        others = len(contacts) - sum(1 for one in contacts if one.device == 0)
        pull = _timed(proxy, others, workers[0].pull)
        _require_all(workers[0], contacts)
        fresh = devices.new("Fresh")
        first = _timed(proxy, len(contacts), fresh.pull)
        _require_all(fresh, contacts)
        return SyncTimes(push, pull, first)


@dataclass(frozen=True, slots=True)
class _Devices:
    folder: Path
    organisation: ServedOrganisation
    proxy: CountingProxy
    open_things: ExitStack

    def new(self, name: str) -> BenchDevice:
        """A new device of a new worker, reaching the server through the proxy."""
        code = self.organisation.code(name, self.proxy.port)
        device = BenchDevice(self.folder / name, code)
        self.open_things.callback(device.close)
        return device


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
    for contact in contacts:
        if device.note_of(contact.id) != contact.note:
            raise AssertionError(f"contact {contact.id} did not arrive")
