"""Cases: changes that were held or refused, before the person who decides about them.

A case is a refused set and every set that names its writes, or a held set and those that wait for
it; it is accepted or set aside as a whole, with a reason. Whatever touches the health register goes
to a nurse, everything else to a coordinator; nobody else sees that there is a case.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Connection, Row, select, update

from field_app.domain.clock import Instant
from field_app.domain.declaration import declaration_of
from field_app.domain.errors import AlreadyThere, CannotAccept, NotFound
from field_app.domain.records import RECORD_TYPES
from field_app.server import policy
from field_app.server.archive import Archive, Stored, load_stored
from field_app.server.case_place import CasePlace, read_places
from field_app.server.causal_order import in_causal_order
from field_app.server.judging import IRREPARABLE, Judge
from field_app.server.ledger import Ledger
from field_app.server.organisation import Locked, lock
from field_app.server.policy import Purpose, Register
from field_app.server.reading import Reader
from field_app.server.receipts import decision_place
from field_app.server.retry import retry_held
from field_app.server.sealing import Sealer
from field_app.server.standing import Standing
from field_app.server.tables import change_sets, waiting
from field_app.server.validity import WRONG_REGISTER
from field_app.sync.canonical import parse
from field_app.sync.coordination import Case, CaseContent, CaseSet
from field_app.sync.protocol import Status

_OPEN = ("held", "needs-human")
AnyRow = Row[Any]


@dataclass(frozen=True, slots=True)
class CaseDesk:
    """Cases as one worker may see and settle them."""

    connection: Connection
    organisation: int
    standing: Standing
    sealer: Sealer
    reader: Reader

    def cases(self) -> list[Case]:
        """Every open case this worker decides about, the oldest first."""
        found = []
        for root, members in self._by_case().items():
            place = self._place(members)
            if self._may_decide(place):
                found.append(_case(root, members, place))
        return sorted(found, key=lambda case: (case.received_at, case.set_id))

    def content(self, key: str) -> CaseContent:
        """A case with all that is in it.

        Raises:
            NotFound: there is no such open case for this worker.
        """
        root, members, place = self._find(key)
        for register in place.registers:
            relation = place.relation(self.standing)
            asked = Register.HEALTH if place.register is Register.HEALTH else register
            self.reader.require(self.standing, f"case/{root}", asked, relation, Purpose.DECIDE)
        stored = {one.key: one for one in self._load(members)}
        sets = tuple(_content(row, stored[row.key]) for row in members)
        return CaseContent(case=_case(root, members, place), sets=sets)

    def decide(self, key: str, reason: str, now: Instant, *, accepts: bool) -> int:
        """Accept a whole case, or set it aside; returns how many sets it held.

        Raises:
            NotFound: there is no such case for this worker.
            AlreadyThere: it was decided before.
            CannotAccept: it would break a record, or tell people what is not for them.
        """
        locked = lock(self.connection, self.organisation)
        self._require_open(key)
        _, members, _ = self._find(key)
        ledger = Ledger(locked, self.sealer, now)
        archive = Archive(ledger)
        stored = in_causal_order(load_stored(self.connection, ledger, [row.key for row in members]))
        if accepts:
            _check_acceptable(members, stored, ledger)
            self._accept(stored, ledger, archive)
        self._note_decision(stored, reason, now, accepts=accepts)
        tokens = [one.key for one in stored]
        tokens.extend(person for one in stored for person in one.change_set.header.opens)
        if not accepts:
            archive.stop_waiting([one.key for one in stored])
            ledger.load_known(tokens)
        retry_held(ledger, archive, tokens)
        locked.store()
        return len(members)

    def _accept(self, stored: Sequence[Stored], ledger: Ledger, archive: Archive) -> None:
        judge = Judge(ledger, self.standing)
        for one in stored:
            ledger.load([one.change_set])
            archive.answer_again(one, judge.force(one.change_set), forced=True)
        ledger.flush()
        archive.flush()

    def _note_decision(
        self, stored: Sequence[Stored], reason: str, now: Instant, *, accepts: bool
    ) -> None:
        values: dict[str, object] = {"decided_by": self.standing.worker, "decided_at": now}
        if not accepts:
            values["status"] = "set-aside"
        for one in stored:
            place = decision_place(self.organisation, one.change_set.parts[0])
            self.connection.execute(
                update(change_sets)
                .where(
                    change_sets.c.organisation == self.organisation, change_sets.c.key == one.key
                )
                .values(**values, decision=self.sealer.seal(reason.encode(), place))
            )

    def _require_open(self, key: str) -> None:
        status = self.connection.execute(
            select(change_sets.c.status).where(
                change_sets.c.organisation == self.organisation,
                change_sets.c.key == key,
                change_sets.c.decided_at.is_not(None),
            )
        ).scalar_one_or_none()
        if status is not None:
            raise AlreadyThere("decided")

    def _find(self, key: str) -> tuple[str, list[AnyRow], CasePlace]:
        for root, members in self._by_case().items():
            if key == root or any(row.key == key for row in members):
                place = self._place(members)
                if self._may_decide(place):
                    return root, members, place
        raise NotFound("case")

    def _open_rows(self) -> list[AnyRow]:
        rows = self.connection.execute(
            select(change_sets)
            .where(
                change_sets.c.organisation == self.organisation,
                change_sets.c.status.in_(_OPEN),
                change_sets.c.status != "accepted",  # says that the partial index will do
            )
            .order_by(change_sets.c.received_at, change_sets.c.device, change_sets.c.counter)
        )
        return list(rows)

    def _by_case(self) -> dict[str, list[AnyRow]]:
        rows = self._open_rows()
        there = {row.key for row in rows}
        waits: dict[str, list[str]] = {}
        if len(rows) > 1 and any(row.status == "held" for row in rows):
            asked = select(waiting.c.set_key, waiting.c.token)
            for key, token in self.connection.execute(
                asked.where(waiting.c.organisation == self.organisation)
            ):
                if token in there:
                    waits.setdefault(key, []).append(token)
        return _by_case(rows, waits)

    def _load(self, members: Sequence[AnyRow]) -> list[Stored]:
        ledger = Ledger(_unlocked(self.connection, self.organisation), self.sealer, "")
        return load_stored(self.connection, ledger, [row.key for row in members])

    def _place(self, members: Sequence[AnyRow]) -> CasePlace:
        place = read_places(self.connection, self.organisation, members)
        suspects = [row for row in members if row.reason == WRONG_REGISTER]
        if suspects:
            declared = {name for one in self._load(suspects) for name in _declared(one)}
            place = place.also(declared)
        return place

    def _may_decide(self, place: CasePlace) -> bool:
        return policy.allows(
            self.standing.role, place.register, place.relation(self.standing), Purpose.DECIDE
        )


def _unlocked(connection: Connection, organisation: int) -> Locked:
    """An organisation only read: its sequence is not given out."""
    return Locked(connection, organisation, "", 0, "", 0)


def _by_case(rows: Sequence[AnyRow], waits: Mapping[str, Sequence[str]]) -> dict[str, list[AnyRow]]:
    """Open sets by case, each named by one that waits for no other; `waits` says who does."""
    joined: dict[str, str] = {}

    def end(key: str) -> str:
        while joined.get(key, key) != key:
            key = joined[key]
        return key

    for row in rows:
        for other in (row.case_key or row.key, *waits.get(row.key, ())):
            joined[end(row.key)] = end(other)
    found: dict[str, list[AnyRow]] = {}
    for row in rows:
        found.setdefault(end(row.key), []).append(row)
    return {_name(members, waits): members for members in found.values()}


def _name(members: Sequence[AnyRow], waits: Collection[str]) -> str:
    first = next((row for row in members if row.key not in waits), members[0])
    name: str = first.case_key or first.key
    return name


def _declared(stored: Stored) -> set[str]:
    """The registers that the fields in a set belong to, whatever its parts say."""
    found: set[str] = set()
    for _, _, write in stored.change_set.numbered_writes():
        known = RECORD_TYPES.get(write.type)
        for key in write.set if known is not None else ():
            register = declaration_of(known).register_of(key) if known is not None else None
            if register is not None:
                found.add(register)
    return found


def _case(root: str, members: Sequence[AnyRow], place: CasePlace) -> Case:
    first = next((row for row in members if row.key == root), members[0])
    return Case(
        set_id=root,
        status=cast(Status, first.status),
        reason=first.reason,
        register=place.register.value,
        author=first.author,
        device=first.device,
        received_at=first.received_at,
        size=place.size,
        joined=tuple(row.key for row in members if row.key != first.key),
    )


def _content(row: AnyRow, stored: Stored) -> CaseSet:
    parts = []
    for part in stored.change_set.parts:
        wire = parse(part.raw)
        wire.pop("salt", None)
        parts.append(wire)
    return CaseSet(
        set_id=row.key,
        author=row.author,
        at=row.at,
        device=row.device,
        status=cast(Status, row.status),
        reason=row.reason,
        opens=dict(stored.change_set.header.opens),
        parts=tuple(parts),
    )


def _check_acceptable(members: Sequence[AnyRow], stored: Sequence[Stored], ledger: Ledger) -> None:
    for row in members:
        if row.reason in IRREPARABLE:
            raise CannotAccept(row.reason, reason=row.reason)
    opened = {person for one in stored for person in one.change_set.header.opens}
    for one in stored:
        ledger.load([one.change_set])
        opens = one.change_set.header.opens
        if any(not ledger.is_team(team) for team in opens.values()):
            raise CannotAccept("no such team", reason="opens_elsewhere")
        for part in one.change_set.parts:
            kind, _, name = part.scope.partition("/")
            nobody = kind != "org" and ledger.teams_of(part.scope) is None
            if nobody and name not in opened:
                raise CannotAccept("whose it is", reason="unknown_person")
