"""The catalogues on disk: where they are, how they are read, compiled and checked for freshness.

One catalogue an area and language, so that two people who add texts to two screens never meet in
one file. All areas of a language are one flat space of keys at run time.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Literal

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po
from babel.support import Translations

Language = Literal["fi", "sv", "en"]
LANGUAGES: tuple[Language, ...] = ("fi", "sv", "en")
"""Finnish first: it is the default."""

LOCALES: dict[Language, str] = {"fi": "fi_FI", "sv": "sv_FI", "en": "en_GB"}
"""Babel's locale for dates: Swedish as in Finland, English with the day before the month."""

ROOT = Path(__file__).parent

# Babel stamps the time of compiling into the file; a fixed one keeps unchanged files unchanged.
_COMPILED_AT = datetime(2026, 1, 1, tzinfo=UTC)

_LINE = re.compile(r'(#.*|((msgid|msgid_plural|msgctxt|msgstr|msgstr\[\d\]) )?"([^"\\]|\\.)*"|)')


def best_language(wanted: str | None) -> Language:
    """The catalogue for a wish such as "sv", "sv_FI.UTF-8" or None; Finnish when none fits."""
    code = (wanted or "").replace("-", "_").partition("_")[0].partition(".")[0].lower()
    return next((language for language in LANGUAGES if language == code), "fi")


def folder(language: Language, root: Path = ROOT) -> Path:
    """Where a language's catalogues lie."""
    return root / language / "LC_MESSAGES"


@cache
def load(language: Language, root: Path = ROOT) -> Translations:
    """All compiled areas of a language as one; kept, for the files never change while running."""
    merged = Translations()
    for path in sorted(folder(language, root).glob("*.mo")):
        with path.open("rb") as file:
            merged.merge(Translations(file, domain=path.stem))
    return merged


def sources(language: Language, root: Path = ROOT) -> list[Path]:
    """The `.po` files of a language, by area."""
    return sorted(folder(language, root).glob("*.po"))


def read_source(path: Path) -> Catalog:
    """Read one `.po` file.

    Raises:
        PoFileError: the file breaks the format, or says a key twice.
    """
    with path.open("rb") as file:
        catalogue = read_po(file, locale=path.parent.parent.name, abort_invalid=True)
    # Babel quietly swallows an open quote and the second of two equal keys.
    lines = path.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines, start=1):
        if not _LINE.fullmatch(line):
            raise PoFileError(f"{path.name}: this line is broken", catalogue, line, number)
    if sum(line.startswith("msgid ") for line in lines) != len(catalogue) + 1:
        raise PoFileError(f"{path.name}: a key stands twice", catalogue, "", len(lines))
    return catalogue


def compiled_bytes(path: Path) -> bytes:
    """What the `.mo` beside a `.po` should hold."""
    catalogue = read_source(path)
    catalogue.creation_date = catalogue.revision_date = _COMPILED_AT
    buffer = BytesIO()
    write_mo(buffer, catalogue)
    return buffer.getvalue()


def is_fresh(path: Path) -> bool:
    """Whether the `.mo` beside a `.po` says the same; by content, for git keeps no times."""
    compiled = path.with_suffix(".mo")
    return compiled.exists() and _texts(compiled.read_bytes()) == _texts(compiled_bytes(path))


def compile_all(root: Path = ROOT) -> list[Path]:
    """Write every `.mo` that is missing or stale; return those written.

    Raises:
        PoFileError: a `.po` breaks the format.
    """
    stale = [path for lang in LANGUAGES for path in sources(lang, root) if not is_fresh(path)]
    for path in stale:
        path.with_suffix(".mo").write_bytes(compiled_bytes(path))
    return [path.with_suffix(".mo") for path in stale]


def _texts(compiled: bytes) -> dict[object, str]:
    """The texts of a compiled catalogue without its header, which names Babel's version."""
    catalogue = Translations(BytesIO(compiled))._catalog
    return {msgid: text for msgid, text in catalogue.items() if msgid != ""}
