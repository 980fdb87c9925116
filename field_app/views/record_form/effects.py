"""What forms ask of the store: open with a draft, keep the draft, save what was changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from field_app.domain.case_file import case_file
from field_app.domain.declaration import Record
from field_app.domain.errors import InvalidRecord, NotFound
from field_app.store.case_facts import PersonRecords
from field_app.store.case_store import CaseStore
from field_app.store.drafts import Draft
from field_app.store.editing import Edit, edit_towards
from field_app.store.record_view import Base, RecordView
from field_app.sync.canonical import same_value
from field_app.sync.changes import DIRECTORY_SCOPE, person_scope
from field_app.views.cases import CaseRuntime, WorkerFacts
from field_app.views.program import Effects
from field_app.views.record_form.drafts import DraftWriter
from field_app.views.record_form.kinds import NEW, FormFacts, FormKind
from field_app.views.record_form.program import (
    RECORD,
    Discarded,
    DropDraft,
    NothingHere,
    Opened,
    OpenForm,
    PutDraft,
    Saved,
    SaveForm,
)
from field_app.views.record_form.values import wanted_record, wire_keys


def form_effects(runtime: CaseRuntime) -> Effects:
    """The handlers of every form."""
    writer = DraftWriter(runtime)

    async def open_form(effect: OpenForm) -> object:
        account = runtime.account
        facts = await runtime.cases(lambda store: _facts(store, runtime, account, effect))
        return Opened(facts) if facts else NothingHere()

    async def put_draft(effect: PutDraft) -> None:
        await writer.put(effect.draft)

    async def save(effect: SaveForm) -> object:
        writer.forget(effect.facts.draft.id)
        await runtime.cases(lambda store: _save(store, runtime, effect))
        return Saved()

    async def drop(effect: DropDraft) -> object:
        writer.forget(effect.draft_id)
        await runtime.cases(lambda store: store.discard_draft(effect.draft_id))
        return Saved() if effect.saved else Discarded()

    handlers = Effects().on(OpenForm, open_form).on(PutDraft, put_draft)
    return handlers.on(SaveForm, save).on(DropDraft, drop)


def scope_of(kind: FormKind, person_id: str) -> str:
    """The scope a form's record belongs to."""
    return person_scope(person_id) if kind.of_person else DIRECTORY_SCOPE


def shown_heads(view: RecordView) -> Base:
    """The heads a form shows: of several values that disagree, the one in front alone.

    A save from a form replaces what its author saw; the other value stays, to be settled.
    """
    return {
        key: tuple(
            (head.write_id, head.depth) for head in heads if same_value(head.value, heads[0].value)
        )
        if key in view.conflicts
        else tuple((head.write_id, head.depth) for head in heads)
        for key, heads in view.heads.items()
    }


def _facts(
    store: CaseStore, runtime: CaseRuntime, account: WorkerFacts | None, wish: OpenForm
) -> FormFacts | None:
    scope = scope_of(wish.kind, wish.person_id)
    draft = _draft_before(store, wish, scope)
    is_new = wish.wanted == NEW
    record_id = wish.wanted
    if is_new:
        record_id = draft.content[RECORD] if draft else runtime.entropy.new_id()
    view = None if is_new else store.record(record_id)
    if not is_new and (view is None or view.scope != scope):
        return None
    if draft is None:
        draft = store.new_draft(wish.kind.name, scope)
        draft = draft.shown(record_id, shown_heads(view)) if view else draft
    of_person = store.person(wish.person_id) if wish.kind.of_person else None
    return FormFacts(
        draft=draft,
        record_id=record_id,
        is_new=is_new,
        now=runtime.now(),
        worker=account.worker if account else "",
        role=account.role if account else "",
        view=view,
        case=case_file(_typed(of_person.records)) if of_person else case_file(()),
        entries=tuple(_typed(store.scope(DIRECTORY_SCOPE))) if wish.kind.with_directory else (),
        staff=store.staff,
        teams=_teams(of_person, store),
    )


def _teams(of_person: PersonRecords | None, store: CaseStore) -> frozenset[str]:
    """The person's teams; while only this phone knows the person, those they are meant for."""
    if of_person is None:
        return frozenset()
    listed = store.listed_person(of_person.person_id)
    return of_person.teams or frozenset(listed.teams if listed else ())


def _typed(views: Iterable[RecordView]) -> list[Record]:
    return [view.record for view in views if view.record is not None]


def _draft_before(store: CaseStore, wish: OpenForm, scope: str) -> Draft | None:
    """The draft of this form left from before; of a new record, the latest one begun."""
    for draft in store.drafts():
        if draft.form != wish.kind.name or draft.scope != scope:
            continue
        known = draft.content.get(RECORD)
        if known == wish.wanted or (wish.wanted == NEW and known and store.record(known) is None):
            return draft
    return None


def _save(store: CaseStore, runtime: CaseRuntime, wish: SaveForm) -> None:
    facts, kind = wish.facts, wish.kind
    before = store.record(facts.record_id)
    if before is None and not facts.is_new:
        raise NotFound("the record is gone")
    current = before.record if before else None
    target, errors = wanted_record(facts.record_id, kind.record, current, wish.shown, wish.changed)
    if target is None:
        raise InvalidRecord(kind.record.record_type, field=min(errors))
    keys = wire_keys(kind.record, wish.changed)
    edit = edit_towards(target, facts.draft.scope or "", before, keys)
    edit = replace(edit, base=_as_shown(facts.draft.bases.get(facts.record_id, {}), edit))
    edit = _signed(edit, wish.signs, facts.worker, runtime)
    store.save([edit, *kind.more(facts, target, wish.values)], draft_id=facts.draft.id)


def _as_shown(base: Base, edit: Edit) -> Base:
    """The heads the author was shown, of the keys that are written."""
    return {key: base[key] for key in edit.values if key in base}


def _signed(edit: Edit, signs: tuple[str, ...], worker: str, runtime: CaseRuntime) -> Edit:
    at = runtime.now()
    values = dict(edit.values)
    for group in signs:
        prefix = group.removesuffix("signature")
        values[group] = {f"{prefix}signed_at": at, f"{prefix}signed_by": worker}
    return replace(edit, values=values)
