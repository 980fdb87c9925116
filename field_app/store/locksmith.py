"""Making, opening and proving key slots: where database, keystore and Argon2id meet.

`vault` says when; `slots` says what a slot is; `slot_table` writes the table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from field_app.domain.clock import Entropy
from field_app.domain.errors import (
    DeviceSecretMissing,
    StoreDamaged,
    StoreFromNewerVersion,
    StoreMissing,
)
from field_app.store import slot_table
from field_app.store.database import Database
from field_app.store.keyring import DataKey
from field_app.store.keystore import SECRET_BYTES, DeviceKeystore
from field_app.store.slots import (
    SLOT_FORMAT,
    SlotKind,
    SlotTerms,
    StoredSlot,
    device_secret_name,
    make_slot,
    open_slot,
)
from field_app.store.stretching import CostPolicy


@dataclass(frozen=True, slots=True)
class OpenedSlot:
    """A slot that opened."""

    slot: StoredSlot
    terms: SlotTerms
    data_key: DataKey


@dataclass(frozen=True, slots=True)
class Candidate:
    """A slot to be tried, with the device's half of its key."""

    slot: StoredSlot
    terms: SlotTerms
    device_half: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class NewSlot:
    """A slot just made, with the secret that is to open it."""

    slot: StoredSlot
    secret: str = field(repr=False)


class Locksmith:
    """Works on the slots of one store."""

    def __init__(
        self, database: Database, keystore: DeviceKeystore, entropy: Entropy, cost: CostPolicy
    ) -> None:
        """Take what the work needs; see `Vault`."""
        self._database = database
        self._keystore = keystore
        self._entropy = entropy
        self._cost = cost

    def candidates(self, kind: SlotKind) -> list[Candidate]:
        """The slots of a kind, newest first, each with the device's half of its key.

        Raises:
            StoreMissing: there are no slots at all.
            StoreFromNewerVersion: none of this kind that this app can open.
            DeviceSecretMissing: the keystore has lost the device's half of all of them.
            KeystoreUnavailable: the keystore does not answer.
        """
        with self._database.read() as connection:
            slots = slot_table.all_slots(connection)
        if not slots:
            raise StoreMissing("no store was created here")
        own = [each for each in slot_table.own_slots(slots) if each[1].kind == kind]
        if not own:
            raise StoreFromNewerVersion(
                "no slot of this kind", found=SLOT_FORMAT + 1, known=SLOT_FORMAT
            )
        candidates = []
        missing: DeviceSecretMissing | None = None
        for slot, terms in own:
            try:
                candidates.append(Candidate(slot, terms, self._device_half(slot, terms)))
            except DeviceSecretMissing as gone:
                missing = gone
        if not candidates and missing is not None:
            raise missing
        return candidates

    def _device_half(self, slot: StoredSlot, terms: SlotTerms) -> bytes:
        if terms.kind != "pin":
            return b""
        return self._keystore.load(device_secret_name(slot.slot_id))

    def first_to_open(self, candidates: list[Candidate], secret: str) -> OpenedSlot | None:
        """Try a normalised secret on each; None when it opens none of them.

        Raises:
            StoreDamaged: a slot's cost is outside the limits.
        """
        for each in candidates:
            data_key = open_slot(each.slot, each.terms, secret, each.device_half, self._cost)
            if data_key is not None:
                return OpenedSlot(each.slot, each.terms, data_key)
        return None

    def make_slots(
        self, data_key: DataKey, secrets: Mapping[SlotKind, str], generation: int
    ) -> list[NewSlot]:
        """Make slots (not yet in the table) for normalised secrets.

        Raises:
            KeystoreUnavailable: the device cannot keep its half of the PIN's key.
        """
        made = []
        for kind, secret in secrets.items():
            slot_id, device_half = self._entropy.new_id(), b""
            if kind == "pin":
                device_half = self._new_device_half(device_secret_name(slot_id))
            slot = make_slot(
                kind,
                secret,
                data_key,
                slot_id=slot_id,
                generation=generation,
                device_secret=device_half,
                cost=self._cost.new,
                entropy=self._entropy,
            )
            made.append(NewSlot(slot, secret))
        return made

    def _new_device_half(self, name: str) -> bytes:
        """Make the device's half; noted first, so that a kill leaves none behind for good."""
        with self._database.write() as connection:
            slot_table.note_cleanup(connection, [name])
        device_half = self._entropy.bytes(SECRET_BYTES)
        self._keystore.store(name, device_half)
        return device_half

    def prove_from_file(self, added: list[NewSlot], data_key: DataKey) -> None:
        """Open new slots as the next unlocking will: file, keystore and secret only.

        Raises:
            StoreDamaged: one does not open; the caller has not touched the old ones yet.
        """
        with self._database.read_afresh() as connection:
            written = {slot.slot_id: slot for slot in slot_table.all_slots(connection)}
            slot_table.check(connection, data_key)
        for new in added:
            ((found, terms),) = slot_table.own_slots([written[new.slot.slot_id]])
            half = self._device_half(found, terms)
            unwrapped = open_slot(found, terms, new.secret, half, self._cost)
            if unwrapped is None or unwrapped.secret != data_key.secret:
                raise StoreDamaged("a new slot does not open; the old one stays")
