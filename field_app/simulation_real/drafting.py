"""A form that somebody types into, letter by letter, for as long as the device lives.

The text of a draft follows from its id: whoever finds one knows each letter that must be there.
The letters go to the disk by the app's own `DraftWriter`, several at once when somebody is quick.
"""

from __future__ import annotations

import asyncio
import random
from dataclasses import replace

from field_app.domain.errors import FieldAppError
from field_app.simulation_real.journal import Journal
from field_app.simulation_real.work import note_about_somebody
from field_app.store.case_store import CaseStore
from field_app.store.drafts import Draft
from field_app.views.device_runtime import DeviceRuntime
from field_app.views.record_form.drafts import DraftWriter

BURST = (1, 4)
"""Letters typed before the first of them can be on the disk."""
SHORTEST, LONGEST = 8, 40
"""Letters after which a draft may be, and is, finished."""
_FORM = "note"


def text_of(draft_id: str, letters: int) -> str:
    """The first letters of what is typed into a draft."""
    spelled = [chr(ord("a") + int(digit, 16)) for digit in draft_id]
    return "".join(spelled[place % len(spelled)] for place in range(letters))


def typed(draft: Draft) -> str:
    """What stands in a draft."""
    return str(draft.content.get("text", ""))


class Drafting:
    """The draft at hand, on one device."""

    def __init__(self, runtime: DeviceRuntime, journal: Journal, dice: random.Random) -> None:
        """Begin without one; call `resume` once the store is open."""
        self._runtime = runtime
        self._journal = journal
        self._dice = dice
        self._writer = DraftWriter(runtime)
        self._draft: Draft | None = None

    async def resume(self) -> None:
        """Look at the drafts that are there, and go on with the newest."""
        found = await self._runtime.cases(CaseStore.drafts)
        self._journal.note("drafts", {draft.id: typed(draft) for draft in found})
        self._draft = found[0] if found else None

    async def type(self) -> None:
        """Type some letters; a draft that is long enough is finished, and another begun."""
        if self._draft is None:
            self._draft = await self._runtime.cases(lambda cases: cases.new_draft(_FORM))
        draft, before = self._draft, len(typed(self._draft))
        letters = before + self._dice.randint(*BURST)
        versions = [
            replace(draft, content={"text": text_of(draft.id, length)})
            for length in range(before + 1, letters + 1)
        ]
        await asyncio.gather(*(self._writer.put(version) for version in versions))
        self._draft = versions[-1]
        self._journal.note("typed", draft.id, typed(self._draft))
        if letters >= LONGEST or (letters >= SHORTEST and self._dice.random() < 0.1):
            await self._finish(self._draft)
        if self._draft is None:
            await self.type()

    async def _finish(self, draft: Draft) -> None:
        if self._dice.random() < 0.2:
            self._journal.note("discarding", draft.id)
            await self._runtime.cases(lambda cases: cases.discard_draft(draft.id))
        else:
            self._journal.note("saving", draft.id)
            if not await self._runtime.cases(lambda cases: self._save(cases, draft)):
                return
        self._journal.note("left", draft.id)
        self._draft = None

    def _save(self, cases: CaseStore, draft: Draft) -> bool:
        work = note_about_somebody(cases, self._runtime.entropy, self._dice, typed(draft))
        if not work.edits:
            return False
        try:
            made = cases.save(work.edits, draft.id).change_set
        except FieldAppError:  # nothing was promised, and the draft is still there
            return False
        parts = [part.raw.decode() for part in made.parts]
        self._journal.note("save", made.header.raw.decode(), parts)
        return True
