"""The desk's keystore keeps a secret for its user alone, whole or not at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from field_app.domain.errors import DeviceSecretMissing, KeystoreUnavailable
from field_app.store.keystore import DeviceKeystore, FileKeystore
from tests.store.makers import MemoryKeystore

SECRET = bytes(range(32))


@pytest.fixture(params=["file", "memory"])
def keystore(request: pytest.FixtureRequest, tmp_path: Path) -> DeviceKeystore:
    return FileKeystore(tmp_path / "keystore") if request.param == "file" else MemoryKeystore()


def test_what_is_kept_is_loaded(keystore: DeviceKeystore) -> None:
    keystore.store("pin-1", SECRET)
    assert keystore.load("pin-1") == SECRET


def test_keeping_again_replaces(keystore: DeviceKeystore) -> None:
    keystore.store("pin-1", SECRET)
    keystore.store("pin-1", bytes(32))
    assert keystore.load("pin-1") == bytes(32)


def test_names_are_kept_apart(keystore: DeviceKeystore) -> None:
    keystore.store("pin-1", SECRET)
    keystore.store("pin-2", bytes(32))
    keystore.delete("pin-2")
    assert keystore.load("pin-1") == SECRET


def test_a_forgotten_secret_is_missing(keystore: DeviceKeystore) -> None:
    keystore.store("pin-1", SECRET)
    keystore.delete("pin-1")
    with pytest.raises(DeviceSecretMissing):
        keystore.load("pin-1")


def test_forgetting_what_is_not_there_is_fine(keystore: DeviceKeystore) -> None:
    keystore.delete("pin-1")


def test_only_its_user_can_read_the_file(tmp_path: Path) -> None:
    FileKeystore(tmp_path / "keystore").store("pin-1", SECRET)
    assert stat.S_IMODE((tmp_path / "keystore").stat().st_mode) == 0o700
    (file,) = (tmp_path / "keystore").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_file_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    keystore = FileKeystore(tmp_path)
    keystore.store("pin-1", SECRET)
    (tmp_path / "pin-1.secret").chmod(mode)
    with pytest.raises(KeystoreUnavailable):
        keystore.load("pin-1")


@pytest.mark.parametrize("content", [b"", SECRET[:-1], SECRET + b"x"])
def test_a_file_of_another_length_is_refused(tmp_path: Path, content: bytes) -> None:
    keystore = FileKeystore(tmp_path)
    keystore.store("pin-1", SECRET)
    (tmp_path / "pin-1.secret").write_bytes(content)
    with pytest.raises(KeystoreUnavailable):
        keystore.load("pin-1")


def test_a_kill_while_writing_leaves_the_old_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keystore = FileKeystore(tmp_path)
    keystore.store("pin-1", SECRET)

    def killed(descriptor: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", killed)
    with pytest.raises(KeyboardInterrupt):
        keystore.store("pin-1", bytes(32))
    monkeypatch.undo()
    assert keystore.load("pin-1") == SECRET
    keystore.store("pin-1", bytes(32))
    assert keystore.load("pin-1") == bytes(32)


def test_a_folder_that_cannot_be_made_is_an_unavailable_keystore(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    keystore = FileKeystore(tmp_path / "taken")
    with pytest.raises(KeystoreUnavailable):
        keystore.store("pin-1", SECRET)
    with pytest.raises(KeystoreUnavailable):
        keystore.load("pin-1")
    with pytest.raises(KeystoreUnavailable):
        keystore.delete("pin-1")


@pytest.mark.parametrize("name", ["../escape", "a/b", "a.b", ""])
def test_a_name_cannot_lead_out_of_the_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(KeystoreUnavailable):
        FileKeystore(tmp_path).store(name, SECRET)
