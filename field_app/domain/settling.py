"""Settling: the ways in which values that people wrote apart become one again.

Which way fits is read from the field's declaration: a plain field is chosen or said anew, free
texts may be joined, and a housing situation is asked "milloin?", since both may be true. Nothing
here chooses for a person.
"""

from __future__ import annotations

import typing
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from field_app.domain.clock import Instant
from field_app.domain.declaration import FieldDeclaration, LongText, declaration_of
from field_app.domain.errors import InvalidRecord
from field_app.domain.field_types import DayText, Id, InstantText, YesNo
from field_app.domain.records import RECORD_TYPES

HOUSING = ("person", "housing")
"""Type and wire key of the one register that is put in order by days."""
REASON_LETTERS_MAX = 300
_NO_ID = "0" * 32


class Way(Enum):
    """How a key in conflict is settled."""

    CHOOSE = "choose"
    """One of the values as it is: groups, signatures, references, yes and no."""
    LINE = "line"
    """One of the values, or another one typed."""
    CODE = "code"
    """One of the values, or another code of the vocabulary."""
    DAY = "day"
    """One of the values, or another day."""
    TEXTS = "texts"
    """One of the texts, or all of them joined."""
    WHEN = "when"
    """All of them, each at its time."""
    NEWER = "newer"
    """This version does not know the key: it cannot be settled here."""


@dataclass(frozen=True, slots=True)
class Said:
    """One of the texts to join, under a heading that tells whose it is."""

    heading: str = field(repr=False)
    text: str = field(repr=False)


def way_of(record_type: str, key: str) -> Way:
    """How a wire key of a record type is settled."""
    members = _members(record_type, key)
    if not members:
        return Way.NEWER
    if (record_type, key) == HOUSING:
        return Way.WHEN
    if any(member.has(LongText) for member in members):
        return Way.TEXTS
    if members[0].kind == "group":
        return Way.CHOOSE
    if members[0].vocabulary is not None:
        return Way.CODE
    return _way_of_type(members[0])


def joined_text(said: Sequence[Said]) -> str:
    """All texts in their order, each under its heading; every line of each is kept.

    Lines they begin with alike (what stood there before they parted) are said once, without a
    heading; a text that the longest one merely carries on is not said twice.
    """
    texts = [_lines(one.text) for one in said]
    longest = max(texts, key=len, default=[])
    if all(longest[: len(lines)] == lines for lines in texts):
        return "\n".join(longest)
    shared = _shared_beginning(texts)
    blocks = ["\n".join(longest[:shared]).strip("\n")] if shared else []
    for one, lines in zip(said, texts, strict=True):
        rest = "\n".join(lines[shared:]).strip("\n")
        if rest.strip():
            blocks.append(f"{one.heading}\n{rest}")
    return "\n\n".join(block for block in blocks if block)


def text_in(record_type: str, key: str, value: Any) -> str:
    """The free text of a value: the value itself, or the text member of a group."""
    if isinstance(value, dict):
        name = _text_member(record_type, key)
        found = value.get(name) if name else None
        return found if isinstance(found, str) else ""
    return value if isinstance(value, str) else ""


def with_text(
    record_type: str, key: str, values: Sequence[Any], text: str, worker: str, at: Instant
) -> Any:
    """A settled value that says `text`: for a group of a correction, by its settler, now.

    The reasons of the corrections are kept side by side as far as they fit; whoever joins the
    texts puts each reason into its heading as well.
    """
    name = _text_member(record_type, key)
    if name is None:
        return text or None
    known = [value for value in values if isinstance(value, dict)]
    merged: dict[str, Any] = {}
    for value in reversed(known):
        merged.update(value)
    merged[name] = text or None
    names = {member.name for member in _members(record_type, key)}
    stamps = {"correction_reason": _reasons(known), "corrected_at": at, "corrected_by": worker}
    merged.update({member: said for member, said in stamps.items() if member in names})
    return merged


def checked(record_type: str, key: str, value: Any) -> Any:
    """A value for a key as it will be written: cleaned, a typed number as one.

    Raises:
        InvalidRecord: it is outside the field's declaration; it names the field.
    """
    try:
        return _as_declared(record_type, key, value)
    except InvalidRecord:
        number = value.strip() if isinstance(value, str) else ""
        if not (number.isascii() and number.isdigit() and len(number) < 10):
            raise
    return _as_declared(record_type, key, int(number))


def _as_declared(record_type: str, key: str, value: Any) -> Any:
    record = RECORD_TYPES[record_type].from_keys(_NO_ID, {key: value})
    clean = record.to_keys().get(key)
    # Members of a group that a newer version put there stay as they are.
    return {**value, **clean} if isinstance(value, dict) and isinstance(clean, dict) else clean


def _members(record_type: str, key: str) -> tuple[FieldDeclaration, ...]:
    record = RECORD_TYPES.get(record_type)
    return declaration_of(record).members(key) if record else ()


def _way_of_type(declared: FieldDeclaration) -> Way:
    record = RECORD_TYPES[declared.record_type]
    inner = typing.get_args(record.model_fields[declared.name].annotation)
    kind = inner[1] if declared.kind == "map" else inner[0]
    if kind == DayText:
        return Way.DAY
    return Way.CHOOSE if kind in (InstantText, Id, YesNo) else Way.LINE


def _text_member(record_type: str, key: str) -> str | None:
    """The free text's name inside a group; None when the key is no group."""
    for member in _members(record_type, key):
        if member.kind == "group" and member.has(LongText):
            return member.name
    return None


def _reasons(values: Sequence[dict[str, Any]]) -> str | None:
    said = [value["correction_reason"] for value in values if value.get("correction_reason")]
    together = "; ".join(dict.fromkeys(said))
    return together[:REASON_LETTERS_MAX].strip() or None


def _lines(text: str) -> list[str]:
    stripped = text.strip()
    return stripped.split("\n") if stripped else []


def _shared_beginning(texts: Sequence[Sequence[str]]) -> int:
    count = 0
    for lines in zip(*texts, strict=False):
        if len(set(lines)) > 1:
            break
        count += 1
    return count
