"""The server alone, against the naive oracle of the simulation.

Any order of pushes, repeats, garbage, access commands, decisions and restarts.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from field_app.domain.errors import BadSignature, ChainGap, FieldAppError
from field_app.server.cases import CaseDesk
from field_app.server.standing import read_standing
from field_app.simulation.chance import SeededEntropy, WorldClock
from field_app.simulation.disk import Disk
from field_app.simulation.office import migrated, open_core
from field_app.simulation.oracle import Oracle, Person
from field_app.sync.changes import ChangeSet
from field_app.sync.delivery import Compacted, expand
from tests.server.office import HandClock, Phone, about, open_office

WRITERS = ("sanna", "niko", "sampo")
READERS = (*WRITERS, "leena")
NUMBERS = st.integers(0, 99)


class ServerMachine(RuleBasedStateMachine):
    """One server; what it was told is told to the oracle too."""

    @initialize()
    def begin(self) -> None:
        """A staffed organisation, a phone for every reader."""
        self.disk = Disk()
        self.disk.put_back(migrated())
        self.clock = HandClock()
        self.entropy = SeededEntropy("machine")
        core = open_core(self.disk, WorldClock(), self.entropy)
        self.office = open_office(core, self.clock)
        self.phones = {name: self.office.phone(name) for name in READERS}
        office = self.office
        teams = {"sanna": "centre", "niko": "centre", "sampo": "harbour"}
        roles = {"niko": "nurse", "leena": "lead"}
        self.oracle = Oracle(
            tuple(office.teams.values()),
            {
                office.workers[name]: Person(
                    roles.get(name, "social_worker"),
                    {office.teams[teams[name]]} if name in teams else set(),
                )
                for name in READERS
            },
        )
        self.people: list[str] = []
        self.pushed: list[tuple[Phone, ChangeSet, tuple[str, int | None]]] = []
        self.seen = self._sequence()

    # -- what devices do -------------------------------------------------------------------------

    @rule(who=st.sampled_from(WRITERS))
    def open_person(self, who: str) -> None:
        """Somebody new, in the worker's own team; three are enough."""
        if len(self.people) == 3:
            return
        phone = self.phones[who]
        team = "harbour" if who == "sampo" else "centre"
        person, made = phone.new_person("Koe", team)
        self.people.append(person)
        self._send(phone, made)

    @precondition(lambda self: self.people)
    @rule(who=st.sampled_from(WRITERS), number=NUMBERS, knows=st.booleans())
    def change(self, who: str, number: int, knows: bool) -> None:
        """A number is changed by somebody who was shown what stands, or nothing."""
        person, phone = self.people[number % len(self.people)], self.phones[who]
        heads = [head[1] for head in self._heads(person)] if knows else []
        named = {"phone": heads} if heads else None
        values = {"phone": f"0{number}"}
        self._send(phone, phone.save(about(person, person, "person", values, replaces=named)))

    @precondition(lambda self: self.people)
    @rule(number=NUMBERS, one=st.sampled_from(WRITERS), other=st.sampled_from(WRITERS))
    def change_apart(self, number: int, one: str, other: str) -> None:
        """Two change the same number, and neither knows of the other."""
        person = self.people[number % len(self.people)]
        heads = [head[1] for head in self._heads(person)]
        for who, phone in ((one, f"1{number}"), (other, f"2{number}")):
            named = {"phone": heads} if heads else None
            write = about(person, person, "person", {"phone": phone}, replaces=named)
            self._send(self.phones[who], self.phones[who].save(write))

    @precondition(lambda self: self.people)
    @rule(number=NUMBERS, one=st.sampled_from(WRITERS), other=st.sampled_from(WRITERS))
    def arrive_crosswise(self, number: int, one: str, other: str) -> None:
        """A save that names another arrives before it: held, and taken when that is there."""
        if one == other:
            return
        person, first, second = self._person(number), self.phones[one], self.phones[other]
        named = first.save(about(person, person, "person", {"address": "a"}))
        replaces = {"address": [f"{named.header.id}:0"]}
        naming = second.save(about(person, person, "person", {"address": "b"}, replaces=replaces))
        self._send(second, naming)
        self._send(first, named)
        assert self._stored(second, naming)[0] != "held"

    @precondition(lambda self: self.people)
    @rule(number=NUMBERS)
    def note_health(self, number: int) -> None:
        """The nurse notes something."""
        person, phone = self.people[number % len(self.people)], self.phones["niko"]
        record = self.office.entropy.new_id()
        self._send(phone, phone.save(about(person, record, "health_note", {"note": "x"}, "health")))

    @precondition(lambda self: self.pushed)
    @rule(number=NUMBERS)
    def push_again(self, number: int) -> None:
        """A batch comes once more: the same answer, and nothing changes."""
        phone, made, told = self.pushed[number % len(self.pushed)]
        before = self._sequence()
        assert self._answer(phone, made) == self._stored(phone, made)
        if told[0] == "accepted":
            assert self._answer(phone, made) == told
        assert self._sequence() == before

    @rule(who=st.sampled_from(WRITERS))
    def skip_one(self, who: str) -> None:
        """A save arrives before the one it follows: nothing of it is stored."""
        phone = self.phones[who]
        counter, prev = phone.counter, phone.prev
        phone.save(about("ab" * 16, "ab" * 16, "person", {"phone": "1"}))
        late = phone.save(about("ab" * 16, "ab" * 16, "person", {"phone": "2"}))
        with pytest.raises(ChainGap) as refused:
            phone.push(late)
        assert refused.value.values["counter"] == counter
        phone.counter, phone.prev = counter, prev

    @rule(who=st.sampled_from(WRITERS), other=st.sampled_from(WRITERS))
    def forge(self, who: str, other: str) -> None:
        """A batch signed by somebody else, or with other bytes in it, is refused as a whole."""
        phone = self.phones[who]
        counter, prev = phone.counter, phone.prev
        made = phone.save(about("ab" * 16, "ab" * 16, "person", {"phone": "1"}))
        phone.counter, phone.prev = counter, prev
        batch = replace(phone.batch(made), signature=self.phones[other].key.sign(b"else"))
        with pytest.raises(BadSignature):
            self.office.core.pusher.push(phone.caller, batch, self.clock.now())

    # -- what the office does --------------------------------------------------------------------

    @precondition(lambda self: self.people)
    @rule(number=NUMBERS, team=st.sampled_from(("centre", "harbour")))
    def move(self, number: int, team: str) -> None:
        """A person gets another team."""
        given = {"person": self.people[number % len(self.people)], "team": self.office.teams[team]}
        self._command("move", "move_person", given)

    @rule(who=st.sampled_from(WRITERS), team=st.sampled_from(("centre", "harbour")))
    def join_or_leave(self, who: str, team: str) -> None:
        """A worker joins a team, or leaves it."""
        worker, chosen = self.office.workers[who], self.office.teams[team]
        there = chosen in self.oracle.workers[worker].teams
        told, name = ("leave", "leave_team") if there else ("join", "join_team")
        self._command(told, name, {"worker": worker, "team": chosen})

    @rule(who=st.sampled_from(("niko", "leena")), accepts=st.booleans())
    def decide(self, who: str, accepts: bool) -> None:
        """A case is accepted, or set aside."""
        core, number = self.office.core, self.office.number
        with core.database.write() as connection:
            standing = read_standing(connection, number, self.office.workers[who])
            desk = CaseDesk(connection, number, standing, core.sealer, core.reader)
            cases = desk.cases()
            if not cases:
                return
            try:
                desk.decide(cases[0].set_id, "so", self.clock.now(), accepts=accepts)
            except FieldAppError:
                desk.decide(cases[0].set_id, "so", self.clock.now(), accepts=False)
        self._hear()

    @rule()
    def restart(self) -> None:
        """Another process takes over."""
        self.disk.revive()
        self.office.core = open_core(self.disk, WorldClock(), self.entropy)

    def teardown(self) -> None:
        """In the end everybody reads everything."""
        for who in READERS if hasattr(self, "phones") else ():
            self.read_all(who)

    # -- what holds ------------------------------------------------------------------------------

    @rule(who=st.sampled_from(READERS))
    def read_all(self, who: str) -> None:
        """A new phone is told exactly what its worker may read, as the oracle has it."""
        phone = self.phones[who]
        phone.cursors = {}
        found = {}
        for entry in phone.entries(with_own=True):
            assert isinstance(entry, Compacted)
            register = entry.bucket.rpartition("/")[2] if "team/" in entry.bucket else "common"
            state = expand(entry.writes)
            found[entry.record, register] = {
                key: [(head.depth, head.write_id) for head in heads]
                for key, heads in state.heads.items()
            }
        worker = self.office.workers[who]
        wanted = {
            where: {key: [head[:2] for head in heads] for key, heads in state.heads.items()}
            for where, state in self.oracle.readable(self.oracle.states(), worker).items()
        }
        assert found == wanted

    @invariant()
    def the_order_has_no_holes(self) -> None:
        """Every sequence was taken by one set or one command."""
        rows = self.disk.connection.execute(
            "SELECT seq FROM change_set WHERE seq IS NOT NULL"
            " UNION ALL SELECT seq FROM access_command"
        ).fetchall()
        assert sorted(row[0] for row in rows) == list(range(1, self._sequence() + 1))

    # -- what the rules share --------------------------------------------------------------------

    def _person(self, number: int) -> str:
        return self.people[number % len(self.people)]

    def _heads(self, person: str) -> list[Any]:
        state = self.oracle.states().get((person, "common"))
        return list(state.heads.get("phone", ())) if state else []

    def _send(self, phone: Phone, made: ChangeSet) -> None:
        self.oracle.hear_save(made.header.raw, [part.raw for part in made.parts])
        told = self._answer(phone, made)
        assert told == self._stored(phone, made)
        self.pushed.append((phone, made, told))
        self._hear()

    def _answer(self, phone: Phone, made: ChangeSet) -> tuple[str, int | None]:
        (run,) = phone.push(made).receipts
        assert (run.first_counter, run.count) == (made.header.counter, 1)
        return run.status, run.first_seq

    def _stored(self, phone: Phone, made: ChangeSet) -> tuple[str, int | None]:
        where = (phone.id, made.header.counter)
        ((status, seq),) = self.disk.connection.execute(
            "SELECT status, seq FROM change_set WHERE device = ? AND counter = ?", where
        ).fetchall()
        return status, seq

    def _command(self, told: str, name: str, given: dict[str, Any]) -> None:
        try:
            self.office.command(name, *given.values())
        except FieldAppError:
            return
        self.seen = self._sequence()
        self.oracle.hear_command(self.seen, told, given)

    def _hear(self) -> None:
        """What the server put into its order since."""
        rows = self.disk.connection.execute(
            "SELECT s.seq, l.header FROM change_set s JOIN chain_link l"
            " ON l.device = s.device AND l.counter = s.counter WHERE s.seq > ? ORDER BY s.seq",
            (self.seen,),
        ).fetchall()
        for seq, header in rows:
            assert json.loads(header)["id"]
            self.oracle.hear_accepted(seq, self.oracle.saves[header])
        self.seen = self._sequence()

    def _sequence(self) -> int:
        return int(self.disk.connection.execute("SELECT sequence FROM organisation").fetchone()[0])


TestServerMachine = ServerMachine.TestCase
TestServerMachine.settings = settings(
    max_examples=40,
    stateful_step_count=30,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
