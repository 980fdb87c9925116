"""A new data key: everything is sealed anew, and a kill at any point loses nothing."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from field_app.domain.errors import (
    DeviceSecretMissing,
    DiskFull,
    EnvelopeDamaged,
    WrongPassphrase,
    WrongPin,
)
from field_app.store import metadata, rotation, slot_table
from field_app.store.envelope import read_header
from field_app.store.keyring import Keyring
from field_app.store.slots import StoredSlot
from field_app.store.tables import SEALED_TABLES
from tests.store.kills import failing_at, images_of, survivors
from tests.store.makers import (
    OTHER_PIN,
    PASSPHRASE,
    PIN,
    THIRD_PIN,
    WRONG_PIN,
    SeededEntropy,
    StoreOnDisk,
)

PAYLOADS = {f"r{number}": f"note {number}".encode() for number in range(5)}
ROWS = {
    "sealed_setting": "INSERT INTO sealed_setting VALUES ('token', ?)",
    "change_set": "INSERT INTO change_set VALUES (1, 'set', ?)",
    "draft": "INSERT INTO draft VALUES ('d', ?)",
    "summary_page": "INSERT INTO summary_page VALUES (0, ?)",
}


def fill(store: StoreOnDisk) -> None:
    """A created store with something in every sealed table."""
    keyring = store.vault.create(PIN, PASSPHRASE)
    for record, payload in PAYLOADS.items():
        store.put_envelope(record, payload)
    with store.database.write() as connection:
        for name, statement in ROWS.items():
            blob = keyring.seal(f"@{name}", name, "device", name.encode())
            connection.exec_driver_sql(statement, (blob,))


def rotate(store: StoreOnDisk) -> rotation.Resealed:
    return store.vault.rotate_data_key(PASSPHRASE, OTHER_PIN)


def holds_everything(store: StoreOnDisk, **secret: str) -> bool:
    """Whether a secret opens the store and every row in it; the store is locked afterwards."""
    try:
        assert store.envelopes(**secret) == PAYLOADS
        keyring = store.vault.unlock(**secret)
        with store.database.read() as connection:
            for name in ROWS:
                blob = connection.exec_driver_sql(f"SELECT blob FROM {name}").scalar_one()
                assert keyring.open(f"@{name}", name, "device", blob) == name.encode()
    except (WrongPin, DeviceSecretMissing):
        return False
    finally:
        store.vault.lock()
    return True


def keys_in_use(store: StoreOnDisk) -> set[bytes]:
    with store.database.read() as connection:
        return {
            read_header(blob)[0].key_id
            for name in SEALED_TABLES
            for blob in connection.exec_driver_sql(f"SELECT blob FROM {name}").scalars()
        }


@pytest.fixture
def filled(empty_store: StoreOnDisk) -> StoreOnDisk:
    fill(empty_store)
    return empty_store


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """What kills during a rotation leave, sealed anew four rows a transaction."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(rotation, "_BATCH_ROWS", 4)
        return images_of(tmp_path_factory.mktemp("rotation"), fill, rotate)


def test_the_fixture_has_a_row_in_every_sealed_table() -> None:
    assert set(ROWS) | {"envelope"} == set(SEALED_TABLES)


def test_after_it_everything_opens_under_the_new_key_alone(filled: StoreOnDisk) -> None:
    old = keys_in_use(filled)
    assert rotate(filled) == rotation.Resealed(len(PAYLOADS) + len(ROWS), 0)
    assert len(keys_in_use(filled)) == 1
    assert keys_in_use(filled).isdisjoint(old)
    assert holds_everything(filled, pin=OTHER_PIN)
    assert holds_everything(filled, passphrase=PASSPHRASE)
    assert not holds_everything(filled, pin=PIN)


def test_the_old_data_key_opens_nothing_that_is_on_disk(filled: StoreOnDisk) -> None:
    opened = filled.vault._open(PIN, None)
    rotate(filled)
    filled.close()
    raw = b"".join(file.read_bytes() for file in filled.data.iterdir())
    assert opened.data_key.key_id not in raw
    assert opened.data_key.key_id.hex().encode() not in raw
    assert opened.data_key.secret not in raw


def test_the_keyring_in_use_goes_over_to_the_new_key(filled: StoreOnDisk) -> None:
    keyring = filled.vault.unlock(pin=PIN)
    rotate(filled)
    assert filled.vault.unlock(pin=OTHER_PIN) is keyring
    blob = keyring.seal("social", "r", "person/p", b"written afterwards")
    assert read_header(blob)[0].key_id == keyring.key_id
    assert keys_in_use(filled) == {keyring.key_id}


def test_only_the_passphrase_and_a_new_pin_will_do(filled: StoreOnDisk) -> None:
    with pytest.raises(WrongPassphrase):
        filled.vault.rotate_data_key(WRONG_PIN, OTHER_PIN)
    assert holds_everything(filled, pin=PIN)


def test_killed_anywhere_the_old_or_the_new_pin_opens_everything(
    images: list[Path], tmp_path: Path
) -> None:
    outcomes = []
    for left in survivors(images, tmp_path):
        new, old = holds_everything(left, pin=OTHER_PIN), holds_everything(left, pin=PIN)
        assert new != old
        assert holds_everything(left, passphrase=PASSPHRASE)
        assert len(keys_in_use(left)) == 1
        with left.database.read() as connection:
            assert metadata.get(connection, "previous_key") is None
            assert len(metadata.under(connection, "slot_mac/")) == 1
        outcomes.append(new)
    assert outcomes == sorted(outcomes)
    assert len(outcomes) > 10


def test_killed_anywhere_the_passphrase_opens_everything_and_decides(
    images: list[Path], tmp_path: Path
) -> None:
    for left in survivors(images, tmp_path):
        assert holds_everything(left, passphrase=PASSPHRASE)
        assert len(keys_in_use(left)) == 1
        assert holds_everything(left, pin=OTHER_PIN) != holds_everything(left, pin=PIN)


def test_killed_anywhere_the_old_pin_used_first_still_finds_everything(
    images: list[Path], tmp_path: Path
) -> None:
    for left in survivors(images, tmp_path):
        old, new = holds_everything(left, pin=PIN), holds_everything(left, pin=OTHER_PIN)
        assert old != new
        assert holds_everything(left, passphrase=PASSPHRASE)


def test_killed_anywhere_a_second_rotation_goes_through(images: list[Path], tmp_path: Path) -> None:
    for left in survivors(images, tmp_path):
        left.vault.rotate_data_key(PASSPHRASE, THIRD_PIN)
        assert holds_everything(left, pin=THIRD_PIN)
        assert len(keys_in_use(left)) == 1


def test_a_full_disk_on_the_way_leaves_a_store_that_opens_and_goes_on_later(
    filled: StoreOnDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*arguments: object) -> None:
        raise DiskFull("no room")

    with monkeypatch.context() as patched:
        patched.setattr(Keyring, "reseal", full)
        with pytest.raises(DiskFull):
            rotate(filled)
        filled.vault.lock()
        assert holds_everything(filled, pin=OTHER_PIN)
    assert len(keys_in_use(filled)) == 1, "still the old one"
    before = keys_in_use(filled)
    assert holds_everything(filled, pin=OTHER_PIN)
    assert keys_in_use(filled).isdisjoint(before)


def test_a_failure_anywhere_leaves_a_running_app_that_works_on(tmp_path: Path) -> None:
    """Not killed: the keyring in use goes on sealing, and nothing it sealed is lost."""
    for number in itertools.count(1, 11):
        store = StoreOnDisk(tmp_path / str(number))
        fill(store)
        keyring = store.vault.unlock(pin=PIN)
        try:
            with failing_at(store, number):
                rotate(store)
        except DiskFull:
            failed = True
        else:
            failed = False
        with store.database.write() as connection:
            blob = keyring.seal("@draft", "draft", "device", b"draft")
            connection.exec_driver_sql("UPDATE draft SET blob = ?", (blob,))
        assert store.vault.unlock(passphrase=PASSPHRASE) is keyring
        with store.database.write() as connection:
            blob = keyring.seal("@sealed_setting", "sealed_setting", "device", b"sealed_setting")
            connection.exec_driver_sql("UPDATE sealed_setting SET blob = ?", (blob,))
        assert store.envelopes(passphrase=PASSPHRASE) == PAYLOADS
        rotate(store)
        assert holds_everything(store, pin=OTHER_PIN)
        assert len(keys_in_use(store)) == 1
        store.close()
        if not failed:
            break
    assert number > 40


def test_what_did_not_open_before_is_left_as_it_was_and_counted(filled: StoreOnDisk) -> None:
    with filled.database.write() as connection:
        connection.exec_driver_sql(
            "UPDATE envelope SET blob = CAST(substr(blob, 1, length(blob) - 1) || 'x' AS BLOB)"
            " WHERE record_id = 'r3'"
        )
    assert rotate(filled) == rotation.Resealed(len(PAYLOADS) + len(ROWS) - 1, 1)


def test_many_rows_are_sealed_anew_batch_by_batch(
    filled: StoreOnDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotation, "_BATCH_ROWS", 2)
    assert rotate(filled).sealed_anew == len(PAYLOADS) + len(ROWS)


def test_the_kept_old_key_cannot_be_exchanged(filled: StoreOnDisk) -> None:
    entropy = SeededEntropy("other")
    opened = filled.vault._open(PIN, None)
    with filled.database.write() as connection:
        rotation.keep_previous(connection, opened.data_key, opened.data_key, entropy)
        blob = bytearray(metadata.get(connection, "previous_key") or b"")
        blob[-1] ^= 1
        metadata.put(connection, "previous_key", bytes(blob))
    filled.vault.lock()
    with pytest.raises(EnvelopeDamaged):
        filled.vault.unlock(pin=PIN)


def test_slots_of_a_newer_app_cannot_be_carried_over_and_go(filled: StoreOnDisk) -> None:
    data_key = filled.vault._open(PIN, None).data_key
    unknown = StoredSlot("bio", b'{"format":1,"kind":"biometric"}\n')
    with filled.database.write() as connection:
        slot_table.change(connection, [data_key], add=[unknown])
    rotate(filled)
    with filled.database.read() as connection:
        assert unknown not in slot_table.all_slots(connection)
    assert holds_everything(filled, pin=OTHER_PIN)


def test_the_counts_of_the_old_key_go_with_it(filled: StoreOnDisk) -> None:
    rotate(filled)
    keyring = filled.vault.unlock(pin=OTHER_PIN)
    with filled.database.read() as connection:
        counts = metadata.under(connection, "seals/")
    assert counts
    assert all(name.startswith(keyring.key_id.hex()) for name in counts)
