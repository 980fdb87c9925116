"""One sync round without I/O: a generator that yields requests and is sent the replies.

Push first, until the outbox is answered, then pull to the mark the first page fixed; then push
again what was written meanwhile. What a new epoch or a fork leaves without an answer is pushed
before the pull goes on, and a page follows every push. The device's store decides what is in a
batch and applies what comes back; whoever drives the generator only carries bytes (`client.py` by
HTTP, the tests and the simulator by hand).
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Protocol

from field_app.domain.errors import (
    AnswerIncomplete,
    ChainForked,
    ChainGap,
    SuddenlyEmpty,
    SyncError,
)
from field_app.sync.admission import Enrolled, ForkRequest
from field_app.sync.delivery import OwnSet
from field_app.sync.protocol import PullPage, PullRequest, PushAnswer, PushBatch

Request = PushBatch | PullRequest | ForkRequest
Reply = PushAnswer | PullPage | Enrolled
HEALED = (ChainGap, ChainForked)
"""Refusals that a round heals: whoever drives it throws them into it."""
HEALS_MAX = 3
"""How often one round heals; then the refusal breaks it off."""
ROUNDS_MAX = 3
"""How often a round pushes again what was written while it pulled; the next sync has the rest."""


class Device(Protocol):
    """What a sync round needs of the device's store. Every call is one local transaction."""

    def next_batch(self) -> PushBatch | None:
        """The oldest sets without an answer, signed, within the batch limits; None when none."""
        ...

    def batch_after(self, batch: PushBatch) -> PushBatch | None:
        """What `next_batch` will be once this batch is answered, if the answer changes nothing."""
        ...

    def take_answer(self, batch: PushBatch, answer: PushAnswer) -> None:
        """Note the receipts of exactly the sets that were in this batch."""
        ...

    def push_again(self, counter: int) -> None:
        """The server has only the own sets up to `counter`: those after it are unanswered again."""
        ...

    def is_copy(self, counter: int | None) -> bool:
        """Whether the server has sets of this device, up to `counter`, that it never made."""
        ...

    def fork_request(self) -> ForkRequest:
        """Ask to be a device of its own: this one was restored or cloned."""
        ...

    def take_fork(self, request: ForkRequest, enrolled: Enrolled) -> None:
        """Become the new device, with what the server has not stored."""
        ...

    def pull_request(self) -> PullRequest:
        """Where the device stands; carries on a pull that was broken off."""
        ...

    def take_page(self, page: PullPage) -> None:
        """Apply a page and its cursors together, or nothing of it."""
        ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a round did."""

    pushed: int
    pulled: int
    complete: bool
    """Whether everything up to the mark is here and nothing waits to be pushed."""


def sync_round(device: Device) -> Generator[Request, Reply, Outcome]:
    """Run one round.

    Raises:
        SuddenlyEmpty: the server takes every bucket away at once; nothing was purged.
        AnswerIncomplete: an answer that leaves the device where it was; asking again would
            never end.
        SyncError: a reply is not an answer to what was asked.
    """
    pushed = pulled = 0
    for _ in range(ROUNDS_MAX):
        pushed += yield from _push(device)
        again, told, is_told_all = yield from _pull(device)
        pushed, pulled = pushed + again, pulled + told
        if is_told_all and device.next_batch() is None:
            return Outcome(pushed, pulled, complete=True)
    return Outcome(pushed, pulled, complete=False)


def answered_by(answer: PushAnswer) -> int:
    """How many sets an answer is for."""
    return sum(run.count for run in answer.receipts)


def _push(device: Device) -> Generator[Request, Reply, int]:
    pushed = 0
    asked: PushBatch | None = None
    heals = 0
    while (batch := device.next_batch()) is not None:
        if asked is not None and (batch.prev, batch.head_hash) == (asked.prev, asked.head_hash):
            raise AnswerIncomplete("push: no receipts")
        try:
            answer = yield batch
        except HEALED as refused:
            heals += 1
            if heals > HEALS_MAX:
                raise
            yield from _heal(device, refused)
            asked = None
            continue
        if not isinstance(answer, PushAnswer):
            raise SyncError("not an answer to a push")
        device.take_answer(batch, answer)
        asked = batch
        pushed += answered_by(answer)
    return pushed


def _heal(device: Device, refused: ChainGap | ChainForked) -> Generator[Request, Reply, None]:
    if isinstance(refused, ChainGap):
        device.push_again(int(refused.values.get("counter", 0)))
    else:
        yield from _fork(device)


def _fork(device: Device) -> Generator[Request, Reply, None]:
    request = device.fork_request()
    enrolled = yield request
    if not isinstance(enrolled, Enrolled):
        raise SyncError("not an answer to a fork")
    device.take_fork(request, enrolled)


def _pull(device: Device) -> Generator[Request, Reply, tuple[int, int, bool]]:
    """Pull to the mark; how many sets were pushed on the way, and how many entries came.

    What a fork or a new epoch leaves without an answer is pushed before the next page: the device
    cannot know whether what it is told then has those saves already, and would show them upon it.

    Also whether a page came after the last push. None does where the last page led to a fork: then
    the stream has not shown yet what was pushed, and rows that were to leave the device when it
    was answered are still there.
    """
    pushed = pulled = late = 0
    done = False
    asked: PullRequest | None = None
    while not done:
        request = device.pull_request()
        if request == asked:
            raise AnswerIncomplete("pull: no progress")
        asked = request
        page = yield request
        if not isinstance(page, PullPage):
            raise SyncError("not an answer to a pull")
        _require_something_left(request, page)
        device.take_page(page)
        pulled += len(page.entries)
        is_copy = device.is_copy(page.head.counter)
        if is_copy:
            yield from _fork(device)
        late = 0
        if is_copy or request.epoch not in ("", page.head.epoch):
            late = yield from _push(device)
        pushed += late
        done = page.head.done and not _wants_own(device, page)
    return pushed, pulled, late == 0


def _wants_own(device: Device, page: PullPage) -> bool:
    """Whether a page named own sets the device no longer has: it was not applied.

    The device asks for them in full then; the round goes on, though the server has no more.
    """
    named = any(isinstance(entry, OwnSet) for entry in page.entries)
    return named and device.pull_request().with_own


def _require_something_left(request: PullRequest, page: PullPage) -> None:
    """Stop before all is purged by mistake.

    A worker who leaves their only team loses every team bucket, and the server names each. A
    server of a new epoch may have lost what it knew of the worker: it takes nothing away, until
    somebody has given the worker one of these teams again (it is told anew then).

    Raises:
        SuddenlyEmpty: see there.
    """
    head = page.head
    if request.cursors and not head.cursors:
        raise SuddenlyEmpty("every bucket is gone")
    had = {bucket for bucket in request.cursors if bucket.startswith("team/")}
    if not had or any(bucket.startswith("team/") for bucket in head.cursors):
        return
    anew = any(bucket.split("/")[1] in head.you.grants for bucket in had)
    if not had <= set(head.lost) or (head.epoch != request.epoch and not anew):
        raise SuddenlyEmpty("every team is gone")
