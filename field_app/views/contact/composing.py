"""From a form to records and edits: what a save writes, and nothing the form did not ask."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from field_app.domain.clock import Day, Instant, local_day
from field_app.domain.declaration import Record
from field_app.domain.records import AnonymousContact, Encounter, HealthNote, Matter, Person
from field_app.store.editing import Edit, edit_towards
from field_app.store.record_view import Base, RecordView
from field_app.store.saving import signed
from field_app.sync.changes import person_scope, team_scope
from field_app.views.contact.checks import MEASURES, Problem, Refused, made, problems_of, time_of
from field_app.views.contact.form import Form
from field_app.views.contact.kinds import ANONYMOUS, HEALTH, HOME, NOT_REACHED, PHONE, Kind
from field_app.views.kit.dates import NO_DATE
from field_app.views.kit.numbers import decimal_string

_WHEN_AND_WHO = ("occasion", "at", "channel", "outcome", "participants", "author_half")
_WHERE = ("place", "place_text")
_SOCIAL = ("matter", "topics", "methods", "note", "client_view", "worker_estimate", "next_step")
_VISIT = ("agreed_beforehand", "present_roles", "check_out_at", "children_present")
KEYS: Mapping[Kind, tuple[str, ...]] = {
    "street": (*_WHEN_AND_WHO, *_WHERE, *_SOCIAL),
    "phone": (*_WHEN_AND_WHO, *_SOCIAL),
    "home": (*_WHEN_AND_WHO, *_WHERE, *_VISIT, *_SOCIAL),
    "not_reached": (*_WHEN_AND_WHO, "places_tried", "next_try_on", "matter"),
    "health": (*_WHEN_AND_WHO, *_WHERE, "health_part_recorded"),
}
"""The wire keys of an encounter (before the slash) that each kind of form writes."""
_HEALTH_ADDED = ("participants", "health_part_recorded")
"""What a nurse's part changes of an encounter that is there already."""
FORM_NAMES = {
    "bp_systolic": "systolic",
    "bp_diastolic": "diastolic",
    "next_step_text": "next_text",
    "aliases": "who",
}
"""{field of a record: the form's name of it}, where they differ."""


@dataclass(frozen=True)
class Author:
    """Who saves, and what is known of the person's matter."""

    worker: str
    role: str
    open_matter: str | None = None
    team: str | None = None


@dataclass(frozen=True)
class Composed:
    """Everything one save writes."""

    edits: tuple[Edit, ...] = field(repr=False)
    opens: Mapping[str, str] = field(default_factory=dict)

    @property
    def records(self) -> tuple[str, ...]:
        """The records written to."""
        return tuple(edit.record_id for edit in self.edits)


def all_problems(form: Form, author: Author, sign: bool) -> tuple[Problem, ...]:
    """Everything that keeps the form from being saved."""
    found = problems_of(form, sign)
    if found:
        return found
    try:
        _records(form, author, is_new=True)
    except Refused as refused:
        return refused.problems(FORM_NAMES)
    return ()


def composed(
    form: Form,
    author: Author,
    shown: Mapping[str, Mapping[str, Any]],
    bases: Mapping[str, Base],
    signed_at: Instant | None,
) -> Composed:
    """The edits of a save.

    Args:
        form: What was typed and chosen, without problems.
        author: Who saves.
        shown: {record id: {wire key: value}} of records that stood when the form opened.
        bases: {record id: the heads shown}: what the save replaces, whatever came since.
        signed_at: The instant of *Valmis*; None leaves it open.

    Raises:
        Refused: a value is outside its declaration.
    """
    scope = _scope(form, author)
    edits = []
    for record in _records(form, author, is_new=form.ids.encounter not in shown):
        keys = _keys(form, record, shown.get(record.id))
        before = _as_shown(record, scope, shown[record.id]) if record.id in shown else None
        edit = edit_towards(record, scope, before, keys)
        if signed_at is not None and _signs(form, record):
            edit = signed(edit, author.worker, signed_at)
        base = bases.get(record.id, {})
        edits.append(replace(edit, base={key: base[key] for key in edit.values if key in base}))
    opens = {}
    if form.kind != ANONYMOUS and form.who is not None and form.who.is_new and author.team:
        opens = {form.who.person_id: author.team}
    return Composed(tuple(edit for edit in edits if edit.values), opens)


def next_day(form: Form) -> Day | None:
    """The day the form agrees on, if any."""
    day = {NOT_REACHED: form.next_try_on, HEALTH: form.recheck_on}.get(form.kind, form.next_on)
    return None if day == NO_DATE else day


def _scope(form: Form, author: Author) -> str:
    if form.kind == ANONYMOUS or form.who is None:
        return team_scope(author.team or "")
    return person_scope(form.who.person_id)


def _keys(form: Form, record: Record, shown: Mapping[str, Any] | None) -> Iterable[str] | None:
    """The keys a save may write; of an encounter that is there, not whose it is."""
    if not isinstance(record, Encounter):
        return None
    if shown is None:
        return KEYS[form.kind]
    if form.kind == HEALTH:
        return _HEALTH_ADDED
    settled = {"occasion", "author_half"} | ({"matter"} & set(shown))
    return tuple(key for key in KEYS[form.kind] if key not in settled)


def _signs(form: Form, record: Record) -> bool:
    """Whether *Valmis* signs this record: of an encounter the nurse's own part only."""
    wanted = HealthNote if form.kind == HEALTH else Encounter
    return isinstance(record, wanted)


def _as_shown(record: Record, scope: str, values: Mapping[str, Any]) -> RecordView:
    return RecordView(
        id=record.id,
        type=record.record_type,
        scope=scope,
        values=values,
        heads={},
        registers={},
        conflicts=(),
        only_here=frozenset(),
    )


def _records(form: Form, author: Author, *, is_new: bool) -> list[Record]:
    at = time_of(form) or form.at
    if form.kind == ANONYMOUS:
        return [_anonymous(form, author, at)]
    records: list[Record] = []
    if form.who is not None and form.who.is_new and is_new:
        records += _newcomer(form, at)
    records.append(_encounter(form, author, at))
    if form.kind == HEALTH:
        records.append(_health_note(form, at))
    return records


def _newcomer(form: Form, at: Instant) -> list[Record]:
    """A nickname is a person, and the contact opens the matter (vireilletulo)."""
    assert form.who is not None
    channel = "phone" if form.kind == PHONE else "street"
    return [
        made(Person, form.who.person_id, {"aliases": frozenset({form.who.name})}),
        made(
            Matter,
            form.ids.matter,
            {
                "opened_on": local_day(at),
                "received_at": at,
                "intake_channel": channel,
                "intake_by": "own_outreach" if channel == "street" else "self",
            },
        ),
    ]


def _encounter(form: Form, author: Author, at: Instant) -> Record:
    is_new_person = form.who is not None and form.who.is_new
    values: dict[str, Any] = {
        "occasion": form.ids.occasion,
        "at": at,
        "participants": form.partners | {author.worker},
        "author_half": "health" if form.kind == HEALTH else "social",
        "matter": form.ids.matter if is_new_person else author.open_matter,
        **_circumstances(form),
    }
    if form.kind == NOT_REACHED:
        values |= {"places_tried": form.places_tried, "next_try_on": _day(form.next_try_on)}
    elif form.kind == HEALTH:
        values["health_part_recorded"] = True
    else:
        values |= _social_part(form, author)
    if form.kind == HOME:
        values |= {
            "agreed_beforehand": form.agreed,
            "present_roles": form.present,
            "check_out_at": form.check_out_at,
            "children_present": form.children,
        }
    return made(Encounter, form.ids.encounter, values)


def _circumstances(form: Form) -> dict[str, Any]:
    """How and where, as the kind has it."""
    if form.kind == NOT_REACHED:
        return {"channel": form.channel, "outcome": form.failed_outcome}
    if form.kind == PHONE:
        return {"channel": form.call_channel, "outcome": form.outcome}
    place = "home" if form.kind == HOME else form.place
    return {
        "channel": "in_person",
        "outcome": form.outcome,
        "place": place,
        "place_text": form.place_text,
    }


def _social_part(form: Form, author: Author) -> dict[str, Any]:
    day = _day(form.next_on)
    agreed = bool(form.next_text.strip() or day)
    return {
        "topics": form.topics,
        "methods": form.methods,
        "note": form.note.strip(),
        "client_view": form.client_view.strip(),
        "worker_estimate": form.worker_estimate.strip(),
        "next_step_text": form.next_text.strip(),
        "next_step_on": day,
        "next_step_owner": (form.next_owner or author.worker) if agreed else None,
        "next_step_none": True if form.next_on == NO_DATE and not agreed else None,
    }


def _health_note(form: Form, at: Instant) -> Record:
    measured = {name: _measure(form, name) for name in MEASURES}
    return made(
        HealthNote,
        form.ids.health_note,
        {
            "encounter": form.ids.encounter,
            "occasion": form.ids.occasion,
            "at": at,
            "condition": form.condition,
            "observations": form.observations,
            "bp_systolic": _whole(measured["systolic"]),
            "bp_diastolic": _whole(measured["diastolic"]),
            "temperature": measured["temperature"],
            "glucose": measured["glucose"],
            "spo2": _whole(measured["spo2"]),
            "note": form.health_text.strip(),
            "done": form.done,
            "recheck_on": _day(form.recheck_on),
        },
    )


def _anonymous(form: Form, author: Author, at: Instant) -> Record:
    return made(
        AnonymousContact,
        form.ids.anonymous,
        {
            "at": at,
            "people_count": form.people_count,
            "area": form.area.strip(),
            "place": form.place,
            "channel": "in_person",
            "participants": form.partners | {author.worker},
            "topics": form.topics,
            "aid": form.aid,
            "note": form.note.strip(),
        },
    )


def _measure(form: Form, name: str) -> str | None:
    typed: str = getattr(form, name)
    return decimal_string(typed, MEASURES[name])


def _whole(text: str | None) -> int | None:
    return int(text) if text is not None else None


def _day(day: Day | None) -> Day | None:
    return None if day == NO_DATE else day
