"""Whether a change set says what a change set may say, whoever its author is.

Known types and keys are checked against their declaration; what a newer app invented passes as it
is. An answer is a stable reason code, or "" when nothing is wrong.
"""

from __future__ import annotations

import re
from typing import Final

from field_app.domain.declaration import FieldDeclaration, Record, declaration_of
from field_app.domain.errors import InvalidRecord
from field_app.domain.records import RECORD_TYPES
from field_app.sync.changes import (
    CHANGE_SET_BYTES_MAX,
    DIRECTORY_SCOPE,
    SCHEMA,
    ChangeSet,
    Part,
    Write,
    is_id,
)

INVALID: Final = "invalid"
WRONG_REGISTER: Final = "wrong_register"
TOO_LARGE: Final = "too_large"

_TYPE: Final = re.compile(r"[a-z][a-z0-9_]{0,59}", re.ASCII)
Said = dict[tuple[type[Record], str], dict[str, object]]
"""{(type, record): {field: value}}: what a set says of each record, in all its parts."""
_SCOPE_KINDS: Final = {"person": "person", "team": "team", "directory": "org"}


def fault_of(change_set: ChangeSet) -> str:
    """What is wrong with a change set by itself: a reason code, or ""."""
    if change_set.size > CHANGE_SET_BYTES_MAX:
        return TOO_LARGE
    if fault := change_set.fault:
        return fault
    said: Said = {}
    for part in change_set.parts:
        if not is_scope(part.scope):
            return INVALID
        if part.scope == DIRECTORY_SCOPE and part.register != "common":
            return WRONG_REGISTER
        for write in part.writes:
            if fault := _fault_of_write(part, write, change_set.header.schema, said):
                return fault
    faults = (_fault_of_values(known, values) for (known, _), values in said.items())
    return next(filter(None, faults), "")


def is_scope(scope: str) -> bool:
    """Whether this is a scope of this protocol."""
    kind, _, name = scope.partition("/")
    return scope == DIRECTORY_SCOPE or (kind in ("person", "team") and is_id(name))


def _fault_of_write(part: Part, write: Write, schema: int, said: Said) -> str:
    known = RECORD_TYPES.get(write.type)
    if known is None:
        return "" if _TYPE.fullmatch(write.type) else INVALID
    by_key = declaration_of(known).by_key
    values: dict[str, object] = {}
    fits = True
    for key, value in write.set.items():
        base, _, element = key.partition("/")
        members = by_key.get(base)
        if members is None:
            continue
        if members[0].register != part.register:
            return WRONG_REGISTER
        fits = fits and _fits_kind(members[0], element, value)
        for one in members:
            one.gather(values, element, value)
    if part.scope.partition("/")[0] != _SCOPE_KINDS[known.scope_kind]:
        return INVALID
    if write.type == "person" and part.scope != f"person/{write.record}":
        return INVALID
    if schema > SCHEMA:
        return ""  # a newer app may say more than this version's declaration knows
    if not fits:
        return INVALID
    before = said.get((known, write.record))
    if before is not None and before.keys().isdisjoint(values):
        before.update(values)
        return ""
    values["id"] = write.record
    if before is not None:  # one field twice: each value has to be sound by itself
        return _fault_of_values(known, values)
    said[known, write.record] = values
    return ""


def _fault_of_values(known: type[Record], values: dict[str, object]) -> str:
    try:
        known.of_values(values)
    except InvalidRecord:
        return INVALID
    return ""


def _fits_kind(found: FieldDeclaration, element: str, value: object) -> bool:
    if found.kind == "set":
        return isinstance(value, bool) and element != ""
    if found.kind == "map":
        return element != ""
    if element:
        return False
    return found.kind != "group" or value is None or isinstance(value, dict)
