"""The id outside backups: kept, made anew where it is missing, never a hindrance."""

from __future__ import annotations

from pathlib import Path

import pytest

from field_app.domain.errors import DeviceSecretMissing, KeystoreUnavailable
from field_app.store.instance import Instance
from field_app.store.keystore import FileKeystore
from tests.store.makers import SeededEntropy


class SilentKeystore:
    """A keystore that does not answer."""

    def load(self, name: str) -> bytes:
        raise KeystoreUnavailable(name)

    def store(self, name: str, secret: bytes) -> None:
        raise KeystoreUnavailable(name)

    def delete(self, name: str) -> None:
        raise KeystoreUnavailable(name)


def test_what_enrolment_told_the_server_is_kept(tmp_path: Path) -> None:
    told = SeededEntropy("told").new_id()
    Instance(FileKeystore(tmp_path), SeededEntropy("one")).keep(told)
    assert Instance(FileKeystore(tmp_path), SeededEntropy("two")).load() == told


def test_a_copy_without_it_gets_one_of_its_own_and_keeps_that(tmp_path: Path) -> None:
    instance = Instance(FileKeystore(tmp_path), SeededEntropy("copy"))
    fresh = instance.load()
    assert len(fresh) == 32
    assert instance.load() == fresh


def test_a_keystore_that_does_not_answer_only_means_that_nothing_is_said() -> None:
    assert Instance(SilentKeystore(), SeededEntropy("x")).load() == ""
    with pytest.raises(KeystoreUnavailable):
        Instance(SilentKeystore(), SeededEntropy("x")).keep("ab" * 16)


def test_the_file_is_the_only_thing_a_backup_has_to_leave_out(tmp_path: Path) -> None:
    Instance(FileKeystore(tmp_path), SeededEntropy("one")).load()
    assert [file.name for file in tmp_path.iterdir()] == ["instance.secret"]
    (tmp_path / "instance.secret").unlink()
    with pytest.raises(DeviceSecretMissing):
        FileKeystore(tmp_path).load("instance")
