"""Whether a change set says what a change set may say, whoever its author is.

Known types and keys are checked against their declaration; what a newer app invented passes as it
is. An answer is a stable reason code, or "" when nothing is wrong.
"""

from __future__ import annotations

import re
from typing import Final

from field_app.domain.records import RECORD_TYPES
from field_app.domain.soundness import key_rule
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
_SCOPE_KINDS: Final = {"person": "person", "team": "team", "directory": "org"}


def fault_of(change_set: ChangeSet) -> str:
    """What is wrong with a change set by itself: a reason code, or ""."""
    if change_set.size > CHANGE_SET_BYTES_MAX:
        return TOO_LARGE
    if fault := change_set.fault:
        return fault
    for part in change_set.parts:
        if not is_scope(part.scope):
            return INVALID
        if part.scope == DIRECTORY_SCOPE and part.register != "common":
            return WRONG_REGISTER
        for write in part.writes:
            if fault := _fault_of_write(part, write, change_set.header.schema):
                return fault
    return ""


def is_scope(scope: str) -> bool:
    """Whether this is a scope of this protocol."""
    kind, _, name = scope.partition("/")
    return scope == DIRECTORY_SCOPE or (kind in ("person", "team") and is_id(name))


def _fault_of_write(part: Part, write: Write, schema: int) -> str:
    known = RECORD_TYPES.get(write.type)
    if known is None:
        return "" if _TYPE.fullmatch(write.type) else INVALID
    rules = [key_rule(known, key) for key in write.set]
    for rule in rules:
        if rule.register not in (None, part.register):
            return WRONG_REGISTER
    if part.scope.partition("/")[0] != _SCOPE_KINDS[known.scope_kind]:
        return INVALID
    if write.type == "person" and part.scope != f"person/{write.record}":
        return INVALID
    if schema > SCHEMA:
        return ""  # a newer app may say more than this version's declaration knows
    for rule, value in zip(rules, write.set.values(), strict=True):
        if not rule.is_sound(value):
            return INVALID
    return ""
