"""A file has one reason to exist: not too long, and not named after nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from lint.findings import Finding, SourceFile

LINES_MAX = 400
EMPTY_WORDS = frozenset({"util", "utils", "helper", "helpers", "manager", "managers", "common"})


def misshapen(file: SourceFile) -> Iterator[Finding]:
    """Find files that are probably two, and names that say nothing."""
    lines = file.text.count("\n")
    if lines > LINES_MAX:
        yield Finding(file.path, LINES_MAX, f"{lines} lines, {LINES_MAX} at most: probably two")
    for part in PurePosixPath(file.path).with_suffix("").parts:
        if empty := EMPTY_WORDS & set(part.split("_")):
            yield Finding(file.path, 1, f"{min(empty)!r} in a module's name says nothing")
