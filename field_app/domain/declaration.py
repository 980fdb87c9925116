"""How a field is declared, and the one reading of that declaration.

A record type is a frozen Pydantic class; each field carries its marks in `Annotated[...]`.
Validation, merge, access, screens, search, export and the timeline all read what is said there.

A field lives on the wire as one or more *keys*, each a register of its own for the merge:

| kind   | Python value      | keys                    | value of a key            |
|--------|-------------------|-------------------------|---------------------------|
| scalar | `X | None`        | `outcome`               | the value                 |
| group  | `X | None` each   | `blood_pressure`        | object {member: value}    |
| set    | `frozenset[str]`  | `topics/<element>`      | true or false             |
| map    | `dict[str, str]`  | `worker_score/<area>`   | the value                 |
"""

from __future__ import annotations

import typing
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.fields import FieldInfo

from field_app.domain.errors import InvalidRecord

RegisterName = Literal["common", "social", "health"]
REGISTERS: tuple[RegisterName, ...] = ("common", "social", "health")
ScopeKind = Literal["person", "team", "directory"]
Kind = Literal["scalar", "group", "set", "map"]
WireValue = str | int | bool | None | list[Any] | dict[str, Any]


@dataclass(frozen=True, slots=True)
class Register:
    """Which of the three registers holds the field: who may read it at all."""

    name: RegisterName


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The field's codes are those of this vocabulary (for maps: the values')."""

    name: str


@dataclass(frozen=True, slots=True)
class Keys:
    """A map's keys are the codes of this vocabulary."""

    vocabulary: str


@dataclass(frozen=True, slots=True)
class Group:
    """The field is one value together with the others of its group (dose and unit)."""

    name: str


@dataclass(frozen=True, slots=True)
class LongText:
    """Free text in a person's own words: many lines, searched, joined when settled."""


@dataclass(frozen=True, slots=True)
class Searchable:
    """Found by the search while typing."""


@dataclass(frozen=True, slots=True)
class Hidden:
    """Never at a glance on a phone in a street: revealed by holding."""


@dataclass(frozen=True, slots=True)
class References:
    """The value is the id of a record of this type, or of a `worker`."""

    record_type: str


class Record(BaseModel):
    """What the parts of a case have in common. Its `repr` never shows personal data."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        validate_default=False,
        hide_input_in_errors=True,  # a refused value may be personal data
    )

    record_type: ClassVar[str]
    scope_kind: ClassVar[ScopeKind]
    """Whose the record is: a person's, a team's, or the organisation's directory."""

    id: str

    def __repr__(self) -> str:
        """Type and id alone: records reach logs and tracebacks."""
        return f"<{self.record_type} {self.id}>"

    __str__ = __repr__

    @classmethod
    def from_keys(cls, record_id: str, keys: Mapping[str, WireValue]) -> Self:
        """Build the record from its registers' shown values; unknown keys are left out.

        Raises:
            InvalidRecord: a value is outside its declaration; it names the field, never the value.
        """
        by_key = declaration_of(cls).by_key
        values: dict[str, Any] = {"id": record_id}
        for key, value in keys.items():
            base, _, element = key.partition("/")
            for field in by_key.get(base, ()):
                field.gather(values, element, value)
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            # Only the field: what follows in the place of the error may be a map's own key.
            where = str(error.errors(include_input=False)[0]["loc"][0])
            raise InvalidRecord(f"{cls.record_type}.{where}", field=where) from None

    def to_keys(self) -> dict[str, WireValue]:
        """The record as registers: every key that has a value."""
        keys: dict[str, WireValue] = {}
        for field in declaration_of(type(self)).fields.values():
            field.spread(keys, getattr(self, field.name))
        return keys


@dataclass(frozen=True, slots=True)
class FieldDeclaration:
    """One field's declaration, read from its class."""

    record_type: str
    name: str
    register: RegisterName
    kind: Kind
    key: str
    """The wire key; for a group the group's name, for sets and maps the part before the slash."""
    vocabulary: str | None
    key_vocabulary: str | None
    marks: tuple[object, ...]

    @property
    def label(self) -> str:
        """The catalogue key of the field's label."""
        return f"{self.record_type}.{self.name}"

    def has(self, mark: type) -> bool:
        """Whether the field carries a mark of this class."""
        return any(isinstance(item, mark) for item in self.marks)

    def gather(self, values: dict[str, Any], element: str, value: WireValue) -> None:
        """Put one key's value where the record's constructor wants it."""
        if self.kind == "scalar":
            values[self.name] = value
        elif self.kind == "group":
            members = value if isinstance(value, dict) else {}
            values[self.name] = members.get(self.name)
        elif self.kind == "set":
            if value is True:
                values[self.name] = values.get(self.name, frozenset()) | {element}
        elif value is not None:
            values.setdefault(self.name, {})[element] = value

    def spread(self, keys: dict[str, WireValue], value: Any) -> None:
        """Put a record's value under its wire keys; unset values make no key."""
        if self.kind == "set":
            keys.update({f"{self.key}/{element}": True for element in value})
        elif self.kind == "map":
            keys.update({f"{self.key}/{element}": item for element, item in value.items()})
        elif value is not None and self.kind == "group":
            members = keys.setdefault(self.key, {})
            assert isinstance(members, dict)
            members[self.name] = value
        elif value is not None:
            keys[self.key] = value


@dataclass(frozen=True, slots=True)
class RecordDeclaration:
    """All fields of one record type."""

    record_type: str
    fields: Mapping[str, FieldDeclaration]
    by_key: Mapping[str, tuple[FieldDeclaration, ...]]

    def locate(self, key: str) -> tuple[FieldDeclaration | None, str]:
        """The field a scalar, set or map key belongs to, and its element ("" for scalars).

        A group's key answers its first member; `members` lists them all. A key this version does
        not know answers (None, element): it is kept verbatim by whoever holds it.
        """
        base, _, element = key.partition("/")
        found = self.by_key.get(base)
        return (found[0] if found else None), element

    def members(self, key: str) -> tuple[FieldDeclaration, ...]:
        """Every field that lives under a wire key: several for a group, else one or none."""
        return self.by_key.get(key.partition("/")[0], ())

    def register_of(self, key: str) -> RegisterName | None:
        """The register a wire key belongs to; None when this version does not know the key."""
        field, _ = self.locate(key)
        return field.register if field else None

    @property
    def registers(self) -> tuple[RegisterName, ...]:
        """The registers the type uses, in their fixed order."""
        used = {field.register for field in self.fields.values()}
        return tuple(name for name in REGISTERS if name in used)


@cache
def declaration_of(record: type[Record]) -> RecordDeclaration:
    """Read a record class's declaration.

    Raises:
        TypeError: a field lacks its `Register`, or a group spans two registers.
    """
    fields = {
        name: _field_declaration(record, name, info)
        for name, info in record.model_fields.items()
        if name != "id"
    }
    by_key: dict[str, tuple[FieldDeclaration, ...]] = {}
    for field in fields.values():
        by_key[field.key] = (*by_key.get(field.key, ()), field)
    for key, members in by_key.items():
        if len({member.register for member in members}) > 1:
            raise TypeError(f"group {key} of {record.record_type} spans two registers")
    return RecordDeclaration(record.record_type, MappingProxyType(fields), MappingProxyType(by_key))


def _field_declaration(record: type[Record], name: str, info: FieldInfo) -> FieldDeclaration:
    marks = tuple(info.metadata)
    register = next((mark for mark in marks if isinstance(mark, Register)), None)
    if register is None:
        raise TypeError(f"{record.record_type}.{name} says no register")
    group = next((mark for mark in marks if isinstance(mark, Group)), None)
    vocabulary = next((mark for mark in marks if isinstance(mark, Vocabulary)), None)
    keys = next((mark for mark in marks if isinstance(mark, Keys)), None)
    return FieldDeclaration(
        record_type=record.record_type,
        name=name,
        register=register.name,
        kind=_kind(info, group),
        key=group.name if group else name,
        vocabulary=vocabulary.name if vocabulary else None,
        key_vocabulary=keys.vocabulary if keys else None,
        marks=marks,
    )


def _kind(info: FieldInfo, group: Group | None) -> Kind:
    origin = typing.get_origin(info.annotation)
    if origin is frozenset:
        return "set"
    if origin is dict:
        return "map"
    return "group" if group else "scalar"
