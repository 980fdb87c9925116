"""Every name and free text the demo uses, and who may see each: what must never lie in clear.

Read from the records' declarations: a value that is neither of a vocabulary nor a reference, nor
an id, a day or a measure, is somebody's own words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from field_app.domain.declaration import (
    FieldDeclaration,
    Record,
    References,
    RegisterName,
    declaration_of,
)
from field_app.domain.records import RECORD_TYPES

_NOT_WORDS = re.compile(
    r"[0-9a-f]{32}|\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d\.\d{3}Z)?|-?\d+([.,]\d+)?", re.ASCII
)


@dataclass(frozen=True, slots=True)
class PersonalText:
    """One line of somebody's words, and where it may be read."""

    text: str = field(repr=False)
    register: RegisterName
    scope: str


def texts_of(record: Record, scope: str) -> Iterator[PersonalText]:
    """A record's own words, line by line."""
    for declared in declaration_of(type(record)).fields.values():
        if declared.has(References):
            continue
        for words in _words(declared, getattr(record, declared.name)):
            for line in words.splitlines():
                if line.strip() and not _NOT_WORDS.fullmatch(line.strip()):
                    yield PersonalText(line.strip(), declared.register, scope)


def _words(declared: FieldDeclaration, value: Any) -> Iterable[str]:
    if declared.vocabulary is not None:
        return ()
    if isinstance(value, str):
        return (value,)
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, dict):
        return value.values()
    return ()


class PersonalTexts:
    """All words used so far, and those that no longer stand."""

    def __init__(self) -> None:
        """Nobody has said anything yet."""
        self._used: dict[PersonalText, None] = {}
        self._retired: dict[str, None] = {}

    def add(self, record: Record, scope: str) -> None:
        """Words of a record."""
        self._used.update(dict.fromkeys(texts_of(record, scope)))

    def add_values(
        self, record_type: str, record_id: str, scope: str, values: Mapping[str, Any]
    ) -> None:
        """Words of some of a record's keys."""
        self.add(RECORD_TYPES[record_type].from_keys(record_id, values), scope)

    def retire(self, text: str) -> None:
        """A text that was replaced or set aside: it stands in no export any more."""
        self._retired[text] = None

    @property
    def standing(self) -> tuple[PersonalText, ...]:
        """Every text that still stands."""
        return tuple(one for one in self._used if one.text not in self._retired)

    @property
    def retired(self) -> tuple[str, ...]:
        """Those that no longer do."""
        return tuple(self._retired)

    def secret_of_health(self) -> frozenset[str]:
        """Words of the health register that nobody wrote anywhere else."""
        elsewhere = {one.text for one in self._used if one.register != "health"}
        health = {one.text for one in self._used if one.register == "health"}
        return frozenset(health - elsewhere)
