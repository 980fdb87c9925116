"""Free text as it enters the system: one form of every character, nothing invisible."""

from __future__ import annotations

import unicodedata

_KEPT_IN_NOTES = "\n\t"
# Joiners shape words in Persian and Kurdish and hold emoji together, marks put the full stop at
# the right end of an Arabic sentence: they stay.
_JOINERS_AND_MARKS = "\u200c\u200d\u200e\u200f\u061c"


def clean_note(text: str) -> str:
    """Free text over many lines: NFC, one kind of line end, nothing that controls or hides.

    Direction overrides go too: they can make a stored text read as something else on screen.
    """
    unified = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    plain = unified.replace("\n", "").replace("\t", "")
    if plain.isprintable():  # nearly always, and a hundred times as fast
        return unified.strip()
    return "".join(character for character in unified if _stays(character)).strip()


def clean_line(text: str) -> str:
    """Free text on one line: as `clean_note`, with every run of white space as one space."""
    return " ".join(clean_note(text).split())


def _stays(character: str) -> bool:
    if character in _KEPT_IN_NOTES or character in _JOINERS_AND_MARKS:
        return True
    return unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Cn")
