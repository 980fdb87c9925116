"""Settling one record's conflicts as a program: see both, choose, save; the draft follows.

A settled value replaces exactly the values that were on screen. When others change them
meanwhile, the choice is taken back and the new values are shown; what was typed stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from field_app.domain.clock import Day, Instant, local_day
from field_app.store.drafts import Draft
from field_app.store.record_view import Base, RecordView
from field_app.sync.protocol import Staff
from field_app.views.conflicts.answers import OTHER, Answer, Settler, fault_of, settled
from field_app.views.conflicts.disputes import Dispute, settle_path
from field_app.views.failures import Failure

FORM = "settle"
"""The draft's form."""
RECORD, ANSWERS, ROUTE = "record", "answers", "route"
"""What the draft's content holds: the record's id, the answers by key, and where it is open."""


@dataclass(frozen=True)
class SettleFacts:
    """What the store says of the record now."""

    view: RecordView
    disputes: tuple[Dispute, ...] = field(repr=False)
    name: str = field(default="", repr=False)
    """What the person is called; empty for records of a team or the directory."""
    person_id: str = ""
    next_record: str | None = None
    """Another record with conflicts this worker may settle."""
    waiting: int = 0
    """How many other records wait to be settled."""
    staff: Staff = field(default_factory=lambda: Staff(version=0))
    you: str = ""
    now: Instant = ""

    @property
    def today(self) -> Day:
        """The day it is."""
        return local_day(self.now)

    @property
    def settler(self) -> Settler:
        """Who settles what, when."""
        return Settler(self.person_id, self.you, self.now)

    def dispute(self, key: str) -> Dispute | None:
        """The conflict of a key, if it still is one."""
        return next((one for one in self.disputes if one.key == key), None)


@dataclass(frozen=True)
class Settling:
    """The screen."""

    record_id: str
    facts: SettleFacts | None = None
    draft: Draft | None = field(default=None, repr=False)
    answers: Mapping[str, Answer] = field(default_factory=dict, repr=False)
    moved: frozenset[str] = frozenset()
    """Keys whose values changed after they were answered, or while they were on screen."""
    done: tuple[str, ...] = ()
    """Keys settled here."""
    resumed: bool = False
    busy: bool = False
    failure: Failure | None = None
    nothing_here: bool = False

    def answer(self, key: str) -> Answer:
        """What was answered for a key so far."""
        return self.answers.get(key, Answer())

    @property
    def ready(self) -> tuple[str, ...]:
        """The keys whose answers are complete."""
        facts = self.facts
        if facts is None:
            return ()
        return tuple(one.key for one in facts.disputes if self._is_complete(one, facts))

    def _is_complete(self, dispute: Dispute, facts: SettleFacts) -> bool:
        answer = self.answer(dispute.key)
        if fault_of(dispute, answer, facts.settler):
            return False
        return settled(dispute, answer, facts.settler) is not None

    @property
    def left_over(self) -> tuple[tuple[str, str], ...]:
        """(key, text) of what was typed for keys that others settled meanwhile."""
        if self.facts is None:
            return ()
        open_keys = {one.key for one in self.facts.disputes}
        return tuple(
            (key, answer.text)
            for key, answer in self.answers.items()
            if answer.text and key not in open_keys and key not in self.done
        )


# Events


@dataclass(frozen=True)
class Opened:
    """The record was read, with the draft there is of it."""

    facts: SettleFacts = field(repr=False)
    draft: Draft = field(repr=False)


@dataclass(frozen=True)
class Changed:
    """The record was read again."""

    facts: SettleFacts = field(repr=False)


@dataclass(frozen=True)
class NothingHere:
    """The device holds no such record."""


@dataclass(frozen=True)
class Choose:
    """One of the values, or another answer; `text` fills the field that opens with it."""

    key: str
    choice: str
    text: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Typed:
    """The text of an answer."""

    key: str
    text: str = field(repr=False)


@dataclass(frozen=True)
class Dated:
    """Since when a housing value held; None when nobody knows."""

    key: str
    claim: str
    day: Day | None = field(repr=False)


@dataclass(frozen=True)
class Submit:
    """Save what is complete."""


@dataclass(frozen=True)
class Discard:
    """Throw away what was chosen and typed."""


@dataclass(frozen=True)
class Saved:
    """These keys are settled, durably; the record as it stands since."""

    keys: tuple[str, ...]
    facts: SettleFacts = field(repr=False)


@dataclass(frozen=True)
class HeadsMoved:
    """Nothing was saved: other values stand now than those shown."""

    facts: SettleFacts = field(repr=False)


@dataclass(frozen=True)
class SaveFailed:
    """Nothing was saved; the draft is still there."""

    failure: Failure


Event = (
    Opened
    | Changed
    | NothingHere
    | Choose
    | Typed
    | Dated
    | Submit
    | Discard
    | Saved
    | HeadsMoved
    | SaveFailed
)


# Effects


@dataclass(frozen=True)
class WatchRecord:
    """Read the record and its draft, and the record again after each change."""

    record_id: str


@dataclass(frozen=True)
class KeepDraft:
    """Make the draft durable; one without an answer is taken away."""

    draft: Draft = field(repr=False)


@dataclass(frozen=True)
class SaveSettled:
    """Write the settled keys in one change set."""

    facts: SettleFacts = field(repr=False)
    answers: Mapping[str, Answer] = field(repr=False)
    """The complete ones."""
    draft: Draft = field(repr=False)
    """What stays to be answered; it goes when nothing is left in it."""


Effect = WatchRecord | KeepDraft | SaveSettled
Step = tuple[Settling, tuple[Effect, ...]]


def init(record_id: str) -> Step:
    """Read the record."""
    return Settling(record_id), (WatchRecord(record_id),)


def update(model: Settling, event: Event) -> Step:
    """What an event changes."""
    match event:
        case Choose(key, choice, text):
            answer = model.answer(key)
            typed = text if text is not None else answer.text
            return _answered(model, key, replace(answer, choice=choice, text=typed))
        case Typed(key, text):
            answer = model.answer(key)
            return _answered(model, key, replace(answer, text=text, choice=answer.choice or OTHER))
        case Dated(key, claim, day):
            answer = model.answer(key)
            days = {**answer.days, claim: day}
            # Other days may mean another order: whoever dates them confirms it again.
            return _answered(model, key, replace(answer, days=days, choice=None))
        case Submit():
            return _submitted(model)
        case Discard():
            return _kept(replace(model, answers={}, moved=frozenset(), resumed=False))
        case _:
            return _moved_on(model, event), ()


def _moved_on(model: Settling, event: Event) -> Settling:
    match event:
        case Opened(facts, draft):
            return _opened(model, facts, draft)
        case Changed(facts):
            return _renewed(model, facts)
        case HeadsMoved(facts):
            return replace(_renewed(model, facts), busy=False)
        case NothingHere():
            return replace(model, nothing_here=True)
        case Saved(keys, facts):
            answers = {key: one for key, one in model.answers.items() if key not in keys}
            done = tuple(dict.fromkeys((*model.done, *keys)))
            model = replace(model, answers=answers, done=done, busy=False, resumed=False)
            return _renewed(model, facts)
        case SaveFailed(failure):
            return replace(model, busy=False, failure=failure)
    return model


def failed(effect: Effect, failure: Failure) -> Event | None:
    """A save that failed is told on the screen itself."""
    return SaveFailed(failure) if isinstance(effect, SaveSettled) else None


def answers_in(draft: Draft) -> dict[str, Answer]:
    """The answers a draft holds."""
    plain = draft.content.get(ANSWERS) or {}
    return {key: Answer.from_plain(one) for key, one in plain.items()}


def _opened(model: Settling, facts: SettleFacts, draft: Draft) -> Settling:
    answers = answers_in(draft)
    known = draft.bases.get(model.record_id, {})
    moved = frozenset(
        one.key
        for one in facts.disputes
        if one.key in answers and _ids(known.get(one.key, ())) != one.heads_shown
    )
    answers = _without_choices(answers, moved)
    return replace(
        model, facts=facts, draft=draft, answers=answers, moved=moved, resumed=bool(answers)
    )


def _renewed(model: Settling, facts: SettleFacts) -> Settling:
    """The record changed underneath: what was chosen among other values is asked again."""
    before = model.facts
    if before is None:
        return replace(model, facts=facts)
    moved = frozenset(
        one.key
        for one in facts.disputes
        if (shown := before.dispute(one.key)) is not None and shown.heads_shown != one.heads_shown
    )
    answers = _without_choices(model.answers, moved)
    return replace(model, facts=facts, answers=answers, moved=model.moved | moved)


def _without_choices(answers: Mapping[str, Answer], keys: frozenset[str]) -> dict[str, Answer]:
    return {key: replace(one, choice=None) if key in keys else one for key, one in answers.items()}


def _ids(base: Any) -> frozenset[str]:
    return frozenset(write_id for write_id, _ in base)


def _answered(model: Settling, key: str, answer: Answer) -> Step:
    if model.busy or model.facts is None:
        return model, ()
    answers = {**model.answers, key: answer}
    moved = model.moved - {key} if answer.choice is not None else model.moved
    return _kept(replace(model, answers=answers, moved=moved, failure=None))


def _kept(model: Settling) -> Step:
    if model.draft is None or model.facts is None:
        return model, ()
    draft = draft_of(model.draft, model.facts, model.answers)
    return replace(model, draft=draft), (KeepDraft(draft),)


def draft_of(draft: Draft, facts: SettleFacts, answers: Mapping[str, Answer]) -> Draft:
    """The draft with these answers, and the heads each was given upon."""
    kept = {key: one.to_plain() for key, one in answers.items() if not one.is_empty}
    base: Base = {one.key: one.base for one in facts.disputes if one.key in kept}
    content = {RECORD: facts.view.id, ANSWERS: kept, ROUTE: settle_path(facts.view.id)}
    return replace(draft, content=content, bases={facts.view.id: base})


def _submitted(model: Settling) -> Step:
    facts, ready = model.facts, model.ready
    if facts is None or model.draft is None or model.busy or not ready:
        return model, ()
    chosen = {key: model.answers[key] for key in ready}
    rest = {key: one for key, one in model.answers.items() if key not in chosen}
    save = SaveSettled(facts, chosen, draft_of(model.draft, facts, rest))
    return replace(model, busy=True, failure=None), (save,)
