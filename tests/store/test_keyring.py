"""The keys of an open store: there while it is open, gone when it is locked."""

from __future__ import annotations

import pytest

from field_app.domain.errors import EnvelopeDamaged, KeyWorn, StoreLocked
from field_app.store.keyring import DataKey, Keyring, derive
from tests.store.makers import SeededEntropy

ROW = ("social", "r", "person/p")


def a_keyring(seed: str = "keyring", previous: DataKey | None = None) -> tuple[DataKey, Keyring]:
    entropy = SeededEntropy(seed)
    data_key = DataKey.new(entropy)
    return data_key, Keyring(data_key, entropy, previous=previous)


def test_a_closed_keyring_opens_and_seals_nothing() -> None:
    _, keyring = a_keyring()
    blob = keyring.seal(*ROW, b"x")
    keyring.close()
    assert not keyring.is_open
    with pytest.raises(StoreLocked):
        keyring.open(*ROW, blob)
    with pytest.raises(StoreLocked):
        keyring.seal(*ROW, b"x")
    with pytest.raises(StoreLocked):
        keyring.derived("anything")


def test_a_register_key_held_on_to_is_dropped_with_the_keyring() -> None:
    _, keyring = a_keyring()
    held = keyring.register_key("social")
    keyring.close()
    with pytest.raises(StoreLocked):
        held.seal("r", "person/p", b"x")


def test_closing_at_the_end_of_a_block() -> None:
    with a_keyring()[1] as keyring:
        keyring.seal(*ROW, b"x")
    assert not keyring.is_open


def test_keys_of_different_purposes_differ() -> None:
    purposes = ["register/common", "register/social", "register/@draft", "slot-table"]
    assert len({derive(bytes(32), purpose) for purpose in purposes}) == len(purposes)


def test_neither_a_key_nor_a_keyring_shows_its_secret() -> None:
    data_key, keyring = a_keyring()
    shown = repr(data_key) + repr(keyring) + str(vars(keyring))
    assert data_key.secret.hex() not in shown
    assert repr(data_key.secret) not in shown


def test_while_a_rotation_runs_both_keys_open() -> None:
    old, before = a_keyring("old")
    blob = before.seal(*ROW, b"x")
    _, keyring = a_keyring("new", previous=old)
    assert keyring.open(*ROW, blob) == b"x"
    keyring.forget_previous()
    with pytest.raises(EnvelopeDamaged):
        keyring.open(*ROW, blob)


def test_sealing_anew_keeps_row_and_payload_and_changes_the_key() -> None:
    old, before = a_keyring("old")
    blob = before.seal(*ROW, b"x")
    _, keyring = a_keyring("new", previous=old)
    anew = keyring.reseal(blob)
    keyring.forget_previous()
    assert keyring.open(*ROW, anew) == b"x"


def test_going_over_to_a_new_key_drops_what_was_held_of_the_old() -> None:
    old, keyring = a_keyring("old")
    blob, held = keyring.seal(*ROW, b"x"), keyring.register_key("social")
    new = DataKey.new(SeededEntropy("new"))
    keyring.adopt(new, old)
    assert keyring.key_id == new.key_id
    assert keyring.open(*ROW, blob) == b"x"
    with pytest.raises(StoreLocked):
        held.seal("r", "person/p", b"x")


def test_seals_are_counted_on_from_what_was_written() -> None:
    entropy = SeededEntropy()
    keyring = Keyring(DataKey.new(entropy), entropy, seals_so_far=lambda register: 9, seals_max=10)
    assert list(keyring.unwritten_counts()) == []
    keyring.seal(*ROW, b"x")
    assert list(keyring.unwritten_counts()) == [("social", 10)]
    assert list(keyring.unwritten_counts()) == []
    with pytest.raises(KeyWorn):
        keyring.seal(*ROW, b"x")
    keyring.seal("common", "r", "person/p", b"another register's key is fresh")
