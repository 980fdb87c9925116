"""Devices as they ship: encrypted store, own key, real HTTP."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from field_app.store.case_store import CaseStore
from field_app.store.device_store import DeviceStore
from field_app.store.editing import Edit
from field_app.store.stretching import PRODUCTION_COST
from field_app.sync.client import SyncClient, enrol
from field_app.sync.device_side import DeviceSide, StoredCredentials
from field_app.sync.exchange import Outcome
from field_app.sync.protocol import PullRequest
from field_app.sync.transport import Link
from field_app.system_clock import SystemClock, SystemEntropy
from field_app.views.worker_account import identity_of

PIN = "417293"
LINK = Link(clock=SystemClock(), app="1000")
_QUICK_TO_UNLOCK = replace(PRODUCTION_COST, new=PRODUCTION_COST.floor)
"""A guess at the PIN is as cheap as the app takes: unlocking is never timed, and eleven devices
are unlocked in every round."""


class BenchDevice:
    """One worker's device; whatever touches its store runs on the store's thread, as in the app."""

    def __init__(self, store: DeviceStore, server: str = "") -> None:
        """Wrap an unlocked store of an enrolled device.

        Args:
            store: The store.
            server: The base URL at which the device meets its server now; empty: where it enrolled.
        """
        self.store = store
        identity = store.call(lambda: store.require_cases().require_identity())
        met_at = replace(identity, server=server or identity.server)
        self._client = SyncClient(StoredCredentials(store, met_at), LINK)

    @classmethod
    def enrolled(cls, folder: Path, code: str) -> Self:
        """A new device: its store made, the code redeemed."""
        store = _opened(folder)
        passphrase = store.new_passphrase()
        store.call(lambda: store.create(PIN, passphrase))
        key = Ed25519PrivateKey.generate()
        instance = SystemEntropy().new_id()
        public_key = key.public_key().public_bytes_raw()
        enrolment = enrol(code, public_key=public_key, instance=instance, link=LINK)
        identity = identity_of(enrolment, key.private_bytes_raw(), instance)
        store.call(lambda: store.require_cases().enrol(identity))
        return cls(store)

    @classmethod
    def unlocked(cls, folder: Path, server: str) -> Self:
        """A device that enrolled earlier, or a copy of it; its server is at this base URL."""
        store = _opened(folder)
        store.call(lambda: store.unlock(PIN))
        return cls(store, server)

    def greet(self) -> None:
        """Ask for next to nothing, so that the connection stands, as after an earlier sync."""
        self._client.staff()

    def save(self, edits: Sequence[Edit], opens: dict[str, str] | None = None) -> None:
        """Save each edit as a change set of its own: what somebody recorded, one by one."""
        for edit in edits:
            self._on_store(partial(_save, edit, opens))

    def open_people(self, people: dict[str, Edit]) -> None:
        """Open the persons of a caseload in this worker's team."""
        team = self.store.call(lambda: _team(self.store.require_cases()))
        for person, edit in people.items():
            self.save([edit], opens={person: team})

    def sync(self) -> Outcome:
        """One round over HTTP: push, then pull."""
        return self._client.sync(DeviceSide(self.store))

    def push(self) -> None:
        """The first half of a round."""
        with suppress(_AllPushed):
            self._client.sync(_PushesOnly(self.store))

    def pull(self) -> None:
        """The second half of a round; nothing may be waiting to be pushed."""
        self.sync()

    def caught_up(self) -> None:
        """Bring the lists up to date, as the app does in the background after a pull."""
        while self.store.call(lambda: self.store.require_cases().catch_up()):
            pass

    def notes_of(self, records: Sequence[str]) -> dict[str, str | None]:
        """{record: its note as this device shows it}."""
        return self.store.call(lambda: _notes(self.store.require_cases(), records))

    def close(self) -> None:
        """Close connection and store."""
        self._client.close()
        self.store.close()

    def _on_store(self, work: Callable[[CaseStore], object]) -> None:
        self.store.call(lambda: work(self.store.require_cases()))


def _opened(folder: Path) -> DeviceStore:
    return DeviceStore.open(folder, SystemClock(), SystemEntropy(), cost=_QUICK_TO_UNLOCK)


def _save(edit: Edit, opens: dict[str, str] | None, cases: CaseStore) -> None:
    cases.save([edit], opens=opens)


def _notes(cases: CaseStore, records: Sequence[str]) -> dict[str, str | None]:
    views = ((record, cases.record(record)) for record in records)
    return {record: view.values.get("note") if view else None for record, view in views}


def _team(cases: CaseStore) -> str:
    assert cases.you is not None
    return cases.you.teams[0]


class _AllPushed(Exception):
    pass


class _PushesOnly(DeviceSide):
    """Ends the round where it would go on to pull."""

    def pull_request(self) -> PullRequest:
        raise _AllPushed
