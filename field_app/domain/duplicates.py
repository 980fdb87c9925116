"""Two records of one human, found offline: names and aliases that look or sound alike.

A nickname is all there may be, spelt by ear in the rain: "Puna-pipo", "punapipo", "Punapippo".
The app only proposes; a worker says whether two are the same, and can take it back.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations, pairwise

ALIKE = 75
"""Per cent of likeness from which two names are proposed as one person's."""
_BIRTH_YEARS_APART_MAX = 2
"""Years told by guess or memory may differ by this much."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """What is compared of one person."""

    person_id: str
    names: tuple[str, ...] = field(repr=False)
    phone: str | None = field(default=None, repr=False)
    birth_year: int | None = field(default=None, repr=False)
    same_as: str | None = None


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Two people who may be one; `first` is the smaller id."""

    first: str
    second: str
    likeness: int
    """Per cent; the same telephone number makes it 100."""


def normalised(name: str) -> str:
    """A name as it is compared: letters and digits alone, small, without accents."""
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    return "".join(character for character in decomposed if character.isalnum())


def likeness(one: str, other: str) -> int:
    """How alike two names are, 0 to 100: shared letter pairs, with the first letter marked.

    The same both ways round; 100 exactly when the normalised names have the same pairs.
    """
    left, right = _pairs(one), _pairs(other)
    if not left or not right:
        return 0
    return 200 * len(left & right) // (len(left) + len(right))


def similar_people(
    name: str, candidates: Iterable[Candidate], at_least: int = ALIKE
) -> tuple[tuple[Candidate, int], ...]:
    """People whose name or alias is like the one being typed, the likest first."""
    scored = [
        (candidate, max((likeness(name, known) for known in candidate.names), default=0))
        for candidate in candidates
    ]
    found = [pair for pair in scored if pair[1] >= at_least]
    return tuple(sorted(found, key=lambda pair: (-pair[1], pair[0].person_id)))


def duplicate_pairs(
    candidates: Sequence[Candidate], at_least: int = ALIKE
) -> tuple[Duplicate, ...]:
    """Pairs that may be one person, the likest first. Those already joined are left out."""
    by_id = {candidate.person_id: candidate for candidate in candidates}
    best: dict[tuple[str, str], int] = {}
    for first, second in _worth_comparing(candidates):
        score = _score(by_id[first], by_id[second])
        if score >= at_least:
            best[first, second] = score
    found = [Duplicate(first, second, score) for (first, second), score in best.items()]
    return tuple(sorted(found, key=lambda one: (-one.likeness, one.first, one.second)))


def _worth_comparing(candidates: Sequence[Candidate]) -> set[tuple[str, str]]:
    """Pairs that share a letter pair or a number: the rest cannot be alike."""
    holders: defaultdict[str, set[str]] = defaultdict(set)
    for candidate in candidates:
        for pair in frozenset().union(*(_pairs(name) for name in candidate.names)):
            holders[pair].add(candidate.person_id)
        if digits := _digits(candidate.phone):
            holders[f"tel {digits}"].add(candidate.person_id)
    return {pair for people in holders.values() for pair in combinations(sorted(people), 2)}


def _score(one: Candidate, other: Candidate) -> int:
    if one.same_as == other.person_id or other.same_as == one.person_id:
        return 0
    if _digits(one.phone) and _digits(one.phone) == _digits(other.phone):
        return 100
    if _years_apart(one, other) > _BIRTH_YEARS_APART_MAX:
        return 0
    return max((likeness(left, right) for left in one.names for right in other.names), default=0)


def _years_apart(one: Candidate, other: Candidate) -> int:
    if one.birth_year is None or other.birth_year is None:
        return 0
    return abs(one.birth_year - other.birth_year)


def _digits(phone: str | None) -> str:
    """The last nine digits: +358 40 and 040 are one number. Short ones say nothing."""
    digits = "".join(character for character in phone or "" if character in "0123456789")
    return digits[-9:] if len(digits) >= 9 else ""


def _pairs(name: str) -> frozenset[str]:
    text = normalised(name)
    return frozenset({f"^{text[:1]}", *map("".join, pairwise(text))} - {"^"})
