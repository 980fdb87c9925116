"""What the person page asks of the store."""

from __future__ import annotations

from collections.abc import AsyncIterator

from field_app.domain.display import short_name
from field_app.domain.duplicates import Candidate, duplicate_pairs
from field_app.domain.summary import PersonSummary
from field_app.store.case_store import CaseStore
from field_app.sync.changes import person_scope
from field_app.views.cases import CaseRuntime, watched
from field_app.views.person.program import Known, PersonFacts, Unknown, WatchPerson
from field_app.views.program import Effects


def effects(runtime: CaseRuntime) -> Effects:
    """The handlers of the person page."""

    async def watch(effect: WatchPerson) -> AsyncIterator[object]:
        scope = person_scope(effect.person_id)

        def load(store: CaseStore) -> PersonFacts | None:
            return facts_of(store, runtime, effect.person_id)

        async for facts in watched(runtime, load, lambda scopes: scope in scopes):
            yield Known(facts) if facts else Unknown()

    return Effects().on(WatchPerson, watch)


def facts_of(store: CaseStore, runtime: CaseRuntime, person_id: str) -> PersonFacts | None:
    """Everything the page shows; None when the device holds nothing of the person."""
    records, account = store.person(person_id), runtime.account
    if not records.records and not records.waiting:
        return None
    return PersonFacts(
        person_id=person_id,
        views=records.records,
        waiting=records.waiting,
        staff=store.staff,
        teams=records.teams,
        now=runtime.now(),
        you=account.worker if account else "",
        role=account.role if account else "",
        alike=_alike(store, person_id),
    )


def _alike(store: CaseStore, person_id: str) -> tuple[str, str] | None:
    """Somebody whose name or telephone is like this person's."""
    people = {one.person_id: one.summary for one in store.people() if not one.summary.archived}
    own = people.get(person_id)
    if own is None:
        return None
    for other_id, other in people.items():
        pair = (
            () if other_id == person_id else duplicate_pairs([_candidate(own), _candidate(other)])
        )
        if pair:
            return other_id, short_name(other) or ""
    return None


def _candidate(summary: PersonSummary) -> Candidate:
    names = tuple(name for name in (summary.name, *summary.aliases) if name)
    return Candidate(summary.person_id, names, phone=summary.phone, same_as=summary.same_as)
