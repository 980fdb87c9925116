"""Sending the next batch while the receipts of one are being kept."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace

import pytest

from field_app.domain.errors import ChainGap, FieldAppError, ServerUnreachable
from field_app.sync.changes import ChangeSet
from field_app.sync.protocol import PushAnswer, PushBatch, ReceiptRun
from field_app.sync.push_ahead import PushAhead
from field_app.sync.transport import Packed
from tests.sync.makers import Author, a_write


@dataclass
class Outbox:
    """Five saves, pushed two at a time, and a server that notes what it got, by whom."""

    author: Author = field(default_factory=Author)
    saves: int = 5
    fails_at: int | None = None
    failure: FieldAppError = field(default_factory=lambda: ServerUnreachable("gone"))
    sent: list[bytes] = field(default_factory=list)
    threads: set[str] = field(default_factory=set)
    arrived: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def __post_init__(self) -> None:
        sets = [self.author.save(a_write(str(number))) for number in range(self.saves)]
        pieces = [sets[at : at + 2] for at in range(0, self.saves, 2)]
        self.batches = [self._batch(at, piece) for at, piece in enumerate(pieces)]

    def _batch(self, at: int, piece: list[ChangeSet]) -> PushBatch:
        batch = self.author.batch(*piece)
        report = batch.report.model_copy(update={"unsynced": self.saves - 2 * at})
        return replace(batch, report=report)

    def pack(self, batch: PushBatch) -> Packed:
        return Packed(batch.head_hash.encode())

    def send(self, packed: Packed) -> PushAnswer:
        self.sent.append(packed.gzip)
        self.threads.add(threading.current_thread().name)
        self.arrived.release()
        if len(self.sent) == self.fails_at:
            raise self.failure
        run = ReceiptRun(first_counter=len(self.sent), count=1, status="accepted", first_seq=1)
        return PushAnswer(protocol=1, epoch="e", receipts=(run,))

    def following(self, batch: PushBatch) -> PushBatch | None:
        at = self.batches.index(batch) + 1
        return self.batches[at] if at < len(self.batches) else None

    def pushes(self) -> PushAhead:
        return PushAhead(self.pack, self.send, self.following)

    def heads(self, *numbers: int) -> list[bytes]:
        return [self.batches[number].head_hash.encode() for number in numbers]


def test_a_long_outbox_is_sent_once_and_in_order() -> None:
    outbox = Outbox()
    with outbox.pushes() as pushes:
        answers = [pushes.push(batch) for batch in outbox.batches]
    assert outbox.sent == outbox.heads(0, 1, 2)
    assert [answer.receipts[0].first_counter for answer in answers] == [1, 2, 3]


def test_the_next_batch_is_on_its_way_while_receipts_are_kept() -> None:
    outbox = Outbox()
    with outbox.pushes() as pushes:
        pushes.push(outbox.batches[0])
        assert outbox.arrived.acquire(timeout=5)
        assert outbox.arrived.acquire(timeout=5), "sent before the device came to push it"


def test_an_outbox_of_one_batch_needs_no_thread() -> None:
    outbox = Outbox(saves=2)
    with outbox.pushes() as pushes:
        pushes.push(outbox.batches[0])
    assert outbox.threads == {threading.current_thread().name}


def test_an_answer_to_another_stretch_of_the_chain_is_never_taken() -> None:
    outbox = Outbox()
    with outbox.pushes() as pushes:
        pushes.push(outbox.batches[0])
        answer = pushes.push(outbox.batches[2])
    assert outbox.sent[-1:] == outbox.heads(2)
    assert answer.receipts[0].first_counter == len(outbox.sent)


def test_nothing_is_sent_after_a_batch_that_failed() -> None:
    outbox = Outbox(fails_at=1)
    with outbox.pushes() as pushes, pytest.raises(ServerUnreachable):
        pushes.push(outbox.batches[0])
    assert outbox.sent == outbox.heads(0)


def test_what_failed_ahead_is_told_when_the_device_comes_to_push_it() -> None:
    outbox = Outbox(fails_at=2, failure=ChainGap("gap", counter=1))
    with outbox.pushes() as pushes:
        pushes.push(outbox.batches[0])
        with pytest.raises(ChainGap):
            pushes.push(outbox.batches[1])
        pushes.push(outbox.batches[1])
    assert outbox.sent == outbox.heads(0, 1, 1, 2)


def test_leaving_waits_for_what_was_sent_and_ends_the_thread() -> None:
    outbox = Outbox(fails_at=2)
    with outbox.pushes() as pushes:
        pushes.push(outbox.batches[0])
    assert not [one for one in threading.enumerate() if one.name.startswith("push")]
