"""`field-app store`: a stranger with the PIN opens a device's folder, and nobody else does."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from field_app.cli import run
from field_app.domain.records import Person
from field_app.store.database import DATABASE_NAME
from field_app.store.device_store import DeviceStore
from field_app.store.editing import edit_towards
from field_app.store.identity import Identity
from field_app.sync.changes import person_scope
from field_app.system_clock import SystemClock, SystemEntropy
from tests.store.makers import PASSPHRASE, PIN, WRONG_PIN

Captured = pytest.CaptureFixture[str]


@contextmanager
def opened(directory: Path) -> Iterator[DeviceStore]:
    device = DeviceStore.open(directory, SystemClock(), SystemEntropy())
    try:
        yield device
    finally:
        device.close()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A device's folder with one person on it, made once: keys are slow to make."""
    directory = tmp_path_factory.mktemp("device")
    entropy = SystemEntropy()
    person = Person(id=entropy.new_id(), name="Majakkavahti", phone="0000 123 456")
    identity = Identity(
        device=entropy.new_id(),
        worker="a" * 32,
        worker_name="Testi Työntekijä",
        role="nurse",
        organisation=entropy.new_id(),
        organisation_name="Testialue",
        server="http://127.0.0.1:1",
        instance=entropy.new_id(),
        private_key="11" * 32,
        token="token",
        certificate="",
    )
    with opened(directory) as device:
        device.call(lambda: device.create(PIN, PASSPHRASE))
        device.call(lambda: device.require_cases().enrol(identity))
        edit = edit_towards(person, person_scope(person.id), None)
        team = {person.id: "b" * 32}
        device.call(lambda: device.require_cases().save([edit], opens=team))
    return directory


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    """A copy of it for each test: wrong tries are counted in it."""
    return Path(shutil.copytree(made, tmp_path / "device"))


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIELD_APP_LANGUAGE", "en")


def test_the_pin_opens_the_export(folder: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run(["store", "export", str(folder), "--pin", PIN]) == 0
    (line,) = capsysbinary.readouterr().out.splitlines()
    told = json.loads(line)
    assert told["heads"]["name"][0][2] == "Majakkavahti"
    assert told["register"] == "common"


def test_the_six_words_open_it_as_well(
    folder: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert run(["store", "export", str(folder), "--passphrase", PASSPHRASE]) == 0
    assert b"Majakkavahti" in capsysbinary.readouterr().out


def test_the_pin_may_come_from_the_environment_instead_of_the_command_line(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.setenv("FIELD_APP_PIN", PIN)
    assert run(["store", "export", str(folder)]) == 0
    assert b"Majakkavahti" in capsysbinary.readouterr().out


def test_the_status_says_whose_it_is_and_what_is_only_here(folder: Path, capsys: Captured) -> None:
    assert run(["store", "status", str(folder), "--pin", PIN]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["worker"] == "a" * 32
    assert said["role"] == "nurse"
    assert said["organisation"] == "Testialue"
    assert (said["unsynced"], said["people"], said["drafts"]) == (1, 1, 0)
    assert said["oldest_unsynced_at"]
    assert said["complete"] is False


def test_a_wrong_pin_is_refused_in_one_sentence_and_shows_nothing(
    folder: Path, capsys: Captured
) -> None:
    assert run(["store", "export", str(folder), "--pin", WRONG_PIN]) == 3
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("Wrong PIN.")
    assert said.err.count("\n") == 1


def test_wrong_tries_count_as_they_do_in_the_app(folder: Path, capsys: Captured) -> None:
    codes = [run(["store", "export", str(folder), "--pin", WRONG_PIN]) for _ in range(6)]
    assert set(codes) == {3}
    run(["store", "export", str(folder), "--pin", PIN])
    said = capsys.readouterr()
    assert said.out == "", "after several wrong tries even the right PIN has to wait"


def test_a_store_the_app_has_open_is_left_alone(folder: Path, capsys: Captured) -> None:
    with opened(folder):
        assert run(["store", "export", str(folder), "--pin", PIN]) == 3
    assert capsys.readouterr().err == "Another program has this store open. Close it first.\n"


def test_a_folder_without_a_store_is_said_to_be_one_and_stays_empty(
    tmp_path: Path, capsys: Captured
) -> None:
    assert run(["store", "status", str(tmp_path), "--pin", PIN]) == 3
    assert "There is no store in this folder." in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    assert run(["store", "status", str(tmp_path / "nowhere"), "--pin", PIN]) == 3
    assert not (tmp_path / "nowhere").exists()


def test_a_file_that_is_no_store_is_said_to_be_damaged(tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / DATABASE_NAME).write_text("a shopping list, and nothing else\n" * 40)
    assert run(["store", "export", str(tmp_path), "--pin", PIN]) == 3
    assert capsys.readouterr().out == ""


def test_a_store_of_a_newer_app_is_not_touched(folder: Path, capsys: Captured) -> None:
    database = sqlite3.connect(folder / DATABASE_NAME)
    database.execute("PRAGMA user_version = 99")
    database.close()
    before = (folder / DATABASE_NAME).read_bytes()
    assert run(["store", "export", str(folder), "--pin", PIN]) == 3
    assert capsys.readouterr().out == ""
    assert (folder / DATABASE_NAME).read_bytes() == before


def test_pin_and_passphrase_together_are_a_wrong_command(folder: Path) -> None:
    given = ["--pin", PIN, "--passphrase", PASSPHRASE]
    assert run(["store", "export", str(folder), *given]) == 2


def test_help_tells_a_newcomer_what_the_folder_is(capsys: Captured) -> None:
    assert run(["store", "--help"]) == 0
    said = capsys.readouterr().out
    assert "field-app app --data DIR" in said
    assert "export" in said
    assert "status" in said
