"""What the store's tests share: a clock and an entropy to repeat, a keystore in memory, a store."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path

from field_app.domain.clock import Instant, id_from, instant_of, moment_of
from field_app.domain.errors import DeviceSecretMissing, KeystoreUnavailable
from field_app.store.database import Database
from field_app.store.keystore import DeviceKeystore, FileKeystore
from field_app.store.stretching import Argon2Cost, CostPolicy
from field_app.store.vault import Vault

PIN = "482915"
OTHER_PIN = "592713"
THIRD_PIN = "739164"
WRONG_PIN = "318472"
PASSPHRASE = "hajolo karoko tovanu lirito mehipa samoko"
OTHER_PASSPHRASE = "nejano litimo ripeji vijiro makaja temetu"

CHEAP = CostPolicy(
    new=Argon2Cost(memory_kib=8, passes=1),
    floor=Argon2Cost(memory_kib=8, passes=1),
    ceiling=Argon2Cost(memory_kib=256 * 1024, passes=24, lanes=4),
)
"""Guessing costs nothing: only ever given to a vault by a test."""


class SettableClock:
    """A clock that stands still until a test moves it."""

    def __init__(self, now: Instant = "2026-11-22T10:15:00.000Z") -> None:
        self._now = now

    def now(self) -> Instant:
        return self._now

    def monotonic(self) -> float:
        return moment_of(self._now).timestamp()

    def move(self, **delta: float) -> None:
        """Go forward, or back, by a `timedelta(**delta)`."""
        self._now = instant_of(moment_of(self._now) + timedelta(**delta))


class SeededEntropy:
    """Random-looking bytes that are the same in every run."""

    def __init__(self, seed: str = "store") -> None:
        self._seed = seed.encode()
        self._drawn = 0

    def bytes(self, count: int) -> bytes:
        drawn = b""
        while len(drawn) < count:
            self._drawn += 1
            drawn += hashlib.sha256(self._seed + self._drawn.to_bytes(8, "big")).digest()
        return drawn[:count]

    def new_id(self) -> str:
        return id_from(self)


class MemoryKeystore:
    """A keystore that forgets everything when the test ends, and fails when told to."""

    def __init__(self) -> None:
        self.secrets: dict[str, bytes] = {}
        self.unavailable = False

    def load(self, name: str) -> bytes:
        self._answer()
        try:
            return self.secrets[name]
        except KeyError:
            raise DeviceSecretMissing("no such secret") from None

    def store(self, name: str, secret: bytes) -> None:
        self._answer()
        self.secrets[name] = secret

    def delete(self, name: str) -> None:
        self._answer()
        self.secrets.pop(name, None)

    def _answer(self) -> None:
        if self.unavailable:
            raise KeystoreUnavailable("told to fail")


class StoreOnDisk:
    """A data directory with its keystore beside it, opened as the app would."""

    def __init__(
        self,
        root: Path,
        *,
        clock: SettableClock | None = None,
        keystore: DeviceKeystore | None = None,
        seed: str = "store",
    ) -> None:
        self.root = root
        self.clock = clock or SettableClock()
        self.keystore = keystore or FileKeystore(root / "keystore")
        self.database = Database.open(root / "data")
        self.vault = Vault(self.database, self.keystore, self.clock, SeededEntropy(seed), CHEAP)

    @property
    def data(self) -> Path:
        """The folder of the database."""
        return self.root / "data"

    def put_envelope(self, record_id: str, payload: bytes, register: str = "common") -> None:
        """Seal a payload into the row of a record."""
        keyring = self.vault.unlock(passphrase=PASSPHRASE)
        with self.database.write() as connection:
            blob = keyring.seal(register, record_id, "person/p", payload)
            connection.exec_driver_sql(
                "INSERT INTO envelope VALUES (?, ?, 'person/p', ?)", (record_id, register, blob)
            )

    def envelopes(self, **secret: str) -> dict[str, bytes]:
        """Open every envelope after unlocking with `pin=` or `passphrase=`."""
        keyring = self.vault.unlock(**secret)
        with self.database.read() as connection:
            rows = connection.exec_driver_sql("SELECT * FROM envelope").all()
        return {
            record: keyring.open(register, record, scope, blob)
            for record, register, scope, blob in rows
        }

    def close(self) -> None:
        """End as a process would end well."""
        self.vault.lock()
        self.database.close()
