"""No floats in what is stored or sent: 37.1 is the decimal string "37.1".

Two programs may write one float in two ways, and then their hashes of one change differ.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from lint.findings import Finding, SourceFile

ON_THE_WIRE = (
    "field_app/domain/records",
    "field_app/sync/canonical.py",
    "field_app/sync/changes.py",
    "field_app/sync/merge.py",
    "field_app/sync/admission.py",
    "field_app/sync/protocol.py",
)


def floats(file: SourceFile) -> Iterator[Finding]:
    """Find float literals and annotations in the modules of the wire's values."""
    if not file.within(*ON_THE_WIRE):
        return
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            yield file.finding(node, f"{node.value} is a float: write a decimal string")
        for annotation in _annotations(node):
            names = (part for part in ast.walk(annotation) if isinstance(part, ast.Name))
            if any(name.id == "float" for name in names):
                yield file.finding(node, "float is banned here: declare a decimal string")


def _annotations(node: ast.AST) -> Iterator[ast.expr]:
    if isinstance(node, ast.AnnAssign | ast.arg) and node.annotation:
        yield node.annotation
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.returns:
        yield node.returns
