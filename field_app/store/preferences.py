"""What the lock screen needs before anything can be unsealed. Nothing personal stands here.

The language, and how many digits the PIN has: the pad opens at the last one. That number helps
nobody who holds the files: whoever guesses tries the short ones first anyway, and needs the
device's own secret for every guess.
"""

from __future__ import annotations

import json
from pathlib import Path

FILE_NAME = "preferences.json"


def kept_language(directory: Path) -> str | None:
    """The language chosen on this device; None when none was, or the file cannot be read."""
    language = _known(directory).get("language")
    return language if isinstance(language, str) else None


def keep_language(directory: Path, language: str) -> None:
    """Keep the language chosen on this device; the file is whole at every moment."""
    _keep(directory, "language", language)


def kept_pin_digits(directory: Path) -> int | None:
    """How many digits the PIN has; None when that is not known."""
    digits = _known(directory).get("pin_digits")
    return digits if isinstance(digits, int) else None


def keep_pin_digits(directory: Path, digits: int) -> None:
    """Keep how many digits the PIN has."""
    if kept_pin_digits(directory) != digits:
        _keep(directory, "pin_digits", digits)


def _known(directory: Path) -> dict[str, object]:
    try:
        known = json.loads((directory / FILE_NAME).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}


def _keep(directory: Path, name: str, value: object) -> None:
    new = directory / (FILE_NAME + ".new")
    new.touch(mode=0o600)
    new.write_text(json.dumps({**_known(directory), name: value}), "utf-8")
    new.replace(directory / FILE_NAME)
