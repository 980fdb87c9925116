"""Today's state: summaries first, the partner's additions when they have been looked up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from field_app.domain.clock import Instant
from field_app.domain.today import DraftFacts, PartnerAddition
from field_app.store.case_list import ListedPerson


@dataclass(frozen=True)
class DraftLine:
    """A draft as Today names it."""

    facts: DraftFacts
    path: str
    """Where it is taken up again."""
    name: str | None = field(default=None, repr=False)
    """The new person's nickname, when only the draft knows them."""
    kind: str | None = None
    """The kind of contact; None for other forms."""


@dataclass(frozen=True)
class Addition:
    """What a partner recorded of a shared meeting, and whether the reader's half is missing."""

    facts: PartnerAddition
    by: str
    """The partner's worker id."""
    own_part_missing: bool
    mark: str
    """Names exactly what was added: once seen, the same is not shown again."""


@dataclass(frozen=True)
class DayFacts:
    """Everything the first frame needs; no record was read for it."""

    now: Instant
    worker: str
    people: tuple[ListedPerson, ...] = field(default=(), repr=False)
    drafts: tuple[DraftLine, ...] = field(default=(), repr=False)
    only_here: int = 0
    oldest_here: Instant | None = None
    """When the oldest of what is only on this device was saved."""
    names: Mapping[str, str] = field(default_factory=dict, repr=False)
    """{worker id: name} of colleagues."""


@dataclass(frozen=True)
class Model:
    """The screen."""

    facts: DayFacts | None = None
    additions: tuple[Addition, ...] = field(default=(), repr=False)
    opened: frozenset[str] = frozenset()
    """Sections shown to their last row."""


# Events


@dataclass(frozen=True)
class DayRead:
    """The summaries, drafts and counts as they are now."""

    facts: DayFacts


@dataclass(frozen=True)
class AdditionsFound:
    """What partners added and the reader has not seen yet."""

    additions: tuple[Addition, ...] = field(repr=False)


@dataclass(frozen=True)
class AdditionOpened:
    """The reader has it before their eyes."""

    record_id: str


@dataclass(frozen=True)
class Shown:
    """The screen came on again: drafts may have come and gone meanwhile."""


@dataclass(frozen=True)
class ShowAll:
    """Show a long section to its last row."""

    section: str


Event = DayRead | AdditionsFound | AdditionOpened | Shown | ShowAll

# Effects


@dataclass(frozen=True)
class FollowDay:
    """Tell the day, now and after each change."""

    slot: ClassVar[str] = "day"


@dataclass(frozen=True)
class FindAdditions:
    """Look the partner's additions up: this reads records, after the first frame."""

    people: tuple[str, ...]


@dataclass(frozen=True)
class MarkSeen:
    """Remember that an addition was seen."""

    record_id: str
    mark: str


Effect = FollowDay | FindAdditions | MarkSeen
