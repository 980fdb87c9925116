"""The runtime of one data directory: its store, its sync, its schedule, for every session of it.

What screens ask for runs on the store's thread; what the network does, on a thread of its own;
the schedule and the listeners, on the event loop.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from field_app import __version__
from field_app.domain.clock import Clock, Entropy, Instant
from field_app.domain.errors import StoreLocked
from field_app.store.case_store import CaseStore
from field_app.store.device_store import DeviceStore
from field_app.store.keystore import DeviceKeystore
from field_app.store.pin import looks_like_pin, normalise_pin
from field_app.store.preferences import (
    keep_language,
    keep_pin_digits,
    kept_language,
    kept_pin_digits,
)
from field_app.store.stretching import PRODUCTION_COST, CostPolicy
from field_app.sync.client import Progress, SyncClient
from field_app.sync.device_side import DeviceSide, StoredCredentials, StoredWaits
from field_app.sync.enrolment_code import EnrolmentCode
from field_app.sync.exchange import Outcome
from field_app.sync.pace import PaceSettings
from field_app.sync.schedule import Standing, SyncSchedule
from field_app.sync.status import SyncStatus
from field_app.sync.transport import Link
from field_app.views.record_form.drafts import keystrokes_in_line
from field_app.views.runtime import Gate
from field_app.views.worker_account import WorkerAccount, account_of, redeem

Result = TypeVar("Result")


class DeviceRuntime:
    """One data directory at work; serves every session of its user."""

    def __init__(
        self,
        directory: Path,
        clock: Clock,
        entropy: Entropy,
        *,
        keystore: DeviceKeystore | None = None,
        verify: str | bool = True,
        pace: PaceSettings | None = None,
        cost: CostPolicy = PRODUCTION_COST,
    ) -> None:
        """Prepare; nothing is opened yet.

        Args:
            directory: The device's data directory.
            clock: The device's clock.
            entropy: The device's randomness.
            keystore: Where the device's half of the PIN's key is kept; a file, unless given.
            verify: The organisation's certificate authority.
            pace: The schedule's waits.
            cost: The Argon2id cost; anything but the default is for tests.
        """
        self._directory = directory
        self._clock = clock
        self.entropy = entropy
        self._keystore = keystore
        self._cost = cost
        self._offline = False
        self._link = Link(clock, __version__, verify, lambda: self._offline)
        self._store: DeviceStore | None = None
        self._opening = asyncio.Lock()
        self._account: WorkerAccount | None = None
        self._standing = Standing()
        self._listeners: list[Callable[[], None]] = []
        self._streams: set[asyncio.Queue[frozenset[str]]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tending: asyncio.Task[None] | None = None
        self._stale = asyncio.Event()
        waits = StoredWaits(self._opened, lambda: self._link, self._tell_streams)
        self.schedule = SyncSchedule(
            self._round, lambda: self._standing, clock, entropy, pace, waits=waits
        )
        self.schedule.subscribe(lambda _: self._notify())

    # -- what the shell asks -------------------------------------------------------------------

    @property
    def gate(self) -> Gate:
        """The lock's present state."""
        if self._store is None:
            return Gate.OPENING
        cases = self._store.unlocked
        if cases is not None:
            return Gate.UNLOCKED if cases.identity else Gate.NEW
        return Gate.LOCKED if self._store.exists else Gate.NEW

    @property
    def account(self) -> WorkerAccount | None:
        """Whose device this is; None before enrolment and while locked."""
        return self._account if self.gate is Gate.UNLOCKED else None

    @property
    def sync_status(self) -> SyncStatus | None:
        """The present sync status; None while the store is not open."""
        return self.schedule.status if self.gate is Gate.UNLOCKED else None

    @property
    def has_keys(self) -> bool:
        """Whether a PIN was set here before: a broken-off enrolment carries on with it."""
        return self._store is not None and self._store.exists

    @property
    def offline(self) -> bool:
        """Whether the switch says so."""
        return self._offline

    def now(self) -> Instant:
        """The device's clock."""
        return self._clock.now()

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` after the gate or the sync status changed; returns what ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    async def open(self) -> None:
        """Open the store, locked; a second call waits for the first.

        Raises:
            StoreInUse: another process has it open.
            StoreError: see `DeviceStore.open`.
        """
        async with self._opening:
            if self._store is not None:
                return
            self._loop = asyncio.get_running_loop()
            self._store = await asyncio.to_thread(
                DeviceStore.open,
                self._directory,
                self._clock,
                self.entropy,
                self._keystore,
                self._cost,
            )
            await self.schedule.start()
        self._notify()

    async def close(self) -> None:
        """Lock and let go of the directory."""
        await self.schedule.stop()
        await keystrokes_in_line()
        if self._tending is not None:
            self._tending.cancel()
        if self._store is not None:
            await asyncio.to_thread(self._store.close)
            self._store = None

    # -- the lock ------------------------------------------------------------------------------

    async def unlock(self, secret: str) -> None:
        """Open the lock with a PIN or a passphrase; raises as the vault does."""
        store = self._opened()
        await store.run(lambda: store.unlock(secret))
        await self._keep_digits(secret)
        await self._unlocked()

    async def lock(self) -> None:
        """Drop the keys; what was typed until now goes to disk before."""
        self.schedule.pause()
        await keystrokes_in_line()
        if self._tending is not None:
            self._tending.cancel()
            self._tending = None
        store = self._opened()
        await store.run(store.lock)
        self._account = None
        self._notify()

    async def prove(self, secret: str) -> None:
        """Ask again who it is, before an export or a change of a slot; raises as `unlock`."""
        store = self._opened()
        await store.run(lambda: store.vault.prove(**_as_proof(secret)))

    @property
    def language(self) -> str | None:
        """The language chosen on this device; None when none was."""
        return kept_language(self._directory)

    async def keep_language(self, language: str) -> None:
        """Keep the language chosen on this device, also for its lock screen."""
        await self._opened().run(lambda: keep_language(self._directory, language))

    async def change_pin(self, new_pin: str, secret: str) -> None:
        """Set a new PIN, proved by the old one or the passphrase; raises as the vault does."""
        store = self._opened()
        await store.run(lambda: store.vault.change_pin(new_pin, **_as_proof(secret)))
        await self._keep_digits(new_pin)

    @property
    def pin_digits(self) -> int | None:
        """How many digits this device's PIN has; None when that is not known."""
        return kept_pin_digits(self._directory)

    async def _keep_digits(self, secret: str) -> None:
        if looks_like_pin(secret):
            digits = len(normalise_pin(secret))
            await self._opened().run(lambda: keep_pin_digits(self._directory, digits))

    # -- enrolment -----------------------------------------------------------------------------

    async def new_passphrase(self) -> str:
        """Six generated words, to be written down and typed back."""
        store = self._opened()
        return await store.run(store.new_passphrase)

    async def create_keys(self, pin: str, passphrase: str) -> None:
        """Set PIN and passphrase; the device is unlocked then, and belongs to nobody yet."""
        store = self._opened()
        await store.run(lambda: store.create(pin, passphrase))
        await self._keep_digits(pin)
        self._notify()

    async def enrol(self, code_text: str) -> None:
        """Redeem a coordinator's one-time code; the keys must be there and unlocked.

        When the answer was lost, or the phone died over it, the same code may be tried again.

        Raises:
            CodeMistyped, CodeRefused: the code; a new one can be tried at once.
            SyncError: the network or the server.
        """
        store = self._opened()
        if store.unlocked is None:
            raise StoreLocked("enrolling needs the keys")
        secret = EnrolmentCode.decode(code_text).secret.hex()
        shown = await store.cases(lambda cases: cases.enrolling(secret))
        identity = await asyncio.to_thread(redeem, code_text, shown, self._link)
        await store.cases(lambda cases: cases.enrol(identity))
        await self._unlocked()

    # -- screens -------------------------------------------------------------------------------

    async def cases(self, work: Callable[[CaseStore], Result]) -> Result:
        """Do something with the unlocked store, on its thread.

        Raises:
            StoreLocked: it is locked.
        """
        return await self._opened().cases(work)

    def changes(self) -> AsyncIterator[frozenset[str]]:
        """The scopes that changed, each time something did; empty: only where the changes are."""
        queue: asyncio.Queue[frozenset[str]] = asyncio.Queue()
        self._streams.add(queue)  # at once, not at the first wait: nothing is missed in between
        return self._stream(queue)

    async def _stream(self, queue: asyncio.Queue[frozenset[str]]) -> AsyncIterator[frozenset[str]]:
        try:
            while True:
                scopes = await queue.get()
                while not queue.empty():
                    scopes |= queue.get_nowait()
                yield scopes
        finally:
            self._streams.discard(queue)

    async def ask_server(self, question: Callable[[SyncClient], Result]) -> Result:
        """Ask the server something that is not part of a sync round (a coordinator's cases).

        Raises:
            SyncError: the network or the server.
        """
        credentials = await self._credentials()

        def asked() -> Result:
            with SyncClient(credentials, self._link) as client:
                return question(client)

        return await asyncio.to_thread(asked)

    # -- sync ----------------------------------------------------------------------------------

    async def sync_now(self) -> None:
        """Ask for a sync now; returns when it was asked for, not when it ended."""
        self.schedule.asked()

    async def set_offline(self, offline: bool) -> None:
        """Act as if there were no network, or as if it came back."""
        self._offline = offline
        if offline:
            self.schedule.asked()
        else:
            self.schedule.connected()
        self._notify()

    async def _round(self, on_progress: Callable[[Progress], None]) -> Outcome:
        store = self._opened()
        credentials = await self._credentials()

        def run() -> Outcome:
            with SyncClient(credentials, self._link, self.schedule.failures) as client:
                return client.sync(DeviceSide(store), on_progress)

        return await asyncio.to_thread(run)

    async def _credentials(self) -> StoredCredentials:
        store = self._opened()
        identity = await store.cases(lambda cases: cases.require_identity())
        return StoredCredentials(store, identity)

    # -- what goes on beneath ------------------------------------------------------------------

    def _opened(self) -> DeviceStore:
        if self._store is None:
            raise StoreLocked("not open yet")
        return self._store

    async def _unlocked(self) -> None:
        store = self._opened()
        await store.cases(self._take_in)
        if self._tending is None:
            self._tending = asyncio.get_running_loop().create_task(self._tend())
        self._notify()
        if self.gate is Gate.UNLOCKED:
            self.schedule.refresh()
            self.schedule.resume()

    def _take_in(self, cases: CaseStore) -> None:
        """On the store's thread, once an unlocking: listen, and read what the shell shows."""
        cases.on_change(lambda scopes: self._changed(cases, scopes))
        self._read(cases)

    def _read(self, cases: CaseStore) -> None:
        counts = cases.counts()
        self._standing = Standing(
            counts.unsynced, counts.oldest_at, counts.waiting, counts.complete
        )
        self._account = account_of(cases)
        if cases.identity is not None:
            self._link = replace(self._link, authority=cases.identity.authority)

    def _changed(self, cases: CaseStore, scopes: frozenset[str]) -> None:
        """On the store's thread: tell the schedule and the screens, on the event loop."""
        before = self._standing.unsynced
        self._read(cases)
        saved = self._standing.unsynced > before
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._announce, scopes, saved)

    def _announce(self, scopes: frozenset[str], saved: bool) -> None:
        if saved:
            self.schedule.saved()
        else:
            self.schedule.refresh()
        self._stale.set()
        self._tell_streams(scopes)
        self._notify()

    def _tell_streams(self, scopes: frozenset[str] = frozenset()) -> None:
        for queue in self._streams:
            queue.put_nowait(scopes)

    async def _tend(self) -> None:
        """After unlocking: fill the search, and keep summaries up to date after large pulls."""
        store = self._opened()
        try:
            for scope in await store.cases(lambda cases: cases.scopes()):
                await store.cases(partial(CaseStore.index, scope=scope))
            await store.cases(lambda cases: cases.index_filled())
            while True:
                self._stale.clear()
                more = True
                while more:
                    more = await store.cases(lambda cases: cases.catch_up())
                await self._stale.wait()
        except StoreLocked:
            return

    def _notify(self) -> None:
        for listener in list(self._listeners):
            listener()


def _as_proof(secret: str) -> dict[str, str]:
    return {"pin" if looks_like_pin(secret) else "passphrase": secret}
