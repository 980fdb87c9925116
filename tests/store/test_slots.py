"""A slot opens with its secret, whole and untouched, and its table cannot be edited."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from field_app.domain.errors import StoreDamaged
from field_app.store.keyring import DataKey
from field_app.store.slots import (
    SlotKind,
    SlotTerms,
    StoredSlot,
    check_table,
    make_slot,
    open_slot,
    read_terms,
    table_mac,
)
from field_app.store.stretching import PRODUCTION_COST, Argon2Cost, CostPolicy
from tests.store.makers import CHEAP, PASSPHRASE, PIN, WRONG_PIN, SeededEntropy

GOLDEN = json.loads((Path(__file__).parent / "golden" / "slot-1.json").read_text())
DEVICE_SECRET = bytes(range(32))
DATA_KEY = DataKey(bytes(range(8)), bytes(range(100, 132)))
SLOT_ID = "5e1d3c7a9b2f4e6d8c0a1b3d5f7e9c2b"


def a_slot(
    kind: SlotKind = "pin", secret: str = PIN, cost: Argon2Cost = CHEAP.new, seed: str = "slot"
) -> StoredSlot:
    return make_slot(
        kind,
        secret,
        DATA_KEY,
        slot_id=SLOT_ID,
        generation=1,
        device_secret=DEVICE_SECRET if kind == "pin" else b"",
        cost=cost,
        entropy=SeededEntropy(seed),
    )


def terms_of(slot: StoredSlot) -> SlotTerms:
    terms = read_terms(slot)
    assert terms is not None
    return terms


def opened(slot: StoredSlot, secret: str, device_secret: bytes = DEVICE_SECRET) -> DataKey | None:
    return open_slot(slot, terms_of(slot), secret, device_secret, CHEAP)


def with_clear(slot: StoredSlot, **members: object) -> StoredSlot:
    """The slot with members of its clear part changed."""
    changed = json.loads(slot.clear) | members
    clear = json.dumps(changed, sort_keys=True, separators=(",", ":")).encode()
    return replace(slot, blob=clear + b"\n" + slot.wrapped)


@pytest.mark.parametrize(("kind", "secret"), [("pin", PIN), ("passphrase", PASSPHRASE)])
def test_a_slot_opens_with_its_secret_alone(kind: SlotKind, secret: str) -> None:
    slot = a_slot(kind, secret)
    half = DEVICE_SECRET if kind == "pin" else b""
    key = opened(slot, secret, half)
    assert key is not None
    assert (key.key_id, key.secret) == (DATA_KEY.key_id, DATA_KEY.secret)
    assert opened(slot, WRONG_PIN, half) is None


@given(st.binary(max_size=64))
def test_a_pin_without_the_devices_half_opens_nothing(half: bytes) -> None:
    assert half == DEVICE_SECRET or opened(a_slot(), PIN, half) is None


def test_a_passphrase_slot_does_not_open_as_a_pin_slot() -> None:
    slot = a_slot("passphrase", PIN)
    assert opened(with_clear(slot, kind="pin"), PIN, b"") is None


@given(st.data())
def test_a_slot_changed_in_any_bit_does_not_open(data: st.DataObject) -> None:
    slot = a_slot()
    blob = bytearray(slot.blob)
    blob[data.draw(st.integers(0, len(blob) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    try:
        changed = replace(slot, blob=bytes(blob))
        terms = read_terms(changed)
        key = open_slot(changed, terms, PIN, DEVICE_SECRET, TINY) if terms else None
    except StoreDamaged:
        return
    assert key is None


TINY = CostPolicy(new=CHEAP.new, floor=CHEAP.floor, ceiling=Argon2Cost(4096, 8, 4))


def test_a_slot_moved_to_another_id_does_not_open() -> None:
    assert opened(replace(a_slot(), slot_id="f" * 32), PIN) is None


def test_a_slot_says_nothing_of_its_secret() -> None:
    slot = a_slot("passphrase", PASSPHRASE)
    assert PASSPHRASE.encode() not in slot.blob
    assert "blob" not in repr(slot)


def test_a_slot_made_cheap_is_refused_before_a_guess_is_made() -> None:
    cheap = a_slot()
    with pytest.raises(StoreDamaged):
        open_slot(cheap, terms_of(cheap), PIN, DEVICE_SECRET, PRODUCTION_COST)


def test_a_slot_that_would_eat_the_phones_memory_is_refused() -> None:
    slot = with_clear(a_slot(), argon2id={"memory_kib": 2**31, "passes": 1, "lanes": 1})
    with pytest.raises(StoreDamaged):
        opened(slot, PIN)


@pytest.mark.parametrize(
    "members",
    [
        {"kind": "biometric"},
        {"kind": "recovery", "format": 7, "recipients": ["any", "shape"]},
        {"format": 2},
    ],
)
def test_a_kind_of_a_newer_app_is_left_alone(members: dict[str, object]) -> None:
    assert read_terms(with_clear(a_slot(), **members)) is None


@pytest.mark.parametrize(
    "members",
    [
        {"salt": "00"},
        {"salt": "zz" * 16},
        {"nonce": None},
        {"key_id": "A1B2C3D4E5F60718"},
        {"generation": -1},
        {"generation": "1"},
        {"generation": True},
        {"argon2id": {"memory_kib": 8, "passes": 1}},
        {"argon2id": {"memory_kib": 8.0, "passes": 1, "lanes": 1}},
        {"argon2id": None},
        {"more": 1},
    ],
)
def test_a_slot_of_ours_not_written_as_ours_is_refused(members: dict[str, object]) -> None:
    with pytest.raises(StoreDamaged):
        read_terms(with_clear(a_slot(), **members))


@pytest.mark.parametrize("blob", [b"", b"{}", b"[]\n", b"null\n", b"\xff\n", b'{"kind":"pin"}\n'])
def test_what_is_no_slot_is_refused(blob: bytes) -> None:
    with pytest.raises(StoreDamaged):
        read_terms(StoredSlot(SLOT_ID, blob))


def test_the_same_members_spelled_otherwise_are_refused() -> None:
    slot = a_slot()
    spaced = json.dumps(json.loads(slot.clear), sort_keys=True).encode()
    with pytest.raises(StoreDamaged):
        read_terms(replace(slot, blob=spaced + b"\n" + slot.wrapped))


slot_lists = st.lists(
    st.builds(StoredSlot, st.text(max_size=4), st.binary(max_size=8)),
    max_size=4,
    unique_by=lambda slot: slot.slot_id,
)


@given(slot_lists, slot_lists)
def test_tables_that_differ_have_other_macs(one: list[StoredSlot], other: list[StoredSlot]) -> None:
    def by_id(slots: list[StoredSlot]) -> list[StoredSlot]:
        return sorted(slots, key=lambda slot: slot.slot_id)

    same = table_mac(DATA_KEY, one) == table_mac(DATA_KEY, other)
    assert same == (by_id(one) == by_id(other))


@given(slot_lists)
def test_the_order_of_the_rows_makes_no_difference(slots: list[StoredSlot]) -> None:
    assert table_mac(DATA_KEY, slots) == table_mac(DATA_KEY, slots[::-1])


def test_a_table_without_its_mac_or_with_anothers_is_refused() -> None:
    slots = [a_slot()]
    check_table(DATA_KEY, slots, table_mac(DATA_KEY, slots))
    for mac in (None, b"", bytes(32), table_mac(DataKey(bytes(8), bytes(32)), slots)):
        with pytest.raises(StoreDamaged):
            check_table(DATA_KEY, slots, mac)


@pytest.mark.parametrize("vector", GOLDEN["opens"], ids=lambda vector: str(vector["name"]))
def test_slot_format_1_opens_as_it_did(vector: dict[str, Any]) -> None:
    slot = StoredSlot(vector["slot_id"], bytes.fromhex(vector["blob"]))
    half = bytes.fromhex(vector["device_secret"])
    policy = PRODUCTION_COST if vector["production"] else CHEAP
    key = open_slot(slot, terms_of(slot), vector["secret"], half, policy)
    assert key is not None
    assert key.secret.hex() == vector["data_key"]
    assert key.key_id.hex() == vector["key_id"]
    assert table_mac(key, [slot]).hex() == vector["table_mac"]
