"""`field-app demo` on the command line: what it says before anything starts."""

from __future__ import annotations

from pathlib import Path

import pytest

from field_app.cli import run
from field_app.demo import command
from field_app.demo.command import read_lines
from field_app.demo.launcher import DemoSettings
from field_app.demo.seeding import make_seed
from field_app.domain.errors import FolderNotUsable, InvalidInput
from field_app.system_clock import SystemClock

Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIELD_APP_LANGUAGE", "en")


@pytest.fixture
def launched(monkeypatch: pytest.MonkeyPatch) -> list[DemoSettings]:
    """What would have been started."""
    started: list[DemoSettings] = []
    monkeypatch.setattr(command, "launch", lambda settings, _: started.append(settings))
    return started


def test_help_tells_a_newcomer_what_will_happen(capsys: Captured) -> None:
    assert run(["demo", "--help"]) == 0
    said = capsys.readouterr().out
    for word in ("two phones and a desk", "--seed", "--port", "--data", "--headless", "--inject"):
        assert word in said
    assert "leaves nothing behind" in said


def test_flags_reach_the_launcher(launched: list[DemoSettings], tmp_path: Path) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("Ensimmäinen\n\nToinen\n", encoding="utf-8")
    flags = ["--seed", "3", "--port", "8655", "--headless", "--inject", str(notes)]
    assert run(["--language", "sv", "demo", "--data", str(tmp_path / "d"), *flags]) == 0
    (settings,) = launched
    assert (settings.seed, settings.port, settings.headless) == (3, 8655, True)
    assert settings.data == tmp_path / "d"
    assert settings.injected == ("Ensimmäinen", "Toinen")
    assert settings.language == "sv"


def test_injected_texts_are_in_no_repr(tmp_path: Path) -> None:
    assert "salaisuus" not in repr(DemoSettings(injected=("salaisuus",)))


def test_a_failed_check_is_exit_code_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "check", lambda *_: False)
    assert run(["demo", "--check"]) == 1
    monkeypatch.setattr(command, "check", lambda *_: True)
    assert run(["demo", "--check"]) == 0


def test_keep_without_check_is_a_wrong_command(launched: list[DemoSettings]) -> None:
    assert run(["demo", "--keep", "somewhere"]) == 2
    assert launched == []


def test_a_file_of_texts_that_is_not_there_is_one_sentence(
    capsys: Captured, launched: list[DemoSettings], tmp_path: Path
) -> None:
    assert run(["demo", "--inject", str(tmp_path / "nowhere.txt")]) == 6
    assert capsys.readouterr().err.count("\n") == 1
    assert launched == []


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    picture = tmp_path / "photo.jpg"
    picture.write_bytes(b"\xff\xd8\xff\xe0")
    with pytest.raises(FolderNotUsable):
        read_lines(picture)


def test_only_line_feeds_part_texts(tmp_path: Path) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("eka\u2028yhä eka\r\ntoka", encoding="utf-8", newline="")
    assert read_lines(notes) == ("eka\u2028yhä eka", "toka")


def test_more_texts_than_there_are_notes_are_refused_not_lost() -> None:
    with pytest.raises(InvalidInput):
        make_seed(1, [f"Teksti {number}" for number in range(5_000)], SystemClock())
