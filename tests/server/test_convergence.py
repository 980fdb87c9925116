"""Whoever starts when, from whatever checkpoint: the same heads as the server holds.

Phones here reduce pages as the protocol says, in thirty lines; writers see what such a phone
would show, so conflicts, resolutions and deep histories come about by themselves.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

from field_app.server.export import export_all
from field_app.sync.changes import ChangeSet, Part, ScopedWrite, Write, person_scope
from field_app.sync.delivery import AccessChange, Compacted, OwnSet, Streamed, expand
from field_app.sync.export_lines import Exported, export_lines
from field_app.sync.merge import EMPTY, Incoming, Stamped, State, overlay
from tests.server.office import Office, Phone

Key = tuple[str, str]


@dataclass
class Reader:
    """A phone's confirmed state, reduced from pages."""

    phone: Phone
    states: dict[Key, tuple[int, str, str, str, State]] = field(default_factory=dict)
    own: dict[str, ChangeSet] = field(default_factory=dict)
    depths: dict[str, dict[str, int]] = field(default_factory=dict)

    def sync(self, limit: int = 1000) -> None:
        done = False
        more: dict[str, Any] = {}
        while not done:
            page = self.phone.pull_page(limit=limit, **more)
            for bucket in page.head.lost:
                self._drop(lambda key, bucket=bucket: self.states[key][3] == bucket)
            for entry in page.entries:
                self._take(entry)
            done = page.head.done
            more = {"mark": page.head.mark, "start": page.head.start}

    def _take(self, entry: Any) -> None:
        if isinstance(entry, Compacted):
            key = (entry.record, entry.bucket.rpartition("/")[2])
            if key not in self.states or self.states[key][0] <= entry.seq:
                kept = (entry.seq, entry.type, entry.scope, entry.bucket, expand(entry.writes))
                self.states[key] = kept
            return
        if isinstance(entry, Streamed):
            for part, stamped in entry.stamped():
                self._overlay(part, stamped, entry.seq, entry.bucket)
        if isinstance(entry, OwnSet):
            self._own(entry)
        if isinstance(entry, AccessChange) and entry.kind == "leave":
            prefix = f"team/{entry.team}/"
            self._drop(
                lambda key: (
                    self.states[key][2] == entry.scope and self.states[key][3].startswith(prefix)
                )
            )

    def _own(self, entry: OwnSet) -> None:
        made = self.own[entry.set_id]
        places = {
            (part.scope, part.register): bucket
            for part, bucket in zip(made.parts, entry.buckets, strict=True)
        }
        for write_id, part, write in made.numbered_writes():
            incoming = Incoming(write_id, write, made.header.author, made.header.at)
            stamped = Stamped(incoming, entry.depths.get(write_id.rpartition(":")[2], {}))
            self._overlay(part, stamped, entry.seq, places[part.scope, part.register])

    def remember(self, made: ChangeSet) -> None:
        """Keep an own save with its depths, as its author saw them."""
        self.own[made.header.id] = made
        for write_id, part, write in made.numbered_writes():
            heads = self.heads(write.record, part.register).heads
            self.depths[write_id] = {
                key: 1 + max(head.depth for head in heads[key])
                for key in write.set
                if heads.get(key)
            }

    def _overlay(self, part: Part, stamped: Stamped, seq: int, bucket: str) -> None:
        write = stamped.incoming.write
        key = (write.record, part.register)
        standing = self.states.get(key)
        if standing is not None and standing[0] > seq:
            return
        before = standing[4] if standing else EMPTY
        self.states[key] = (seq, write.type, part.scope, bucket, overlay(before, stamped))

    def _drop(self, matches: Any) -> None:
        for key in [key for key in self.states if matches(key)]:
            del self.states[key]

    def heads(self, record: str, register: str) -> State:
        found = self.states.get((record, register))
        return found[4] if found else EMPTY

    def lines(self) -> list[bytes]:
        return list(
            export_lines(
                Exported(record, register, type_, scope, State(state.heads))
                for (record, register), (_, type_, scope, _, state) in self.states.items()
            )
        )


def server_lines(office: Office) -> list[bytes]:
    with office.core.database.read() as connection:
        return list(
            export_all(connection, office.number, office.core.sealer, office.core.reader, "test")
        )


def a_save(dice: random.Random, reader: Reader, persons: list[str]) -> ChangeSet:
    """A save of one or two records' keys, replacing what this phone was shown of them."""
    writes = []
    for _ in range(dice.randint(1, 2)):
        person = dice.choice(persons)
        key, register = dice.choice(
            (
                ("name", "common"),
                ("phone", "common"),
                ("strengths", "social"),
                ("aliases/Kettu", "common"),
            )
        )
        state = reader.heads(person, register)
        shown = [head.write_id for head in state.heads.get(key, ())]
        value: Any = dice.random() < 0.5 if "/" in key else f"{dice.randint(0, 9)}"
        replaces = {key: shown} if shown else {}
        write = Write(person, "person", {key: value}, replaces)
        writes.append(ScopedWrite(person_scope(person), register, write))  # type: ignore[arg-type]
    made = reader.phone.save(*writes)
    reader.remember(made)
    return made


def test_phones_converge_from_every_checkpoint(office: Office) -> None:
    dice = random.Random(20261122)
    readers = [Reader(office.phone(name)) for name in ("sanna", "iiris", "leena")]
    first = readers[0]
    persons = []
    for number in range(4):
        person, made = first.phone.new_person(f"Person {number}")
        first.remember(made)
        first.phone.push(made)
        persons.append(person)
    starters = list(readers)
    for step in range(60):
        reader = dice.choice(readers)
        if dice.random() < 0.5:
            reader.sync(limit=dice.choice((1, 3, 1000)))
        answer = reader.phone.push(
            *[a_save(dice, reader, persons) for _ in range(dice.randint(1, 3))]
        )
        assert {run.status for run in answer.receipts} == {"accepted"}
        if step % 6 == 0:
            late = Reader(office.phone("sanna"))
            late.sync(limit=2)
            starters.append(late)
        if step % 20 == 10:
            person = dice.choice(persons)
            office.command("move_person", person, office.teams["harbour"])
            for one in starters[::2]:
                one.sync()
            office.command("move_person", person, office.teams["centre"])
    for one in starters:
        one.sync(limit=dice.choice((1, 4, 1000)))
    truth = server_lines(office)
    assert len(truth) == 8
    for one in (*starters, *[Reader(office.phone("leena"))]):
        one.sync()
        assert one.lines() == truth
