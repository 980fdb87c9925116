"""Unlocked, enrolled devices on disk, for tests that save and sync."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from field_app.domain.declaration import Record
from field_app.store.case_store import CaseStore
from field_app.store.editing import edit_towards
from field_app.store.identity import Identity
from field_app.store.outbox import Saved
from field_app.store.record_view import RecordView
from field_app.sync.changes import person_scope
from tests.store.makers import PASSPHRASE, PIN, SeededEntropy, SettableClock, StoreOnDisk


class DeviceOnDisk:
    """One worker's device; `reopen` is what a kill and a new start do to it."""

    def __init__(self, root: Path, name: str, worker: str | None = None) -> None:
        self.clock = SettableClock()
        self._root = root / name
        self._entropy = SeededEntropy(name)
        self.disk = StoreOnDisk(self._root, clock=self.clock, seed=f"{name} vault")
        keyring = self.disk.vault.create(PIN, PASSPHRASE)
        self.store = CaseStore(self.disk.database, keyring, self.clock, self._entropy)
        self.store.enrol(
            Identity(
                device=self._entropy.new_id(),
                worker=worker or self._entropy.new_id(),
                worker_name="Testi Työntekijä",
                role="nurse",
                organisation=self._entropy.new_id(),
                organisation_name="Testialue",
                server="http://127.0.0.1:1",
                instance=self._entropy.new_id(),
                private_key="11" * 32,
                token="token",
                certificate="",
            )
        )

    @property
    def worker(self) -> str:
        """The worker whose device this is."""
        return self.store.require_identity().worker

    def new_id(self) -> str:
        """An id from the device's own entropy."""
        return self._entropy.new_id()

    def reopen(self) -> None:
        """The process was killed; a new one opens the same files."""
        self.disk.database.close()
        self.disk = StoreOnDisk(self._root, clock=self.clock, seed="again")
        keyring = self.disk.vault.unlock(pin=PIN)
        self.store = CaseStore(self.disk.database, keyring, self.clock, self._entropy)

    def write(self, record: Record, person: str, opens: dict[str, str] | None = None) -> Saved:
        """Save a record as it should read, having been shown what stands now."""
        before = self.store.record(record.id)
        return self.store.save([edit_towards(record, person_scope(person), before)], opens=opens)

    def change(self, record_id: str, shown: RecordView | None = None, **changes: object) -> Saved:
        """Change fields of a record, having been shown `shown` (what stands now, unless given)."""
        before = shown or self.shown(record_id)
        assert before.record is not None
        target = before.record.model_copy(update=changes)
        keys = [*changes]
        edit = edit_towards(target, before.scope, before)
        assert keys
        return self.store.save([replace(edit)])

    def shown(self, record_id: str) -> RecordView:
        """A record that must be there."""
        view = self.store.record(record_id)
        assert view is not None
        return view


@contextmanager
def two_devices(root: Path) -> Iterator[tuple[DeviceOnDisk, DeviceOnDisk]]:
    """Both halves of a pair."""
    one, other = DeviceOnDisk(root, "social"), DeviceOnDisk(root, "nurse")
    try:
        yield one, other
    finally:
        one.disk.close()
        other.disk.close()
