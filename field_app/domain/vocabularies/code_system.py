"""What a vocabulary is: an ordered list of codes, the Finnish term beside each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from field_app.domain.clock import Day

ARA = "ara"
"""A class of the national homelessness survey (ARA/Varke)."""
FLAT_ONLY = "flat_only"
"""A stage only the search for a flat passes through."""
SENSITIVE = "sensitive"
"""Never at a glance on a phone in a street: speaks of health, substances or violence."""


@dataclass(frozen=True, slots=True)
class Code:
    """One item: an English code that is stored, and the term Finnish professionals use."""

    code: str
    fi: str
    marks: frozenset[str] = frozenset()
    offered_from: Day | None = None
    """First day the item could be chosen; benefits change their names by law."""
    offered_until: Day | None = None
    """Last day the item could be chosen; older records keep it."""

    def offered_on(self, day: Day) -> bool:
        """Whether a form of this day offers the item."""
        started = self.offered_from is None or self.offered_from <= day
        return started and (self.offered_until is None or day <= self.offered_until)


@dataclass(frozen=True, slots=True)
class CodeSystem:
    """A vocabulary: codes in the order in which screens show them."""

    name: str
    items: tuple[Code, ...]

    def __iter__(self) -> Iterator[Code]:
        """The items in order."""
        return iter(self.items)

    def __contains__(self, code: object) -> bool:
        """Whether the vocabulary has this code."""
        return any(item.code == code for item in self.items)

    def __len__(self) -> int:
        """How many items there are."""
        return len(self.items)

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes in order."""
        return tuple(item.code for item in self.items)

    def code(self, code: str) -> Code:
        """The item with this code.

        Raises:
            KeyError: the vocabulary has no such code.
        """
        for item in self.items:
            if item.code == code:
                return item
        raise KeyError(f"{self.name} has no code {code}")

    def marked(self, mark: str) -> tuple[str, ...]:
        """The codes that carry a mark, in order."""
        return tuple(item.code for item in self.items if mark in item.marks)

    def offered_on(self, day: Day) -> tuple[Code, ...]:
        """The items a form of this day offers."""
        return tuple(item for item in self.items if item.offered_on(day))

    def in_order(self, codes: frozenset[str]) -> tuple[str, ...]:
        """Chosen codes in the vocabulary's order; codes of a newer version come last, sorted."""
        known = tuple(code for code in self.codes if code in codes)
        return known + tuple(sorted(codes - set(known)))

    def label(self, code: str) -> str:
        """The catalogue key of an item's label."""
        return f"{self.name}.{code}"


def code_system(name: str, *items: Code) -> CodeSystem:
    """Declare a vocabulary.

    Raises:
        ValueError: a code appears twice.
    """
    if len({item.code for item in items}) != len(items):
        raise ValueError(f"{name} has a code twice")
    return CodeSystem(name, items)


def sensitive(code: str, fi: str) -> Code:
    """An item that must not be read at a glance in a street."""
    return Code(code, fi, frozenset({SENSITIVE}))
