"""Changes that wait for a person as programs: the list of cases, and deciding one of them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import ClassVar

from field_app.domain.clock import Instant
from field_app.sync.coordination import Case, CaseContent
from field_app.sync.protocol import Staff
from field_app.views.failures import Failure

BROKEN = frozenset(
    {
        "part_unreadable",
        "part_numbering",
        "part_twice",
        "invalid",
        "wrong_register",
        "moved_record",
        "id_reused",
    }
)
"""Reasons for which nobody can accept a change as it is: it is set aside and written anew."""


@dataclass(frozen=True)
class Inbox:
    """The list of cases; None until the server answered."""

    cases: tuple[Case, ...] | None = None
    staff: Staff = field(default_factory=lambda: Staff(version=0))
    now: Instant = ""
    failure: Failure | None = None


@dataclass(frozen=True)
class CasesRead:
    """The server answered."""

    cases: tuple[Case, ...]
    staff: Staff
    now: Instant


@dataclass(frozen=True)
class NotRead:
    """The server did not answer."""

    failure: Failure


@dataclass(frozen=True)
class AskAgain:
    """Ask the server again."""


@dataclass(frozen=True)
class AskCases:
    """Ask the server what waits, again and again while the list is shown."""

    slot: ClassVar[str] = "inbox.cases"


InboxEvent = CasesRead | NotRead | AskAgain


def init() -> tuple[Inbox, tuple[AskCases, ...]]:
    """Ask the server."""
    return Inbox(), (AskCases(),)


def update(model: Inbox, event: InboxEvent) -> tuple[Inbox, tuple[AskCases, ...]]:
    """What an event changes."""
    match event:
        case CasesRead(cases, staff, now):
            return Inbox(cases, staff, now), ()
        case NotRead(failure):
            return replace(model, failure=failure), ()
        case AskAgain():
            return replace(model, failure=None), (AskCases(),)


def failed(effect: object, failure: Failure) -> NotRead | None:
    """Without the server there is no list: the screen says so itself."""
    return NotRead(failure) if isinstance(effect, AskCases) else None


# One case


@dataclass(frozen=True)
class CaseFacts:
    """A case with its content, and the names that belong to it."""

    content: CaseContent = field(repr=False)
    staff: Staff
    names: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    """(person id, what they are called), of the people this device knows."""
    reads_health: bool = False
    you: str = ""

    @property
    def can_be_accepted(self) -> bool:
        """Whether accepting could succeed at all."""
        return not any(one.reason in BROKEN for one in self.content.sets)


@dataclass(frozen=True)
class Deciding:
    """The screen of one case."""

    set_id: str
    facts: CaseFacts | None = None
    reason: str = field(default="", repr=False)
    """What the decider writes; a case set aside needs it."""
    reason_missing: bool = False
    busy: bool = False
    failure: Failure | None = None
    done: str = ""
    """"accepted" or "set_aside" once it was decided."""


@dataclass(frozen=True)
class CaseRead:
    """The server gave the case."""

    facts: CaseFacts = field(repr=False)


@dataclass(frozen=True)
class ReasonTyped:
    """The decider's reason."""

    text: str = field(repr=False)


@dataclass(frozen=True)
class Accept:
    """Take the whole case into the records."""


@dataclass(frozen=True)
class SetAside:
    """Keep the whole case out of the records; it stays readable for its author."""


@dataclass(frozen=True)
class Decided:
    """The server has taken the decision."""

    done: str


@dataclass(frozen=True)
class CaseFailed:
    """The server did not answer, or refused."""

    failure: Failure


CaseEvent = CaseRead | ReasonTyped | Accept | SetAside | Decided | CaseFailed


@dataclass(frozen=True)
class AskCase:
    """Ask the server for a case."""

    set_id: str


@dataclass(frozen=True)
class Decide:
    """Tell the server the decision, then sync."""

    set_id: str
    reason: str = field(repr=False)
    accepts: bool


CaseEffect = AskCase | Decide
CaseStep = tuple[Deciding, tuple[CaseEffect, ...]]


def init_case(set_id: str) -> CaseStep:
    """Ask for the case."""
    return Deciding(set_id), (AskCase(set_id),)


def update_case(model: Deciding, event: CaseEvent) -> CaseStep:
    """What an event changes."""
    match event:
        case CaseRead(facts):
            return replace(model, facts=facts, failure=None), ()
        case ReasonTyped(text):
            return replace(model, reason=text, reason_missing=False), ()
        case Accept():
            return _decided(model, accepts=True)
        case SetAside():
            if not model.reason.strip():
                return replace(model, reason_missing=True), ()
            return _decided(model, accepts=False)
        case Decided(done):
            return replace(model, busy=False, done=done), ()
        case CaseFailed(failure):
            return replace(model, busy=False, failure=failure), ()


def failed_case(_: object, failure: Failure) -> CaseFailed:
    """Told on the screen itself; the reason typed stays."""
    return CaseFailed(failure)


def _decided(model: Deciding, *, accepts: bool) -> CaseStep:
    if model.busy or model.facts is None or model.done:
        return model, ()
    model = replace(model, busy=True, failure=None)
    return model, (Decide(model.set_id, model.reason.strip(), accepts),)
