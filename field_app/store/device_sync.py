"""The device's side of a sync round (`field_app.sync.exchange.Device`): outbox out, pages in.

Every call is one local transaction, so a kill between any two leaves a state the next round
carries on from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, cast

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert

from field_app import __version__
from field_app.domain.errors import OwnSetUnknown
from field_app.store.confirmed import OF_EARLIER_EPOCH, ConfirmedPart, ConfirmedParts, PartKey
from field_app.store.database import Database
from field_app.store.healing import Healing
from field_app.store.identity import Identity, SealedSettings, SyncPlace
from field_app.store.intake import Intake, take_in
from field_app.store.outbox import Outbox, Saved
from field_app.store.pending import PendingSaves
from field_app.store.summaries import mark_stale
from field_app.store.tables import BucketCursor
from field_app.sync.admission import Enrolled, ForkRequest
from field_app.sync.protocol import (
    PUSH_BYTES_MAX,
    PUSH_SETS_MAX,
    PageHead,
    PullPage,
    PullRequest,
    PushAnswer,
    PushBatch,
    ReceiptRun,
    Report,
)

_CURSORS = cast("Any", BucketCursor).__table__
_ALL_CURSORS = select(_CURSORS)
_NO_CURSORS = delete(_CURSORS)
_NEW_CURSORS = insert(_CURSORS)
PLACE = "sync_place"


class DeviceSync:
    """Batches, receipts, pages and cursors of one unlocked store."""

    def __init__(
        self,
        database: Database,
        settings: SealedSettings,
        identity: Callable[[], Identity],
        outbox: Outbox,
        parts: ConfirmedParts,
        pending: PendingSaves,
        changed: Callable[[frozenset[str]], None],
        healing: Healing,
    ) -> None:
        """Work on this store; `changed` hears of the scopes a page or receipt touched."""
        self._healing = healing
        self._database = database
        self._settings = settings
        self._identity = identity
        self._outbox = outbox
        self._parts = parts
        self._pending = pending
        self._changed = changed
        self.batch_sets = PUSH_SETS_MAX
        self._made: int | None = None
        """The last own save when a page was asked for last."""
        with database.read() as connection:
            self.place = SyncPlace.from_json(settings.get(connection, PLACE))

    # -- push --------------------------------------------------------------------------------

    def next_batch(self) -> PushBatch | None:
        """The oldest saves without an answer, signed; None when there is none."""
        return self._batch(self._pending.in_state("pending"))

    def batch_after(self, batch: PushBatch) -> PushBatch | None:
        """What follows a batch that is on its way; None when there is none."""
        last = batch.sets[-1].header.counter
        waiting = self._pending.in_state("pending")
        return self._batch([saved for saved in waiting if saved.counter > last])

    def _batch(self, waiting: Sequence[Saved]) -> PushBatch | None:
        if not waiting:
            return None
        chosen: list[Saved] = []
        size = 0
        for saved in waiting[: self.batch_sets]:
            size += saved.change_set.size
            if chosen and size > PUSH_BYTES_MAX:
                break
            chosen.append(saved)
        identity = self._identity()
        key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(identity.private_key))
        sets = tuple(saved.change_set for saved in chosen)
        return PushBatch(
            device=identity.device,
            prev=sets[0].header.prev,
            signature=key.sign(PushBatch.signed_bytes(sets[-1].header.hash)),
            report=self.report(),
            sets=sets,
            instance=self._healing.instance,
            epoch=self.place.epoch,
            witness=self.place.witness,
        )

    def take_answer(self, batch: PushBatch, answer: PushAnswer) -> None:
        """Note the receipts of exactly the saves that were in this batch."""
        sent = {change_set.header.counter for change_set in batch.sets}
        place = self.place
        if answer.epoch == place.epoch:
            place = place.moved(witness=answer.witness or place.witness)
        with self._database.write() as connection:
            answered = self._take_receipts(connection, answer.receipts, sent)
            scopes = _scopes(answered)
            mark_stale(connection, scopes)
            if place != self.place:
                self._settings.put(connection, PLACE, place.to_json())
        self.place = place
        self._adopt(answered, scopes)

    def push_again(self, counter: int) -> None:
        """The server has only the saves up to `counter`: those after it are pending again."""
        with self._database.write() as connection:
            again = self._healing.not_there(connection, counter)
            scopes = _scopes(again)
            mark_stale(connection, scopes)
        self._adopt(again, scopes)

    def is_copy(self, counter: int | None) -> bool:
        """Whether the server has saves of this device that it never made: it was restored.

        What counts are those made before the page was asked for: a save made since has the
        counter of one that the server knows and the device has lost.
        """
        made = self._last_counter() if self._made is None else self._made
        return counter is not None and counter > made

    def fork_request(self) -> ForkRequest:
        """See `Healing.fork_request`."""
        return self._healing.fork_request()

    def take_fork(self, request: ForkRequest, enrolled: Enrolled) -> None:
        """See `Healing.take_fork`."""
        self._healing.take_fork(request, enrolled, is_renewing=self.place.renewing)
        self._changed(frozenset())

    def report(self) -> Report:
        """What the coordinator sees of this device."""
        return Report(
            unsynced=self._pending.unsynced,
            oldest_at=self._pending.oldest_unsynced_at,
            app=__version__,
        )

    # -- pull --------------------------------------------------------------------------------

    def pull_request(self) -> PullRequest:
        """Where the device stands; carries on a pull that was broken off."""
        place = self.place
        waiting = self._pending.in_state("held", "needs-human")
        answered = self._pending.in_state("pending")
        self._made = self._last_counter()
        with self._database.read() as connection:
            return PullRequest(
                epoch=place.epoch,
                witness=place.witness,
                cursors=self._cursors(connection),
                mark=place.mark,
                start=place.start,
                staff_version=place.staff.version,
                with_own=place.with_own,
                receipts_after=self._receipts_after(answered),
                receipts_of=tuple(saved.counter for saved in waiting),
                report=self.report(),
            )

    def _receipts_after(self, unanswered: Sequence[Saved]) -> int:
        if self.place.renewing:
            return 0
        return unanswered[0].counter - 1 if unanswered else self._made or 0

    def take_page(self, page: PullPage) -> None:
        """Apply a page, its receipts and its cursors together, or nothing of it.

        Raises:
            Malformed: the page cannot be read; nothing was applied.
        """
        try:
            if self.place.epoch not in ("", page.head.epoch):
                self._begin_anew(page.head)
            else:
                self._take_page(page)
        except OwnSetUnknown:
            self._set_place(self.place.moved(with_own=True))

    def _begin_anew(self, head: PageHead) -> None:
        """The server may have lost something: all is told anew over what is shown meanwhile."""
        place = self.place.moved(
            epoch=head.epoch,
            witness=head.witness,
            mark=None,
            start=None,
            complete=False,
            renewing=True,
        )
        with self._database.write() as connection:
            again = self._healing.begin_anew(connection, head.counter)
            scopes = _scopes(again)
            mark_stale(connection, scopes)
            self._put_cursors(connection, {})
            self._settings.put(connection, PLACE, place.to_json())
        self.place = place
        self._adopt(again, scopes)

    def _take_page(self, page: PullPage) -> None:
        place = self._place_after(page.head)
        with self._database.write() as connection:
            answered = self._take_receipts(connection, page.head.receipts, None)
            if page.head.counter is not None:
                answered += self._healing.not_there(connection, page.head.counter)
            intake = take_in(connection, self._parts, self._pending, page.entries)
            gone, leaving = self._purge(connection, intake, page.head, answered)
            place = place.moved(leaving=leaving)
            passed = [saved.counter for saved in intake.passed]
            passed += self._covered(page.head, answered)
            self._outbox.mark_passed(connection, passed)
            self._put_cursors(connection, page.head.cursors)
            touched = frozenset(intake.scopes | gone)
            mark_stale(connection, touched)
            self._settings.put(connection, PLACE, place.to_json())
        self.place = place
        self._adopt(answered, None)
        for counter in passed:
            self._pending.drop(counter)
        self._changed(touched)

    def _covered(self, head: PageHead, answered: Iterable[Saved]) -> list[int]:
        """Own accepted saves that this page tells of without naming them.

        By a compacted start, or as somebody else's when a person accepted them; also those whose
        receipt came with this very page: laid upon it once more, a head replaced since would
        come back.
        """
        if not head.done:
            return []
        standing = {saved.counter: saved for saved in self._pending.in_state("accepted")}
        standing.update((saved.counter, saved) for saved in answered)
        return [
            saved.counter
            for saved in standing.values()
            if saved.state == "accepted" and saved.seq is not None and saved.seq <= head.mark
        ]

    def _place_after(self, head: PageHead) -> SyncPlace:
        return self.place.moved(
            epoch=head.epoch,
            witness=head.witness,
            renewing=self.place.renewing and not head.done,
            mark=None if head.done else head.mark,
            start=head.start,
            complete=self.place.complete or head.done,
            with_own=self.place.with_own and not head.done,
            you=head.you,
            staff=head.staff or self.place.staff,
        )

    def _purge(
        self, connection: Connection, intake: Intake, head: PageHead, answered: Iterable[Saved]
    ) -> tuple[set[str], tuple[PartKey, ...]]:
        """Take off the device what it may no longer read, where no unanswered work touches it.

        Returns:
            The scopes touched, and the parts that stay until the outbox is safe.
        """
        gone = self._out_of_scope(connection, intake, head)
        states = {saved.counter: saved for saved in self._pending.in_state("pending")}
        states.update((saved.counter, saved) for saved in answered)
        unsafe = {
            scope for one in states.values() if one.state == "pending" for scope in one.scopes
        }
        leaving = tuple(part.key for part in gone if part.scope in unsafe)
        self._parts.remove(connection, (part.key for part in gone if part.scope not in unsafe))
        return {part.scope for part in gone}, leaving

    def _out_of_scope(
        self, connection: Connection, intake: Intake, head: PageHead
    ) -> list[ConfirmedPart]:
        lost = set(head.lost)
        aged = self.place.renewing and head.done
        gone = [
            part
            for part in (self._parts.all(connection) if lost or aged else ())
            if part.bucket in lost or (aged and part.seq == OF_EARLIER_EPOCH)
        ]
        told = intake.stated | intake.changed.keys()  # granted again, or pushed again
        earlier = set(self.place.leaving) - told - {part.key for part in gone}
        still = self._parts.of_keys(connection, earlier)
        gone.extend(part for key, part in still.items() if key in earlier)
        for scope, team in intake.left:
            gone.extend(
                part
                for part in self._parts.of_scope(connection, scope)
                if part.bucket.startswith(f"team/{team}/")
            )
        return gone

    # -- what both share ---------------------------------------------------------------------

    def _take_receipts(
        self, connection: Connection, runs: Sequence[ReceiptRun], sent: set[int] | None
    ) -> list[Saved]:
        answered = []
        for run in runs:
            for offset in range(run.count):
                counter = run.first_counter + offset
                saved = self._pending.get(counter)
                if saved is None and self.place.renewing and run.status != "accepted":
                    saved = self._outbox.get(connection, counter)  # its acceptance was lost
                if saved is None or (sent is not None and counter not in sent):
                    continue
                if sent is None and self._made is not None and counter > self._made:
                    continue  # saved since the page was asked for: the answer is for another
                seq = run.first_seq + offset if run.first_seq is not None else None
                after = saved.answered(run.status, seq, run.reason, run.decision or "")
                if after != saved:
                    answered.append(after)
        self._outbox.note_answers(connection, answered)
        return answered

    def _adopt(self, answered: Sequence[Saved], touched: frozenset[str] | None) -> None:
        """Take receipts into memory, once they are durable; tell which scopes they touch."""
        for saved in answered:
            self._pending.put(saved)
        if touched is not None:
            self._changed(touched)

    def _set_place(self, place: SyncPlace) -> None:
        with self._database.write() as connection:
            self._settings.put(connection, PLACE, place.to_json())
        self.place = place

    def _last_counter(self) -> int:
        with self._database.read() as connection:
            return self._outbox.end_of_chain(connection)[0]

    def _cursors(self, connection: Connection) -> dict[str, tuple[int, int]]:
        rows = connection.execute(_ALL_CURSORS)
        return {row.bucket: (row.epoch, row.seq) for row in rows}

    def _put_cursors(self, connection: Connection, cursors: dict[str, tuple[int, int]]) -> None:
        connection.execute(_NO_CURSORS)
        if cursors:
            connection.execute(
                _NEW_CURSORS,
                [
                    {"bucket": bucket, "epoch": epoch, "seq": seq}
                    for bucket, (epoch, seq) in cursors.items()
                ],
            )


def _scopes(saves: Iterable[Saved]) -> frozenset[str]:
    """The scopes that any of these saves touches."""
    return frozenset(part.scope for saved in saves for part in saved.change_set.parts)
