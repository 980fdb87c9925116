"""The outbox: every save of this device, from the moment it is durable.

States of a save, in the order they can follow each other:

    pending       only on this phone
    accepted      the server has it, with a sequence; not yet seen in the stream
    held          the server keeps it until the writes it names arrive
    needs-human   the server keeps it for a person to decide; readable here, out of the state
    set-aside     a person decided against it, with a reason; readable here
    passed        seen in the stream: part of the confirmed state; kept for a restored server

`pending`, `accepted` and `held` count into what is shown; the server has all but `pending`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, cast

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from field_app.domain.clock import Instant
from field_app.domain.declaration import RegisterName
from field_app.store.keyring import Keyring
from field_app.store.sealed import SealedKind
from field_app.store.tables import AnswerRow, ChangeSetRow
from field_app.sync.canonical import canonical_bytes, parse
from field_app.sync.changes import NO_PREVIOUS, ChangeSet, Header, Part
from field_app.sync.composing import reissue
from field_app.sync.merge import Incoming, Stamped

_ROWS = cast("Any", ChangeSetRow).__table__
_ANSWERS = cast("Any", AnswerRow).__table__

_ADD = insert(_ROWS)
_STATE = func.coalesce(_ANSWERS.c.state, "pending")
_SAVED = select(
    _ROWS,
    _STATE.label("state"),
    _ANSWERS.c.seq,
    func.coalesce(_ANSWERS.c.reason, "").label("reason"),
).outerjoin_from(_ROWS, _ANSWERS, _ANSWERS.c.counter == _ROWS.c.counter)
_NOT_PASSED = _SAVED.where(_STATE != "passed").order_by(_ROWS.c.counter)
_ANSWERED_FROM = _SAVED.where(_ROWS.c.counter >= bindparam("first"), _STATE != "pending").order_by(
    _ROWS.c.counter
)
_ANSWERED = "INSERT OR REPLACE INTO answer (counter, state, seq, reason) VALUES (?, ?, ?, ?)"
_PASSED = (
    "INSERT INTO answer (counter, state, reason) VALUES (?, 'passed', '')"
    " ON CONFLICT (counter) DO UPDATE SET state = 'passed'"
)
_LAST = _SAVED.where(_ROWS.c.counter > 0).order_by(_ROWS.c.counter.desc()).limit(1)

SaveState = Literal["pending", "accepted", "held", "needs-human", "set-aside", "passed"]
SHOWN: frozenset[SaveState] = frozenset({"pending", "accepted", "held"})
WAITING: frozenset[SaveState] = frozenset({"held", "needs-human"})

Depths = Mapping[str, Mapping[str, int]]
"""{write index as text: {key: depth}}, depths of 1 left out."""


@dataclass(frozen=True, slots=True)
class OwnWrite:
    """One write of a save of this device that the stream has not shown yet."""

    scope: str
    register: RegisterName
    stamped: Stamped = field(repr=False)

    @property
    def record(self) -> str:
        """The record written to."""
        return self.stamped.incoming.write.record

    @property
    def type(self) -> str:
        """The record's type."""
        return self.stamped.incoming.write.type


class Saved(NamedTuple):
    """A save as the outbox holds it."""

    counter: int
    state: SaveState
    seq: int | None
    reason: str
    change_set: ChangeSet
    depths: Depths
    decision: str = ""
    """The words of the person who decided about it."""

    def __repr__(self) -> str:
        """Without the content."""
        return f"Saved({self.counter}, {self.state!r}, {self.seq}, {self.reason!r})"

    def answered(self, state: SaveState, seq: int | None, reason: str, decision: str = "") -> Saved:
        """The same save, with what became of it."""
        return Saved(self.counter, state, seq, reason, self.change_set, self.depths, decision)

    @property
    def at(self) -> Instant:
        """When it was saved, by this device's clock."""
        return self.change_set.header.at

    def writes(self) -> Iterable[OwnWrite]:
        """Its writes with the depths its author's screen implied."""
        for part, stamped in self.stamped(self.depths):
            yield OwnWrite(part.scope, part.register, stamped)

    def stamped(self, depths: Depths) -> Iterable[tuple[Part, Stamped]]:
        """Its writes, each with its part, and with these depths."""
        header = self.change_set.header
        for part in self.change_set.parts:
            for index, write in enumerate(part.writes, part.first):
                incoming = Incoming(f"{header.id}:{index}", write, header.author, header.at)
                yield part, Stamped(incoming, depths.get(str(index), {}))

    @property
    def scopes(self) -> frozenset[str]:
        """The scopes it touches."""
        return frozenset(part.scope for part in self.change_set.parts)


class Outbox:
    """Reads and writes saves, inside the caller's transaction."""

    def __init__(self, keyring: Keyring) -> None:
        """Seal and open by this keyring."""
        self._sealed = SealedKind(keyring, "save")

    def add(self, connection: Connection, change_set: ChangeSet, depths: Depths) -> Saved:
        """Write a new save as pending."""
        header = change_set.header
        saved = Saved(header.counter, "pending", None, "", change_set, depths)
        connection.execute(
            _ADD,
            {
                "counter": header.counter,
                "set_id": header.id,
                "blob": self._seal(saved),
            },
        )
        return saved

    def not_passed(self, connection: Connection) -> list[Saved]:
        """Every save the stream has not shown yet, oldest first."""
        return [self._open(row) for row in connection.execute(_NOT_PASSED)]

    def all_from(self, connection: Connection, counter: int) -> list[Saved]:
        """Every save from a counter on: what a restored server may have lost."""
        query = _SAVED.where(_ROWS.c.counter >= counter).order_by(_ROWS.c.counter)
        return [self._open(row) for row in connection.execute(query)]

    def answered_from(self, connection: Connection, counter: int) -> list[Saved]:
        """Every save from a counter on that was answered once."""
        rows = connection.execute(_ANSWERED_FROM, {"first": counter})
        return [self._open(row) for row in rows]

    def get(self, connection: Connection, counter: int) -> Saved | None:
        """The save of a counter."""
        row = connection.execute(_SAVED.where(_ROWS.c.counter == counter)).first()
        return None if row is None else self._open(row)

    def reissue(self, connection: Connection, device: str) -> list[Saved]:
        """Give every save that the stream has not shown a place in a new device's chain.

        Those it has shown keep their header, under a counter below zero.
        """
        first = connection.execute(select(func.min(_ROWS.c.counter))).scalar() or 0
        shown = select(_ANSWERS.c.counter).where(
            _ANSWERS.c.state == "passed", _ANSWERS.c.counter > 0
        )
        past = list(connection.execute(shown.order_by(_ANSWERS.c.counter)).scalars())
        for below, counter in enumerate(past, 1 - min(first, 0)):
            moved = update(_ROWS).where(_ROWS.c.counter == counter)
            connection.execute(moved.values(counter=-below))
        return self._chain(connection, self.not_passed(connection), device, 0, NO_PREVIOUS)

    def take_back(self, connection: Connection, device: str) -> list[Saved]:
        """Put the saves of a former identity at the end of the chain, to be pushed again."""
        query = _SAVED.where(_ROWS.c.counter < 0).order_by(_ROWS.c.counter.desc())
        former = [self._open(row) for row in connection.execute(query)]
        counter, prev = self.end_of_chain(connection)
        return self._chain(connection, former, device, counter, prev)

    def _chain(
        self, connection: Connection, saves: Sequence[Saved], device: str, after: int, prev: str
    ) -> list[Saved]:
        """Re-issue saves one after the other, as pending; their ids and parts stay."""
        reissued: list[Saved] = []
        for counter, saved in enumerate(saves, after + 1):
            header = reissue(saved.change_set.header, device, counter, prev)
            prev = header.hash
            change_set = ChangeSet(header, saved.change_set.parts)
            moved = Saved(counter, "pending", None, "", change_set, saved.depths)
            connection.execute(delete(_ANSWERS).where(_ANSWERS.c.counter == saved.counter))
            connection.execute(
                update(_ROWS)
                .where(_ROWS.c.counter == saved.counter)
                .values(counter=counter, blob=self._seal(moved))
            )
            reissued.append(moved)
        return reissued

    def _seal(self, saved: Saved) -> bytes:
        header = saved.change_set.header
        own: dict[str, Any] = {"depths": saved.depths}
        if saved.decision:
            own["decision"] = saved.decision
        lines = [canonical_bytes(own), header.raw]
        lines.extend(part.raw for part in saved.change_set.parts)
        return self._sealed.seal(header.id, b"\n".join(lines))

    def note_answers(self, connection: Connection, answered: Sequence[Saved]) -> None:
        """Note what became of exactly these saves."""
        if answered:
            rows = [(saved.counter, saved.state, saved.seq, saved.reason) for saved in answered]
            connection.exec_driver_sql(_ANSWERED, rows)
        for saved in answered:
            if saved.decision:
                row = update(_ROWS).where(_ROWS.c.counter == saved.counter)
                connection.execute(row.values(blob=self._seal(saved)))

    def mark_passed(self, connection: Connection, counters: Sequence[int]) -> None:
        """Note that the stream has shown these."""
        if counters:
            connection.exec_driver_sql(_PASSED, [(counter,) for counter in counters])

    def end_of_chain(self, connection: Connection) -> tuple[int, str]:
        """The last save's counter and header hash; (0, zeros) before the first."""
        row = connection.execute(_LAST).first()
        if row is None:
            return 0, NO_PREVIOUS
        saved = self._open(row)
        return saved.counter, saved.change_set.header.hash

    def _open(self, row: Any) -> Saved:
        lines = self._sealed.open(row.set_id, row.blob).split(b"\n")
        own = parse(lines[0])
        header = Header.parse(lines[1])
        parts = tuple(Part.parse(raw) for raw in lines[2:])
        return Saved(
            counter=row.counter,
            state=row.state,
            seq=row.seq,
            reason=row.reason,
            change_set=ChangeSet(header, parts),
            depths=own["depths"],
            decision=own.get("decision", ""),
        )
