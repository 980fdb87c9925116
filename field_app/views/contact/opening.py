"""What a form opens with: a draft as it was left, an encounter's other half, or the prefilled.

Runs on the store's thread.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from field_app.domain.clock import Instant, local_day
from field_app.domain.display import short_name
from field_app.domain.records import Encounter, HealthNote
from field_app.store.case_store import CaseStore
from field_app.store.record_view import RecordView
from field_app.sync.changes import person_scope
from field_app.views.cases import WorkerFacts
from field_app.views.contact import model as m
from field_app.views.contact.form import Form, Ids, Who, blank_form
from field_app.views.contact.kinds import (
    HEALTH,
    NOT_REACHED,
    Kind,
    default_kind,
    kind_of,
    kinds_for,
)
from field_app.views.contact.paths import Start
from field_app.views.contact.prefill import prefill_of
from field_app.views.contact.program import FORM_NAME, draft_content, next_try
from field_app.views.contact.who import KnownPerson, known_people

NAMELESS = "–"
NewId = Callable[[], str]


def people_of(store: CaseStore) -> tuple[KnownPerson, ...]:
    """Everyone a contact can be with, from the summaries alone."""
    summaries = [listed.summary for listed in store.people()]
    return known_people(summaries, prefill_of(store).recent, NAMELESS)


def open_form(
    store: CaseStore, effect: m.OpenForm, account: WorkerFacts, now: Instant, new_id: NewId
) -> m.Opened | m.Gone:
    """Open what the path asks for."""
    around = _surroundings(store, account, now)
    start = effect.start
    if start.draft_id is not None:
        return _resumed(store, start.draft_id, around)
    ids = Ids(*(new_id() for _ in range(6)))
    if start.encounter_id is not None:
        opened = _own_part(store, start.encounter_id, ids, around, now)
        return _with_typed(opened, effect.carried) if effect.carried else opened
    form = _prefilled(blank_form(ids, now, default_kind(account.role)), store, around)
    form = _like(form, effect.like) if effect.like else _asked_for(form, start, around)
    return _fresh(store, form, m.Ground(), around)


def _resumed(store: CaseStore, draft_id: str, around: m.Surroundings) -> m.Opened | m.Gone:
    draft = store.draft(draft_id)
    if draft is None or draft.form != FORM_NAME:
        return m.Gone()
    content = draft.content
    ground = m.Ground(draft.bases, content.get("shown", {}), content.get("encounter"))
    return m.Opened(draft, Form.from_plain(content["form"]), ground, around, touched=True)


def _fresh(store: CaseStore, form: Form, ground: m.Ground, around: m.Surroundings) -> m.Opened:
    scope = person_scope(form.who.person_id) if form.who else None
    draft = store.new_draft(FORM_NAME, scope, ground.bases)
    draft = replace(draft, content=draft_content(form, ground))
    return m.Opened(draft, form, ground, around, touched=False)


def _prefilled(form: Form, store: CaseStore, around: m.Surroundings) -> Form:
    kept = prefill_of(store)
    colleagues = {one.worker for one in around.colleagues}
    partners = kept.partners if kept.day == around.today else ()
    return replace(
        form,
        partners=frozenset(partners) & colleagues,
        place=kept.place or "street",
        place_text=kept.place_text,
        area=kept.area,
        next_try_on=None,
    )


def _asked_for(form: Form, start: Start, around: m.Surroundings) -> Form:
    known = next((one for one in around.people if one.person_id == start.person_id), None)
    kind: Kind = form.kind
    if start.kind is not None and start.kind in kinds_for(around.role):
        kind = start.kind
    return replace(
        form,
        kind=kind,
        who=Who(known.person_id, known.name) if known else None,
        next_try_on=next_try(around.today) if kind == NOT_REACHED else None,
    )


def _like(form: Form, before: Form) -> Form:
    """Another person in the same situation: time, place and pair as they were."""
    return replace(
        form,
        ids=replace(form.ids, occasion=before.ids.occasion),
        kind=before.kind,
        at=before.at,
        day=before.day,
        time_typed=before.time_typed,
        place=before.place,
        place_text=before.place_text,
        partners=before.partners,
    )


# -- the other half's part -----------------------------------------------------------------------


def _own_part(
    store: CaseStore, encounter_id: str, ids: Ids, around: m.Surroundings, now: Instant
) -> m.Opened | m.Gone:
    """A form bound to an encounter: the nurse's health part, or anybody else's social part."""
    view = store.record(encounter_id)
    if view is None or not isinstance(view.record, Encounter):
        return m.Gone()
    person_id = view.scope.partition("/")[2]
    encounter = view.record
    ids = replace(ids, encounter=encounter_id, occasion=encounter.occasion or ids.occasion)
    who = Who(person_id, _name_of(store, person_id))
    form = _of_encounter(replace(blank_form(ids, now), who=who), encounter, around)
    views = [view]
    if around.role == "nurse":
        note = _health_note_of(store, view)
        form = replace(form, kind=HEALTH)
        if note is not None:
            form = _with_health_note(form, note)
            views.append(note)
    ground = m.Ground(
        bases={one.id: one.base() for one in views},
        shown={one.id: dict(one.values) for one in views},
        encounter=encounter_id,
    )
    return _fresh(store, form, ground, around)


_TYPED = (
    "topics",
    "methods",
    "note",
    "client_view",
    "worker_estimate",
    "next_text",
    "next_on",
    "condition",
    "observations",
    "systolic",
    "diastolic",
    "temperature",
    "glucose",
    "spo2",
    "health_text",
    "done",
    "recheck_on",
)
"""What is carried over when a contact turns out to be a part of the partner's."""


def _with_typed(opened: m.Opened | m.Gone, carried: Form) -> m.Opened | m.Gone:
    if isinstance(opened, m.Gone):
        return opened
    typed: dict[str, Any] = {
        name: value
        for name in _TYPED
        if (value := getattr(carried, name)) and not getattr(opened.form, name)
    }
    form = replace(opened.form, **typed)
    draft = replace(opened.draft, content=draft_content(form, opened.ground))
    has_typed = bool(typed)
    return replace(opened, form=form, draft=draft, touched=has_typed, unwritten=has_typed)


def _name_of(store: CaseStore, person_id: str) -> str:
    listed = store.listed_person(person_id)
    return (short_name(listed.summary) if listed else None) or NAMELESS


def _health_note_of(store: CaseStore, encounter: RecordView) -> RecordView | None:
    person_id = encounter.scope.partition("/")[2]
    return next(
        (
            view
            for view in store.person(person_id).of_type("health_note")
            if isinstance(view.record, HealthNote) and view.record.encounter == encounter.id
        ),
        None,
    )


def _of_encounter(form: Form, encounter: Encounter, around: m.Surroundings) -> Form:
    at = encounter.at or form.at
    kind = kind_of(encounter.channel, encounter.place, encounter.outcome)
    outcome = encounter.outcome or form.outcome
    return replace(
        form,
        kind=kind,
        at=at,
        day=local_day(at),
        channel=encounter.channel or "in_person",
        call_channel=encounter.channel or "phone",
        outcome=outcome,
        failed_outcome=outcome if kind == NOT_REACHED else form.failed_outcome,
        place=encounter.place,
        place_text=encounter.place_text or "",
        partners=encounter.participants - {around.worker},
        topics=encounter.topics,
        methods=encounter.methods,
        note=encounter.note or "",
        client_view=encounter.client_view or "",
        worker_estimate=encounter.worker_estimate or "",
        next_text=encounter.next_step_text or "",
        next_on="none" if encounter.next_step_none else encounter.next_step_on,
        next_owner=encounter.next_step_owner,
        places_tried=encounter.places_tried or "",
        next_try_on=encounter.next_try_on,
        check_out_at=encounter.check_out_at,
        agreed=encounter.agreed_beforehand,
        present=encounter.present_roles,
        children=encounter.children_present,
    )


def _with_health_note(form: Form, view: RecordView) -> Form:
    note = view.record
    assert isinstance(note, HealthNote)
    return replace(
        form,
        ids=replace(form.ids, health_note=note.id),
        condition=note.condition,
        observations=note.observations,
        systolic=_typed(note.bp_systolic),
        diastolic=_typed(note.bp_diastolic),
        temperature=_typed(note.temperature),
        glucose=_typed(note.glucose),
        spo2=_typed(note.spo2),
        health_text=note.note or "",
        done=note.done,
        recheck_on=note.recheck_on,
    )


def _typed(value: int | str | None) -> str:
    return "" if value is None else str(value).replace(".", ",")


# -- who else is there ---------------------------------------------------------------------------


def _surroundings(store: CaseStore, account: WorkerFacts, now: Instant) -> m.Surroundings:
    staff, own = store.staff, set(account.teams)
    names: Mapping[str, str] = {team.id: team.name for team in staff.teams}
    return m.Surroundings(
        worker=account.worker,
        role=account.role,
        today=local_day(now),
        teams=tuple(m.Team(team, names.get(team, "")) for team in account.teams),
        colleagues=_colleagues(store, account, own),
        people=people_of(store),
    )


def _colleagues(
    store: CaseStore, account: WorkerFacts, own_teams: set[str]
) -> tuple[m.Colleague, ...]:
    """Active colleagues of the same teams: last partners, then the other half, then by name."""
    last = prefill_of(store).partners
    near = [
        one
        for one in store.staff.workers
        if one.active
        and one.id != account.worker
        and one.role != "administrator"
        and own_teams & set(one.teams)
    ]

    def order(one: Any) -> tuple[bool, bool, str]:
        is_other_half = (one.role == "nurse") != (account.role == "nurse")
        return (one.id not in last, not is_other_half, one.name)

    return tuple(m.Colleague(one.id, one.name) for one in sorted(near, key=order))
