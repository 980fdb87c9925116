"""Between a record and a form: what a form shows, what was changed, what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from field_app.domain.declaration import FieldDeclaration, Record, declaration_of
from field_app.views.record_form.kinds import Value, Values

TOO_LONG, OUT_OF_RANGE, NOT_UNDERSTOOD, REQUIRED = (
    "too_long",
    "out_of_range",
    "not_understood",
    "required",
)
"""What may be wrong with a field."""

_NAMES = {
    "string_too_long": TOO_LONG,
    "too_long": TOO_LONG,
    "greater_than_equal": OUT_OF_RANGE,
    "less_than_equal": OUT_OF_RANGE,
}


def shown_values(
    record: Record | None, cls: type[Record], fields: Iterable[str]
) -> dict[str, Value]:
    """A record's fields as a form holds them; a record that is not there has empty ones."""
    declared = declaration_of(cls).fields
    return {name: _shown(declared[name], record) for name in fields}


def changed_values(shown: Values, values: Values) -> dict[str, Value]:
    """The fields that no longer read as they were shown; an empty text is no text."""
    return {
        name: value for name, value in values.items() if _plain(value) != _plain(shown.get(name))
    }


def wanted_record(
    record_id: str, cls: type[Record], current: Record | None, shown: Values, changed: Values
) -> tuple[Record | None, dict[str, str]]:
    """The record with the changes on it, or what is wrong with which field.

    Of sets and maps only what the author changed is taken over: what others added meanwhile
    stays.
    """
    declared = declaration_of(cls).fields
    held = {name: getattr(current, name) for name in declared} if current else {}
    for name, value in changed.items():
        held[name] = _applied(declared[name], held.get(name), shown.get(name), value)
    try:
        given = {name: value for name, value in held.items() if value is not None}
        return cls.model_validate({"id": record_id, **given}), {}
    except ValidationError as error:
        found = error.errors(include_input=False)
        return None, {str(one["loc"][0]): _NAMES.get(one["type"], NOT_UNDERSTOOD) for one in found}


def missing(required: Iterable[str], values: Values) -> dict[str, str]:
    """The required fields that are empty."""
    return {name: REQUIRED for name in required if _plain(values.get(name)) is None}


def wire_keys(cls: type[Record], fields: Iterable[str]) -> frozenset[str]:
    """The wire keys (before the slash) of fields."""
    declared = declaration_of(cls).fields
    return frozenset(declared[name].key for name in fields)


def _shown(declared: FieldDeclaration, record: Record | None) -> Value:
    value = getattr(record, declared.name, None) if record is not None else None
    if declared.kind == "set":
        return sorted(value or ())
    if declared.kind == "map":
        return dict(value or {})
    if isinstance(value, bool) or value is None:
        return value
    return str(value)


def _plain(value: Value) -> Any:
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, list):
        return frozenset(value) or None
    if isinstance(value, dict):
        return {key: text for key, text in value.items() if text.strip()} or None
    return value


def _applied(declared: FieldDeclaration, now: Any, shown: Value, value: Value) -> Any:
    if declared.kind == "set":
        before, after = frozenset(_listed(shown)), frozenset(_listed(value))
        return (frozenset(now or ()) - (before - after)) | (after - before)
    if declared.kind == "map":
        return _merged(now or {}, _plain(shown) or {}, _plain(value) or {})
    plain = _plain(value)
    return int(plain) if isinstance(plain, str) and _is_number(declared, plain) else plain


def _listed(value: Value) -> list[str]:
    return value if isinstance(value, list) else []


def _merged(
    now: Mapping[str, str], before: Mapping[str, str], after: Mapping[str, str]
) -> dict[str, str]:
    touched = {key for key in {*before, *after} if before.get(key) != after.get(key)}
    kept = {key: text for key, text in now.items() if key not in touched}
    return {**kept, **{key: after[key] for key in touched if key in after}}


NUMBERS = frozenset({"birth_year", "children_in_household"})
"""Fields of whole numbers that a form asks as typed text."""


def _is_number(declared: FieldDeclaration, typed: str) -> bool:
    return declared.name in NUMBERS and typed.isascii() and typed.isdigit()
