"""Search while typing: in memory, after unlocking; nothing searchable is on disk in clear.

Text is folded (case, accents that keyboards lack, spaces) and searched as substrings: every word
typed must be found somewhere in what belongs to one record or one person.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from field_app.domain.declaration import LongText, Searchable, declaration_of
from field_app.domain.records import RECORD_TYPES
from field_app.store.record_view import RecordView

Where = Literal["name", "text"]


def fold(text: str) -> str:
    """Text as it is searched: no case, no accents ("Ä" is found by "a" as well), single spaces."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).split())


@dataclass(frozen=True, slots=True)
class Hit:
    """One record in which the words were found."""

    record_id: str
    type: str
    scope: str
    where: Where
    """In a name, alias or phone, or only in a place or note."""
    snippet: str = field(repr=False)
    """The text around the first word found, as it was written."""


@dataclass(slots=True)
class _Entry:
    record_id: str
    type: str
    names: str = field(repr=False)
    texts: str = field(repr=False)
    original: str = field(repr=False)


_NAME_KEYS = frozenset({"name", "aliases", "surname", "phone"})


class SearchIndex:
    """Folded texts by scope, kept up to date record by record."""

    def __init__(self) -> None:
        """Start empty; `replace` fills it scope by scope."""
        self._scopes: dict[str, dict[str, _Entry]] = {}
        self.complete = False
        """Whether every scope has been read since unlocking; the screen says so until then."""

    def replace(self, scope: str, views: Iterable[RecordView]) -> None:
        """Take in all records of a scope, in place of what was known of it."""
        entries = {view.id: _entry(view) for view in views}
        if entries:
            self._scopes[scope] = entries
        else:
            self._scopes.pop(scope, None)

    def update(self, scope: str, views: Iterable[RecordView]) -> None:
        """Take in these records of a scope; what else is known of it stays."""
        self._scopes.setdefault(scope, {}).update({view.id: _entry(view) for view in views})

    def find(self, typed: str, limit: int = 50) -> list[Hit]:
        """Records in which every typed word is found; names first, one hit a record."""
        words = fold(typed).split()
        if not words:
            return []
        hits: list[tuple[tuple[int, str], Hit]] = []
        for scope, entries in self._scopes.items():
            for entry in entries.values():
                hit = _match(entry, scope, words)
                if hit:
                    rank = (0 if hit.where == "name" else 1, entry.names or entry.record_id)
                    hits.append((rank, hit))
        hits.sort(key=lambda ranked: ranked[0])
        return [hit for _, hit in hits[:limit]]


def _match(entry: _Entry, scope: str, words: list[str]) -> Hit | None:
    if all(word in entry.names for word in words):
        return Hit(entry.record_id, entry.type, scope, "name", entry.original[:80])
    both = f"{entry.names} {entry.texts}"
    if all(word in both for word in words):
        snippet = _around(entry.original, words[0])
        return Hit(entry.record_id, entry.type, scope, "text", snippet)
    return None


def _around(original: str, word: str) -> str:
    """About 80 characters of the text around a folded word."""
    folded = fold(original)
    at = max(folded.find(word), 0)
    start = max(0, at - 30)
    return ("…" if start else "") + original[start : start + 80].replace("\n", " ")


@cache
def _searched(record_type: str) -> Mapping[str, tuple[str, ...]]:
    """{wire key, for sets and maps before the slash: the fields searched under it}."""
    known = RECORD_TYPES.get(record_type)
    found: dict[str, tuple[str, ...]] = {}
    for declared in declaration_of(known).fields.values() if known else ():
        if declared.has(Searchable) or declared.has(LongText):
            found[declared.key] = (*found.get(declared.key, ()), declared.name)
    return found


def _entry(view: RecordView) -> _Entry:
    searched = _searched(view.type)
    names: list[str] = []
    texts: list[str] = []
    for key, value in view.values.items():
        for name in searched.get(key.partition("/")[0], ()):
            (names if name in _NAME_KEYS else texts).extend(_texts(key, value, name))
    return _Entry(
        view.id, view.type, fold(" ".join(names)), fold(" ".join(texts)), " · ".join(names + texts)
    )


def _texts(key: str, value: object, name: str) -> list[str]:
    """The texts one key holds: a set's element, a group's member, a value."""
    element = key.partition("/")[2]
    if element and isinstance(value, bool):
        return [element] if value else []
    if isinstance(value, dict):
        value = value.get(name)
    return [value] if isinstance(value, str) else []
