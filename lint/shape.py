"""A file has one reason to exist: not too long, and not named after nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from lint.findings import Finding, SourceFile

LINES_MAX = 400
LINES_MAX_OF = {
    "field_app/domain/errors.py": 700,  # the whole tree of errors in one place, two lines each
}
EMPTY_WORDS = frozenset({"util", "utils", "helper", "helpers", "manager", "managers", "common"})


def misshapen(file: SourceFile) -> Iterator[Finding]:
    """Find files that are probably two, and names that say nothing."""
    lines = file.text.count("\n")
    most = LINES_MAX_OF.get(file.path, LINES_MAX)
    if lines > most:
        yield Finding(file.path, most, f"{lines} lines, {most} at most: probably two")
    for part in PurePosixPath(file.path).with_suffix("").parts:
        if empty := EMPTY_WORDS & set(part.split("_")):
            yield Finding(file.path, 1, f"{min(empty)!r} in a module's name says nothing")
