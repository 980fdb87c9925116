"""What the rules read and what they say."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOTS = ("field_app", "lint", "tests", "benchmarks")


@dataclass(frozen=True, slots=True)
class Finding:
    """One breach of a rule, as an editor can jump to it."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        """`path:line: message`."""
        return f"{self.path}:{self.line}: {self.message}"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A parsed module; `path` is relative to the checkout, with forward slashes."""

    path: str
    text: str
    tree: ast.Module

    @classmethod
    def of(cls, path: str, text: str) -> SourceFile:
        """Parse a module's text."""
        return cls(path, text, ast.parse(text, path))

    def within(self, *folders: str) -> bool:
        """Whether the module lies in one of these folders, or is one of these files."""
        return any(self.path == folder or self.path.startswith(f"{folder}/") for folder in folders)

    def finding(self, node: ast.AST, message: str) -> Finding:
        """A finding at a node's line."""
        return Finding(self.path, getattr(node, "lineno", 1), message)


def parsed_files(root: Path) -> Iterator[SourceFile]:
    """Every Python module of the project, in order of its path."""
    for folder in ROOTS:
        for path in sorted((root / folder).rglob("*.py")):
            yield SourceFile.of(path.relative_to(root).as_posix(), path.read_text("utf-8"))


def names_used(file: SourceFile) -> Iterator[tuple[str, ast.AST]]:
    """Every dotted name a module uses or imports, spelt out by its imports.

    With `from datetime import datetime as dt`, the expression `dt.now` is
    "datetime.datetime.now"; so an alias hides nothing.
    """
    aliases: dict[str, str] = {}
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                bound = alias.asname or alias.name.partition(".")[0]
                aliases[bound] = alias.name if alias.asname else bound
                yield alias.name, node
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                aliases[alias.asname or alias.name] = f"{node.module}.{alias.name}"
                yield f"{node.module}.{alias.name}", node
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Attribute) and (dotted := _dotted(node, aliases)):
            yield dotted, node


def _dotted(node: ast.Attribute, aliases: dict[str, str]) -> str | None:
    parts = [node.attr]
    value = node.value
    while isinstance(value, ast.Attribute):
        parts.append(value.attr)
        value = value.value
    if not isinstance(value, ast.Name) or value.id not in aliases:
        return None
    return ".".join([aliases[value.id], *reversed(parts)])
