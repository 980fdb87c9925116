"""Find a Chromium, or install one: `python -m tests.chromium_setup` before the tests.

Also a pytest plugin: `chromium_path` for Playwright's `executable_path`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

CHROMIUM_VARIABLE = "FIELD_APP_CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC_CHROME = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"

NOT_FOUND = f"""\
No Chromium was found, and none could be installed here.
Install Debian's `chromium` (as root: apt-get install chromium) or Google Chrome,
or name one in {CHROMIUM_VARIABLE}=/path/to/chromium. The tests need a real browser."""


def find_chromium() -> str | None:
    """The path of a Chromium that really starts, or None.

    A name on PATH proves nothing: Ubuntu's `chromium-browser` only asks for a snap.
    """
    return next((path for path in _candidates() if _starts(path)), None)


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


def _candidates() -> Iterator[str]:
    if named := os.environ.get(CHROMIUM_VARIABLE):
        yield named
    yield from (path for name in NAMES if (path := shutil.which(name)))
    yield MAC_CHROME
    with sync_playwright() as playwright:
        yield playwright.chromium.executable_path


def _starts(path: str) -> bool:
    if not Path(path).exists():
        return False
    try:
        version = subprocess.run([path, "--version"], check=False, capture_output=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return version.returncode == 0


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
