"""Reads the domain's catalogues, one text per key."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

import field_app

LANGUAGES = ("fi", "sv", "en")
_ROOT = Path(field_app.__file__).parent / "locale"


@cache
def texts(language: str) -> dict[str, str]:
    """The texts of `domain.po` in one language, by key."""
    path = _ROOT / language / "LC_MESSAGES" / "domain.po"
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language, abort_invalid=True)
    return {str(entry.id): str(entry.string) for entry in catalogue if entry.id}
