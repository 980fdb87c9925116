"""A change of PIN or passphrase, killed anywhere, loses nothing; once done, the old is nowhere."""

from __future__ import annotations

import itertools
import json
import re
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from field_app.domain.errors import (
    DeviceSecretMissing,
    DiskFull,
    PinTooSimple,
    StoreDamaged,
    StoreMissing,
    WrongPassphrase,
    WrongPin,
)
from field_app.store import slot_table
from field_app.store.slots import StoredSlot, open_slot, read_terms
from tests.store.kills import failing_at, images_of, survivors
from tests.store.makers import (
    CHEAP,
    OTHER_PASSPHRASE,
    OTHER_PIN,
    PASSPHRASE,
    PIN,
    THIRD_PIN,
    WRONG_PIN,
    StoreOnDisk,
)

PAYLOADS = {"r1": b"Tavattu aseman kulmalla.", "r2": "Sukat ja eväät annettu.".encode()}


def create(store: StoreOnDisk) -> None:
    store.vault.create(PIN, PASSPHRASE)
    for record, payload in PAYLOADS.items():
        store.put_envelope(record, payload)


def opens(store: StoreOnDisk, **secret: str) -> bool:
    """Whether a secret opens the store with everything in it; the store is locked afterwards."""
    try:
        assert store.envelopes(**secret) == PAYLOADS
    except (WrongPin, WrongPassphrase, DeviceSecretMissing):
        return False
    finally:
        store.vault.lock()
    return True


def secrets_in(store: StoreOnDisk) -> set[str]:
    return {file.stem for file in (store.root / "keystore").glob("*.secret")}


def pin_slots(store: StoreOnDisk) -> set[str]:
    with store.database.read() as connection:
        slots = slot_table.own_slots(slot_table.all_slots(connection))
    return {f"pin-{slot.slot_id}" for slot, terms in slots if terms.kind == "pin"}


@pytest.fixture(scope="module")
def pin_change_images(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """What kills during a change of the PIN leave."""
    folder = tmp_path_factory.mktemp("pin")
    return images_of(folder, create, lambda store: store.vault.change_pin(OTHER_PIN, pin=PIN))


@pytest.mark.parametrize("proof", [{"pin": PIN}, {"passphrase": PASSPHRASE}])
def test_a_new_pin_opens_and_the_old_one_does_not(
    store: StoreOnDisk, proof: dict[str, str]
) -> None:
    store.vault.change_pin(OTHER_PIN, **proof)
    store.vault.lock()
    store.vault.unlock(pin=OTHER_PIN)
    store.vault.lock()
    with pytest.raises(WrongPin):
        store.vault.unlock(pin=PIN)
    store.vault.unlock(passphrase=PASSPHRASE)


def test_a_new_passphrase_opens_and_the_old_one_does_not(store: StoreOnDisk) -> None:
    store.vault.change_passphrase(OTHER_PASSPHRASE, pin=PIN)
    store.vault.lock()
    with pytest.raises(WrongPassphrase):
        store.vault.unlock(passphrase=PASSPHRASE)
    store.vault.unlock(passphrase=OTHER_PASSPHRASE)
    store.vault.unlock(pin=PIN)


def test_a_change_wants_proof_even_while_the_store_is_open(store: StoreOnDisk) -> None:
    with pytest.raises(WrongPin):
        store.vault.change_pin(OTHER_PIN, pin=WRONG_PIN)
    with pytest.raises(WrongPassphrase):
        store.vault.change_passphrase(OTHER_PASSPHRASE, passphrase=OTHER_PASSPHRASE)
    store.vault.unlock(pin=PIN)


def test_a_weak_new_pin_changes_nothing(store: StoreOnDisk) -> None:
    with pytest.raises(PinTooSimple):
        store.vault.change_pin("111111", pin=PIN)
    store.vault.unlock(pin=PIN)


def test_the_keyring_stays_open_through_a_change(store: StoreOnDisk) -> None:
    keyring = store.vault.unlock(pin=PIN)
    store.vault.change_pin(OTHER_PIN, pin=PIN)
    assert keyring.is_open
    assert store.vault.unlock(pin=OTHER_PIN) is keyring


def test_the_same_pin_may_be_set_again(store: StoreOnDisk) -> None:
    store.vault.change_pin(PIN, pin=PIN)
    store.vault.lock()
    store.vault.unlock(pin=PIN)
    assert secrets_in(store) == pin_slots(store)


def test_a_creation_killed_anywhere_is_done_or_can_be_done_again(tmp_path: Path) -> None:
    images = images_of(
        tmp_path, lambda store: None, lambda store: store.vault.create(PIN, PASSPHRASE)
    )
    assert len(images) > 5
    for left in survivors(images, tmp_path):
        try:
            left.vault.unlock(pin=PIN)
        except StoreMissing:
            left.vault.create(PIN, PASSPHRASE)
        left.vault.lock()
        left.vault.unlock(passphrase=PASSPHRASE)
        assert secrets_in(left) == pin_slots(left)


def test_a_pin_change_killed_anywhere_leaves_exactly_one_pin(
    pin_change_images: list[Path], tmp_path: Path
) -> None:
    outcomes = []
    for left in survivors(pin_change_images, tmp_path):
        assert opens(left, passphrase=PASSPHRASE)
        new, old = opens(left, pin=OTHER_PIN), opens(left, pin=PIN)
        assert new != old
        assert secrets_in(left) == pin_slots(left)
        outcomes.append(new)
    assert outcomes == sorted(outcomes), "once the new PIN holds, it holds"
    assert outcomes[0] is False
    assert outcomes[-1] is True


def test_after_a_kill_the_old_pin_used_first_takes_the_new_one_back(
    pin_change_images: list[Path], tmp_path: Path
) -> None:
    for left in survivors(pin_change_images, tmp_path):
        old, new = opens(left, pin=PIN), opens(left, pin=OTHER_PIN)
        assert old != new
        assert opens(left, passphrase=PASSPHRASE)
        assert secrets_in(left) == pin_slots(left)


def test_a_passphrase_change_killed_anywhere_leaves_exactly_one_passphrase(tmp_path: Path) -> None:
    images = images_of(
        tmp_path, create, lambda store: store.vault.change_passphrase(OTHER_PASSPHRASE, pin=PIN)
    )
    for left in survivors(images, tmp_path):
        assert opens(left, pin=PIN)
        new, old = opens(left, passphrase=OTHER_PASSPHRASE), opens(left, passphrase=PASSPHRASE)
        assert new != old


def test_a_change_taken_up_after_a_kill_goes_through(
    pin_change_images: list[Path], tmp_path: Path
) -> None:
    for left in survivors(pin_change_images, tmp_path):
        left.vault.change_pin(THIRD_PIN, passphrase=PASSPHRASE)
        assert [opens(left, pin=pin) for pin in (PIN, OTHER_PIN, THIRD_PIN)] == [
            False,
            False,
            True,
        ]
        assert secrets_in(left) == pin_slots(left)


def test_a_failure_anywhere_leaves_a_store_that_opens_and_changes_later(tmp_path: Path) -> None:
    for number in itertools.count(1):
        store = StoreOnDisk(tmp_path / str(number))
        create(store)
        keyring = store.vault.unlock(pin=PIN)
        failed = True
        try:
            with failing_at(store, number):
                store.vault.change_pin(OTHER_PIN, pin=PIN)
            failed = False
        except DiskFull:
            pass
        assert store.vault.unlock(passphrase=PASSPHRASE) is keyring
        store.vault.change_pin(THIRD_PIN, passphrase=PASSPHRASE)
        assert [opens(store, pin=pin) for pin in (PIN, OTHER_PIN, THIRD_PIN)] == [
            False,
            False,
            True,
        ]
        store.close()
        if not failed:
            return


def carved_slots(directory: Path) -> list[StoredSlot]:
    """Every slot that can be cut out of any byte of any file, under every id seen anywhere."""
    files = [file.read_bytes() for file in sorted(directory.rglob("*")) if file.is_file()]
    ids = {found.decode() for raw in files for found in re.findall(rb"(?=([0-9a-f]{32}))", raw)}
    blobs = {
        raw[found.start() : found.end() + 48]
        for raw in files
        for found in re.finditer(rb'\{"argon2id":\{[^{}]*\}[^{}]*\}\n', raw)
    }
    return [StoredSlot(slot_id, blob) for slot_id, blob in itertools.product(ids, blobs)]


def opened_by(slots: list[StoredSlot], secret: str, halves: list[bytes]) -> int:
    """How many of the slots a secret opens with any of these device secrets."""
    count = 0
    for slot in slots:
        try:
            terms = read_terms(slot)
        except StoreDamaged:
            continue
        for half in halves if terms else ():
            assert terms is not None
            count += open_slot(slot, terms, secret, half, CHEAP) is not None
    return count


def test_a_retired_pin_opens_nothing_in_any_byte_on_disk(store: StoreOnDisk) -> None:
    """Even with the device secret of that time: the slot itself is nowhere any more."""
    halves = [file.read_bytes() for file in (store.root / "keystore").iterdir()]
    assert opened_by(carved_slots(store.data), PIN, halves) > 0, "before the change it is found"
    store.vault.change_pin(OTHER_PIN, pin=PIN)
    halves += [file.read_bytes() for file in (store.root / "keystore").iterdir()]
    carved = carved_slots(store.data)
    assert opened_by(carved, OTHER_PIN, halves) > 0
    assert opened_by(carved, PIN, halves) == 0


def test_before_the_log_is_emptied_the_retired_slot_would_be_found(
    store: StoreOnDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The proof that the test above looks in the right place."""
    halves = [file.read_bytes() for file in (store.root / "keystore").iterdir()]
    monkeypatch.setattr(store.database, "empty_log", lambda: True)
    store.vault.change_pin(OTHER_PIN, pin=PIN)
    assert opened_by(carved_slots(store.data), PIN, halves) > 0


changes = st.lists(
    st.sampled_from(["pin", "passphrase", "draft", "wrong pin", "reopen"]), min_size=1, max_size=12
)


@settings(max_examples=12, deadline=None)
@given(changes)
def test_whatever_happens_no_byte_of_a_retired_slot_stays(steps: list[str]) -> None:
    with TemporaryDirectory() as folder:
        store = StoreOnDisk(Path(folder))
        store.vault.create(PIN, PASSPHRASE)
        retired: set[bytes] = set()
        for number, step in enumerate(steps):
            before = _distinct_bytes(store)
            if step == "pin":
                store.vault.change_pin(f"48291{number % 10}7", passphrase=PASSPHRASE)
            elif step == "passphrase":
                store.vault.change_passphrase(PASSPHRASE, passphrase=PASSPHRASE)
            elif step == "draft":
                keyring = store.vault.unlock(passphrase=PASSPHRASE)
                with store.database.write() as connection:
                    blob = keyring.seal("@draft", str(number), "device", bytes(3000))
                    connection.exec_driver_sql(
                        "INSERT INTO draft VALUES (?, ?)", (str(number), blob)
                    )
            elif step == "wrong pin":
                with pytest.raises(WrongPin):
                    store.vault.unlock(pin=WRONG_PIN)
                store.clock.move(hours=1)
            else:
                store.close()
                store = StoreOnDisk(Path(folder), seed=f"again {number}")
            retired |= before - _distinct_bytes(store)
        on_disk = b"".join(file.read_bytes() for file in store.data.iterdir())
        assert not [part for part in retired if part in on_disk]
        store.close()


def _distinct_bytes(store: StoreOnDisk) -> set[bytes]:
    """What tells each slot from all others: its salt, nonce and wrapped key."""
    with store.database.read() as connection:
        slots = slot_table.all_slots(connection)
    found: set[bytes] = set()
    for slot in slots:
        clear = json.loads(slot.clear)
        found |= {clear["salt"].encode(), clear["nonce"].encode(), slot.wrapped[:16]}
    return found


def test_a_keystore_that_will_not_forget_is_asked_again_at_the_next_unlocking(
    store: StoreOnDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    keystore = store.root / "keystore"
    keystore.chmod(0o700)
    kept = shutil.copytree(keystore, store.root / "kept")
    store.vault.change_pin(OTHER_PIN, pin=PIN)
    for file in kept.iterdir():
        shutil.copy(file, keystore / file.name)
    with store.database.write() as connection:
        slot_table.note_cleanup(connection, [file.stem for file in kept.iterdir()])
    store.vault.lock()
    store.vault.unlock(pin=OTHER_PIN)
    assert secrets_in(store) == pin_slots(store)
