"""One sync round without I/O: a generator that yields requests and is sent the replies.

Push first, until the outbox is answered, then pull to the mark the first page fixed; then push
again what was written meanwhile. The device's store decides what is in a batch and applies what
comes back; whoever drives the generator only carries bytes (`client.py` by HTTP, the tests and
the simulator by hand).
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Protocol

from field_app.domain.errors import AnswerIncomplete, SuddenlyEmpty, SyncError
from field_app.sync.protocol import PullPage, PullRequest, PushAnswer, PushBatch

Request = PushBatch | PullRequest
Reply = PushAnswer | PullPage
ROUNDS_MAX = 3
"""How often a round pushes again what was written while it pulled; the next sync has the rest."""


class Device(Protocol):
    """What a sync round needs of the device's store. Every call is one local transaction."""

    def next_batch(self) -> PushBatch | None:
        """The oldest sets without an answer, signed, within the batch limits; None when none."""
        ...

    def take_answer(self, batch: PushBatch, answer: PushAnswer) -> None:
        """Note the receipts of exactly the sets that were in this batch."""
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
        pulled += yield from _pull(device)
        if device.next_batch() is None:
            return Outcome(pushed, pulled, complete=True)
    return Outcome(pushed, pulled, complete=False)


def _push(device: Device) -> Generator[Request, Reply, int]:
    pushed = 0
    asked = ""
    while (batch := device.next_batch()) is not None:
        if batch.head_hash == asked:
            raise AnswerIncomplete("push: no receipts")
        answer = yield batch
        if not isinstance(answer, PushAnswer):
            raise SyncError("not an answer to a push")
        device.take_answer(batch, answer)
        asked = batch.head_hash
        pushed += len(batch.sets)
    return pushed


def _pull(device: Device) -> Generator[Request, Reply, int]:
    pulled = 0
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
        if request.cursors and not page.head.cursors:
            raise SuddenlyEmpty("every bucket is gone")
        device.take_page(page)
        pulled += len(page.entries)
        done = page.head.done
    return pulled
