"""A device's store alone, against a simple model: saves, drafts, pages, answers, kills, purges.

The model is three lists: what was saved here, what the server has in order, and the drafts.
"""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from field_app.domain.errors import FieldAppError
from field_app.simulation.chance import SeededEntropy
from field_app.simulation.disk import Disk, Killed, store_database
from field_app.simulation.office import empty_store, keyring
from field_app.simulation.oracle import HeardSave, read_save
from field_app.store.case_store import CaseStore
from field_app.store.drafts import Draft
from field_app.store.editing import Edit
from field_app.store.identity import Identity
from field_app.store.outbox import SHOWN, Outbox, Saved
from field_app.store.record_view import RecordView
from field_app.sync.changes import person_scope
from tests.machines.granting_server import GrantingServer
from tests.store.hand_server import TEAM
from tests.store.makers import SettableClock

NUMBERS = st.integers(0, 99)
WORDS = st.sampled_from(("yksi", "kaksi", "kolme"))


class OneStore:
    """A store upon a disk in memory."""

    def __init__(self, name: str) -> None:
        """Enrol it."""
        self.disk = Disk()
        self.disk.put_back(empty_store())
        self.entropy = SeededEntropy(name)
        self.clock = SettableClock()
        self.open()
        new_id = self.entropy.new_id
        self.cases.enrol(
            Identity(
                device=new_id(),
                worker=new_id(),
                worker_name="Testi",
                role="nurse",
                organisation=new_id(),
                organisation_name="Testialue",
                server="http://127.0.0.1:1",
                instance=new_id(),
                private_key="11" * 32,
                token="token",
                certificate="",
            )
        )

    def open(self) -> None:
        """A new process."""
        self.disk.revive()
        self.keys = keyring(SeededEntropy(f"nonces {self.entropy.new_id()}"))
        self.cases = CaseStore(store_database(self.disk), self.keys, self.clock, self.entropy)

    def outbox(self) -> list[Saved]:
        """Every save, in order."""
        with store_database(self.disk).read() as connection:
            return Outbox(self.keys).all_from(connection, 1)


class DeviceMachine(RuleBasedStateMachine):
    """One store, a server that orders what it is pushed, and a colleague."""

    @initialize()
    def begin(self) -> None:
        """Two enrolled stores that have pulled once."""
        self.device, self.colleague = OneStore("device"), OneStore("colleague")
        self.server = GrantingServer()
        self.people: list[str] = []
        self.looked: dict[str, RecordView] = {}
        self.saved: list[HeardSave] = []
        self.drafts: dict[str, Draft] = {}
        self.told: list[HeardSave] | None = []
        """What the server has told of; None: told nothing of the team (no right)."""
        self._sync()
        self.server.sync(self.colleague.cases)

    # -- typing ----------------------------------------------------------------------------------

    @rule(word=WORDS)
    def open_person(self, word: str) -> None:
        """Somebody new."""
        person = self.device.entropy.new_id()
        edit = Edit(person, "person", person_scope(person), {"name": "Koe", "phone": word})
        if self._save([edit], {person: TEAM}):
            self.people.append(person)

    @precondition(lambda self: self.people)
    @rule(number=NUMBERS, word=WORDS, earlier=st.booleans())
    def change(self, number: int, word: str, earlier: bool) -> None:
        """A number is changed as it was shown now, or as it was shown a while ago."""
        person = self.people[number % len(self.people)]
        view = self.looked.get(person) if earlier else self.device.cases.record(person)
        if view is not None:
            self._change(view, word)

    @precondition(lambda self: self.people)
    @rule(number=NUMBERS)
    def look(self, number: int) -> None:
        """A page is opened, and left open."""
        person = self.people[number % len(self.people)]
        view = self.device.cases.record(person)
        if view is not None:
            self.looked[person] = view

    @rule(word=WORDS, number=NUMBERS)
    def type_draft(self, word: str, number: int) -> None:
        """A letter more in a new draft, or in one of those there are."""
        known = sorted(self.drafts)
        if number % 2 or not known:
            draft = self.device.cases.new_draft("contact")
        else:
            draft = self.drafts[known[number % len(known)]]
        typed = Draft(draft.id, "contact", None, draft.started_at, draft.changed_at, {"text": word})
        self.device.cases.put_draft(typed)
        self.drafts[draft.id] = typed

    @precondition(lambda self: self.drafts)
    @rule(number=NUMBERS)
    def discard_draft(self, number: int) -> None:
        """A draft is thrown away by its author."""
        gone = sorted(self.drafts)[number % len(self.drafts)]
        self.device.cases.discard_draft(gone)
        del self.drafts[gone]

    # -- the world -------------------------------------------------------------------------------

    @precondition(lambda self: self.people and self.server.granted)
    @rule(number=NUMBERS, word=WORDS)
    def colleague_changes(self, number: int, word: str) -> None:
        """The colleague changes a number, and has synced."""
        self._colleague(self.people[number % len(self.people)], word)

    @precondition(lambda self: self.people and self.server.granted)
    @rule(number=NUMBERS, word=WORDS, other=WORDS)
    def change_apart(self, number: int, word: str, other: str) -> None:
        """Both change the same number, and neither knows of the other."""
        self._sync()
        person = self.people[number % len(self.people)]
        view = self.device.cases.record(person)
        self._colleague(person, other)
        if view is not None:
            self._change(view, word)
        self._sync()

    @precondition(lambda self: self.people)
    @rule(number=NUMBERS, word=WORDS)
    def save_while_an_answer_is_on_its_way(self, number: int, word: str) -> None:
        """The answer counts for what was in the batch alone."""
        person = self.people[number % len(self.people)]
        view = self.device.cases.record(person)
        if view is None or not self._change(view, word):
            return
        batch = self.device.cases.sync.next_batch()
        assert batch is not None
        answer = self.server.push(batch)
        again = self.device.cases.record(person)
        assert again is not None
        self._change(again, f"{word} again")
        self.device.cases.sync.take_answer(batch, answer)

    @rule()
    def sync(self) -> None:
        """A whole round."""
        self._sync()

    @rule()
    def push_without_an_answer(self) -> None:
        """The server has it, and the device does not know."""
        batch = self.device.cases.sync.next_batch()
        if batch is not None:
            self.server.push(batch)

    @precondition(lambda self: self.server.granted)
    @rule()
    def refuse_what_waits(self) -> None:
        """The server keeps the next saves for a person to decide."""
        for saved in self.device.outbox():
            header = saved.change_set.header
            if saved.state == "pending" and not self.server.has(header.id):
                self.server.refuse[header.id] = "needs-human"
        self._sync()

    @rule()
    def lose_or_get_the_team(self) -> None:
        """The worker's right to the team ends, or begins anew; the device hears of it."""
        self._sync()  # nothing waits: what a page takes away is the server's
        self.server.turn()
        self._sync()

    @rule(statements=st.integers(0, 40))
    def kill_in_a_round(self, statements: int) -> None:
        """The process dies somewhere in a round, which brings something new."""
        if self.people and self.server.granted:
            self._colleague(self.people[0], f"k{statements}")
        self.device.disk.plant("kill", statements, lambda: None)
        try:
            self._sync()
        except Killed:
            self.told = None if not self.server.granted else self.told
            self._reopen()
            self._sync()
        self.device.disk.clear()

    @rule()
    def kill(self) -> None:
        """The process dies between two things."""
        self._reopen()

    # -- what holds ------------------------------------------------------------------------------

    @invariant()
    def nothing_typed_is_lost(self) -> None:
        """Every save is there, in order, byte by byte; every draft as it was left."""
        kept = [
            (one.change_set.header.raw, tuple(part.raw for part in one.change_set.parts))
            for one in self.device.outbox()
        ]
        assert kept == [(save.header, save.parts) for save in self.saved]
        assert {one.id: one.content for one in self.device.cases.drafts()} == {
            name: one.content for name, one in self.drafts.items()
        }

    @invariant()
    def shown_is_confirmed_and_pending(self) -> None:
        """The heads are the writes, told or own, that no other of them names."""
        states = {one.change_set.header.id: one.state for one in self.device.outbox()}
        told = {save.set_id for save in self.told or ()}
        own = [
            save for save in self.saved if save.set_id not in told and states[save.set_id] in SHOWN
        ]
        found = {
            (key[0], field, head.write_id)
            for key, _, _, state in self.device.cases.shown_parts()
            for field, heads in state.heads.items()
            for head in heads
        }
        assert found == _standing([*(self.told or ()), *own])

    @invariant()
    def only_here_is_what_nobody_answered(self) -> None:
        """The count on the screen."""
        waiting = [one for one in self.device.outbox() if one.state == "pending"]
        assert self.device.cases.counts().unsynced == len(waiting)
        answered = {one.change_set.header.id for one in self.device.outbox()} - {
            one.change_set.header.id for one in waiting
        }
        assert answered <= self.server.pushed

    # -- what the rules share --------------------------------------------------------------------

    def _save(self, edits: list[Edit], opens: dict[str, str]) -> bool:
        try:
            saved = self.device.cases.save(edits, opens=opens)
        except FieldAppError:
            return False
        self._hear(saved)
        for one in edits:
            self.looked.pop(one.record_id, None)
        return True

    def _change(self, view: RecordView, word: str) -> bool:
        """Change a number; the save names exactly what was shown."""
        base = view.base("phone")
        done = self._save([Edit(view.id, "person", view.scope, {"phone": word}, base)], {})
        if done:
            (write,) = self.saved[-1].writes
            shown = [write_id for write_id, _ in base.get("phone", ())]
            assert list(write.replaces.get("phone", ())) == shown
        return done

    def _colleague(self, person: str, word: str) -> None:
        self.server.sync(self.colleague.cases)
        view = self.colleague.cases.record(person)
        if view is not None:
            base = view.base("phone")
            edit = Edit(person, "person", view.scope, {"phone": f"c{word}"}, base)
            self.colleague.cases.save([edit])
            self.server.sync(self.colleague.cases)

    def _hear(self, saved: Saved) -> None:
        parts = [part.raw for part in saved.change_set.parts]
        self.saved.append(read_save(saved.change_set.header.raw, parts))

    def _reopen(self) -> None:
        self.device.open()
        self.looked.clear()

    def _sync(self) -> None:
        self.server.sync(self.device.cases)
        ordered = [
            read_save(one.header.raw, [part.raw for part in one.parts]) for one in self.server.sets
        ]
        self.told = ordered if self.server.granted else None


def _standing(saves: list[HeardSave]) -> set[tuple[str, str, str]]:
    """{(record, key, write)} of the writes that none of these names."""
    said: dict[tuple[str, str], dict[str, Any]] = {}
    for save in saves:
        for write in save.writes:
            for key in write.values:
                said.setdefault((write.record, key), {})[write.id] = write.replaces.get(key, ())
    return {
        (record, key, write)
        for (record, key), found in said.items()
        for write in found
        if not any(write in named for named in found.values())
    }


TestDeviceMachine = DeviceMachine.TestCase
TestDeviceMachine.settings = settings(
    max_examples=40,
    stateful_step_count=30,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
