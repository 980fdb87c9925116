"""A pushed batch: all of it is stored and answered, in one transaction, or none of it.

What can be checked without the database is checked before the organisation's lock is taken; what
happens under the lock is bulk reads, the judging in memory, and bulk inserts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, update

from field_app.domain.clock import Entropy, Instant
from field_app.server import chain
from field_app.server.archive import Archive, identity_of
from field_app.server.credentials import OrganisationKey
from field_app.server.database import Database
from field_app.server.devices import report_values
from field_app.server.judging import ID_REUSED, Judge, Verdict
from field_app.server.ledger import Ledger
from field_app.server.organisation import lock
from field_app.server.receipts import Receipt, as_runs, read_receipts
from field_app.server.retry import retry_held
from field_app.server.sealing import Sealer
from field_app.server.standing import read_standing
from field_app.server.tables import devices
from field_app.server.tokens import Caller
from field_app.server.witness import heal, witness_of
from field_app.sync.changes import ChangeSet
from field_app.sync.protocol import PROTOCOL, PushAnswer, PushBatch


@dataclass(frozen=True, slots=True)
class Pusher:
    """Takes batches into one database."""

    database: Database
    sealer: Sealer
    key: OrganisationKey
    entropy: Entropy

    def push(self, caller: Caller, batch: PushBatch, now: Instant) -> PushAnswer:
        """Store a batch and answer every set of it.

        Raises:
            Malformed: it is not the caller's own chain.
            TooLarge: too many sets at once.
            BadSignature: the signature does not cover it.
            ChainForked, ChainGap: it does not go on from what is stored.
            DeviceRevoked: the worker left meanwhile.
        """
        chain.check_form(batch, caller)
        with self.database.read() as connection:
            chain.check_signature(connection, batch, caller)
        number, witness = caller.organisation, batch.witness
        heal(self.database, self.key, self.entropy, number, batch.epoch, witness)
        with self.database.write() as connection:
            return self._store(connection, caller, batch, now)

    def _store(
        self, connection: Connection, caller: Caller, batch: PushBatch, now: Instant
    ) -> PushAnswer:
        locked = lock(connection, caller.organisation)
        stretch = chain.split(connection, batch, caller)
        standing = read_standing(connection, caller.organisation, caller.worker)
        ledger = Ledger(locked, self.sealer, now)
        archive = Archive(ledger)
        receipts: list[Receipt] = []
        retried = False
        if stretch.fresh:
            ledger.load(stretch.fresh)
            tokens = _take_all(stretch.fresh, Judge(ledger, standing), archive, now, receipts)
            retried = retry_held(ledger, archive, tokens)
            _advance(connection, caller, stretch.fresh[-1].header.counter, batch, now)
            locked.store()
        else:
            _advance(connection, caller, None, batch, now)
        if retried or len(receipts) < len(batch.sets):
            receipts = self._receipts(connection, caller, batch)
        return PushAnswer(
            protocol=PROTOCOL,
            epoch=locked.epoch,
            receipts=as_runs(receipts),
            witness=witness_of(self.key, locked.number, locked.sequence, locked.digest),
        )

    def _receipts(self, connection: Connection, caller: Caller, batch: PushBatch) -> list[Receipt]:
        first, last = batch.sets[0].header.counter, batch.sets[-1].header.counter
        return read_receipts(
            connection, caller.organisation, self.sealer, caller.device, first, last
        )


def _take_all(
    fresh: Sequence[ChangeSet],
    judge: Judge,
    archive: Archive,
    now: Instant,
    receipts: list[Receipt],
) -> list[str]:
    """Judge and keep every new set; returns what held sets may have waited for.

    The answers come into `receipts`; a set that is known from another chain gets none there.
    """
    tokens: list[str] = []
    for change_set in fresh:
        header = change_set.header
        identity, header_hash = identity_of(change_set), header.hash
        known = judge.ledger.known.get(header.id)
        if known is not None and known.identity == identity:
            archive.link(change_set, header_hash, known.key)  # re-issued by a forked device
            continue
        if known is not None:
            archive.link(change_set, header_hash, header_hash)
            verdict = Verdict("needs-human", ID_REUSED)
            archive.add(change_set, header_hash, identity, verdict)
            receipts.append(_receipt(header.counter, verdict))
            continue
        verdict = judge.judge(change_set, now)
        archive.link(change_set, header_hash, header.id)
        archive.add(change_set, header.id, identity, verdict)
        receipts.append(_receipt(header.counter, verdict))
        tokens.append(header.id)
        tokens.extend(header.opens)
    return tokens


def _receipt(counter: int, verdict: Verdict) -> Receipt:
    return Receipt(counter, verdict.status, verdict.seq, verdict.reason)


def _advance(
    connection: Connection, caller: Caller, counter: int | None, batch: PushBatch, now: Instant
) -> None:
    values: dict[str, object] = {"last_seen_at": now} | report_values(batch.report)
    if counter is not None:
        values |= {"counter": counter, "head_hash": batch.head_hash}
    connection.execute(
        update(devices)
        .where(devices.c.organisation == caller.organisation, devices.c.id == caller.device)
        .values(**values)
    )
