"""The list of people: who needs attention first, or what was found for the words typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import ClassVar

from field_app.domain.clock import Day
from field_app.domain.display import list_names
from field_app.domain.today import UNREACHED_DAYS, sections_of
from field_app.domain.vocabularies import VOCABULARIES
from field_app.store.case_list import ListedPerson
from field_app.store.search import Hit

SNIPPETS = frozenset({"encounter", "navigation_step", "task", "matter", "assessment"})
"""Types whose text may be shown around what was found; a health note's waits behind its record."""


@dataclass(frozen=True)
class Found:
    """What the search answered for some words."""

    typed: str = field(repr=False)
    hits: tuple[Hit, ...] = field(repr=False)
    complete: bool
    """Whether every record was searched, or the index is still being built."""


@dataclass(frozen=True)
class People:
    """The people's list."""

    today: Day = ""
    people: tuple[ListedPerson, ...] | None = field(default=None, repr=False)
    """None until they were read."""
    names: Mapping[str, str | None] = field(default_factory=dict, repr=False)
    alike: Mapping[str, str] = field(default_factory=dict, repr=False)
    """{person id: somebody who may be the same person}."""
    typed: str = field(default="", repr=False)
    found: Found | None = field(default=None, repr=False)

    @cached_property
    def by_id(self) -> dict[str, ListedPerson]:
        """The people by id."""
        return {one.person_id: one for one in self.people or ()}


@dataclass(frozen=True)
class Listed:
    """The people as the store lists them now."""

    people: tuple[ListedPerson, ...] = field(repr=False)
    today: Day


@dataclass(frozen=True)
class Alike:
    """Who may be the same person as whom."""

    pairs: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True)
class Typed:
    """The search field holds these words."""

    text: str = field(repr=False)


Event = Listed | Alike | Typed | Found


@dataclass(frozen=True)
class WatchPeople:
    """Read the list, again after each change."""


@dataclass(frozen=True)
class FindAlike:
    """Look for people who may be the same."""

    slot: ClassVar[str] = "people.alike"
    people: tuple[ListedPerson, ...] = field(repr=False)


@dataclass(frozen=True)
class Search:
    """Search for words; newer words end the search for older ones."""

    slot: ClassVar[str] = "people.search"
    text: str = field(repr=False)


Effect = WatchPeople | FindAlike | Search
Step = tuple[People, tuple[Effect, ...]]


def init() -> Step:
    """Read the list."""
    return People(), (WatchPeople(),)


def update(model: People, event: Event) -> Step:
    """What an event changes."""
    match event:
        case Listed(people, today):
            shown = tuple(sorted(_living(people), key=lambda one: attention(one, today)))
            names = list_names(one.summary for one in shown)
            model = replace(model, people=shown, names=names, today=today)
            again = (Search(model.typed),) if model.typed.strip() else ()
            return model, (FindAlike(shown), *again)
        case Alike(pairs):
            return replace(model, alike=pairs), ()
        case Typed(text):
            if not text.strip():
                return replace(model, typed="", found=None), (Search(""),)
            return replace(model, typed=text), (Search(text),)
        case Found(typed):
            return (replace(model, found=event) if typed == model.typed else model), ()


def attention(listed: ListedPerson, today: Day) -> tuple[int, bool, Day, str]:
    """The order of the list: today's sections first, then by the next day something is due."""
    order = VOCABULARIES["today_section"].codes
    fits = sections_of(listed.summary, today, UNREACHED_DAYS)
    rank = order.index(fits[0]) if fits else len(order)
    if not fits and listed.conflicted:
        rank = len(order) - 1
    step = listed.summary.next_step(today)
    day = step.on if step else None
    return (rank, day is None, day or "", (listed.summary.name or "~").casefold())


def people_found(found: Found, known: Mapping[str, ListedPerson]) -> tuple[str, ...]:
    """Whose name or alias was found, in the search's order, each once."""
    ids = (hit.scope.partition("/")[2] for hit in found.hits if hit.where == "name")
    return tuple(dict.fromkeys(person_id for person_id in ids if person_id in known))


def texts_found(found: Found, known: Mapping[str, ListedPerson]) -> tuple[Hit, ...]:
    """Records of known people in whose texts the words were found."""
    return tuple(
        hit for hit in found.hits if hit.where == "text" and hit.scope.partition("/")[2] in known
    )


def _living(people: tuple[ListedPerson, ...]) -> list[ListedPerson]:
    return [one for one in people if not one.summary.archived]
