"""One process a data directory."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from field_app.domain.errors import StoreInUse
from field_app.store.lockfile import LOCK_NAME, DirectoryLock

HOLDER = """
import sys, pathlib
from field_app.store.lockfile import DirectoryLock
lock = DirectoryLock.take(pathlib.Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


def test_a_second_runtime_is_refused(tmp_path: Path) -> None:
    with DirectoryLock.take(tmp_path), pytest.raises(StoreInUse):
        DirectoryLock.take(tmp_path)


def test_after_letting_go_the_next_one_has_it(tmp_path: Path) -> None:
    lock = DirectoryLock.take(tmp_path)
    lock.release()
    lock.release()
    DirectoryLock.take(tmp_path).release()


def test_the_directory_is_made_for_its_user_alone(tmp_path: Path) -> None:
    with DirectoryLock.take(tmp_path / "new"):
        assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700


def test_a_file_left_behind_means_nothing(tmp_path: Path) -> None:
    (tmp_path / LOCK_NAME).write_text("of a process long gone")
    DirectoryLock.take(tmp_path).release()


def test_another_process_is_noticed_and_its_death_frees_the_directory(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLDER, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(StoreInUse):
            DirectoryLock.take(tmp_path)
        holder.kill()
    DirectoryLock.take(tmp_path).release()
