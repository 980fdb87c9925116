"""What the contact screen asks of the store, on the store's own thread."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace

from field_app.domain.clock import local_day
from field_app.domain.errors import FieldAppError
from field_app.views.cases import CaseRuntime
from field_app.views.contact import model as m
from field_app.views.contact.occasions import open_occasion
from field_app.views.contact.opening import open_form, people_of
from field_app.views.contact.paths import Start
from field_app.views.contact.prefill import keep_prefill
from field_app.views.contact.saving import save_contact, whereabouts
from field_app.views.program import Effects
from field_app.views.record_form.drafts import DraftWriter


def effects(runtime: CaseRuntime) -> Effects:
    """The handlers of one data directory."""
    handlers = ContactEffects(runtime)
    return (
        Effects()
        .on(m.OpenForm, handlers.open)
        .on(m.FollowPeople, handlers.follow_people)
        .on(m.FindOccasion, handlers.find_occasion)
        .on(m.LetGo, handlers.let_go)
        .on(m.PutDraft, handlers.put_draft)
        .on(m.SaveContact, handlers.save)
        .on(m.FollowSaved, handlers.follow_saved)
        .on(m.DiscardDraft, handlers.discard)
    )


class ContactEffects:
    """Handlers that share which forms are being written."""

    def __init__(self, runtime: CaseRuntime) -> None:
        """Work on this runtime's store."""
        self._runtime = runtime
        self._drafts = DraftWriter(runtime)
        self._writing: set[str] = set()
        """Drafts of forms that nobody has left, saved or discarded."""
        self._broken_off: dict[Start, str] = {}
        """Forms that a lock closed under the author's hands: opened again, they go on."""
        self._behind: set[asyncio.Future[None]] = set()

    async def open(self, effect: m.OpenForm) -> m.Opened | m.Gone:
        """Read the draft, the encounter, or nothing but what is prefilled."""
        account, now = self._runtime.account, self._runtime.now()
        if account is None:
            return m.Gone()
        new_id = self._runtime.entropy.new_id
        draft_id = self._broken_off.pop(effect.start, None)
        if draft_id is not None:
            going_on = replace(effect, start=replace(effect.start, draft_id=draft_id))
            found = await self._runtime.cases(
                lambda store: open_form(store, going_on, account, now, new_id)
            )
            if isinstance(found, m.Opened):
                return found
        return await self._runtime.cases(
            lambda store: open_form(store, effect, account, now, new_id)
        )

    async def follow_people(self, effect: m.FollowPeople) -> AsyncIterator[m.PeopleRead]:
        """Read the people again whenever somebody changed."""
        try:
            async for scopes in self._runtime.changes():
                if any(scope.startswith("person/") for scope in scopes):
                    yield m.PeopleRead(await self._runtime.cases(people_of))
        finally:
            if effect.draft_id in self._writing:
                self._broken_off[effect.start] = effect.draft_id

    async def find_occasion(self, effect: m.FindOccasion) -> m.OccasionFound | None:
        """Look at the person's contacts of today."""
        account, now = self._runtime.account, self._runtime.now()
        if account is None:
            return None
        return await self._runtime.cases(
            lambda store: m.OccasionFound(
                effect.person_id, open_occasion(store, effect.person_id, account, local_day(now))
            )
        )

    async def let_go(self, effect: m.LetGo) -> None:
        """The form was left on purpose."""
        self._writing.discard(effect.draft_id)

    async def put_draft(self, effect: m.PutDraft) -> m.DraftKept:
        """Make the newest content durable."""
        self._writing.add(effect.draft.id)
        await self._drafts.put(effect.draft)
        return m.DraftKept()

    async def save(self, effect: m.SaveContact) -> m.Saved:
        """Save; the draft goes in the same transaction."""
        now = self._runtime.now()
        self._drafts.forget(effect.draft.id)
        saved = asyncio.ensure_future(
            self._runtime.cases(lambda store: save_contact(store, effect, now))
        )
        contact = await asyncio.shield(saved)
        self._writing.discard(effect.draft.id)
        self._keep_prefill(effect)
        return m.Saved(contact)

    def _keep_prefill(self, effect: m.SaveContact) -> None:
        """What makes the next contact quicker is kept behind the save, and may fail alone."""

        async def keep() -> None:
            with suppress(FieldAppError):
                await self._runtime.cases(
                    lambda store: keep_prefill(store, effect.form, effect.around.today)
                )

        keeping = asyncio.ensure_future(keep())
        self._behind.add(keeping)
        keeping.add_done_callback(self._behind.discard)

    async def follow_saved(self, effect: m.FollowSaved) -> AsyncIterator[m.Whereabouts]:
        """Tell whether the server has it yet."""
        async for _ in self._runtime.changes():
            only_here, waiting = await self._runtime.cases(
                lambda store: whereabouts(store, effect.contact)
            )
            yield m.Whereabouts(only_here, waiting)

    async def discard(self, effect: m.DiscardDraft) -> m.Discarded | None:
        """Throw a draft away, after it was asked for twice."""
        self._drafts.forget(effect.draft_id)
        self._writing.discard(effect.draft_id)
        await self._runtime.cases(lambda store: store.discard_draft(effect.draft_id))
        return None if effect.follows else m.Discarded()
