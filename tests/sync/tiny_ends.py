"""A device's store and a server, each reduced to lists: the two ends of a round in the tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from field_app.sync.admission import Enrolled, ForkRequest
from field_app.sync.changes import ChangeSet
from field_app.sync.delivery import OwnSet
from field_app.sync.exchange import Reply, Request
from field_app.sync.protocol import (
    PROTOCOL,
    PageHead,
    PullPage,
    PullRequest,
    PushAnswer,
    PushBatch,
    ReceiptRun,
    Report,
    You,
)
from tests.sync.makers import ANNA, Author, a_write

BUCKET = "team/" + "7" * 32 + "/common"


@dataclass
class TinyDevice:
    """A device's store reduced to lists."""

    author: Author = field(default_factory=Author)
    outbox: list[ChangeSet] = field(default_factory=list)
    cursors: dict[str, tuple[int, int]] = field(default_factory=dict)
    mark: int | None = None
    pages: list[PullPage] = field(default_factory=list)
    while_pulling: Callable[[], None] = lambda: None
    batch_max: int = 2
    again: list[int] = field(default_factory=list)
    forks: list[str] = field(default_factory=list)
    with_own: bool = False

    def save(self, text: str = "1") -> None:
        self.outbox.append(self.author.save(a_write(text)))

    def next_batch(self) -> PushBatch | None:
        return self.author.batch(*self.outbox[: self.batch_max]) if self.outbox else None

    def batch_after(self, batch: PushBatch) -> PushBatch | None:
        rest = self.outbox[self.outbox.index(batch.sets[-1]) + 1 :]
        return self.author.batch(*rest[: self.batch_max]) if rest else None

    def take_answer(self, batch: PushBatch, answer: PushAnswer) -> None:
        answered = {
            run.first_counter + offset for run in answer.receipts for offset in range(run.count)
        }
        sent = {one.header.counter for one in batch.sets}
        self.outbox = [one for one in self.outbox if one.header.counter not in (answered & sent)]

    def push_again(self, counter: int) -> None:
        self.again.append(counter)

    def is_copy(self, counter: int | None) -> bool:
        return counter is not None and counter > 99

    def fork_request(self) -> ForkRequest:
        return ForkRequest(
            device="d" * 32, public_key="", instance="", app="", schema=1, signature=""
        )

    def take_fork(self, request: ForkRequest, enrolled: Enrolled) -> None:
        self.forks.append(enrolled.device)

    def pull_request(self) -> PullRequest:
        report = Report(unsynced=len(self.outbox))
        return PullRequest(
            epoch="e1",
            cursors=self.cursors,
            mark=self.mark,
            with_own=self.with_own,
            report=report,
        )

    def take_page(self, page: PullPage) -> None:
        self.while_pulling()
        self.pages.append(page)
        self.cursors = dict(page.head.cursors)
        self.mark = None if page.head.done else page.head.mark


@dataclass
class TinyServer:
    """A server that stores everything and delivers it two entries a page."""

    stored: list[ChangeSet] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def answer(self, request: Request) -> Reply:
        if isinstance(request, PushBatch):
            self.asked.append("push")
            self.stored.extend(request.sets)
            first = request.sets[0].header.counter
            run = ReceiptRun(
                first_counter=first, count=len(request.sets), status="accepted", first_seq=first
            )
            return PushAnswer(protocol=PROTOCOL, epoch="e1", receipts=(run,))
        assert isinstance(request, PullRequest)
        self.asked.append("pull")
        mark = request.mark or len(self.stored)
        _, at = request.cursors.get(BUCKET, (1, 0))
        upto = min(at + 2, mark)
        entries = [OwnSet(seq, self.stored[seq - 1].header.id) for seq in range(at + 1, upto + 1)]
        return page(entries, {BUCKET: (1, upto)}, mark=mark, done=upto == mark)


def page(
    entries: list[OwnSet], cursors: dict[str, tuple[int, int]], mark: int, done: bool
) -> PullPage:
    head = PageHead(
        protocol=PROTOCOL,
        epoch="e1",
        mark=mark,
        done=done,
        cursors=cursors,
        you=You(worker=ANNA, role="nurse"),
    )
    return PullPage(head, entries)
