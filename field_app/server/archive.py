"""Change sets in and out of the database: every one ever pushed, as exact bytes.

Rows are gathered while a batch is judged and written in bulk at its end. Only the answer to a
set changes later, never its bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, delete, select, update

from field_app.domain.clock import Instant
from field_app.server import first_writes
from field_app.server.database import insert_rows
from field_app.server.first_writes import NOBODY
from field_app.server.judging import NO_DEPTHS, Verdict
from field_app.server.ledger import KnownSet, Ledger
from field_app.server.sealing import Place
from field_app.server.tables import chain_links, change_sets, parts, waiting
from field_app.server.validity import is_scope
from field_app.sync.canonical import sha256_hex
from field_app.sync.changes import ChangeSet, Header, Part
from field_app.sync.protocol import read_part

AnyRow = tuple[Any, ...]
_COLUMNS = {
    chain_links: ("organisation", "device", "counter", "set_key", "header_hash", "header"),
    change_sets: (
        "organisation",
        "key",
        "id",
        "device",
        "counter",
        "author",
        "at",
        "identity",
        "part_count",
        "seq",
        "status",
        "reason",
        "case_key",
        "forced",
        "received_at",
    ),
    parts: (
        "organisation",
        "set_key",
        "position",
        "scope",
        "register",
        "size",
        "bucket",
        "seq",
        "depths",
        "raw",
        "record",
        "type",
    ),
    waiting: ("organisation", "token", "set_key"),
}
"""The columns of each table's rows, in their order."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A change set as it lies in the database."""

    key: str
    status: str
    received_at: Instant
    case_key: str | None
    change_set: ChangeSet


def identity_of(change_set: ChangeSet) -> str:
    """A digest of the parts' hashes: with the id, what a set is."""
    return sha256_hex("".join(change_set.header.parts).encode())


@dataclass(slots=True)
class Archive:
    """The rows of one pushing transaction."""

    ledger: Ledger
    _links: list[AnyRow] = field(default_factory=list)
    _sets: list[AnyRow] = field(default_factory=list)
    _parts: list[AnyRow] = field(default_factory=list)
    _waiting: list[AnyRow] = field(default_factory=list)

    def link(self, change_set: ChangeSet, header_hash: str, key: str) -> None:
        """Keep a header's place in its device's chain."""
        header = change_set.header
        place = (self.ledger.organisation, header.device, header.counter)
        self._links.append((*place, key, header_hash, header.raw))

    def add(self, change_set: ChangeSet, key: str, identity: str, verdict: Verdict) -> None:
        """Keep a new set with its answer."""
        header, organisation = change_set.header, self.ledger.organisation
        case_key = key if verdict.status == "needs-human" else None
        case_key = verdict.case_key or case_key
        said = (header.id, header.device, header.counter, header.author, header.at)
        answer = (verdict.seq, verdict.status, verdict.reason, case_key, False)
        row = (organisation, key, *said, identity, len(change_set.parts), *answer)
        self._sets.append((*row, self.ledger.now))
        self.ledger.known[key] = KnownSet(key, identity, verdict.status, case_key)
        for position, part in enumerate(change_set.parts):
            self._parts.append(self._part_row(key, position, part, verdict))
        self._wait(key, verdict.waits_for)

    def answer_again(self, stored: Stored, verdict: Verdict, *, forced: bool = False) -> None:
        """Change the answer to a stored set."""
        connection, organisation = self.ledger.connection, self.ledger.organisation
        of_set = (waiting.c.organisation == organisation, waiting.c.set_key == stored.key)
        connection.execute(delete(waiting).where(*of_set))
        case_key = verdict.case_key or (stored.key if verdict.status == "needs-human" else None)
        if verdict.status == "accepted":
            case_key = stored.case_key
        connection.execute(
            update(change_sets)
            .where(change_sets.c.organisation == organisation, change_sets.c.key == stored.key)
            .values(
                status=verdict.status,
                reason=verdict.reason,
                seq=verdict.seq,
                case_key=case_key,
                forced=forced,
            )
        )
        identity = identity_of(stored.change_set)
        known = KnownSet(stored.key, identity, verdict.status, case_key)
        self.ledger.known[stored.key] = known
        if verdict.status == "accepted":
            self._release(stored, verdict)
        self._wait(stored.key, verdict.waits_for)

    def stop_waiting(self, keys: Sequence[str]) -> None:
        """Nothing that arrives later makes these sets be judged again: a person has decided."""
        self.ledger.connection.execute(
            delete(waiting).where(
                waiting.c.organisation == self.ledger.organisation, waiting.c.set_key.in_(keys)
            )
        )

    def flush(self) -> None:
        """Write all rows gathered."""
        connection = self.ledger.connection
        first = self.ledger.first_writes
        told = [row + first.pop((row[1], row[2]), NOBODY) for row in self._parts]
        self._parts.clear()
        gathered = (self._links, self._sets, told, self._waiting)
        for (table, names), rows in zip(_COLUMNS.items(), gathered, strict=True):
            insert_rows(connection, table, names, rows)
            rows.clear()
        first_writes.put(connection, self.ledger.organisation, first)
        first.clear()

    def _part_row(self, key: str, position: int, part: Part, verdict: Verdict) -> AnyRow:
        organisation, seal = self.ledger.organisation, self.ledger.sealer.seal
        accepted = verdict.seq is not None
        # What is no scope at all is kept in the part's own bytes alone: a column may not take it.
        scope = part.scope if accepted or is_scope(part.scope) else ""
        place = Place(organisation, scope, part.register)
        bucket = self.ledger.bucket(part.scope, part.register) if accepted else None
        depths = seal(verdict.depths[position] if accepted else NO_DEPTHS, place)
        where = (organisation, key, position, scope, part.register, len(part.raw))
        return (*where, bucket, verdict.seq, depths, seal(part.raw, place))

    def _release(self, stored: Stored, verdict: Verdict) -> None:
        organisation = self.ledger.organisation
        for position, part in enumerate(stored.change_set.parts):
            place = Place(organisation, part.scope, part.register)
            self.ledger.connection.execute(
                update(parts)
                .where(
                    parts.c.organisation == organisation,
                    parts.c.set_key == stored.key,
                    parts.c.position == position,
                )
                .values(
                    seq=verdict.seq,
                    bucket=self.ledger.bucket(part.scope, part.register),
                    depths=self.ledger.sealer.seal(verdict.depths[position], place),
                )
            )

    def _wait(self, key: str, tokens: Iterable[str]) -> None:
        organisation = self.ledger.organisation
        self._waiting.extend((organisation, token, key) for token in sorted(tokens))


def load_stored(connection: Connection, ledger: Ledger, keys: Sequence[str]) -> list[Stored]:
    """Read stored sets by key, in the order they were received."""
    organisation = ledger.organisation
    rows = connection.execute(
        select(change_sets, chain_links.c.header)
        .join_from(
            change_sets,
            chain_links,
            (chain_links.c.organisation == change_sets.c.organisation)
            & (chain_links.c.device == change_sets.c.device)
            & (chain_links.c.counter == change_sets.c.counter),
        )
        .where(change_sets.c.organisation == organisation, change_sets.c.key.in_(keys))
        .order_by(change_sets.c.received_at, change_sets.c.device, change_sets.c.counter)
    ).all()
    raws: dict[str, list[Part]] = {}
    for row in connection.execute(
        select(parts.c.set_key, parts.c.scope, parts.c.register, parts.c.raw)
        .where(parts.c.organisation == organisation, parts.c.set_key.in_(keys))
        .order_by(parts.c.set_key, parts.c.position)
    ):
        place = Place(organisation, row.scope, row.register)
        raws.setdefault(row.set_key, []).append(read_part(ledger.sealer.open(row.raw, place)))
    return [
        Stored(
            row.key,
            row.status,
            row.received_at,
            row.case_key,
            ChangeSet(Header.parse(row.header), tuple(raws[row.key])),
        )
        for row in rows
    ]
