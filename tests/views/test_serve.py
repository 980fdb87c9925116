"""The app as a program: it opens its store before it says where it is, and closes it at the end."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

ENDS_S = 30


def app(data: Path) -> subprocess.Popen[str]:
    """Start the app of a folder, in English."""
    return subprocess.Popen(
        [sys.executable, "-m", "field_app", "app", "--data", str(data), "--no-open-browser"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "FIELD_APP_LANGUAGE": "en"},
    )


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_closes_the_store_and_a_second_app_is_told_that_it_is_in_use(
    tmp_path: Path, how: signal.Signals
) -> None:
    running = app(tmp_path)
    assert running.stdout is not None
    assert running.stdout.readline().startswith("http://127.0.0.1:")
    assert (tmp_path / "store.db-wal").exists()
    if how is signal.SIGTERM:
        said, complaint = app(tmp_path).communicate(timeout=ENDS_S)
        assert said == ""
        assert complaint == "Another program has this store open. Close it first.\n"
    running.send_signal(how)
    _, complaint = running.communicate(timeout=ENDS_S)
    assert complaint.strip() == ""
    assert running.returncode == (0 if how is signal.SIGTERM else 130)
    assert not (tmp_path / "store.db-wal").exists(), "the last to close empties the log"


def test_a_store_of_a_newer_app_ends_the_command_and_stays_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    with closing(sqlite3.connect(path)) as newer:
        newer.execute(f"PRAGMA application_id = {0x52494E4E}")
        newer.execute("PRAGMA user_version = 99")
    before = path.read_bytes()
    refused = app(tmp_path)
    said, complaint = refused.communicate(timeout=ENDS_S)
    assert (refused.returncode, said) == (3, "")
    assert "99" in complaint
    assert complaint.count("\n") == 1
    assert path.read_bytes() == before


def test_a_folder_that_cannot_be_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    refused = app(tmp_path / "file" / "store")
    said, complaint = refused.communicate(timeout=ENDS_S)
    assert (refused.returncode, said) == (6, "")
    assert complaint.count("\n") == 1
