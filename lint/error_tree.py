"""`python -m lint.error_tree`: draw the tree on top of `field_app/domain/errors.py` anew.

What stands beside a name is kept; a new class gets the first words of its docstring.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from field_app.domain import errors
from field_app.domain.errors import FieldAppError

MODULE = Path(errors.__file__)
WIDTH_MAX = 100


def branches(error: type[FieldAppError]) -> list[type[FieldAppError]]:
    """The classes below one, of the module alone: tests make errors of their own."""
    return [child for child in error.__subclasses__() if child.__module__ == errors.__name__]


def drawn() -> str:
    """The tree as it is, a line a class."""
    text = errors.__doc__ or ""
    notes = dict(re.findall(r"^[│├└─ ]*([A-Z]\w+) {2,}(\S.*)$", text, re.MULTILINE))
    rows = [(lead + error.__name__, error) for lead, error in _rows(FieldAppError, "", "")]
    column = max(len(head) for head, _ in rows) + 2
    lines = (head.ljust(column) + notes.get(e.__name__, _first_words(e)) for head, e in rows)
    return "\n".join(line[:WIDTH_MAX].rstrip() for line in lines)


def main() -> int:
    """Put the tree into the module; 0."""
    text = MODULE.read_text("utf-8")
    start, end = text.index("\nFieldAppError  ") + 1, text.index("\n\nEach class has a stable")
    MODULE.write_text(text[:start] + drawn() + text[end:], "utf-8")
    return 0


def _rows(
    error: type[FieldAppError], lead: str, branch: str
) -> list[tuple[str, type[FieldAppError]]]:
    below = branches(error)
    deeper = lead + {"": "", "├── ": "│   ", "└── ": "    "}[branch]
    rows = [(lead + branch, error)]
    for child in below:
        rows += _rows(child, deeper, "└── " if child is below[-1] else "├── ")
    return rows


def _first_words(error: type[FieldAppError]) -> str:
    line = re.split(r"[;:.]( |$)", (error.__doc__ or "").partition("\n")[0])[0]
    return line[:1].lower() + line[1:]


if __name__ == "__main__":
    sys.exit(main())
