"""Key slots: each wraps the data key for one way of opening the store.

A slot is `clear ‖ newline ‖ wrapped`. The *clear* part is canonical JSON that says how the wrapping
key is made; the *wrapped* part is the data key under AES-256-GCM with the clear part, exactly as
stored, as additional data. Kinds of slot:

    pin          HKDF-SHA256(Argon2id(PIN) ‖ 32-byte device secret)
    passphrase   HKDF-SHA256(Argon2id(passphrase))
    any other    biometric, recovery, … of a newer app: kept byte for byte, never opened here

The whole table carries a MAC under a key derived from the data key, checked once a slot has opened:
a slot added, removed or exchanged by anyone without the data key is noticed.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from field_app.domain.clock import Entropy
from field_app.domain.errors import StoreDamaged
from field_app.store.envelope import KEY_ID_BYTES, NONCE_BYTES
from field_app.store.keyring import DATA_KEY_BYTES, DataKey, derive
from field_app.store.stretching import SALT_BYTES, Argon2Cost, CostPolicy, stretch

SlotKind = Literal["pin", "passphrase"]
OPENED_HERE: tuple[SlotKind, ...] = ("pin", "passphrase")
SLOT_FORMAT = 1
_CONTEXT = b"rinnalla\x00store/1\x00slot\x00"
_MEMBERS = frozenset({"format", "kind", "generation", "key_id", "nonce", "salt", "argon2id"})
_COST_MEMBERS = frozenset({"memory_kib", "passes", "lanes"})


@dataclass(frozen=True, slots=True)
class StoredSlot:
    """A slot as it lies in the table, whatever its kind."""

    slot_id: str
    blob: bytes

    @property
    def clear(self) -> bytes:
        """How the wrapping key is made."""
        return self.blob.partition(b"\n")[0]

    @property
    def wrapped(self) -> bytes:
        """The data key under it."""
        return self.blob.partition(b"\n")[2]

    def __repr__(self) -> str:
        """Its id alone."""
        return f"StoredSlot({self.slot_id})"


@dataclass(frozen=True, slots=True)
class SlotTerms:
    """The clear part of a slot that this app can open."""

    kind: SlotKind
    generation: int
    key_id: bytes
    nonce: bytes
    salt: bytes
    cost: Argon2Cost

    def encode(self) -> bytes:
        """Canonical JSON: sorted keys, no spaces."""
        cost = self.cost
        members = {
            "format": SLOT_FORMAT,
            "kind": self.kind,
            "generation": self.generation,
            "key_id": self.key_id.hex(),
            "nonce": self.nonce.hex(),
            "salt": self.salt.hex(),
            "argon2id": {
                "memory_kib": cost.memory_kib,
                "passes": cost.passes,
                "lanes": cost.lanes,
            },
        }
        return json.dumps(members, sort_keys=True, separators=(",", ":")).encode()


def read_terms(slot: StoredSlot) -> SlotTerms | None:
    """Read a slot's clear part; None for a kind or format this app does not know.

    Raises:
        StoreDamaged: it says it is one of ours and is not as we write it.
    """
    try:
        members = json.loads(slot.clear)
        kind, version = members["kind"], members["format"]
        if kind not in OPENED_HERE or version != SLOT_FORMAT:
            return None
        terms = _strict_terms(members)
    except (ValueError, KeyError, TypeError) as broken:
        raise StoreDamaged("a slot's clear part is unreadable") from broken
    if terms.encode() != slot.clear:
        raise StoreDamaged("a slot's clear part is not in its one form")
    return terms


def _strict_terms(members: dict[str, Any]) -> SlotTerms:
    """Read the members of a known kind; raises ValueError, KeyError or TypeError."""
    cost = members["argon2id"]
    if frozenset(members) != _MEMBERS or frozenset(cost) != _COST_MEMBERS:
        raise ValueError("unknown members")
    numbers = [members["generation"], cost["memory_kib"], cost["passes"], cost["lanes"]]
    if any(type(number) is not int or not 0 <= number < 2**32 for number in numbers):
        raise ValueError("not a count")
    terms = SlotTerms(
        kind=members["kind"],
        generation=members["generation"],
        key_id=bytes.fromhex(members["key_id"]),
        nonce=bytes.fromhex(members["nonce"]),
        salt=bytes.fromhex(members["salt"]),
        cost=Argon2Cost(cost["memory_kib"], cost["passes"], cost["lanes"]),
    )
    lengths = (len(terms.key_id), len(terms.nonce), len(terms.salt))
    if lengths != (KEY_ID_BYTES, NONCE_BYTES, SALT_BYTES):
        raise ValueError("wrong length")
    return terms


def device_secret_name(slot_id: str) -> str:
    """The name under which the keystore keeps the device's half of a PIN slot."""
    return f"pin-{slot_id}"


def make_slot(
    kind: SlotKind,
    secret: str,
    data_key: DataKey,
    *,
    slot_id: str,
    generation: int,
    device_secret: bytes,
    cost: Argon2Cost,
    entropy: Entropy,
) -> StoredSlot:
    """Wrap the data key for a normalised PIN or passphrase.

    Args:
        kind: "pin" or "passphrase".
        secret: What opens it, normalised.
        data_key: What is wrapped.
        slot_id: Its id in the table.
        generation: Higher than those before it; the newest is tried first.
        device_secret: 32 bytes from the keystore for a PIN, empty for a passphrase.
        cost: The Argon2id cost to use and to store.
        entropy: Where salt and nonce come from.
    """
    terms = SlotTerms(
        kind=kind,
        generation=generation,
        key_id=data_key.key_id,
        nonce=entropy.bytes(NONCE_BYTES),
        salt=entropy.bytes(SALT_BYTES),
        cost=cost,
    )
    clear = terms.encode()
    wrapping = AESGCM(_wrapping_key(terms, secret, device_secret))
    sealed = wrapping.encrypt(terms.nonce, data_key.secret, _additional(slot_id, clear))
    return StoredSlot(slot_id, clear + b"\n" + sealed)


def open_slot(
    slot: StoredSlot, terms: SlotTerms, secret: str, device_secret: bytes, policy: CostPolicy
) -> DataKey | None:
    """Unwrap the data key; None when the secret (or the device's half) is not the one.

    Raises:
        StoreDamaged: the stored cost is outside the limits.
    """
    policy.check(terms.cost)
    wrapping = AESGCM(_wrapping_key(terms, secret, device_secret))
    try:
        key = wrapping.decrypt(terms.nonce, slot.wrapped, _additional(slot.slot_id, slot.clear))
    except (InvalidTag, ValueError):
        return None
    if len(key) != DATA_KEY_BYTES:
        raise StoreDamaged("a slot wraps something other than a data key")
    return DataKey(terms.key_id, key)


def table_mac(data_key: DataKey, slots: Iterable[StoredSlot]) -> bytes:
    """The MAC (HMAC-SHA256) over all slots, in the order of their ids, lengths included."""
    mac = hmac.new(derive(data_key.secret, "slot-table"), _CONTEXT, "sha256")
    for slot in sorted(slots, key=lambda each: each.slot_id):
        for part in (slot.slot_id.encode(), slot.blob):
            mac.update(len(part).to_bytes(4, "big") + part)
    return mac.digest()


def check_table(data_key: DataKey, slots: Iterable[StoredSlot], stored_mac: bytes | None) -> None:
    """Compare the stored MAC with the table's.

    Raises:
        StoreDamaged: the table is not the one this data key's holder wrote.
    """
    if stored_mac is None or not hmac.compare_digest(table_mac(data_key, slots), stored_mac):
        raise StoreDamaged("the slot table was altered")


def _wrapping_key(terms: SlotTerms, secret: str, device_secret: bytes) -> bytes:
    stretched = stretch(secret, terms.salt, terms.cost)
    info = b"rinnalla/slot/1/" + terms.kind.encode()
    return HKDF(algorithm=SHA256(), length=32, salt=terms.salt, info=info).derive(
        stretched + device_secret
    )


def _additional(slot_id: str, clear: bytes) -> bytes:
    return _CONTEXT + slot_id.encode() + b"\x00" + clear
