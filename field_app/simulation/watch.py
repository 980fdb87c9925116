"""Those who watch at the server's door and at its disk, and tell the oracle.

What can be seen to be wrong at once is said at once: a sequence with a gap, a row for somebody who
may not read it, half a change set. The rest waits for the end (`verdict`).
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from field_app.simulation.central import Central
from field_app.simulation.oracle import HeardSave, HeardWrite, Oracle, spell
from field_app.simulation.trace import Trace
from field_app.simulation.violation import Violation, require


@dataclass(slots=True)
class Answered:
    """The last the server said about one save."""

    status: str
    seq: int | None
    reason: str


@dataclass(slots=True)
class Watch:
    """Hears what the server stores, answers and sends."""

    central: Central
    oracle: Oracle
    trace: Trace
    sequence: int
    keys: dict[str, Ed25519PublicKey]
    """{device: its public key}."""
    answers: dict[tuple[str, int], Answered] = field(default_factory=dict)
    told_safe: set[tuple[str, int]] = field(default_factory=set)
    """(device, counter) of every save that was ever said to be accepted."""
    command: tuple[str, Mapping[str, Any]] | None = None
    """The access command under way."""
    writes: dict[str, HeardWrite] = field(default_factory=dict)
    """{write id: the accepted write}."""
    pushes: list[tuple[str, bytes]] = field(default_factory=list)
    """(device, body) of every batch that was stored."""
    pages: int = 0

    # -- the server's disk -----------------------------------------------------------------------

    def after_commit(self) -> None:
        """A transaction is durable: what it put into the order must go on without a gap."""
        now = self.central.rows("SELECT sequence FROM organisation")[0][0]
        sets = self.central.rows(
            "SELECT s.seq, s.key, l.header FROM change_set s JOIN chain_link l"
            " ON l.organisation = s.organisation AND l.device = s.device AND l.counter = s.counter"
            " WHERE s.seq > ?",
            self.sequence,
        )
        commands = self.central.rows("SELECT seq FROM access_command WHERE seq > ?", self.sequence)
        found = sorted([row[0] for row in sets] + [row[0] for row in commands])
        expected = list(range(self.sequence + 1, now + 1))
        require(found == expected, "order", f"sequences {found} where {expected} were due")
        self.sequence = now
        for seq, key, header in sorted(sets):
            save = self._stored(key, header)
            self.oracle.hear_accepted(seq, save)
            self.writes.update((write.id, write) for write in save.writes)
            self.trace.order(seq, save)
        for (seq,) in commands:
            if self.command is None:
                raise Violation("order", "an access command nobody gave")
            self.oracle.hear_command(seq, *self.command)
            self.trace.command(seq, *self.command)

    def forget_answers(self) -> None:
        """The server was put back: what it no longer has it has not answered."""
        kept = self.central.rows(
            "SELECT l.device, l.counter, s.status, s.seq FROM chain_link l JOIN change_set s"
            " ON s.organisation = l.organisation AND s.key = l.set_key"
        )
        known = {(device, counter): (status, seq) for device, counter, status, seq in kept}
        for where, told in list(self.answers.items()):
            if known.get(where) != (told.status, told.seq):
                del self.answers[where]
        self.pushes.clear()

    def _stored(self, key: str, header: bytes) -> HeardSave:
        save = self.oracle.saves.get(header)
        if save is None:
            raise Violation("identity", f"a set nobody saved: {key[:6]}")
        require(self.stored_bytes(key) == save.parts, "identity", f"other bytes in {key[:6]}")
        return save

    def stored_bytes(self, key: str) -> tuple[bytes, ...]:
        """A set's parts as they lie in the database, without the byte of their suite."""
        rows = self.central.rows("SELECT raw FROM part WHERE set_key = ? ORDER BY position", key)
        return tuple(row[0][1:] for row in rows)

    # -- the server's door -----------------------------------------------------------------------

    def hear_push(self, device: str, body: bytes, answer: bytes) -> None:
        """A batch was stored; its signature must cover it, and its answer must be lasting."""
        lines = body.split(b"\n")
        head = json.loads(lines[0])
        last, counters = _chain(lines[1:], head["prev"])
        try:
            signature = base64.b64decode(head["signature"])
            self.keys[device].verify(signature, b"rinnalla chain v1\x00" + bytes.fromhex(last))
        except InvalidSignature:
            raise Violation("identity", "a batch was stored whose signature is wrong") from None
        self._require_let_in(device)
        self.pushes.append((device, body))
        self._answers(device, json.loads(answer)["receipts"], set(counters))

    def _require_let_in(self, device: str) -> None:
        gone = device in self.oracle.revoked
        require(not gone, "scope_violations", f"{device[:6]} was revoked, and is let in")

    def _answers(self, device: str, runs: list[Any], asked: set[int] | None) -> None:
        told: set[int] = set()
        for run in runs:
            for offset in range(run["count"]):
                counter = run["first_counter"] + offset
                told.add(counter)
                first = run.get("first_seq")
                seq = None if first is None else first + offset
                self._answer(device, counter, run["status"], seq, run["reason"])
        require(asked is None or told == asked, "lost", f"{device[:6]}: answers {told} to {asked}")

    def _answer(self, device: str, counter: int, status: str, seq: int | None, why: str) -> None:
        before = self.answers.get((device, counter))
        if before is not None and before.status == "accepted":
            same = (before.status, before.seq) == (status, seq)
            require(same, "duplicated", f"{device[:6]} {counter}: {before} became {status} {seq}")
        self.answers[device, counter] = Answered(status, seq, why)
        if status == "accepted":
            self.told_safe.add((device, counter))
        self.trace.answer(device, counter, status, seq, why)

    def hear_page(self, worker: str, device: str, page: bytes) -> None:
        """A page is on its way: nothing in it may be for somebody else, or half a set."""
        self.pages += 1
        self._require_let_in(device)
        lines = iter(page.split(b"\n"))
        head = json.loads(next(lines))
        self._answers(device, head["receipts"], None)
        asked: dict[tuple[str, str], bool] = {}
        whole: dict[str, set[tuple[str, str]]] = defaultdict(set)
        for line in lines:
            entry = json.loads(line)
            if entry[0] == "c":
                for where in self._compacted(entry):
                    self._require_right(worker, where, asked)
            elif entry[0] == "s":
                part = json.loads(next(lines))
                self._require_right(worker, (part["scope"], part["register"]), asked)
                whole[entry[3]].add((part["scope"], part["register"]))
        self._require_whole(whole, head["cursors"], asked)

    def _compacted(self, entry: list[Any]) -> set[tuple[str, str]]:
        found: set[tuple[str, str]] = set()
        for write_id, _, _, values, _ in entry[6]:
            write = self.writes.get(write_id)
            if write is None or write.record != entry[3]:
                raise Violation("identity", f"a compacted write nobody wrote: {write_id[:6]}")
            for key, value in values.items():
                same = spell(write.values.get(key)) == spell(value)
                require(same, "identity", f"{write_id[:6]} {key}: another value")
            found.add((write.scope, write.register))
        return found

    def _require_right(
        self, worker: str, where: tuple[str, str], asked: dict[tuple[str, str], bool]
    ) -> None:
        if where not in asked:
            asked[where] = self.oracle.may_read(worker, *where)
        require(asked[where], "scope_violations", f"{where[1]} of {where[0][:13]} sent")

    def _require_whole(
        self,
        whole: Mapping[str, set[tuple[str, str]]],
        cursors: Mapping[str, list[int]],
        asked: dict[tuple[str, str], bool],
    ) -> None:
        moved = {person for _, person, _ in self.oracle.moves}
        for set_id, given in whole.items():
            one = next(o.save for o in self.oracle.accepted if o.save.set_id == set_id)
            wanted = {(write.scope, write.register) for write in one.writes}
            if any(scope.partition("/")[2] in moved for scope, _ in wanted):
                continue
            buckets = {self._bucket(*where) for where in given}
            for where in wanted - given:
                missing = self._bucket(*where) in buckets
                require(not missing, "order", f"half of {set_id[:6]}: without {where[1]}")

    def _bucket(self, scope: str, register: str) -> tuple[str | None, str]:
        kind, _, name = scope.partition("/")
        team = self.oracle.person_team(name) if kind == "person" else name
        return team, register


def _chain(lines: list[bytes], prev: str) -> tuple[str, list[int]]:
    """The hash of the last header of a batch, and every counter in it."""
    at = 0
    counters: list[int] = []
    while at < len(lines):
        count, header = json.loads(lines[at])
        raw = lines[at + 1 : at + 1 + count]
        header["prev"] = prev
        header["parts"] = [hashlib.sha256(one).hexdigest() for one in raw]
        prev = hashlib.sha256(spell(header)).hexdigest()
        counters.append(header["counter"])
        at += 1 + count
    return prev, counters
