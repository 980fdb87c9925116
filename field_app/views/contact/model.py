"""The contact screen's state, what can happen to it, and what it asks to be done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from field_app.domain.clock import Day, Instant
from field_app.store.drafts import Draft
from field_app.store.record_view import Base
from field_app.views.contact.checks import Problem
from field_app.views.contact.form import Form
from field_app.views.contact.kinds import Kind
from field_app.views.contact.paths import Start
from field_app.views.contact.who import KnownPerson
from field_app.views.failures import Failure

Phase = Literal["opening", "gone", "writing", "saving", "saved"]


@dataclass(frozen=True)
class Colleague:
    """Somebody a contact may have been made with."""

    worker: str
    name: str


@dataclass(frozen=True)
class Team:
    """A team of the author's."""

    team: str
    name: str


@dataclass(frozen=True)
class Surroundings:
    """What the form knows of the world when it opens; people are brought up to date later."""

    worker: str
    role: str
    today: Day
    teams: tuple[Team, ...] = ()
    colleagues: tuple[Colleague, ...] = ()
    people: tuple[KnownPerson, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class Ground:
    """What stood when the form was opened on records that are there already."""

    bases: Mapping[str, Base] = field(default_factory=dict, repr=False)
    """{record id: the heads shown}."""
    shown: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, repr=False)
    """{record id: {wire key: value shown}}."""
    encounter: str | None = None
    """The encounter this form adds to; None for a new contact."""


@dataclass(frozen=True)
class SavedContact:
    """What became durable, for the page after the save."""

    kind: Kind
    encounter: str | None
    """None for an anonymous contact."""
    person_id: str | None
    name: str = field(default="", repr=False)
    is_signed: bool = False
    next_on: Day | None = field(default=None, repr=False)
    scope: str = ""
    records: tuple[str, ...] = ()
    only_here: bool = True
    """Whether the server has not answered for it yet."""
    waiting: bool = False
    """Whether the server keeps it aside until a person decides."""


@dataclass(frozen=True)
class OpenOccasion:
    """A contact of today the partner has begun, in which the author's half is still missing."""

    encounter: str
    by: str
    """The partner's name."""
    at: Instant


@dataclass(frozen=True)
class Model:
    """The contact screen."""

    start: Start
    phase: Phase = "opening"
    form: Form | None = None
    draft: Draft | None = None
    ground: Ground = field(default_factory=Ground)
    around: Surroundings | None = None
    touched: bool = False
    """Whether there is a draft on disk, or will be in a moment."""
    details_open: bool = False
    pair_asked: bool = False
    """Nobody was with the author on this day's last contact: asked openly, not folded away."""
    views_open: bool = False
    problems: tuple[Problem, ...] = ()
    failure: Failure | None = None
    draft_failure: Failure | None = None
    """Why the last keystrokes are not on disk; None when they are."""
    asking_discard: bool = False
    occasion: OpenOccasion | None = None
    """What the partner has begun with the same person, to join instead of a second record."""
    saved: SavedContact | None = None
    left: bool = False
    """The person went away: shown again, it begins anew."""


# Events


@dataclass(frozen=True)
class Opened:
    """The form is ready."""

    draft: Draft
    form: Form
    ground: Ground
    around: Surroundings
    touched: bool
    """Whether there is something to lose: a draft on disk, or text carried over."""
    unwritten: bool = False
    """Whether that is not on disk yet."""


@dataclass(frozen=True)
class Gone:
    """There is no such draft any more."""


@dataclass(frozen=True)
class PeopleRead:
    """The people who can be chosen, as they are now."""

    people: tuple[KnownPerson, ...] = field(repr=False)


@dataclass(frozen=True)
class Put:
    """One field's new value, as typed or chosen."""

    name: str
    value: Any = field(repr=False)


@dataclass(frozen=True)
class Toggle:
    """One code of a set, ticked or unticked."""

    name: str
    code: str
    on: bool


@dataclass(frozen=True)
class KindChosen:
    """Another kind of contact; what was written stays."""

    kind: Kind


@dataclass(frozen=True)
class PersonChosen:
    """Somebody known."""

    person_id: str


@dataclass(frozen=True)
class OccasionFound:
    """The partner has begun the same contact, or (None) nobody has."""

    person_id: str
    occasion: OpenOccasion | None


@dataclass(frozen=True)
class OccasionJoined:
    """It is the same contact: what was typed becomes a part of it."""


@dataclass(frozen=True)
class NewPerson:
    """Somebody new, under the name typed."""


@dataclass(frozen=True)
class PersonDropped:
    """Somebody else, then."""


@dataclass(frozen=True)
class Unfold:
    """Open or close a folded part: "details" (time, place, pair) or "views"."""

    part: Literal["details", "views"]


@dataclass(frozen=True)
class SaveTapped:
    """*Tallenna*, or *Valmis* when signing."""

    sign: bool = False


@dataclass(frozen=True)
class Saved:
    """It is durable."""

    contact: SavedContact


@dataclass(frozen=True)
class SaveFailed:
    """Nothing was changed; the draft is still there."""

    failure: Failure


@dataclass(frozen=True)
class DraftKept:
    """The newest keystroke is on disk."""


@dataclass(frozen=True)
class DraftNotKept:
    """The newest keystroke could not be written."""

    failure: Failure


@dataclass(frozen=True)
class Whereabouts:
    """Where the saved contact is now."""

    only_here: bool
    waiting: bool


@dataclass(frozen=True)
class DiscardAsked:
    """The person wants to throw the draft away, or thought better of it."""

    asking: bool


@dataclass(frozen=True)
class DiscardConfirmed:
    """Said twice: it goes."""


@dataclass(frozen=True)
class Discarded:
    """It is gone."""


@dataclass(frozen=True)
class Left:
    """The person goes elsewhere; a draft stays."""


@dataclass(frozen=True)
class Shown:
    """The screen came on; after leaving it begins anew."""


@dataclass(frozen=True)
class Another:
    """The next contact: of somebody else in the same situation, or an unrelated one."""

    same_occasion: bool = False


Event = (
    Opened
    | Gone
    | PeopleRead
    | Put
    | Toggle
    | KindChosen
    | PersonChosen
    | OccasionFound
    | OccasionJoined
    | NewPerson
    | PersonDropped
    | Unfold
    | SaveTapped
    | Saved
    | SaveFailed
    | DraftKept
    | DraftNotKept
    | Whereabouts
    | DiscardAsked
    | DiscardConfirmed
    | Discarded
    | Left
    | Shown
    | Another
)

# Effects


@dataclass(frozen=True)
class OpenForm:
    """Read what the form opens with."""

    start: Start
    like: Form | None = field(default=None, repr=False)
    """The contact before it, when this one is of the same situation."""
    carried: Form | None = field(default=None, repr=False)
    """What was typed already, when it turns out to be a part of the partner's contact."""


@dataclass(frozen=True)
class FollowPeople:
    """Tell who can be chosen, each time that changes, for as long as the form is open."""

    draft_id: str
    start: Start
    slot: ClassVar[str] = "people"


@dataclass(frozen=True)
class FindOccasion:
    """Look whether the partner has begun the same contact today."""

    person_id: str
    slot: ClassVar[str] = "occasion"


@dataclass(frozen=True)
class LetGo:
    """The person left the form on purpose: it is not shown again unless asked for."""

    draft_id: str


@dataclass(frozen=True)
class PutDraft:
    """Make this content durable."""

    draft: Draft


@dataclass(frozen=True)
class SaveContact:
    """Save, and let the draft go in the same transaction."""

    draft: Draft
    form: Form
    ground: Ground
    around: Surroundings
    sign: bool


@dataclass(frozen=True)
class FollowSaved:
    """Tell where the saved contact is, each time that changes."""

    contact: SavedContact
    slot: ClassVar[str] = "saved"


@dataclass(frozen=True)
class DiscardDraft:
    """Throw the draft away."""

    draft_id: str
    follows: bool = False
    """Its content lives on in another form; nobody has to be told."""


Effect = (
    OpenForm
    | FollowPeople
    | FindOccasion
    | LetGo
    | PutDraft
    | SaveContact
    | FollowSaved
    | DiscardDraft
)
