"""A record of every type with a distinct text in every field that takes one."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from field_app.domain.declaration import Record
from field_app.domain.errors import FieldAppError
from field_app.domain.known_codes import require_known_codes
from field_app.domain.records import RECORD_TYPES


class Texts:
    """Hands out texts that stand nowhere else, and remembers them."""

    def __init__(self) -> None:
        self._numbers = itertools.count()
        self.given: list[str] = []

    def sentence(self) -> str:
        """Words such as a note may hold, letters beyond ASCII among them."""
        number = "".join("abcdefghij"[int(digit)] for digit in f"{next(self._numbers):04d}")
        self.given.append(f"kertoi Käpylän yöstä {number} kaverin sohvalla")
        return self.given[-1]

    def take_back(self) -> None:
        """The last one was not taken."""
        self.given.pop()


def full_record(kind: type[Record], record_id: str, texts: Texts) -> Record:
    """A record of this type with every field filled that free text fits."""
    facts: dict[str, Any] = {}
    for name in kind.model_fields:
        if name == "id":
            continue
        for value in _candidates(texts):
            try:
                require_known_codes(kind(id=record_id, **{name: value}))
            except (FieldAppError, ValueError):
                texts.take_back()
                continue
            facts[name] = value
            break
    return kind(id=record_id, **facts)


def _candidates(texts: Texts) -> Iterator[Any]:
    yield texts.sentence()
    yield frozenset({texts.sentence()})
    yield {"qz": texts.sentence()}


def record_kinds() -> list[type[Record]]:
    """Every record type there is."""
    return list(RECORD_TYPES.values())
