"""Who is it? Found while typing: names and aliases, those met lately in front."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from field_app.domain.display import list_names
from field_app.domain.duplicates import Candidate, similar_people
from field_app.domain.summary import PersonSummary
from field_app.store.search import fold

RECENT_SHOWN = 5
"""How many people are offered before anything is typed."""
FOUND_SHOWN = 6
ALIKE_SHOWN = 3


@dataclass(frozen=True)
class KnownPerson:
    """One person as the choice shows them: no surname, no status."""

    person_id: str
    name: str = field(repr=False)
    names: tuple[str, ...] = field(repr=False)
    """Every name and alias, as written."""
    folded: str = field(repr=False)
    has_safety_sign: bool = field(default=False, repr=False)
    safety: str | None = field(default=None, repr=False)
    where: str | None = field(default=None, repr=False)
    """The code of the place of the last contact."""

    @property
    def other_names(self) -> tuple[str, ...]:
        """The names that the shown one does not say already, to tell people apart."""
        return tuple(name for name in self.names if name not in self.name.split(" · "))


def known_people(
    summaries: Iterable[PersonSummary], recent: Sequence[str], nameless: str
) -> tuple[KnownPerson, ...]:
    """Everyone who can be chosen: own latest contacts first, then whoever was met latest."""
    people = [one for one in summaries if not one.archived and one.same_as is None]
    shown = list_names(people)
    last = {person_id: place for place, person_id in enumerate(recent)}
    people.sort(key=lambda one: one.person_id)
    people.sort(key=lambda one: one.reach.last_attempt_at or "", reverse=True)
    people.sort(key=lambda one: last.get(one.person_id, len(last)))
    return tuple(_known(one, shown[one.person_id] or nameless) for one in people)


def _known(summary: PersonSummary, name: str) -> KnownPerson:
    names = (*((summary.name,) if summary.name else ()), *summary.aliases)
    return KnownPerson(
        person_id=summary.person_id,
        name=name,
        names=names,
        folded=fold(" ".join(names)),
        has_safety_sign=summary.safety is not None,
        safety=summary.safety,
        where=summary.last_place,
    )


def found(people: Sequence[KnownPerson], typed: str) -> tuple[KnownPerson, ...]:
    """People whose names hold every typed word; whoever begins so in front; recent otherwise."""
    words = fold(typed).split()
    if not words:
        return tuple(people[:RECENT_SHOWN])
    fitting = [one for one in people if all(word in one.folded for word in words)]
    fitting.sort(key=lambda one: not _begins(one, words[0]))
    return tuple(fitting[:FOUND_SHOWN])


def alike(people: Sequence[KnownPerson], typed: str) -> tuple[KnownPerson, ...]:
    """People who may be the one typed, spelt by ear: asked before a new person is made."""
    by_id = {one.person_id: one for one in people}
    already = {one.person_id for one in found(people, typed)}
    candidates = [Candidate(one.person_id, one.names) for one in people]
    near = [candidate.person_id for candidate, _ in similar_people(typed, candidates)]
    return tuple(by_id[person] for person in near if person not in already)[:ALIKE_SHOWN]


def _begins(person: KnownPerson, word: str) -> bool:
    return any(part.startswith(word) for part in person.folded.split())
