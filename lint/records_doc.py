"""`python -m lint.records_doc`: write `docs/records.md` anew from the records' declarations."""

from __future__ import annotations

import sys
import typing
from pathlib import Path

from field_app.domain.declaration import (
    FieldDeclaration,
    Group,
    Record,
    References,
    declaration_of,
)
from field_app.domain.field_types import DayText, InstantText
from field_app.domain.records import RECORD_TYPES
from field_app.domain.vocabularies import VOCABULARIES

DOCUMENT = Path(__file__).parents[1] / "docs" / "records.md"
_HEAD = """\
# Records and their codes

Every record type with its keys, as they go over the wire ([sync-protocol.md](sync-protocol.md))
and lie in a store. Written by `python -m lint.records_doc` from `field_app/domain/records/`, where
each field is declared once; a test compares the two.

A *scalar* is one value. A *group* is one key whose value is an object of its members, merged as a
whole. A *set* is a key for each element, `key/element`, `true` or `false`. A *map* is a key for
each entry, `key/entry`. Days are `2026-11-22`, instants `2026-11-22T10:15:00.000Z`, ids 32
hex digits; `null` is nothing. Keys and types nobody knows are kept and passed on.
"""
_SCOPES = {"person": "`person/<id>`", "team": "`team/<id>`", "directory": "`org/directory`"}


def written() -> str:
    """The document as the declarations say."""
    types = [_of_type(name, kind) for name, kind in RECORD_TYPES.items()]
    codes = ["## Codes", "", "| vocabulary | codes, each with its Finnish term |", "|---|---|"]
    for name, system in sorted(VOCABULARIES.items()):
        listed = ", ".join(f"`{code.code}` {code.fi}" for code in system.items)
        codes.append(f"| `{name}` | {listed} |")
    return "\n".join([_HEAD, *types, *codes]) + "\n"


def main() -> int:
    """Write the document; 0."""
    DOCUMENT.write_text(written(), "utf-8")
    return 0


def _of_type(name: str, kind: type[Record]) -> str:
    declared = declaration_of(kind)
    rows = [f"## `{name}`\n", f"Scope: {_SCOPES[kind.scope_kind]}.\n"]
    rows.append("| key | register | kind | value |\n|---|---|---|---|")
    by_key: dict[str, list[FieldDeclaration]] = {}
    for one in declared.fields.values():
        by_key.setdefault(one.key, []).append(one)
    for key, fields in by_key.items():
        values = "; ".join(_value(kind, one) for one in fields)
        rows.append(f"| `{key}` | {fields[0].register} | {fields[0].kind} | {values} |")
    return "\n".join(rows) + "\n"


def _value(kind: type[Record], one: FieldDeclaration) -> str:
    named = f"`{one.name}`: " if one.has(Group) else ""
    reference = next((mark for mark in one.marks if isinstance(mark, References)), None)
    if reference is not None:
        return f"{named}id of a {reference.record_type}"
    codes = [f"code of `{name}`" for name in (one.key_vocabulary, one.vocabulary) if name]
    return named + (" → ".join(codes) or _plain(kind, one))


def _plain(kind: type[Record], one: FieldDeclaration) -> str:
    hint = kind.model_fields[one.name].annotation
    words = [_word(each) for each in typing.get_args(hint) or (hint,) if each is not type(None)]
    return " or ".join(dict.fromkeys(words))


def _word(hint: object) -> str:
    if hint in (DayText, InstantText):
        return "day" if hint == DayText else "instant"
    inner = typing.get_args(hint)
    plain = {bool: "`true` or `false`", int: "whole number", str: "text"}
    if hint in plain:
        return plain[hint]
    return _word(inner[0]) if inner else getattr(hint, "__name__", str(hint))


if __name__ == "__main__":
    sys.exit(main())
