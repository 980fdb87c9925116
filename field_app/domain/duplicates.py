"""Two records of one human, found offline: names and aliases that look or sound alike.

A nickname is all there may be, spelt by ear in the rain: "Puna-pipo", "punapipo", "Punapippo".
The app only proposes; a worker says whether two are the same, and can take it back.
"""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations, pairwise

from field_app.domain.same_person import joined

ALIKE = 75
"""Per cent of likeness from which two names are proposed as one person's."""
COMMON_FROM = 4
"""A name that so many people share ("Mika") says nothing of two of them."""
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
    return _dice(_pairs(one), _pairs(other))


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
    scores = {
        (first, second): score
        for (first, second), score in _alike_by_name(candidates, at_least).items()
        if _years_apart(by_id[first], by_id[second]) <= _BIRTH_YEARS_APART_MAX
    }
    scores.update(dict.fromkeys(_same_number(candidates), 100))
    same = joined({one.person_id: one.same_as for one in candidates})
    found = [
        Duplicate(first, second, score)
        for (first, second), score in scores.items()
        if second not in same[first]
    ]
    return tuple(sorted(found, key=lambda one: (-one.likeness, one.first, one.second)))


def _alike_by_name(candidates: Sequence[Candidate], at_least: int) -> dict[tuple[str, str], int]:
    """The best likeness of every two people who have names alike enough.

    Only names that share one of their rarest letter pairs are compared: two sets whose common
    part is large enough must share a member of such a prefix. Comparing everybody with everybody
    took 12 s for 1,000 people where this takes under one.
    """
    bearers = Counter(
        name for one in candidates for name in {normalised(each) for each in one.names}
    )
    named = [
        (one.person_id, pairs)
        for one in candidates
        for name in one.names
        if bearers[normalised(name)] < COMMON_FROM and (pairs := _pairs(name))
    ]
    frequency = Counter(pair for _, pairs in named for pair in pairs)
    holders: defaultdict[str, list[int]] = defaultdict(list)
    best: dict[tuple[str, str], int] = {}
    for index, (person, pairs) in enumerate(named):
        prefix = _rarest(pairs, frequency, at_least)
        for other in {earlier for pair in prefix for earlier in holders[pair]}:
            other_person, other_pairs = named[other]
            score = _dice(pairs, other_pairs)
            if score >= at_least and other_person != person:
                key = (min(person, other_person), max(person, other_person))
                best[key] = max(score, best.get(key, 0))
        for pair in prefix:
            holders[pair].append(index)
    return best


def _rarest(pairs: frozenset[str], frequency: Counter[str], at_least: int) -> list[str]:
    # Shared pairs must number at least `at_least / (200 - at_least)` of this name's own.
    shared_min = -(-at_least * len(pairs) // (200 - at_least))
    ordered = sorted(pairs, key=lambda pair: (frequency[pair], pair))
    return ordered[: len(pairs) - shared_min + 1]


def _same_number(candidates: Sequence[Candidate]) -> set[tuple[str, str]]:
    holders: defaultdict[str, set[str]] = defaultdict(set)
    for candidate in candidates:
        if digits := _digits(candidate.phone):
            holders[digits].add(candidate.person_id)
    return {pair for people in holders.values() for pair in combinations(sorted(people), 2)}


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


def _dice(left: frozenset[str], right: frozenset[str]) -> int:
    size = len(left) + len(right)
    return 200 * len(left & right) // size if left and right else 0
