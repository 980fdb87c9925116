"""What the lock screen needs before anything can be unsealed: the language. Nothing personal."""

from __future__ import annotations

import json
from pathlib import Path

FILE_NAME = "preferences.json"


def kept_language(directory: Path) -> str | None:
    """The language chosen on this device; None when none was, or the file cannot be read."""
    try:
        known = json.loads((directory / FILE_NAME).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    language = known.get("language") if isinstance(known, dict) else None
    return language if isinstance(language, str) else None


def keep_language(directory: Path, language: str) -> None:
    """Keep the language chosen on this device; the file is whole at every moment."""
    new = directory / (FILE_NAME + ".new")
    new.write_text(json.dumps({"language": language}), "utf-8")
    new.replace(directory / FILE_NAME)
