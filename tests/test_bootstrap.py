"""The set-up takes the Python that runs the project best of those the machine has."""

from __future__ import annotations

import subprocess
from pathlib import Path

ROOT = Path(__file__).parent.parent
BIN = "/usr/bin:/bin"


def a_python(folder: Path, name: str, *, is_new: bool = True, is_optimised: bool = False) -> str:
    """Something that answers as a Python would when the set-up asks about it."""
    path = folder / name
    path.write_text(
        f"""#!/bin/sh
case "$2" in
*CONFIG_ARGS*) exit {0 if is_optimised else 1} ;;
*version_info*) exit {0 if is_new else 1} ;;
*) echo "{path}" ;;
esac
"""
    )
    path.chmod(0o755)
    return str(path)


def taken(folder: Path, named: str = "") -> str:
    """The Python that the set-up would take with these first on its path."""
    environment = {"PATH": f"{folder}:{BIN}", "PYTHON": named}
    command = ["bash", "-c", "source ./bootstrap && find_python"]
    ran = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    return ran.stdout.strip()


def test_an_optimised_one_goes_before_the_first_on_the_path(tmp_path: Path) -> None:
    a_python(tmp_path, "python3")
    best = a_python(tmp_path, "python3.13", is_optimised=True)
    assert taken(tmp_path) == best


def test_one_that_is_too_old_is_passed_over_however_it_was_built(tmp_path: Path) -> None:
    a_python(tmp_path, "python3", is_new=False, is_optimised=True)
    best = a_python(tmp_path, "python3.12", is_optimised=True)
    assert taken(tmp_path) == best


def test_the_one_that_is_named_is_taken(tmp_path: Path) -> None:
    a_python(tmp_path, "python3", is_optimised=True)
    named = a_python(tmp_path, "python3.11")
    assert taken(tmp_path, named) == named


def test_one_that_is_named_and_too_old_is_not_replaced_by_another(tmp_path: Path) -> None:
    a_python(tmp_path, "python3", is_optimised=True)
    assert taken(tmp_path, a_python(tmp_path, "python3.10", is_new=False)) == ""
