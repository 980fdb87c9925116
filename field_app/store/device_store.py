"""One data directory at work: its lock, its database, its vault, and one thread that does it all.

Everything that touches the store runs on that thread, one call after the other: screens and sync
never meet inside it, and the event loop never waits for a disk or a key.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import TypeVar

from field_app.domain.clock import Clock, Entropy
from field_app.domain.errors import StoreLocked
from field_app.store.case_store import CaseStore
from field_app.store.database import Database
from field_app.store.instance import Instance
from field_app.store.keyring import Keyring
from field_app.store.keystore import DeviceKeystore, FileKeystore
from field_app.store.lockfile import DirectoryLock
from field_app.store.passphrase import generate_passphrase
from field_app.store.pin import looks_like_pin
from field_app.store.stretching import PRODUCTION_COST, CostPolicy
from field_app.store.vault import Vault

Result = TypeVar("Result")


class DeviceStore:
    """The store of one device, locked or unlocked."""

    def __init__(
        self, directory: Path, vault: Vault, database: Database, clock: Clock, entropy: Entropy
    ) -> None:
        """Wrap what `open` opened."""
        self.directory = directory
        self.vault = vault
        self.clock = clock
        self.entropy = entropy
        self._database = database
        self._cases: CaseStore | None = None
        self._instance: Instance | None = None
        self._closing = ExitStack()
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="store")

    @classmethod
    def open(
        cls,
        directory: Path,
        clock: Clock,
        entropy: Entropy,
        keystore: DeviceKeystore | None = None,
        cost: CostPolicy = PRODUCTION_COST,
    ) -> DeviceStore:
        """Open a data directory, made when it is not there; it stays locked.

        Raises:
            StoreInUse: another process has it open.
            StoreFromNewerVersion: a newer app wrote it; it stays untouched.
            StoreDamaged, DiskFull, CryptographyBroken: see there.
        """
        with ExitStack() as opened:
            lock = DirectoryLock.take(directory)
            opened.callback(lock.release)
            database = Database.open(directory)
            opened.callback(database.close)
            keeps = keystore or FileKeystore(directory)
            vault = Vault(database, keeps, clock, entropy, cost)
            store = cls(directory, vault, database, clock, entropy)
            store._instance = Instance(keeps, entropy)
            store._closing = opened.pop_all()
            return store

    # -- on the store's own thread ---------------------------------------------------------------

    async def run(self, work: Callable[[], Result]) -> Result:
        """Do something on the store's thread, without holding up the event loop."""
        return await asyncio.wrap_future(self._writer.submit(work))

    def call(self, work: Callable[[], Result]) -> Result:
        """Do something on the store's thread and wait for it; from any other thread."""
        return self._writer.submit(work).result()

    async def cases(self, work: Callable[[CaseStore], Result]) -> Result:
        """Do something with the unlocked store.

        Raises:
            StoreLocked: it is locked.
        """
        return await self.run(lambda: work(self.require_cases()))

    def require_cases(self) -> CaseStore:
        """The unlocked store; call it on the store's thread.

        Raises:
            StoreLocked: it is locked.
        """
        if self._cases is None:
            raise StoreLocked("locked")
        return self._cases

    # -- the lock --------------------------------------------------------------------------------

    @property
    def exists(self) -> bool:
        """Whether somebody has set a PIN and a passphrase here."""
        return self.vault.exists

    @property
    def unlocked(self) -> CaseStore | None:
        """The unlocked store, to ask whether there is one; work with it through `cases`."""
        return self._cases

    def new_passphrase(self) -> str:
        """Six generated words, to be written down and typed back."""
        return generate_passphrase(self.entropy)

    def create(self, pin: str, passphrase: str) -> CaseStore:
        """Set PIN and passphrase and unlock; raises as `Vault.create` does."""
        self._cases = self._open_cases_with(lambda: self.vault.create(pin, passphrase))
        return self._cases

    def unlock(self, secret: str) -> CaseStore:
        """Unlock with a PIN or a passphrase, told apart by shape; raises as the vault does."""
        if self._cases is None:
            self._cases = self._open_cases_with(lambda: self._unlock_vault(secret))
        else:
            self._unlock_vault(secret)
        return self._cases

    def _unlock_vault(self, secret: str) -> Keyring:
        if looks_like_pin(secret):
            return self.vault.unlock(pin=secret)
        return self.vault.unlock(passphrase=secret)

    def _open_cases_with(self, unlock: Callable[[], Keyring]) -> CaseStore:
        return CaseStore(self._database, unlock(), self.clock, self.entropy, self._instance)

    def lock(self) -> None:
        """Drop the keys. What was being written is in the drafts already."""
        if self._cases is not None:
            self._cases.close()
        self._cases = None
        self.vault.lock()

    def close(self) -> None:
        """Lock, finish what the thread was asked for, and let go of the directory."""
        self._writer.submit(self.lock).result()
        self._writer.shutdown(wait=True)
        self._closing.close()
