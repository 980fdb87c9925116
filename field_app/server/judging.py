"""How a change set is answered: accepted, held, or put before a person.

`judge` decides and, when it accepts, applies the set to the ledger. It gives the same answer to
the same set on the same ledger, so that a held set is simply judged again when what it waited for
arrives. Nothing here drops anything.

| answer      | reason            | why                                                            |
|-------------|-------------------|----------------------------------------------------------------|
| held        | unknown_write     | names a write of a set never seen; arrives later               |
| held        | unknown_person    | about a person whose opening set was never seen                |
| needs-human | not_author        | the author is not the device's worker                          |
| needs-human | part_…            | a part that cannot be read (`ChangeSet.fault`)                 |
| needs-human | invalid           | a value outside its declaration, or a scope that cannot be     |
| needs-human | wrong_register    | a field of one register in a part of another                   |
| needs-human | too_large         | over the size limit of a change set                            |
| needs-human | moved_record      | an existing record under another scope or type                 |
| needs-human | out_of_scope      | the author has no right to that register of that team          |
| needs-human | grant_ended       | the right ended more than 72 hours ago                         |
| needs-human | opens_elsewhere   | a new person for a team that is not the author's               |
| needs-human | person_elsewhere  | a new person who is with another team already                  |
| needs-human | never_written     | names a write that its known set does not hold                 |
| needs-human | joins_case        | names a write that itself waits for a person                   |
| needs-human | names_set_aside   | names a write that a person has set aside                      |
| needs-human | id_reused         | another set has this id (found by `push`, before judging)      |
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

from field_app.domain.clock import Instant
from field_app.server.first_writes import PartPlace
from field_app.server.ledger import Entry, Ledger
from field_app.server.policy import Register, Relation
from field_app.server.standing import Period, Standing
from field_app.server.validity import INVALID, WRONG_REGISTER, fault_of
from field_app.sync.canonical import canonical_bytes
from field_app.sync.changes import DIRECTORY_SCOPE, ChangeSet, Part, is_id
from field_app.sync.merge import EMPTY, Incoming, apply, depths_of, force
from field_app.sync.protocol import Status

NO_DEPTHS: Final = b"{}"
ID_REUSED: Final = "id_reused"
JOINS_CASE: Final = "joins_case"
UNREADABLE: Final = frozenset({"part_unreadable", "part_numbering", "part_twice"})
IRREPARABLE: Final = UNREADABLE | {INVALID, WRONG_REGISTER, "moved_record", ID_REUSED}
"""Nobody can accept these as they are: they would break the record or tell the wrong people."""


class Verdict(NamedTuple):
    """The answer to one change set."""

    status: Status
    reason: str = ""
    waits_for: frozenset[str] = frozenset()
    """Ids of sets and persons, when held."""
    case_key: str | None = None
    """The set whose case this one joins."""
    seq: int | None = None
    depths: tuple[bytes, ...] = ()
    """For each part, canonical JSON {write index: {key: depth}}."""


@dataclass(slots=True)
class Trial:
    """A set applied to copies, so that it is taken whole or not at all."""

    entries: dict[tuple[str, str], Entry] = field(default_factory=dict)
    depths: list[dict[str, dict[str, int]]] = field(default_factory=list)
    missing: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Judge:
    """Judges the sets of one author against one ledger."""

    ledger: Ledger
    standing: Standing
    _rights: dict[tuple[Period | str, ...], str] = field(default_factory=dict)
    """{(the teams a scope is and was with, register, when): the fault or ""}."""

    def judge(self, change_set: ChangeSet, received_at: Instant) -> Verdict:
        """Decide about a set by its author's rights, and apply it if it is accepted."""
        if change_set.header.author != self.standing.worker:
            return Verdict("needs-human", "not_author")
        if reason := fault_of(change_set) or self._fault_here(change_set, received_at):
            return Verdict("needs-human", reason, case_key=self._case_named(change_set, reason))
        unknown = self._unknown_persons(change_set)
        if unknown:
            return Verdict("held", "unknown_person", frozenset(unknown))
        trial = self._try(change_set, forced=False)
        if trial.missing:
            return self._about_missing(change_set, trial.missing)
        return self._accept(change_set, trial)

    def force(self, change_set: ChangeSet) -> Verdict:
        """Apply a set that a person accepts: what it replaces and nobody has seen stays away."""
        return self._accept(change_set, self._try(change_set, forced=True))

    def _fault_here(self, change_set: ChangeSet, at: Instant) -> str:
        for person, team in change_set.header.opens.items():
            if fault := self._fault_of_opening(person, team, at):
                return fault
        homes, opens = self.ledger.homes, change_set.header.opens
        for part in change_set.parts:
            for write in part.writes:
                home = homes.get(write.record)
                if home is not None and home != (write.type, part.scope):
                    return "moved_record"
            scope = part.scope
            if opens:
                kind, _, name = scope.partition("/")
                if kind == "person" and name in opens:
                    scope = f"team/{opens[name]}"
            if fault := self._fault_of_right(scope, part.register, at):
                return fault
        return ""

    def _fault_of_opening(self, person: str, team: str, at: Instant) -> str:
        periods = self.ledger.teams_of(f"team/{team}")
        if periods is None:
            return "opens_elsewhere"
        relation = self.standing.relation(periods, at)
        if not self.standing.may_write(Register.COMMON, relation, at):
            return "opens_elsewhere"
        now = self.ledger.team_now(f"person/{person}")
        return "person_elsewhere" if now not in (None, team) else ""

    def _fault_of_right(self, scope: str, register: str, at: Instant) -> str:
        if scope == DIRECTORY_SCOPE:
            return self._decide_right(Relation.ORGANISATION, Register.DIRECTORY, at)
        periods = self.ledger.teams_of(scope)
        if periods is None:
            # Of a person whom nobody has opened yet it is decided when somebody has.
            return "" if scope.startswith("person/") else "out_of_scope"
        asked: tuple[Period | str, ...] = (*periods, register, at)
        found = self._rights.get(asked)
        if found is None:
            relation = self.standing.relation(periods, at)
            found = self._rights[asked] = self._decide_right(relation, Register(register), at)
        return found

    def _decide_right(self, relation: Relation, asked: Register, at: Instant) -> str:
        if self.standing.may_write(asked, relation, at):
            return ""
        return "grant_ended" if relation is Relation.ENDED_BEFORE else "out_of_scope"

    def _unknown_persons(self, change_set: ChangeSet) -> set[str]:
        unknown: set[str] = set()
        for part in change_set.parts:
            kind, _, name = part.scope.partition("/")
            if kind != "person" or name in change_set.header.opens:
                continue
            if self.ledger.teams_of(part.scope) is None:
                unknown.add(name)
        return unknown

    def _try(self, change_set: ChangeSet, *, forced: bool) -> Trial:
        trial = Trial()
        header = change_set.header
        for position, part in enumerate(change_set.parts):
            depths: dict[str, dict[str, int]] = {}
            for index, write in enumerate(part.writes, part.first):
                at = (write.record, part.register)
                incoming = Incoming(f"{header.id}:{index}", write, header.author, header.at)
                entry = trial.entries.get(at) or self._copy(at)
                if entry is None and not write.replaces:
                    trial.entries[at] = _begun(incoming, part, (header.id, position))
                    continue
                entry = entry or Entry(write.type, part.scope, EMPTY)
                trial.entries[at] = entry
                if forced:
                    entry.state = force(entry.state, incoming)
                else:
                    entry.state, holds = apply(entry.state, incoming)
                    for hold in holds:
                        trial.missing.update(hold.missing)
                if deep := depths_of(entry.state, incoming):
                    depths[str(index)] = deep
            trial.depths.append(depths)
        return trial

    def _copy(self, at: tuple[str, str]) -> Entry | None:
        entry = self.ledger.entry(*at)
        return None if entry is None else replace(entry)

    def _case_named(self, change_set: ChangeSet, reason: str) -> str | None:
        """The open case of a set whose write this one names: they are decided together.

        Accepted one by one and in another order, what was replaced would come back. What nobody
        can accept stands alone, so that it never keeps the others from being accepted.
        """
        if reason in IRREPARABLE:
            return None
        named = {
            write_id.partition(":")[0]
            for _, _, write in change_set.numbered_writes()
            for write_ids in write.replaces.values()
            for write_id in write_ids
        }
        self.ledger.load_known(one for one in named if is_id(one))
        for one in sorted(named):
            known = self.ledger.known.get(one)
            if known is not None and known.status == "needs-human":
                return known.case_key or known.key
        return None

    def _accept(self, change_set: ChangeSet, trial: Trial) -> Verdict:
        header = change_set.header
        seq = self.ledger.locked.next_sequence(" ".join((header.id, *header.parts)))
        for person, team in header.opens.items():
            if self.ledger.team_now(f"person/{person}") is None:
                self.ledger.open_person(person, team, seq)
        for (record, register), entry in trial.entries.items():
            entry.seq = seq
            self.ledger.change(record, register, entry)
        depths = tuple([canonical_bytes(one) if one else NO_DEPTHS for one in trial.depths])
        return Verdict("accepted", seq=seq, depths=depths)

    def _about_missing(self, change_set: ChangeSet, missing: Iterable[str]) -> Verdict:
        sets = {write_id.partition(":")[0] for write_id in missing}
        if any(not is_id(one) for one in sets) or change_set.header.id in sets:
            return Verdict("needs-human", "never_written")
        self.ledger.load_known(sets)
        unseen: set[str] = set()
        for one in sorted(sets):
            known = self.ledger.known.get(one)
            if known is None or known.status == "held":
                unseen.add(one)
            elif known.status == "accepted":
                return Verdict("needs-human", "never_written")
            elif known.status == "set-aside":
                return Verdict("needs-human", "names_set_aside")
            else:
                return Verdict("needs-human", JOINS_CASE, case_key=known.case_key or known.key)
        return Verdict("held", "unknown_write", frozenset(unseen))


def _begun(incoming: Incoming, part: Part, place: PartPlace) -> Entry:
    """A register with its first write, which replaces nothing."""
    lies = None if part.written is None else place
    return Entry(incoming.write.type, part.scope, None, incoming, lies)
