"""What the lists know of each person: the domain's summary and what only this device knows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Self

from field_app.domain.summary import PersonSummary, summarise
from field_app.store.record_view import RecordView


@dataclass(frozen=True, slots=True)
class ListedPerson:
    """One person in the lists."""

    summary: PersonSummary = field(repr=False)
    teams: tuple[str, ...] = ()
    """The teams whose buckets deliver the person; empty while only this phone knows them."""
    conflicted: tuple[tuple[str, str, str], ...] = ()
    """(record id, type, wire key) of everything that waits to be settled."""
    only_here: bool = False
    """Whether something of the person is only on this phone."""

    @property
    def person_id(self) -> str:
        """The person's id."""
        return self.summary.person_id

    def to_plain(self) -> dict[str, Any]:
        """Plain JSON, for the sealed summary pages."""
        return {
            "summary": self.summary.to_plain(),
            "teams": list(self.teams),
            "conflicted": [list(one) for one in self.conflicted],
            "only_here": self.only_here,
        }

    @classmethod
    def from_plain(cls, wire: dict[str, Any]) -> Self:
        """Read it back."""
        return cls(
            summary=PersonSummary.from_plain(wire["summary"]),
            teams=tuple(wire["teams"]),
            conflicted=tuple((one[0], one[1], one[2]) for one in wire["conflicted"]),
            only_here=wire["only_here"],
        )


def listed(
    person_id: str, views: Iterable[RecordView], teams: frozenset[str], proposed_team: str | None
) -> ListedPerson:
    """Sum one person's records up for the lists."""
    views = list(views)
    conflicted = tuple((view.id, view.type, key) for view in views for key in view.conflicts)
    known = sorted(teams) or ([proposed_team] if proposed_team else [])
    return ListedPerson(
        summary=summarise(
            person_id,
            [view.record for view in views if view.record is not None],
            team_id=known[0] if known else None,
            conflicts=len(conflicted),
        ),
        teams=tuple(known),
        conflicted=conflicted,
        only_here=any(view.only_here for view in views),
    )
