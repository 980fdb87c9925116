"""What Today asks of the store: summaries at once, records only afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from typing import Any

from field_app.domain.clock import Instant, plus
from field_app.domain.today import DraftFacts
from field_app.store.case_store import CaseStore
from field_app.store.drafts import Draft
from field_app.views.cases import CaseRuntime, WorkerFacts
from field_app.views.contact.form import Form
from field_app.views.contact.paths import resumed
from field_app.views.contact.program import FORM_NAME
from field_app.views.program import Effects
from field_app.views.record_form.resuming import draft_path
from field_app.views.today.additions import additions_in
from field_app.views.today.model import (
    Addition,
    AdditionsFound,
    DayFacts,
    DayRead,
    DraftLine,
    FindAdditions,
    FollowDay,
    MarkSeen,
)
from field_app.views.today.program import ADDITION_HOURS

SEEN = "today.seen"
SEEN_KEPT = 200
ROUTE = "route"
"""A draft may say in its content where it is taken up again."""


def effects(runtime: CaseRuntime) -> Effects:
    """The handlers of one data directory."""
    handlers = TodayEffects(runtime)
    return (
        Effects()
        .on(FollowDay, handlers.follow)
        .on(FindAdditions, handlers.find_additions)
        .on(MarkSeen, handlers.mark_seen)
    )


class TodayEffects:
    """Handlers on one runtime."""

    def __init__(self, runtime: CaseRuntime) -> None:
        """Work on this runtime's store."""
        self._runtime = runtime

    async def follow(self, _effect: FollowDay) -> AsyncIterator[DayRead]:
        """The day now, and again after each change."""
        changes = aiter(self._runtime.changes())
        # Listening begins before the first reading, so that no change falls between them.
        coming = asyncio.ensure_future(anext(changes))
        try:
            while True:
                account, now = self._runtime.account, self._runtime.now()
                if account is not None:
                    read = partial(day_facts, account=account, now=now)
                    yield DayRead(await self._runtime.cases(read))
                await coming
                coming = asyncio.ensure_future(anext(changes))
        except StopAsyncIteration:
            return
        finally:
            coming.cancel()

    async def find_additions(self, effect: FindAdditions) -> AdditionsFound | None:
        """Read the records of people met lately."""
        account = self._runtime.account
        if account is None:
            return None
        since = plus(self._runtime.now(), hours=-ADDITION_HOURS)
        found: list[Addition] = []
        for person_id in effect.people:
            # One person at a time: the store's thread is free for keystrokes in between.
            read = partial(_of_person, person_id=person_id, account=account, since=since)
            found += await self._runtime.cases(read)
        return AdditionsFound(tuple(found))

    async def mark_seen(self, effect: MarkSeen) -> None:
        """Remember it."""
        await self._runtime.cases(lambda store: _remember(store, effect))


def day_facts(store: CaseStore, account: WorkerFacts, now: Instant) -> DayFacts:
    """The day from summaries, drafts and counts; nobody's records are read."""
    counts = store.counts()
    return DayFacts(
        now=now,
        worker=account.worker,
        people=tuple(store.people()),
        drafts=tuple(_draft_line(draft) for draft in store.drafts()),
        only_here=counts.unsynced,
        oldest_here=counts.oldest_at,
        names={one.id: one.name for one in store.staff.workers},
    )


def _draft_line(draft: Draft) -> DraftLine:
    person_id = draft.scope.partition("/")[2] if draft.scope else None
    if draft.form != FORM_NAME:
        facts = DraftFacts(draft.id, draft.form, draft.changed_at, person_id)
        return DraftLine(facts, _path_of(draft, person_id))
    form = Form.from_plain(draft.content["form"])
    facts = DraftFacts(
        draft.id,
        "encounter",
        draft.changed_at,
        None if form.who is not None and form.who.is_new else person_id,
        form.check_out_at if form.is_ongoing_visit else None,
    )
    name = form.who.name if form.who is not None else None
    return DraftLine(facts, resumed(draft.id), name, form.kind)


def _path_of(draft: Draft, person_id: str | None) -> str:
    """Where another screen's draft is taken up again; the person's page when nobody says."""
    said = draft.content.get(ROUTE)
    if isinstance(said, str):
        return said
    return draft_path(draft) or (f"/people/{person_id}" if person_id else "/")


def _of_person(
    store: CaseStore, person_id: str, account: WorkerFacts, since: Instant
) -> tuple[Addition, ...]:
    seen: dict[str, Any] = store.setting(SEEN) or {}
    records = store.person(person_id).records
    return additions_in(records, account.worker, account.role, since, seen)


def _remember(store: CaseStore, effect: MarkSeen) -> None:
    seen: dict[str, Any] = store.setting(SEEN) or {}
    seen.pop(effect.record_id, None)
    kept = list(seen.items())[-(SEEN_KEPT - 1) :]
    store.keep_setting(SEEN, {**dict(kept), effect.record_id: effect.mark})
