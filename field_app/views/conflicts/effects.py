"""What the conflict screens ask of the store: list, read, keep the draft, settle."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from dataclasses import replace

from field_app.domain.display import list_names
from field_app.store.case_store import CaseStore
from field_app.store.drafts import Draft
from field_app.store.editing import Edit, edit_towards
from field_app.store.record_view import RecordView
from field_app.sync.changes import DIRECTORY_SCOPE, person_scope, team_scope
from field_app.views.cases import CaseRuntime, WorkerFacts, watched
from field_app.views.conflicts.answers import Answer, settled
from field_app.views.conflicts.disputes import Dispute, disputes_of, moment_of
from field_app.views.conflicts.listing import Conflicted, Listed, WatchConflicts
from field_app.views.conflicts.settle import (
    FORM,
    RECORD,
    Changed,
    HeadsMoved,
    KeepDraft,
    NothingHere,
    Opened,
    Saved,
    SaveSettled,
    SettleFacts,
    WatchRecord,
    answers_in,
)
from field_app.views.program import Effects
from field_app.views.record_form.drafts import DraftWriter
from field_app.views.rights import may_read_health


def effects(runtime: CaseRuntime) -> Effects:
    """The handlers of both conflict screens."""
    writer = DraftWriter(runtime)

    async def watch_list(_: WatchConflicts) -> AsyncIterator[object]:
        def load(store: CaseStore) -> Listed:
            account = runtime.account
            health = account is not None and may_read_health(account.role)
            return Listed(tuple(conflicted_records(store, account)), health)

        async for listed in watched(runtime, load, bool):
            yield listed

    async def watch_record(effect: WatchRecord) -> AsyncIterator[object]:
        record_id, is_open = effect.record_id, False

        def load(store: CaseStore) -> tuple[SettleFacts, Draft] | None:
            facts = facts_of(store, runtime, record_id)
            return (facts, _draft(store, facts)) if facts else None

        async for found in watched(runtime, load, bool):
            if found is None:
                yield NothingHere()
                continue
            yield Changed(found[0]) if is_open else Opened(*found)
            is_open = True

    async def keep(effect: KeepDraft) -> None:
        draft = effect.draft
        if answers_in(draft):
            await writer.put(draft)
        else:
            writer.forget(draft.id)
            await runtime.cases(lambda store: store.discard_draft(draft.id))

    async def save(effect: SaveSettled) -> object:
        writer.forget(effect.draft.id)
        return await runtime.cases(lambda store: _save(store, runtime, effect))

    handlers = Effects().on(WatchConflicts, watch_list).on(WatchRecord, watch_record)
    return handlers.on(KeepDraft, keep).on(SaveSettled, save)


def conflicted_records(store: CaseStore, account: WorkerFacts | None) -> Iterator[Conflicted]:
    """Every record with conflicts that this worker may settle."""
    role = account.role if account else ""
    people = store.people()
    names = list_names(one.summary for one in people)
    for person in people:
        name = names.get(person.person_id) or ""
        for record_id in dict.fromkeys(found[0] for found in person.conflicted):
            view = store.record(record_id)
            if view is not None:
                yield from _row(view, role, name)
    for scope in _shared_scopes(store, account):
        for view in store.scope(scope):
            if view.conflicts:
                yield from _row(view, role, "")


def facts_of(store: CaseStore, runtime: CaseRuntime, record_id: str) -> SettleFacts | None:
    """What the settling screen shows of a record; None when the device holds none."""
    view, account = store.record(record_id), runtime.account
    if view is None:
        return None
    kind, _, owner = view.scope.partition("/")
    person_id = owner if kind == "person" else ""
    names = list_names(one.summary for one in store.people())
    others = [
        row.record_id for row in conflicted_records(store, account) if row.record_id != record_id
    ]
    return SettleFacts(
        view=view,
        disputes=disputes_of(view, account.role if account else ""),
        name=names.get(person_id) or "",
        person_id=person_id,
        next_record=others[0] if others else None,
        waiting=len(others),
        staff=store.staff,
        you=account.worker if account else "",
        now=runtime.now(),
    )


def edits_of(
    store: CaseStore, facts: SettleFacts, answers: Mapping[str, Answer]
) -> tuple[Edit, ...]:
    """The record's settled keys, upon exactly the heads shown, and the periods they leave."""
    view, values, base = facts.view, {}, {}
    periods: list[Edit] = []
    for dispute in facts.disputes:
        found = (
            settled(dispute, answers[dispute.key], facts.settler)
            if (dispute.key in answers)
            else None
        )
        if found is None:
            continue
        values[dispute.key] = found.value
        base[dispute.key] = dispute.base
        for period in found.periods:
            scope = person_scope(facts.person_id)
            periods.append(edit_towards(period, scope, store.record(period.id)))
    edit = Edit(view.id, view.type, view.scope, values, base, view.registers)
    return (edit, *periods)


def _save(store: CaseStore, runtime: CaseRuntime, wish: SaveSettled) -> object:
    facts = wish.facts
    view = store.record(facts.view.id)
    if view is None:
        return NothingHere()
    shown = [one for one in facts.disputes if one.key in wish.answers]
    if any(not _still_shown(view, one) for one in shown):
        now = facts_of(store, runtime, view.id)
        return HeadsMoved(now) if now else NothingHere()
    edits = edits_of(store, replace(facts, now=runtime.now()), wish.answers)
    rest = answers_in(wish.draft)
    store.save(edits, draft_id=None if rest else wish.draft.id)
    if rest:
        store.put_draft(replace(wish.draft, changed_at=runtime.now()))
    after = facts_of(store, runtime, view.id)
    return Saved(tuple(one.key for one in shown), after) if after else NothingHere()


def _still_shown(view: RecordView, dispute: Dispute) -> bool:
    heads = view.heads.get(dispute.key, ())
    return frozenset(head.write_id for head in heads) == dispute.heads_shown


def _row(view: RecordView, role: str, name: str) -> Iterator[Conflicted]:
    disputes = disputes_of(view, role)
    if not disputes:
        return
    yield Conflicted(
        record_id=view.id,
        record_type=view.type,
        name=name,
        of_person=view.scope.startswith("person/"),
        moment=moment_of(view),
        keys=tuple((one.key, len(one.claims)) for one in disputes),
        is_health=all(view.registers.get(one.key) == "health" for one in disputes),
    )


def _shared_scopes(store: CaseStore, account: WorkerFacts | None) -> Iterable[str]:
    """Scopes of records that belong to no person: teams' contacts, the directory."""
    if account is None:
        return ()
    teams = set(account.teams)
    if account.role == "lead":
        teams |= {team.id for team in store.staff.teams}
    return (*(team_scope(team) for team in sorted(teams)), DIRECTORY_SCOPE)


def _draft(store: CaseStore, facts: SettleFacts) -> Draft:
    """The draft left from before, or a new one."""
    record_id = facts.view.id
    for draft in store.drafts():
        if draft.form == FORM and draft.content.get(RECORD) == record_id:
            return draft
    return store.new_draft(FORM, facts.view.scope)
