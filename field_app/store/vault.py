"""The vault: what stands between a data directory and its keys.

Unlocking gives a `Keyring`, never a yes: code that forgets to ask still cannot read. The PIN and
the passphrase are proved again for every change of a slot. However a change is interrupted, the
store opens with the old secret or with the new one.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping

from sqlalchemy import Connection

from field_app.domain.clock import Clock, Entropy
from field_app.domain.errors import (
    InvalidInput,
    StoreError,
    StoreExists,
    WrongPassphrase,
    WrongPin,
)
from field_app.store import metadata, rotation, seal_counts, slot_table
from field_app.store.attempts import AttemptLog, wait_after
from field_app.store.database import Database
from field_app.store.keyring import DataKey, Keyring
from field_app.store.keystore import DeviceKeystore
from field_app.store.locksmith import Locksmith, NewSlot, OpenedSlot
from field_app.store.passphrase import choose_passphrase, normalise_passphrase
from field_app.store.pin import choose_pin, is_pin_shaped, normalise_pin
from field_app.store.rotation import Resealed
from field_app.store.selftest import prove_primitives
from field_app.store.slots import SlotKind
from field_app.store.stretching import PRODUCTION_COST, CostPolicy


class Vault:
    """The keys of one store."""

    def __init__(
        self,
        database: Database,
        keystore: DeviceKeystore,
        clock: Clock,
        entropy: Entropy,
        cost: CostPolicy = PRODUCTION_COST,
    ) -> None:
        """Stand before an open database.

        Args:
            database: The store's file.
            keystore: Where this device keeps its half of the PIN's key.
            clock: For the wait after wrong PINs.
            entropy: For keys, salts and nonces.
            cost: The Argon2id cost; anything but the default is for tests.

        Raises:
            CryptographyBroken: a primitive fails its known answer here.
        """
        prove_primitives()
        self._database = database
        self._keystore = keystore
        self._entropy = entropy
        self._smith = Locksmith(database, keystore, entropy, cost)
        self._attempts = AttemptLog(database, clock)
        self._keyring: Keyring | None = None
        self._busy = threading.RLock()
        database.before_commit(self._write_counts)

    @property
    def exists(self) -> bool:
        """Whether a store was created here."""
        with self._database.read() as connection:
            return bool(slot_table.all_slots(connection))

    def create(self, pin: str, passphrase: str) -> Keyring:
        """Create the store's keys and unlock it.

        Raises:
            PinNotAllowed: see `choose_pin`.
            PassphraseNotAllowed: not six generated words.
            StoreExists: there is one; it stays as it is.
            KeystoreUnavailable: the device cannot keep its half of the PIN's key.
        """
        secrets: dict[SlotKind, str] = {
            "pin": choose_pin(pin),
            "passphrase": choose_passphrase(passphrase),
        }
        with self._busy:
            if self.exists:
                raise StoreExists("a store was created here before")
            data_key = DataKey.new(self._entropy)
            added = self._smith.make_slots(data_key, secrets, generation=1)
            with self._database.write() as connection:
                metadata.put(connection, "store_id", self._entropy.bytes(16))
                slot_table.change(connection, [data_key], add=[new.slot for new in added])
            self._prove_or_take_back(added, data_key, [data_key])
            slot_table.tidy_up(self._database, self._keystore)
            return self._hold(data_key, None)

    def unlock(self, *, pin: str | None = None, passphrase: str | None = None) -> Keyring:
        """Open the store with one of the two.

        Raises:
            WrongPin, WrongPassphrase: that is not it.
            TooManyAttempts: wrong PINs in a row; not before `values["until"]`.
            DeviceSecretMissing, KeystoreUnavailable: the PIN cannot be tried; the passphrase can.
            StoreMissing: nothing was created here.
            StoreDamaged: the slot table is not the one written.
            StoreFromNewerVersion: only a newer app can open these slots.
        """
        with self._busy:
            opened, previous = self._open_and_settle(pin, passphrase)
            keyring = self._keyring or self._hold(opened.data_key, previous)
            if previous is not None:
                self._try_to_finish(keyring)
            return keyring

    def lock(self) -> None:
        """Drop the keys. Whoever still holds the keyring can seal and open nothing."""
        with self._busy:
            if self._keyring is not None:
                self._keyring.close()
                self._keyring = None

    def prove(self, *, pin: str | None = None, passphrase: str | None = None) -> None:
        """Ask again who it is, before an export; raises as `unlock` does."""
        with self._busy:
            self._open(pin, passphrase)

    def change_pin(
        self, new_pin: str, *, pin: str | None = None, passphrase: str | None = None
    ) -> None:
        """Set a new PIN, proved by the old one or the passphrase; the old one opens nothing more.

        A PIN that someone else knows wants `rotate_data_key` instead.

        Raises:
            PinNotAllowed: see `choose_pin`; and as `unlock` does.
        """
        chosen = choose_pin(new_pin)
        with self._busy:
            opened, _ = self._open_and_settle(pin, passphrase)
            self._replace_slot("pin", chosen, opened.data_key)

    def change_passphrase(
        self, new_passphrase: str, *, pin: str | None = None, passphrase: str | None = None
    ) -> None:
        """Set a new passphrase, proved by the PIN or the old one.

        Raises:
            PassphraseNotAllowed: not six generated words; and as `unlock` does.
        """
        chosen = choose_passphrase(new_passphrase)
        with self._busy:
            opened, _ = self._open_and_settle(pin, passphrase)
            self._replace_slot("passphrase", chosen, opened.data_key)

    def rotate_data_key(self, passphrase: str, new_pin: str) -> Resealed:
        """Make a new data key and PIN and seal everything anew: someone knows the old PIN.

        Slots of kinds this app does not know cannot be carried over and go.

        Raises:
            As `unlock` and `choose_pin` do. After a failure the old or the new PIN opens the
            store, and the next unlocking carries on.
        """
        chosen: dict[SlotKind, str] = {
            "pin": choose_pin(new_pin),
            "passphrase": normalise_passphrase(passphrase),
        }
        with self._busy:
            opened, pending = self._open_and_settle(None, passphrase)
            keyring = self._keyring or self._hold(opened.data_key, pending)
            if pending is not None:
                self._finish_rotation(keyring)
            with self._database.alone():
                self._go_over_to(DataKey.new(self._entropy), opened.data_key, keyring, chosen)
            return self._finish_rotation(keyring)

    def _go_over_to(
        self,
        data_key: DataKey,
        previous: DataKey,
        keyring: Keyring,
        secrets: Mapping[SlotKind, str],
    ) -> None:
        """Steps 1 to 3 of a rotation (see there); from its end on, seals are under the new key."""
        with self._database.read() as connection:
            retired = slot_table.all_slots(connection)
        added = self._smith.make_slots(data_key, secrets, slot_table.next_generation(retired))
        with self._database.write() as connection:
            new = [new.slot for new in added]
            slot_table.change(connection, [previous, data_key], add=new)
            rotation.keep_previous(connection, data_key, previous, self._entropy)
        self._prove_or_take_back(added, data_key, [previous])
        with self._database.write() as connection:
            slot_table.change(connection, [data_key], remove=retired)
        keyring.adopt(data_key, previous)

    def _open_and_settle(
        self, pin: str | None, passphrase: str | None
    ) -> tuple[OpenedSlot, DataKey | None]:
        """Open a slot and settle what was interrupted; also gives the key of a running rotation."""
        opened = self._open(pin, passphrase)
        previous = self._settle(opened)
        key_id = opened.data_key.key_id
        if self._keyring is not None and previous is not None and self._keyring.key_id != key_id:
            # A rotation failed in this very process: the slots have gone over, now the keys do.
            self._keyring.adopt(opened.data_key, previous)
        return opened, previous

    def _open(self, pin: str | None, passphrase: str | None) -> OpenedSlot:
        if (pin is None) == (passphrase is None):
            raise InvalidInput("a PIN or a passphrase, and not both")
        if pin is not None:
            opened = self._open_by_pin(normalise_pin(pin))
        else:
            candidates = self._smith.candidates("passphrase")
            found = self._smith.first_to_open(candidates, normalise_passphrase(passphrase or ""))
            if found is None:
                raise WrongPassphrase("no slot opens")
            opened = found
        with self._database.read() as connection:
            slot_table.check(connection, opened.data_key)
        self._attempts.succeeded()
        return opened

    def _open_by_pin(self, pin: str) -> OpenedSlot:
        candidates = self._smith.candidates("pin")
        if not is_pin_shaped(pin):
            raise WrongPin("no PIN at all: not counted", wait_s=0)
        counted = self._attempts.begin()
        opened = self._smith.first_to_open(candidates, pin)
        if opened is None:
            raise WrongPin("no slot opens", wait_s=wait_after(counted.failures))
        return opened

    def _settle(self, opened: OpenedSlot) -> DataKey | None:
        """Finish or take back what a kill interrupted; returns the key of a rotation under way."""
        data_key = opened.data_key
        with self._database.read() as connection:
            slots = slot_table.all_slots(connection)
            previous = rotation.previous_of(connection, data_key, self._entropy)
            rotating = metadata.get(connection, "previous_key") is not None
        superseded = [
            slot
            for slot, terms in slot_table.own_slots(slots)
            if terms.key_id != data_key.key_id
            or (terms.kind == opened.terms.kind and slot.slot_id != opened.slot.slot_id)
        ]
        taken_back = rotating and previous is None
        if superseded or taken_back:
            with self._database.write() as connection:
                slot_table.change(connection, [data_key], remove=superseded)
                if taken_back:
                    rotation.forget_previous(connection)
        slot_table.tidy_up(self._database, self._keystore)
        return previous

    def _replace_slot(self, kind: SlotKind, secret: str, data_key: DataKey) -> None:
        """Written, proved from the file, and only then the old slot goes."""
        with self._database.read() as connection:
            slots = slot_table.all_slots(connection)
        retired = [slot for slot, terms in slot_table.own_slots(slots) if terms.kind == kind]
        added = self._smith.make_slots(data_key, {kind: secret}, slot_table.next_generation(slots))
        with self._database.write() as connection:
            slot_table.change(connection, [data_key], add=[new.slot for new in added])
        self._prove_or_take_back(added, data_key, [data_key])
        with self._database.write() as connection:
            slot_table.change(connection, [data_key], remove=retired)
        slot_table.tidy_up(self._database, self._keystore)

    def _prove_or_take_back(
        self, added: list[NewSlot], data_key: DataKey, keys_before: list[DataKey]
    ) -> None:
        """Prove new slots from the file; when that fails they go again, and all is as before."""
        try:
            self._smith.prove_from_file(added, data_key)
        except StoreError:
            with self._database.write() as connection:
                slot_table.change(connection, keys_before, remove=[new.slot for new in added])
                rotation.forget_previous(connection)
            slot_table.tidy_up(self._database, self._keystore)
            raise

    def _hold(self, data_key: DataKey, previous: DataKey | None) -> Keyring:
        with self._database.read() as connection:
            counts = seal_counts.so_far(connection, data_key.key_id)
        self._keyring = Keyring(data_key, self._entropy, previous=previous, seals_so_far=counts)
        return self._keyring

    def _try_to_finish(self, keyring: Keyring) -> None:
        """Carry a rotation on; without room both keys stay, and reading works."""
        try:
            self._finish_rotation(keyring)
        except StoreError:
            return

    def _finish_rotation(self, keyring: Keyring) -> Resealed:
        resealed = rotation.reseal_everything(self._database, keyring)
        with self._database.write() as connection:
            rotation.forget_previous(connection)
            seal_counts.drop_others(connection, keyring.key_id)
            slot_table.note_cleanup(connection, [])
        keyring.forget_previous()
        slot_table.tidy_up(self._database, self._keystore)
        return resealed

    def _write_counts(self, connection: Connection) -> None:
        if self._keyring is not None:
            seal_counts.write(connection, self._keyring)
