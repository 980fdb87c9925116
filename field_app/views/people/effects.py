"""What the people's list asks of the store."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from dataclasses import replace

from field_app.domain.clock import local_day
from field_app.domain.duplicates import Candidate, duplicate_pairs
from field_app.store.case_list import ListedPerson
from field_app.store.case_store import CaseStore
from field_app.store.search import Hit
from field_app.views.cases import CaseRuntime, watched
from field_app.views.people.program import Alike, FindAlike, Found, Listed, Search, WatchPeople
from field_app.views.program import Effects
from field_app.views.rights import may_read_health, readable_summary

INDEXING_S = 0.5
"""How often a search is repeated while the index is being built, in seconds."""


def effects(runtime: CaseRuntime) -> Effects:
    """The handlers of the people's list."""

    async def watch(_: WatchPeople) -> AsyncIterator[object]:
        async for people in watched(runtime, CaseStore.people, _of_people):
            role = runtime.account.role if runtime.account else ""
            shown = tuple(_readable(one, role) for one in people)
            yield Listed(shown, local_day(runtime.now()))

    async def alike(effect: FindAlike) -> object:
        candidates = [_candidate(one) for one in effect.people]
        pairs = await asyncio.to_thread(duplicate_pairs, candidates)
        found: dict[str, str] = {}
        for pair in pairs:
            found.setdefault(pair.first, pair.second)
            found.setdefault(pair.second, pair.first)
        return Alike(found)

    async def search(effect: Search) -> AsyncIterator[object]:
        account = runtime.account
        health = account is not None and may_read_health(account.role)
        complete = not effect.text
        while not complete:
            hits, complete = await runtime.cases(
                lambda store: (_allowed(store, store.find(effect.text), health), _indexed(store))
            )
            yield Found(effect.text, hits, complete)
            await asyncio.sleep(0 if complete else INDEXING_S)

    return Effects().on(WatchPeople, watch).on(FindAlike, alike).on(Search, search)


def _readable(listed: ListedPerson, role: str) -> ListedPerson:
    return replace(listed, summary=readable_summary(listed.summary, role))


def _of_people(scopes: frozenset[str]) -> bool:
    return any(scope.startswith("person/") for scope in scopes)


def _indexed(store: CaseStore) -> bool:
    return store.search_complete


def _allowed(store: CaseStore, hits: Iterable[Hit], health: bool) -> tuple[Hit, ...]:
    """Hits without those that health texts of a device without that right would give."""
    return tuple(hit for hit in hits if health or not _of_health(store, hit))


def _of_health(store: CaseStore, hit: Hit) -> bool:
    if hit.type == "health_note":
        return True
    view = store.record(hit.record_id) if hit.type == "assessment" else None
    return view is not None and "health" in view.registers.values()


def _candidate(listed: ListedPerson) -> Candidate:
    summary = listed.summary
    names = tuple(name for name in (summary.name, *summary.aliases) if name)
    return Candidate(summary.person_id, names, phone=summary.phone, same_as=summary.same_as)
