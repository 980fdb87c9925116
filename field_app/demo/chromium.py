"""Find a Chromium that really starts, for the end-to-end tests and the screenshots."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

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
