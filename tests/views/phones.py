"""Phones for the tests of screens: real stores on disk, a server at hand, and the app upon them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import flet as ft

from field_app.domain.clock import Entropy, Instant
from field_app.domain.records import Matter, Person
from field_app.locale import key
from field_app.store.case_store import CaseStore
from field_app.sync.protocol import PullPage, PullRequest, Staff, TeamEntry, WorkerEntry, You
from field_app.views.app import AppParts
from field_app.views.boundary import screen
from field_app.views.opening import page_opener
from field_app.views.pane import Pane
from field_app.views.program import Effects
from field_app.views.routes import Detail, Section
from field_app.views.runtime import Gate
from tests.store.devices import DeviceOnDisk
from tests.store.hand_server import TEAM, HandServer
from tests.views.flet_client import FletClient

Result = TypeVar("Result")
SOCIAL = "50c1" * 8
NURSE = "4e15" * 8
LEAD = "1ead" * 8
OTHER_TEAM = "7eb0" * 8
STAFF = Staff(
    version=1,
    teams=(
        TeamEntry(id=TEAM, name="Keskusta"),
        TeamEntry(id=OTHER_TEAM, name="Satama"),
    ),
    workers=(
        WorkerEntry(id=SOCIAL, name="Outi Testi", role="social_instructor", teams=(TEAM,)),
        WorkerEntry(id=NURSE, name="Niko Koe", role="nurse", teams=(TEAM,)),
        WorkerEntry(id=LEAD, name="Leena Malli", role="lead", teams=(TEAM, OTHER_TEAM)),
        WorkerEntry(id="4e16" * 8, name="Noora Muualla", role="nurse", teams=(OTHER_TEAM,)),
    ),
)
ROLES = {one.id: one.role for one in STAFF.workers}


class PairServer(HandServer):
    """The server at hand, with roles: health entries go to nurses alone."""

    def pull(self, request: PullRequest, device: str) -> PullPage:
        """As the device's worker may read."""
        worker = self.workers[device]
        page = super().pull(request, device)
        role = ROLES[worker]
        entries = [
            entry
            for entry in page.entries
            if role == "nurse" or not getattr(entry, "bucket", "").endswith("/health")
        ]
        teams = next(one.teams for one in STAFF.workers if one.id == worker)
        you = You(worker=worker, role=role, teams=teams, grants=dict.fromkeys(teams, 1))
        head = page.head.model_copy(update={"you": you, "staff": STAFF, "entries": len(entries)})
        return PullPage(head, entries)

    @property
    def workers(self) -> dict[str, str]:
        """{device: worker}, as enrolment would have it."""
        known: dict[str, str] = self.__dict__.setdefault("_workers", {})
        return known


@dataclass(frozen=True)
class PhoneAccount:
    """Whose phone it is."""

    worker: str
    name: str
    role: str
    teams: tuple[str, ...]


@dataclass(frozen=True)
class PhoneSync:
    """The sync status, read from the store."""

    pending: int = 0
    oldest_pending: Instant | None = None
    waiting_for_human: int = 0
    online: bool = False
    percent: int | None = None
    problem: str | None = None
    last_success: Instant | None = None


@dataclass(eq=False)
class Phone:
    """One worker's phone; it is the app's runtime, on a real store and a thread of its own."""

    device: DeviceOnDisk
    server: PairServer
    fails: list[Exception] = field(default_factory=list)
    """Raised instead of the next work on the store, one after the other."""
    gate: Gate = Gate.UNLOCKED

    def __post_init__(self) -> None:
        self._writer = ThreadPoolExecutor(1)
        self._streams: set[asyncio.Queue[frozenset[str]]] = set()
        self._listeners: list[Callable[[], None]] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self.server.workers[self.device.store.require_identity().device] = self.device.worker
        self._listen()

    def _listen(self) -> None:
        self.device.store.on_change(self._changed)

    @property
    def store(self) -> CaseStore:
        """The store, for a test's own reading."""
        return self.device.store

    def sync(self) -> None:
        """One round with the server."""
        self.server.sync(self.device.store)

    def turn(self, gate: Gate) -> None:
        """Lock or unlock, as far as the screens can tell."""
        self.gate = gate
        for listener in tuple(self._listeners):
            listener()

    def kill(self) -> None:
        """End the process without a goodbye, and start it again from what is on disk.

        What stands in line for the store is lost, as a battery would lose it.
        """
        self._writer.shutdown(wait=True, cancel_futures=True)
        self._writer = ThreadPoolExecutor(1)
        self.device.reopen()
        self._listen()

    # The runtime

    @property
    def account(self) -> PhoneAccount:
        you = self.device.store.you
        worker = self.device.worker
        entry = next(one for one in STAFF.workers if one.id == worker)
        teams = you.teams if you else ()
        return PhoneAccount(worker, entry.name, entry.role, teams)

    @property
    def sync_status(self) -> PhoneSync:
        counts = self.device.store.counts()
        return PhoneSync(counts.unsynced, counts.oldest_at, counts.waiting)

    @property
    def entropy(self) -> Entropy:
        return self.device.store.entropy

    @property
    def pin_digits(self) -> int | None:
        return 6

    def now(self) -> Instant:
        return self.device.clock.now()

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    async def open(self) -> None:
        """It is open."""

    async def unlock(self, secret: str) -> None:
        """It is unlocked."""

    async def lock(self) -> None:
        """Tests of the lock are elsewhere."""

    async def close(self) -> None:
        """It stays open for the test's own reading."""

    async def sync_now(self) -> None:
        await self.cases(lambda store: self.server.sync(store))

    async def set_offline(self, offline: bool) -> None:
        """There is no network here."""

    async def cases(self, work: Callable[[CaseStore], Result]) -> Result:
        self._loop = asyncio.get_running_loop()

        def run() -> Result:
            if self.fails:
                raise self.fails.pop(0)
            return work(self.device.store)

        return await asyncio.wrap_future(self._writer.submit(run))

    async def changes(self) -> AsyncIterator[frozenset[str]]:
        self._loop = asyncio.get_running_loop()
        queue: asyncio.Queue[frozenset[str]] = asyncio.Queue()
        self._streams.add(queue)
        try:
            while True:
                yield await queue.get()
        finally:
            self._streams.discard(queue)

    def _changed(self, scopes: frozenset[str]) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._announce, scopes)

    def _announce(self, scopes: frozenset[str]) -> None:
        for queue in self._streams:
            queue.put_nowait(scopes)
        for listener in tuple(self._listeners):
            listener()


def phone(root: Path, worker: str, server: PairServer | None = None) -> Phone:
    """A phone that has synced once: it knows its teams and colleagues."""
    made = Phone(DeviceOnDisk(root, worker[:4], worker), server or PairServer())
    made.sync()
    return made


def add_person(
    store: Phone,
    name: str,
    aliases: tuple[str, ...] = (),
    opened_on: str = "2026-11-22",
    **facts: Any,
) -> str:
    """Save a person with an open matter; returns their id."""
    person_id = store.device.new_id()
    person = Person(id=person_id, name=name, aliases=frozenset(aliases), **facts)
    store.device.write(person, person_id, opens={person_id: TEAM})
    store.device.write(Matter(id=store.device.new_id(), opened_on=opened_on), person_id)
    return person_id


@screen()
def elsewhere() -> Pane:
    """A screen of somebody else's."""
    return Pane("Muualla", ft.Text("Muualla"))


def app_of(
    runtime: Phone,
    sections: tuple[Section, ...],
    effects: Callable[[Any], Effects],
    language: str = "fi",
) -> AppParts:
    """An app of these sections on a phone."""
    people = Section(
        "/people",
        key("nav.people"),
        ft.Icons.PEOPLE_OUTLINE,
        ft.Icons.PEOPLE,
        elsewhere,
        (Detail(":person_id", elsewhere),),
    )
    known = {section.path for section in sections}
    rest = () if "/people" in known else (people,)
    return AppParts(runtime, (*sections, *rest), elsewhere, effects, language)


@asynccontextmanager
async def opened(
    parts: AppParts, route: str = "/", width: float = 412, height: float = 915
) -> AsyncIterator[FletClient]:
    """The app on a screen."""
    async with FletClient.open(page_opener(parts), route, width, height) as client:
        yield client
