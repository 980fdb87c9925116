"""A form of one record as a program: open, change, save; the draft follows every change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from field_app.domain.declaration import Record
from field_app.store.drafts import Draft
from field_app.views.failures import Failure
from field_app.views.record_form.kinds import NEW, FormFacts, FormKind, Value, Values
from field_app.views.record_form.values import (
    changed_values,
    missing,
    shown_values,
    wanted_record,
)

FIELDS, SHOWN, RECORD = "fields", "shown", "record"
"""What a draft's content holds: the form's values, those first shown, and the record's id."""


@dataclass(frozen=True)
class Form:
    """A form being filled in."""

    kind: FormKind
    person_id: str
    wanted: str
    """The record's id as the path says it, or `NEW`."""
    facts: FormFacts | None = None
    shown: Values = field(default_factory=dict, repr=False)
    values: Values = field(default_factory=dict, repr=False)
    errors: Mapping[str, str] = field(default_factory=dict)
    touched: bool = False
    """Whether anything was typed or chosen since the form was opened."""
    resumed: bool = False
    """Whether a draft from before was taken up."""
    revealed: bool = False
    """Whether fields that wait for a hold are open."""
    part: str = ""
    """Which part of a long form is open."""
    busy: bool = False
    failure: Failure | None = None
    nothing_here: bool = False
    done: str = ""
    """"saved" or "discarded" once the form may be left."""

    @property
    def changed(self) -> dict[str, Value]:
        """The record's fields that its author changed."""
        fields = {n: v for n, v in self.values.items() if n not in self.kind.extras}
        return changed_values(self.shown, fields)


# Events


@dataclass(frozen=True)
class Opened:
    """The record and its draft were read."""

    facts: FormFacts = field(repr=False)


@dataclass(frozen=True)
class NothingHere:
    """The device holds no such record."""


@dataclass(frozen=True)
class Put:
    """A field has a new value."""

    name: str
    value: Value = field(repr=False)


@dataclass(frozen=True)
class Choose:
    """A code was tapped: chosen, or taken back when it was chosen already."""

    name: str
    code: str = field(repr=False)


@dataclass(frozen=True)
class Toggle:
    """An element of a set was ticked or unticked."""

    name: str
    element: str = field(repr=False)
    on: bool


@dataclass(frozen=True)
class PutIn:
    """An element of a map has a new value; None takes it out."""

    name: str
    element: str
    value: str | None = field(repr=False)


@dataclass(frozen=True)
class Submit:
    """Save; `signs` names the parts that are ready ("signature", "health_signature")."""

    signs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Discard:
    """Throw the draft away."""


@dataclass(frozen=True)
class OpenPart:
    """Show another part of a long form."""

    part: str


@dataclass(frozen=True)
class Reveal:
    """Show the fields that wait for it."""


@dataclass(frozen=True)
class Saved:
    """The record is durable, the draft gone."""


@dataclass(frozen=True)
class Discarded:
    """The draft is gone."""


@dataclass(frozen=True)
class SaveFailed:
    """Nothing was saved; the draft is still there."""

    failure: Failure


Event = (
    Opened
    | NothingHere
    | Put
    | Choose
    | Toggle
    | PutIn
    | Submit
    | Discard
    | OpenPart
    | Reveal
    | Saved
    | Discarded
    | SaveFailed
)


# Effects


@dataclass(frozen=True)
class OpenForm:
    """Read the record, and the draft there may be."""

    kind: FormKind
    person_id: str
    wanted: str


@dataclass(frozen=True)
class PutDraft:
    """Make the draft durable."""

    draft: Draft = field(repr=False)


@dataclass(frozen=True)
class SaveForm:
    """Save what was changed, and the draft away with it."""

    kind: FormKind
    facts: FormFacts = field(repr=False)
    shown: Values = field(repr=False)
    changed: Values = field(repr=False)
    values: Values = field(default_factory=dict, repr=False)
    signs: tuple[str, ...] = ()


@dataclass(frozen=True)
class DropDraft:
    """Take the draft away; its author said so, or it changes nothing."""

    draft_id: str
    saved: bool


Effect = OpenForm | PutDraft | SaveForm | DropDraft
Step = tuple[Form, tuple[Effect, ...]]


def begin(kind: FormKind, person_id: str, wanted: str) -> Step:
    """A form on its way to being opened."""
    return Form(kind, person_id, wanted or NEW), (OpenForm(kind, person_id, wanted or NEW),)


def update(form: Form, event: Event) -> Step:
    """What an event changes."""
    match event:
        case Put() | Choose() | Toggle() | PutIn():
            return _put(form, event.name, _value_after(form, event))
        case Submit(signs):
            return _submitted(form, signs)
        case Discard():
            return _discarded(form)
        case _:
            return _moved(form, event), ()


def _moved(form: Form, event: Event) -> Form:
    match event:
        case Opened(facts):
            return _opened(form, facts)
        case NothingHere():
            return replace(form, nothing_here=True)
        case OpenPart(part):
            return replace(form, part=part)
        case Reveal():
            return replace(form, revealed=not form.revealed)
        case Saved():
            return replace(form, busy=False, done="saved")
        case Discarded():
            return replace(form, busy=False, done="discarded")
        case SaveFailed(failure):
            return replace(form, busy=False, failure=failure)
    return form


def _value_after(form: Form, event: Put | Choose | Toggle | PutIn) -> Value:
    held = form.values.get(event.name)
    match event:
        case Put(_, value):
            return value
        case Choose(_, code):
            return None if held == code else code
        case Toggle(_, element, on):
            others = [one for one in held if one != element] if isinstance(held, list) else []
            return sorted([*others, element] if on else others)
        case PutIn(_, element, text):
            known = held if isinstance(held, dict) else {}
            others_in = {key: one for key, one in known.items() if key != element}
            return others_in if text is None else {**others_in, element: text}


def failed(effect: Effect, failure: Failure) -> Event | None:
    """A save that failed is told on the form itself; other failures as a notice."""
    return SaveFailed(failure) if isinstance(effect, SaveForm | DropDraft) else None


def target_of(form: Form) -> tuple[Record | None, dict[str, str]]:
    """The record as it would be saved now, or what is wrong with it."""
    facts = form.facts
    if facts is None:
        return None, {}
    current = facts.view.record if facts.view else None
    changed = form.kind.completed(facts, form.changed)
    target, errors = wanted_record(facts.record_id, form.kind.record, current, form.shown, changed)
    required = (*form.kind.required, *form.kind.required_with(form.changed))
    return target, {**errors, **missing(required, form.values)}


def _opened(form: Form, facts: FormFacts) -> Form:
    kept = facts.draft.content
    current = facts.view.record if facts.view else None
    shown = kept.get(SHOWN) or shown_values(current, form.kind.record, form.kind.fields)
    begun = kept.get(FIELDS)
    values = begun or {**shown, **(form.kind.begin(facts) if facts.is_new else {})}
    return replace(form, facts=facts, shown=shown, values=values, resumed=bool(begun))


def _put(form: Form, name: str, value: Value) -> Step:
    facts = form.facts
    if facts is None or form.busy:
        return form, ()
    errors = {field_: wrong for field_, wrong in form.errors.items() if field_ != name}
    form = replace(
        form, values={**form.values, name: value}, errors=errors, failure=None, touched=True
    )
    return form, (PutDraft(draft_of(form, facts)),)


def draft_of(form: Form, facts: FormFacts) -> Draft:
    """The form as its draft keeps it."""
    content = {RECORD: facts.record_id, SHOWN: dict(form.shown), FIELDS: dict(form.values)}
    return replace(facts.draft, content=content)


def _submitted(form: Form, signs: tuple[str, ...]) -> Step:
    facts = form.facts
    if facts is None or form.busy:
        return form, ()
    _, errors = target_of(form)
    if errors:
        return replace(form, errors=errors, revealed=True), ()
    changed = form.kind.completed(facts, form.changed)
    if not changed and not signs:
        return replace(form, busy=True), (DropDraft(facts.draft.id, saved=True),)
    save = SaveForm(form.kind, facts, form.shown, changed, form.values, signs)
    return replace(form, busy=True, errors={}, failure=None), (save,)


def _discarded(form: Form) -> Step:
    if form.facts is None:
        return form, ()
    return replace(form, busy=True), (DropDraft(form.facts.draft.id, saved=False),)
