"""Whether one key's value is what its declaration says, asked of the key alone.

A record is as good as its keys: no rule of a declaration joins two of them. So who only has to
know whether all is sound, as the server does for every write pushed, need not build the record.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache, partial
from typing import Any, NamedTuple

from pydantic import ConfigDict, TypeAdapter, ValidationError

from field_app.domain.declaration import (
    FieldDeclaration,
    Record,
    RegisterName,
    WireValue,
    declaration_of,
)

_KEY_LETTERS_MAX = 80
"""Of a key that is remembered; no declared one is longer."""
_QUIET = ConfigDict(hide_input_in_errors=True)  # a refused value may be personal data


class KeyRule(NamedTuple):
    """What a record type's declaration says of one key."""

    register: RegisterName | None
    """The register its field belongs to; None for an unknown key."""
    is_sound: Callable[[WireValue], bool]
    """Whether `record.from_keys` would take this value under the key; an unknown key, any."""


def key_rule(record: type[Record], key: str) -> KeyRule:
    """The rule of a key, which is asked again and again: it is put together once."""
    return _known_rule(record, key) if len(key) <= _KEY_LETTERS_MAX else _rule(record, key)


@lru_cache(maxsize=4096)
def _known_rule(record: type[Record], key: str) -> KeyRule:
    return _rule(record, key)


def _rule(record: type[Record], key: str) -> KeyRule:
    base, _, element = key.partition("/")
    members = declaration_of(record).by_key.get(base, ())
    if not members:
        return KeyRule(None, _anything)
    first = members[0]
    if first.kind == "scalar" and not element:
        return KeyRule(first.register, partial(_passes, _check(record, first.name)))
    if first.kind == "set" and element:
        ticked = _is_taken(record, first, element, True)
        return KeyRule(first.register, partial(_is_tick, ticked))

    def is_sound(value: WireValue) -> bool:
        return _fits_kind(first, element, value) and all(
            _is_taken(record, field, element, value) for field in members
        )

    return KeyRule(first.register, is_sound)


def _anything(value: WireValue) -> bool:
    return True


def _is_tick(ticked: bool, value: WireValue) -> bool:
    """Whether this ticks or unticks an element; `ticked`: whether it may be ticked."""
    return value is False or (value is True and ticked)


def _passes(check: Callable[[Any], Any], value: WireValue) -> bool:
    try:
        check(value)
    except ValidationError:
        return False
    return True


def _fits_kind(field: FieldDeclaration, element: str, value: WireValue) -> bool:
    """Whether a key has an element where its field wants one, and a value of the right shape."""
    if field.kind == "set":
        return isinstance(value, bool) and element != ""
    if field.kind == "map":
        return element != ""
    if element:
        return False
    return field.kind != "group" or value is None or isinstance(value, dict)


def _is_taken(
    record: type[Record], field: FieldDeclaration, element: str, value: WireValue
) -> bool:
    gathered: dict[str, Any] = {}
    field.gather(gathered, element, value)
    # An unticked element, or an emptied place in a map, says nothing.
    return field.name not in gathered or _passes(_check(record, field.name), gathered[field.name])


@cache
def _check(record: type[Record], name: str) -> Callable[[Any], Any]:
    """What the record's own class checks this field by."""
    declared: Any = record.model_fields[name].rebuild_annotation()
    return TypeAdapter(declared, config=_QUIET).validator.validate_python
