"""From what a person was shown and what they want, to the writes of a save.

A save writes changed keys only, and replaces exactly the heads its author was shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from field_app.domain.declaration import Record, RecordDeclaration, RegisterName, declaration_of
from field_app.domain.errors import InvalidRecord
from field_app.domain.records import RECORD_TYPES
from field_app.store.record_view import Base, RecordView
from field_app.sync.canonical import same_value
from field_app.sync.changes import ScopedWrite, Write


@dataclass(frozen=True, slots=True)
class Edit:
    """One record's changed keys, with the heads shown of each when it was first shown."""

    record_id: str
    type: str
    scope: str
    values: Mapping[str, Any] = field(repr=False)
    base: Base = field(default_factory=dict)
    registers: Mapping[str, RegisterName] = field(default_factory=dict)
    """Where keys of newer versions live; declared keys need no entry."""


def edit_towards(
    target: Record, scope: str, before: RecordView | None, keys: Iterable[str] | None = None
) -> Edit:
    """The edit that makes a record read as `target`.

    Only keys that differ from what was shown are written; with `keys`, only those fields' keys
    are looked at (what the screen showed). A key in conflict that is set is always written, since
    saying one of two values is settling it.
    """
    declared = declaration_of(type(target))
    wanted = target.to_keys()
    shown_values = before.values if before else {}
    looked_at = set(wanted) | {
        key
        for key in shown_values
        if declared.members(key)  # keys of newer versions stay as they are
    }
    if keys is not None:
        limits = set(keys)
        looked_at = {key for key in looked_at if key.partition("/")[0] in limits}
    values: dict[str, Any] = {}
    for key in sorted(looked_at):
        value = _target_value(declared, key, wanted, shown_values)
        settles = keys is not None and before is not None and key in before.conflicts
        if settles or key not in shown_values or not same_value(value, shown_values[key]):
            values[key] = value
    values = {
        key: value
        for key, value in values.items()
        if key in shown_values or value not in (None, False) or type(value) is int
    }
    base = before.base(*values) if before and values else {}
    return Edit(target.id, target.record_type, scope, values, base)


def _target_value(
    declared: RecordDeclaration,
    key: str,
    wanted: Mapping[str, Any],
    shown_values: Mapping[str, Any],
) -> Any:
    """What a key should hold; an element no longer wanted is unticked, a value cleared."""
    before = shown_values.get(key)
    if key not in wanted:
        return False if isinstance(before, bool) and "/" in key else None
    value = wanted[key]
    if isinstance(value, dict) and isinstance(before, dict):
        known = {member.name for member in declared.members(key)}
        newer = {name: item for name, item in before.items() if name not in known}
        return {**newer, **value}
    return value


def writes_of(edit: Edit) -> list[ScopedWrite]:
    """An edit as writes: one per register it touches.

    Raises:
        InvalidRecord: a key is neither declared nor known to live in some register.
    """
    by_register: dict[RegisterName, dict[str, Any]] = {}
    for key, value in edit.values.items():
        by_register.setdefault(_register_of(edit, key), {})[key] = value
    return [
        ScopedWrite(
            edit.scope,
            register,
            Write(
                edit.record_id,
                edit.type,
                values,
                {
                    key: [write_id for write_id, _ in edit.base[key]]
                    for key in values
                    if edit.base.get(key)
                },
            ),
        )
        for register, values in by_register.items()
    ]


def _register_of(edit: Edit, key: str) -> RegisterName:
    record_type = RECORD_TYPES.get(edit.type)
    declared = declaration_of(record_type).register_of(key) if record_type else None
    register = declared or edit.registers.get(key)
    if register is None:
        raise InvalidRecord(f"{edit.type}: key without a register", field=key.partition("/")[0])
    return register


def depths_after(edit: Edit) -> dict[str, int]:
    """The depth each written key gets, where it is not 1: 1 + the deepest head it replaces."""
    return {
        key: 1 + max(depth for _, depth in edit.base[key])
        for key in edit.values
        if edit.base.get(key)
    }
