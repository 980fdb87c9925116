"""The judgement of a run that came to rest, by the simulator's oracle.

It reads what devices wrote into their journals, what lies in their stores, and the server's
tables by plain SQL; of the product's code it uses the store's reading and both exports alone. What
was promised of drafts and of what waits is judged in `promises`, enrolments in `enrolments`.
"""

from __future__ import annotations

import base64
import hashlib
import json
import sys
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from field_app.domain.errors import StoreError
from field_app.server.export import export_all
from field_app.simulation.oracle import HeardSave, Oracle, Person, read_save
from field_app.simulation.verdict import compare
from field_app.simulation.violation import Violation, require
from field_app.simulation_real.device import COST, PIN
from field_app.simulation_real.drafting import typed
from field_app.simulation_real.enrolments import Found, judge_enrolments
from field_app.simulation_real.journal import entries
from field_app.simulation_real.places import Office
from field_app.simulation_real.promises import Drafts, judge_waiting
from field_app.store.case_store import CaseStore
from field_app.store.device_store import DeviceStore
from field_app.store.export import export_store
from field_app.store.identity import Identity
from field_app.store.outbox import Saved
from field_app.system_clock import SystemClock, SystemEntropy

COMMANDS = {"join_team": "join", "leave_team": "leave", "move_person": "move"}
"""The server's names of access commands, and the oracle's."""
_DECIDED = "SELECT status FROM change_set WHERE decided_at IS NOT NULL"


@dataclass(slots=True)
class Judgement:
    """What was there to judge."""

    saves: int = 0
    writes: int = 0
    acknowledged: int = 0
    accepted: int = 0
    needs_human: int = 0
    """Still waiting for a person."""
    decided: Counter[str] = field(default_factory=Counter)
    """Sets that were held or refused and that a person accepted, or set aside."""
    waiting: Counter[str] = field(default_factory=Counter)
    """Sets that an author was shown as waiting at some time, and those accepted later."""
    drafts: Counter[str] = field(default_factory=Counter)
    """Drafts looked at after a kill ("checked"), and what became of them."""
    conflicts_planted: int = 0
    conflicts_surfaced: int = 0


@dataclass(frozen=True, slots=True)
class Stored:
    """A change set as it lies at the server."""

    key: str
    status: str
    seq: int | None
    header: bytes


def judge(office: Office, folders: Mapping[str, Path]) -> Judgement:
    """Hold everything against the oracle.

    Raises:
        Violation: the first invariant that does not hold.
    """
    sys.setrecursionlimit(50_000)  # the oracle follows chains of writes naively
    with ExitStack() as opened:
        stores = {name: opened.enter_context(_unlocked(name, folders[name])) for name in folders}
        return _Judge(office, folders, stores).judge()


@dataclass(slots=True)
class _Judge:
    office: Office
    folders: Mapping[str, Path]
    stores: Mapping[str, CaseStore]
    found: Judgement = field(default_factory=Judgement)
    oracle: Oracle = field(init=False)
    reasons: set[str] = field(init=False)
    """Every word of a decision that somebody sent."""

    def __post_init__(self) -> None:
        noted = (entry for folder in self.folders.values() for entry in entries(folder))
        self.reasons = {entry[2] for entry in noted if entry[0] == "deciding"}
        workers = {one.id: Person(one.role, set(one.teams)) for one in self.office.workers}
        self.oracle = Oracle(self.office.teams, workers)

    def judge(self) -> Judgement:
        links = self._links()
        self._enrolments()
        for name in self.folders:
            self._saves(name, links)
        for (device, counter), row in links.items():
            known = row.header in self.oracle.saves
            require(known, "identity", f"{device[:6]} {counter}: nobody saved it")
        self._order(links)
        self._chains(links)
        self._never_healed()
        states = self.oracle.states()
        core = self.office.core
        with core.database.read() as connection:
            reason = "simulation"
            lines = export_all(connection, self.office.number, core.sealer, core.reader, reason)
            compare("the server", states, list(lines))
        for name in self.folders:
            self._device(name, states)
        self.found.decided.update(row[0] for row in self._rows(_DECIDED))
        return self.found

    def _enrolments(self) -> None:
        """Every code that was used up gave a device, which somebody can open."""
        found: list[Found] = []
        for name, cases in self.stores.items():
            known = cases.identity
            found.append(Found(name, known.device if known else "", *_key_of(known)))
        codes = self._rows("SELECT worker, used_at FROM enrolment_code WHERE used_at IS NOT NULL")
        devices = self._rows("SELECT id, worker, enrolled_at, public_key FROM device")
        judge_enrolments(found, [tuple(row) for row in codes], [tuple(row) for row in devices])

    # -- nothing is lost, nothing is twice -------------------------------------------------------

    def _saves(self, name: str, links: Mapping[tuple[str, int], Stored]) -> None:
        """What a device promised it has; what it has is at the server, as the device says."""
        noted = entries(self.folders[name])
        cases = self.stores[name]
        kept = {saved.change_set.header.raw: saved for saved in saves_of(cases)}
        shown = {saved.change_set.header.id for saved in cases.waiting()}
        drafts = {draft.id: typed(draft) for draft in cases.drafts()}
        for promised in _promised(noted):
            there = promised.header in kept
            require(there, "lost", f"{promised.counter} of {name[:6]} is not on its device")
        words: set[Any] = set()
        for header, saved in kept.items():
            parts = tuple(part.raw for part in saved.change_set.parts)
            save = self.oracle.hear_save(header, parts)
            self._saved(save, saved, links.get((save.device, save.counter)), shown)
            words.update(v for write in save.writes for v in write.values.values() if _is_text(v))
        self.found.drafts += Drafts(name).judge(noted, drafts, words)
        states = {saved.change_set.header.id: saved.state for saved in kept.values()}
        self.found.waiting += judge_waiting(name, noted, states)

    def _saved(
        self, save: HeardSave, saved: Saved, row: Stored | None, shown: Collection[str]
    ) -> None:
        where = f"{save.device[:6]} {save.counter}"
        if row is None or row.header != save.header:
            raise Violation("lost", f"{where} is {saved.state}, not at the server")
        state = "accepted" if saved.state == "passed" else saved.state
        require(state == row.status, "lost", f"{where}: {state} here, {row.status} there")
        require(self._parts(row.key) == save.parts, "lost", f"{where}: other parts are stored")
        require(row.status != "held", "stuck", f"{where} is held, and everything is decided")
        if state != "accepted":
            require(save.set_id in shown, "shown", f"{where} is {state}, and not to be read")
        if state == "set-aside":
            told = saved.decision in self.reasons
            require(told, "lost", f"{where}: why it was set aside is not what somebody said")
        self.found.saves += 1
        self.found.writes += len(save.writes)
        self.found.acknowledged += len(save.writes)
        self.found.needs_human += row.status == "needs-human"

    def _order(self, links: Mapping[tuple[str, int], Stored]) -> None:
        """One order without gaps: every sequence is a set's or a command's, once."""
        accepted = [(row.seq, row) for row in links.values() if row.seq is not None]
        keys = [row.key for _, row in accepted]
        require(len(keys) == len(set(keys)), "duplicated", "a set was accepted twice")
        commands = self._rows("SELECT seq, command, detail FROM access_command")
        last = self._rows("SELECT sequence FROM organisation")[0][0]
        seqs = sorted([seq for seq, _ in accepted] + [row[0] for row in commands])
        require(seqs == list(range(1, last + 1)), "order", f"not 1 to {last} without gaps")
        for seq, row in sorted(accepted, key=lambda pair: pair[0]):
            self.oracle.hear_accepted(seq, self.oracle.saves[row.header])
        for seq, command, detail in sorted(commands):
            if command in COMMANDS:
                told = json.loads(detail)
                told.setdefault("team", told.get("to"))
                self.oracle.hear_command(seq, COMMANDS[command], told)
        self.found.accepted = len(accepted)

    def _chains(self, links: Mapping[tuple[str, int], Stored]) -> None:
        ends: dict[str, tuple[int, str]] = {}
        for (device, counter), row in sorted(links.items()):
            before, prev = ends.get(device, (0, "0" * 64))
            wire = json.loads(row.header)
            follows = (counter, wire["counter"], wire["prev"]) == (before + 1, before + 1, prev)
            require(follows, "identity", f"{device[:6]}: the chain breaks at {counter}")
            ends[device] = (counter, hashlib.sha256(row.header).hexdigest())

    def _never_healed(self) -> None:
        """A kill loses no commit and copies no device: what heals those had nothing to do."""
        same = self._rows("SELECT epoch FROM organisation")[0][0] == self.office.epoch
        require(same, "lost", "the server was found to have forgotten what it had answered")
        forks = self._rows("SELECT count(*) FROM device WHERE forked_from IS NOT NULL")[0][0]
        require(forks == 0, "identity", f"{forks} devices took themselves for copies")

    # -- everybody has the same, and nothing else -------------------------------------------------

    def _device(self, name: str, states: Mapping[Any, Any]) -> None:
        cases = self.stores[name]
        worker = cases.require_identity().worker
        expected = self.oracle.readable(states, worker)
        compare(f"device of {worker[:6]}", expected, list(dict.fromkeys(export_store(cases))))
        with cases._database.read() as connection:
            rows = connection.exec_driver_sql("SELECT DISTINCT scope, register FROM envelope")
            held = [(str(scope), str(register)) for scope, register in rows]
        for scope, register in held:
            allowed = self.oracle.may_read(worker, scope, register)
            require(allowed, "scope_violations", f"{register} of {scope[:13]} is on {worker[:6]}")
        for (record, _), state in expected.items():
            for key in state.conflicts():
                self.found.conflicts_planted += 1
                view = cases.record(record)
                shown = view is not None and key in view.conflicts
                require(shown, "conflicts", f"{record[:6]} {key} on {worker[:6]}")
                self.found.conflicts_surfaced += 1

    # -- reading ---------------------------------------------------------------------------------

    def _links(self) -> dict[tuple[str, int], Stored]:
        rows = self._rows(
            "SELECT l.device, l.counter, l.set_key, s.status, s.seq, l.header"
            " FROM chain_link l JOIN change_set s"
            " ON s.organisation = l.organisation AND s.key = l.set_key"
        )
        return {
            (device, counter): Stored(key, status, seq, bytes(header))
            for device, counter, key, status, seq, header in rows
        }

    def _parts(self, key: str) -> tuple[bytes, ...]:
        """A set's parts as they lie in the database, without the byte of their suite."""
        rows = self._rows(f"SELECT raw FROM part WHERE set_key = '{key}' ORDER BY position")  # noqa: S608
        return tuple(bytes(row[0])[1:] for row in rows)

    def _rows(self, query: str) -> list[Any]:
        with self.office.core.database.read() as connection:
            return list(connection.exec_driver_sql(query))


@contextmanager
def _unlocked(name: str, folder: Path) -> Iterator[CaseStore]:
    store = DeviceStore.open(folder / "store", SystemClock(), SystemEntropy(), cost=COST)
    try:
        yield _unlock(store, name)
    finally:
        store.close()


def _unlock(store: DeviceStore, name: str) -> CaseStore:
    try:
        return store.call(lambda: store.unlock(PIN))
    except StoreError as refused:
        raise Violation("enrolment", f"nobody opens {name[:6]}: {refused.code}") from refused


def _promised(noted: Iterable[Sequence[Any]]) -> Iterator[HeardSave]:
    """The saves that a device wrote down as durable."""
    for kind, *told in noted:
        if kind == "save":
            header, parts = told
            yield read_save(header.encode(), [part.encode() for part in parts])


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _key_of(known: Identity | None) -> tuple[str, str]:
    """A device's worker, and its public key as the server has it."""
    if known is None:
        return "", ""
    private = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(known.private_key))
    return known.worker, base64.b64encode(private.public_key().public_bytes_raw()).decode()


def saves_of(cases: CaseStore) -> list[Saved]:
    """Every save of a device, under each header it ever had."""
    with cases._database.read() as connection:
        return cases._outbox.all_from(connection, -(1 << 40))
