"""Answers to a device's chain as runs of consecutive counters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, cast

from sqlalchemy import Connection, bindparam, select

from field_app.server.ledger import IN_LIST
from field_app.server.sealing import Place, Sealer
from field_app.server.tables import chain_links, change_sets, parts
from field_app.server.validity import is_scope
from field_app.sync.changes import NUMBER_MAX, Part
from field_app.sync.protocol import ReceiptRun, Status

RECEIPTS_MAX = 10_000
"""Of one answer; a device that asks for more asks again."""

_OF_DEVICE = (
    select(
        chain_links.c.counter,
        change_sets.c.status,
        change_sets.c.seq,
        change_sets.c.reason,
        change_sets.c.key,
        change_sets.c.decision,
    )
    .join_from(
        chain_links,
        change_sets,
        (change_sets.c.organisation == chain_links.c.organisation)
        & (change_sets.c.key == chain_links.c.set_key),
    )
    .where(
        chain_links.c.organisation == bindparam("number"),
        chain_links.c.device == bindparam("of"),
    )
    .order_by(chain_links.c.counter)
    .limit(RECEIPTS_MAX)
)
_BETWEEN = _OF_DEVICE.where(chain_links.c.counter.between(bindparam("first"), bindparam("last")))
_THESE = _OF_DEVICE.where(chain_links.c.counter.in_(bindparam("wanted", expanding=True)))


class Receipt(NamedTuple):
    """The answer for one counter."""

    counter: int
    status: Status
    seq: int | None
    reason: str
    decision: str = ""
    """The words of the person who decided about the set, for its author."""

    def __repr__(self) -> str:
        """Without the words."""
        return f"Receipt({self.counter}, {self.status!r}, {self.seq})"


def read_receipts(
    connection: Connection,
    organisation: int,
    sealer: Sealer,
    device: str,
    first: int,
    last: int | None = None,
) -> list[Receipt]:
    """The answers for a device's counters from `first` on, in order."""
    upto = NUMBER_MAX if last is None else last
    asked = {"number": organisation, "of": device, "first": first, "last": upto}
    return _opened(connection, organisation, sealer, connection.execute(_BETWEEN, asked).all())


def read_receipts_of(
    connection: Connection,
    organisation: int,
    sealer: Sealer,
    device: str,
    counters: Iterable[int],
) -> list[Receipt]:
    """The answers for these counters of a device, in order."""
    wanted = sorted(set(counters))[:RECEIPTS_MAX]
    if not wanted:
        return []
    asked = {"number": organisation, "of": device, "wanted": wanted}
    return _opened(connection, organisation, sealer, connection.execute(_THESE, asked).all())


def decision_place(organisation: int, part: Part) -> Place:
    """Where the words of a decision about a set are sealed: with its first part."""
    return Place(organisation, part.scope if is_scope(part.scope) else "", part.register)


def _opened(
    connection: Connection, organisation: int, sealer: Sealer, rows: Sequence[Any]
) -> list[Receipt]:
    decided = [row.key for row in rows if row.decision is not None]
    places = _places(connection, organisation, decided) if decided else {}
    receipts = []
    for row in rows:
        words = ""
        if row.decision is not None:
            words = sealer.open(row.decision, places[row.key]).decode()
        receipts.append(Receipt(row.counter, cast(Status, row.status), row.seq, row.reason, words))
    return receipts


def _places(connection: Connection, organisation: int, keys: list[str]) -> dict[str, Place]:
    found: dict[str, Place] = {}
    for at in range(0, len(keys), IN_LIST):
        rows = connection.execute(
            select(parts.c.set_key, parts.c.scope, parts.c.register).where(
                parts.c.organisation == organisation,
                parts.c.set_key.in_(keys[at : at + IN_LIST]),
                parts.c.position == 0,
            )
        )
        found.update((key, Place(organisation, scope, register)) for key, scope, register in rows)
    return found


def as_runs(receipts: Iterable[Receipt]) -> tuple[ReceiptRun, ...]:
    """Join answers that go on from each other; a run of accepted sets has sequences one by one."""
    runs: list[ReceiptRun] = []
    begun: Receipt | None = None
    count = 0
    for receipt in receipts:
        if begun is not None and _goes_on(begun, count, receipt):
            count += 1
            continue
        if begun is not None:
            runs.append(_run(begun, count))
        begun, count = receipt, 1
    if begun is not None:
        runs.append(_run(begun, count))
    return tuple(runs)


def _goes_on(begun: Receipt, count: int, receipt: Receipt) -> bool:
    if (receipt.counter, receipt.status) != (begun.counter + count, begun.status):
        return False
    if begun.decision or receipt.decision:
        return False
    if begun.seq is not None:
        return receipt.seq == begun.seq + count
    return receipt.seq is None and receipt.reason == begun.reason


def _run(begun: Receipt, count: int) -> ReceiptRun:
    return ReceiptRun(
        first_counter=begun.counter,
        count=count,
        status=begun.status,
        first_seq=begun.seq,
        reason=begun.reason,
        decision=begun.decision or None,
    )
