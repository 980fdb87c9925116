"""Unlocking gives keys or an error, never a yes."""

from __future__ import annotations

import inspect
import shutil
from pathlib import Path

import pytest

from field_app.domain.errors import (
    CryptographyBroken,
    DeviceSecretMissing,
    InvalidInput,
    KeystoreUnavailable,
    KeyWorn,
    PassphraseNotAllowed,
    PinTooSimple,
    StoreDamaged,
    StoreExists,
    StoreFromNewerVersion,
    StoreLocked,
    StoreMissing,
    WrongPassphrase,
    WrongPin,
)
from field_app.store import metadata, slot_table, vault
from field_app.store.keyring import Keyring
from field_app.store.slots import StoredSlot
from field_app.store.stretching import PRODUCTION_COST
from field_app.store.vault import Vault
from tests.store.makers import (
    CHEAP,
    OTHER_PASSPHRASE,
    OTHER_PIN,
    PASSPHRASE,
    PIN,
    WRONG_PIN,
    MemoryKeystore,
    SeededEntropy,
    SettableClock,
    StoreOnDisk,
)


def slots_of(store: StoreOnDisk) -> list[StoredSlot]:
    with store.database.read() as connection:
        return slot_table.all_slots(connection)


@pytest.mark.parametrize(
    "secret",
    [
        {"pin": PIN},
        {"pin": "482 915"},
        {"passphrase": PASSPHRASE},
        {"passphrase": PASSPHRASE.upper().replace(" ", "-")},
    ],
)
def test_both_secrets_open_the_same_store(store: StoreOnDisk, secret: dict[str, str]) -> None:
    store.put_envelope("r", b"Nukkunut porraskaytavassa.")
    store.vault.lock()
    assert store.envelopes(**secret) == {"r": b"Nukkunut porraskaytavassa."}


def test_a_wrong_secret_opens_nothing(store: StoreOnDisk) -> None:
    store.vault.lock()
    with pytest.raises(WrongPin):
        store.vault.unlock(pin=WRONG_PIN)
    with pytest.raises(WrongPassphrase):
        store.vault.unlock(passphrase=OTHER_PASSPHRASE)
    with pytest.raises(WrongPassphrase):
        store.vault.unlock(passphrase="")


@pytest.mark.parametrize("secrets", [{}, {"pin": PIN, "passphrase": PASSPHRASE}])
def test_one_secret_is_asked_for_and_not_two(store: StoreOnDisk, secrets: dict[str, str]) -> None:
    with pytest.raises(InvalidInput):
        store.vault.unlock(**secrets)


def test_nothing_that_unlocks_answers_yes_or_no() -> None:
    for method in (Vault.create, Vault.unlock):
        assert inspect.signature(method).return_annotation == "Keyring"


def test_a_gate_patched_open_leaves_the_data_sealed(
    store: StoreOnDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.put_envelope("r", b"x")
    keyring = store.vault.unlock(pin=PIN)
    store.vault.lock()
    monkeypatch.setattr(Keyring, "is_open", True)
    with store.database.read() as connection:
        blob = connection.exec_driver_sql("SELECT blob FROM envelope").scalar_one()
    with pytest.raises(StoreLocked):
        keyring.open("common", "r", "person/p", blob)


def test_locking_drops_the_keys_of_everyone(store: StoreOnDisk) -> None:
    keyring = store.vault.unlock(pin=PIN)
    store.vault.lock()
    store.vault.lock()
    with pytest.raises(StoreLocked):
        keyring.seal("common", "r", "person/p", b"x")


def test_unlocking_an_open_store_gives_the_same_keyring(store: StoreOnDisk) -> None:
    assert store.vault.unlock(pin=PIN) is store.vault.unlock(passphrase=PASSPHRASE)


def test_proving_again_does_not_open_a_locked_store(store: StoreOnDisk) -> None:
    keyring = store.vault.unlock(pin=PIN)
    store.vault.lock()
    store.vault.prove(pin=PIN)
    with pytest.raises(StoreLocked):
        keyring.seal("common", "r", "person/p", b"x")
    with pytest.raises(WrongPin):
        store.vault.prove(pin=WRONG_PIN)


def test_before_anything_was_created(empty_store: StoreOnDisk) -> None:
    assert not empty_store.vault.exists
    for secret in ({"pin": PIN}, {"passphrase": PASSPHRASE}):
        with pytest.raises(StoreMissing):
            empty_store.vault.unlock(**secret)


def test_a_store_is_not_created_over_another(store: StoreOnDisk) -> None:
    store.put_envelope("r", b"x")
    with pytest.raises(StoreExists):
        store.vault.create(OTHER_PIN, OTHER_PASSPHRASE)
    assert store.envelopes(pin=PIN) == {"r": b"x"}


def test_a_weak_pin_or_a_thought_up_passphrase_creates_nothing(empty_store: StoreOnDisk) -> None:
    with pytest.raises(PinTooSimple):
        empty_store.vault.create("123456", PASSPHRASE)
    with pytest.raises(PassphraseNotAllowed):
        empty_store.vault.create(PIN, "kissa istuu puussa")
    assert not empty_store.vault.exists
    assert not (empty_store.root / "keystore").exists()


def test_two_stores_with_the_same_secrets_share_no_key(tmp_path: Path) -> None:
    keys = set()
    for name in ("one", "other"):
        store = StoreOnDisk(tmp_path / name, seed=name)
        keys.add(store.vault.create(PIN, PASSPHRASE).derived("x"))
        store.close()
    assert len(keys) == 2


def test_the_files_copied_without_the_devices_secret_never_open_by_pin(
    store: StoreOnDisk, tmp_path: Path
) -> None:
    store.close()
    shutil.copytree(store.data, tmp_path / "stolen" / "data")
    stolen = StoreOnDisk(tmp_path / "stolen")
    with pytest.raises(DeviceSecretMissing):
        stolen.vault.unlock(pin=PIN)
    keystore = tmp_path / "stolen" / "keystore"
    (name,) = [file.name for file in (store.root / "keystore").iterdir()]
    keystore.mkdir(mode=0o700)
    for guess in (bytes(32), bytes(range(32)), b"\xff" * 32):
        (keystore / name).touch(0o600)
        (keystore / name).write_bytes(guess)
        with pytest.raises(WrongPin):
            stolen.vault.unlock(pin=PIN)
    stolen.close()


def test_without_the_keystore_the_passphrase_opens_and_sets_a_new_pin(tmp_path: Path) -> None:
    keystore = MemoryKeystore()
    store = StoreOnDisk(tmp_path, keystore=keystore)
    store.vault.create(PIN, PASSPHRASE)
    store.put_envelope("r", b"x")
    keystore.secrets.clear()
    with pytest.raises(DeviceSecretMissing):
        store.vault.unlock(pin=PIN)
    store.vault.change_pin(OTHER_PIN, passphrase=PASSPHRASE)
    assert store.envelopes(pin=OTHER_PIN) == {"r": b"x"}
    store.close()


def test_a_keystore_that_does_not_answer_is_no_wrong_pin(tmp_path: Path) -> None:
    keystore = MemoryKeystore()
    store = StoreOnDisk(tmp_path, keystore=keystore)
    store.vault.create(PIN, PASSPHRASE)
    keystore.unavailable = True
    for _ in range(10):
        with pytest.raises(KeystoreUnavailable):
            store.vault.unlock(pin=PIN)
    store.vault.unlock(passphrase=PASSPHRASE)
    with pytest.raises(KeystoreUnavailable):
        store.vault.change_pin(OTHER_PIN, passphrase=PASSPHRASE)
    keystore.unavailable = False
    store.vault.unlock(pin=PIN)
    store.close()


def test_a_keystore_that_keeps_something_else_is_noticed_before_the_old_slot_goes(
    tmp_path: Path,
) -> None:
    class Forgetful(MemoryKeystore):
        broken = False

        def store(self, name: str, secret: bytes) -> None:
            super().store(name, bytes(32) if self.broken else secret)

    keystore = Forgetful()
    store = StoreOnDisk(tmp_path, keystore=keystore)
    store.vault.create(PIN, PASSPHRASE)
    keystore.broken = True
    with pytest.raises(StoreDamaged):
        store.vault.change_pin(OTHER_PIN, pin=PIN)
    store.vault.lock()
    store.vault.unlock(pin=PIN)
    assert len(slots_of(store)) == 2
    assert len(keystore.secrets) == 1
    store.close()


def test_a_creation_whose_pin_would_not_open_is_taken_back_whole(tmp_path: Path) -> None:
    class Forgetful(MemoryKeystore):
        broken = True

        def store(self, name: str, secret: bytes) -> None:
            super().store(name, bytes(32) if self.broken else secret)

    keystore = Forgetful()
    store = StoreOnDisk(tmp_path, keystore=keystore)
    with pytest.raises(StoreDamaged):
        store.vault.create(PIN, PASSPHRASE)
    assert not store.vault.exists
    assert not keystore.secrets
    keystore.broken = False
    store.vault.create(PIN, PASSPHRASE)
    store.vault.lock()
    store.vault.unlock(pin=PIN)
    store.close()


@pytest.mark.parametrize(
    "change", ["removed", "added", "exchanged", "unknown altered", "of another type"]
)
def test_an_edited_slot_table_is_refused(store: StoreOnDisk, change: str) -> None:
    _add_unknown_slot(store)
    statement = {
        "removed": "DELETE FROM slot WHERE name = 'bio'",
        "added": "INSERT INTO slot VALUES ('x', x'7b226b696e64223a2278222c22666f726d6174223a317d')",
        "exchanged": "UPDATE slot SET name = 'y' WHERE name = 'bio'",
        "unknown altered": "UPDATE slot SET blob = CAST(blob || 'x' AS BLOB) WHERE name = 'bio'",
        "of another type": "UPDATE slot SET blob = CAST(blob AS TEXT) WHERE name = 'bio'",
    }[change]
    with store.database.write() as connection:
        connection.exec_driver_sql(statement)
    for secret in ({"pin": PIN}, {"passphrase": PASSPHRASE}):
        with pytest.raises(StoreDamaged):
            store.vault.unlock(**secret)


def _add_unknown_slot(store: StoreOnDisk) -> StoredSlot:
    """A biometric slot, as a newer app would write it."""
    data_key = store.vault._open(PIN, None).data_key
    slot = StoredSlot("bio", b'{"format":1,"kind":"biometric"}\n\x00\xff anything')
    with store.database.write() as connection:
        slot_table.change(connection, [data_key], add=[slot])
    return slot


def test_slots_of_a_newer_app_survive_every_change_byte_for_byte(store: StoreOnDisk) -> None:
    unknown = _add_unknown_slot(store)
    store.vault.change_pin(OTHER_PIN, pin=PIN)
    store.vault.change_passphrase(OTHER_PASSPHRASE, pin=OTHER_PIN)
    assert unknown in slots_of(store)
    store.vault.lock()
    store.vault.unlock(passphrase=OTHER_PASSPHRASE)


def test_only_slots_of_a_newer_app_are_told_as_such(store: StoreOnDisk) -> None:
    with store.database.write() as connection:
        connection.exec_driver_sql("UPDATE slot SET blob = ?", (b'{"kind":"pin","format":2}',))
    with pytest.raises(StoreFromNewerVersion):
        store.vault.unlock(pin=PIN)


def test_how_much_a_key_has_sealed_is_kept(store: StoreOnDisk) -> None:
    store.put_envelope("r1", b"x")
    store.put_envelope("r2", b"x")
    store.close()
    again = StoreOnDisk(store.root, seed="again")
    keyring = again.vault.unlock(pin=PIN)
    assert keyring.register_key("common").seals == 2
    keyring.register_key("common").seals_max = 2
    with pytest.raises(KeyWorn):
        keyring.seal("common", "r3", "person/p", b"x")
    again.close()


def test_production_cost_is_what_a_vault_takes_unless_told_otherwise(tmp_path: Path) -> None:
    assert inspect.signature(Vault).parameters["cost"].default is PRODUCTION_COST


def test_a_store_made_cheaply_by_a_test_is_refused_in_production(store: StoreOnDisk) -> None:
    strict = Vault(store.database, store.keystore, store.clock, SeededEntropy("strict"))
    with pytest.raises(StoreDamaged):
        strict.unlock(pin=PIN)


def test_a_device_whose_cryptography_is_broken_opens_nothing(
    store: StoreOnDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise CryptographyBroken("another answer", primitive="AES-256-GCM")

    monkeypatch.setattr(vault, "prove_primitives", broken)
    with pytest.raises(CryptographyBroken):
        Vault(store.database, MemoryKeystore(), SettableClock(), SeededEntropy(), CHEAP)


def test_the_store_has_an_id_of_its_own(store: StoreOnDisk) -> None:
    with store.database.read() as connection:
        assert len(metadata.get(connection, "store_id") or b"") == 16
