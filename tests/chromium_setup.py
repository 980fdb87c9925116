"""Find a Chromium, or install one: `python -m tests.chromium_setup` before the tests.

Also a pytest plugin: `chromium_path` for Playwright's `executable_path`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest

from field_app.demo.chromium import NOT_FOUND, find_chromium


def install_chromium() -> str | None:
    """Install Debian's package where we may, else Playwright's build; None when neither works."""
    for command in (*_apt_commands(), [sys.executable, "-m", "playwright", "install", "chromium"]):
        sys.stderr.write(f"chromium: {' '.join(command)}\n")
        done = subprocess.run(command, check=False, env=_quiet(), stdout=sys.stderr)
        if done.returncode == 0 and (found := find_chromium()):
            return found
    return None


def main() -> int:
    """Print the browser's path; 1 with a clear sentence when there is none."""
    found = find_chromium() or install_chromium()
    if not found:
        sys.stderr.write(NOT_FOUND + "\n")
        return 1
    sys.stdout.write(f"chromium: {found}\n")
    return 0


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """A browser for Playwright; its absence is a failure, never a skip."""
    found = find_chromium()
    if not found:
        pytest.fail(NOT_FOUND, pytrace=False)
    return found


def _apt_commands() -> list[list[str]]:
    if not shutil.which("apt-get"):
        return []
    become_root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if become_root and not shutil.which("sudo"):
        return []
    apt = [*become_root, "apt-get", "-q", "-y"]
    # An update may fail for one broken source; the installation decides.
    return [[*apt, "update"], [*apt, "install", "--no-install-recommends", "chromium"]]


def _quiet() -> dict[str, str]:
    return {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}


if __name__ == "__main__":
    sys.exit(main())
