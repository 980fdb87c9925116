"""Which catalogue keys the source asks for; and no key that only exists while running.

`say.t("…")`, `say.n("…", count)` and `key("…")` take a literal, or one of two by `if … else`, so
that missing, unused and unfilled texts are found by reading. What has a declaration (a vocabulary,
a field, an error) is asked for by `say.vocabulary`, `say.field` and `say.error` instead.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from lint.findings import Finding, SourceFile

PLAIN, COUNTED, TABLED = "t", "n", "key"
ASKING = frozenset({PLAIN, COUNTED, TABLED})


@dataclass(frozen=True, slots=True)
class Asked:
    """One key at one call."""

    key: str
    how: str
    values: frozenset[str] | None
    """The placeholders the call fills; None when it passes `**values`, or a table's key."""
    where: str


def keys_made_while_running(file: SourceFile) -> Iterator[Finding]:
    """Find keys that no reader of the source can know."""
    for call in _calls(file):
        if not call.args or None in _literal_keys(call.args[0]):
            yield file.finding(call, "a catalogue key is written out: t, n and key take a literal")


def asked_keys(file: SourceFile) -> Iterator[Asked]:
    """Every catalogue key a module asks for."""
    for call in _calls(file):
        how = _name(call)
        for literal in _literal_keys(call.args[0]) if call.args else ():
            if literal is not None:
                where = f"{file.path}:{call.lineno}"
                yield Asked(literal, how, _filled(call, how), where)


@dataclass(frozen=True, slots=True)
class ErrorMade:
    """One place where an error of ours is made."""

    name: str
    values: frozenset[str] | None
    where: str


def errors_made(file: SourceFile, classes: frozenset[str]) -> Iterator[ErrorMade]:
    """Every call of one of these classes, with the values it gives."""
    if not file.within("field_app"):
        return
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Call):
            func = node.func
            name = func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")
            if name in classes:
                yield ErrorMade(name, _filled(node, PLAIN), f"{file.path}:{node.lineno}")


def _calls(file: SourceFile) -> Iterator[ast.Call]:
    # The translator itself hands keys on.
    if not file.within("field_app") or file.path == "field_app/locale/translator.py":
        return
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Call) and _name(node) in ASKING:
            yield node


def _name(call: ast.Call) -> str:
    if isinstance(call.func, ast.Attribute):
        # `key` as a method belongs to others, e.g. a table's.
        return call.func.attr if call.func.attr != TABLED else ""
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _literal_keys(value: ast.expr) -> list[str | None]:
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        return [value.value]
    if isinstance(value, ast.IfExp):
        return [*_literal_keys(value.body), *_literal_keys(value.orelse)]
    return [None]


def _filled(call: ast.Call, how: str) -> frozenset[str] | None:
    names = {keyword.arg for keyword in call.keywords}
    if how == TABLED or None in names:
        return None
    given = frozenset(name for name in names if name is not None)
    return given | {"count"} if how == COUNTED else given
