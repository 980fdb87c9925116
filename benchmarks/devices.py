"""Devices as they ship: encrypted store, own key, real HTTP."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from field_app.store.case_store import CaseStore
from field_app.store.device_store import DeviceStore
from field_app.store.editing import Edit
from field_app.sync.client import SyncClient, enrol
from field_app.sync.device_side import DeviceSide, StoredCredentials
from field_app.sync.exchange import Outcome
from field_app.sync.protocol import PullRequest
from field_app.sync.transport import Link
from field_app.system_clock import SystemClock, SystemEntropy
from field_app.views.worker_account import identity_of

PIN = "417293"
LINK = Link(clock=SystemClock(), app="1000")


class BenchDevice:
    """One worker's device; whatever touches its store runs on the store's thread, as in the app."""

    def __init__(self, folder: Path, code: str) -> None:
        """Make the store and enrol it."""
        self.store = DeviceStore.open(folder, SystemClock(), SystemEntropy())
        passphrase = self.store.new_passphrase()
        self.store.call(lambda: self.store.create(PIN, passphrase))
        key = Ed25519PrivateKey.generate()
        instance = SystemEntropy().new_id()
        public_key = key.public_key().public_bytes_raw()
        enrolment = enrol(code, public_key=public_key, instance=instance, link=LINK)
        self._identity = identity_of(enrolment, key.private_bytes_raw(), instance)
        self._on_store(lambda cases: cases.enrol(self._identity))
        self._client = SyncClient(StoredCredentials(self.store, self._identity), LINK)

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

    def note_of(self, record: str) -> str | None:
        """The note of a record as this device shows it."""
        view = self.store.call(lambda: self.store.require_cases().record(record))
        return view.values.get("note") if view else None

    def close(self) -> None:
        """Close connection and store."""
        self._client.close()
        self.store.close()

    def _on_store(self, work: Callable[[CaseStore], object]) -> None:
        self.store.call(lambda: work(self.store.require_cases()))


def _save(edit: Edit, opens: dict[str, str] | None, cases: CaseStore) -> None:
    cases.save([edit], opens=opens)


def _team(cases: CaseStore) -> str:
    assert cases.you is not None
    return cases.you.teams[0]


class _AllPushed(Exception):
    pass


class _PushesOnly(DeviceSide):
    """Ends the round where it would go on to pull."""

    def pull_request(self) -> PullRequest:
        raise _AllPushed
