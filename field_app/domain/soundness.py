"""Whether one key's value is what its declaration says, asked of the key alone.

A record is as good as its keys: no rule of a declaration joins two of them. So who only has to
know whether all is sound, as the server does for every write pushed, need not build the record.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any

from pydantic import ConfigDict, TypeAdapter, ValidationError

from field_app.domain.declaration import FieldDeclaration, Record, WireValue, declaration_of

_KEY_LETTERS_MAX = 80
"""Of a key that is remembered; no declared one is longer."""
_QUIET = ConfigDict(hide_input_in_errors=True)  # a refused value may be personal data


def is_sound(record: type[Record], key: str, value: WireValue) -> bool:
    """Whether `record.from_keys` would take this value under this key; an unknown key, any."""
    if isinstance(value, bool) and len(key) <= _KEY_LETTERS_MAX:
        return _is_sound_switch(record, key, value)
    return _is_sound(record, key, value)


@lru_cache(maxsize=4096)
def _is_sound_switch(record: type[Record], key: str, value: bool) -> bool:
    """Ticks of sets: the same few hundred, again and again."""
    return _is_sound(record, key, value)


def _is_sound(record: type[Record], key: str, value: WireValue) -> bool:
    base, _, element = key.partition("/")
    members = declaration_of(record).by_key.get(base, ())
    if not members:
        return True
    return _fits_kind(members[0], element, value) and all(
        _is_taken(record, field, element, value) for field in members
    )


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
    if field.name not in gathered:
        return True  # an unticked element, an emptied place in a map
    try:
        _check(record, field.name)(gathered[field.name])
    except ValidationError:
        return False
    return True


@cache
def _check(record: type[Record], name: str) -> Callable[[Any], Any]:
    """What the record's own class checks this field by."""
    declared: Any = record.model_fields[name].rebuild_annotation()
    return TypeAdapter(declared, config=_QUIET).validator.validate_python
