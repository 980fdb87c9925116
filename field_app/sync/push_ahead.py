"""Sending the next batch while the receipts of one are being kept: a long outbox never waits.

What will be pushed next is known before the server has answered, unless its answer changes
something. So the next batch is packed while one is on its way, and sent the moment that one is
answered; when the device comes to push it, it is taken only if it is the very stretch of the chain
that was sent. A wrong guess costs its bytes and nothing else: pushing a stretch twice is pushing it
once. One request at a time is on the line, and none after one that failed.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import Self

from field_app.domain.errors import FieldAppError, SyncError
from field_app.sync.protocol import PushAnswer, PushBatch
from field_app.sync.transport import Packed

Following = Callable[[PushBatch], PushBatch | None]
"""What will be pushed after a batch, whatever becomes of it; None when there is no more."""
Sent = tuple[PushBatch, "Future[PushAnswer]"]


class PushAhead:
    """Pushes batches, one of them ahead of time; used by one thread, ended by leaving the block."""

    def __init__(
        self,
        pack: Callable[[PushBatch], Packed],
        send: Callable[[Packed], PushAnswer],
        following: Following,
    ) -> None:
        """Pack and send batches by these; `send` may be called from another thread."""
        self._pack = pack
        self._send = send
        self._following = following
        self._thread: ThreadPoolExecutor | None = None
        self._ahead: Sent | None = None

    def __enter__(self) -> Self:
        """Itself; nothing is sent yet."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of the thread, once what was sent ahead is answered."""
        self.give_up()
        if self._thread is not None:
            self._thread.shutdown(wait=True)

    def push(self, batch: PushBatch) -> PushAnswer:
        """The answer to a batch; the one after it is on its way by then.

        Raises:
            SyncError: what sending it raised.
        """
        answer = self._answer_for(batch)
        if answer is None and batch.report.unsynced <= len(batch.sets):
            return self._send(self._pack(batch))
        answer = answer or self._submit(batch, None)
        following = self._following(batch)
        self._ahead = (following, self._submit(following, answer)) if following else None
        try:
            return answer.result()
        except FieldAppError:
            self.give_up()
            raise

    def give_up(self) -> None:
        """Wait for a batch that was sent ahead, and forget its answer: it can be asked again."""
        ahead, self._ahead = self._ahead, None
        if ahead is not None and not ahead[1].cancel():
            with suppress(FieldAppError):
                ahead[1].result()

    def _answer_for(self, batch: PushBatch) -> Future[PushAnswer] | None:
        ahead, self._ahead = self._ahead, None
        if ahead is None:
            return None
        if (ahead[0].prev, ahead[0].head_hash) == (batch.prev, batch.head_hash):
            return ahead[1]
        self._ahead = ahead
        self.give_up()
        return None

    def _submit(self, batch: PushBatch, before: Future[PushAnswer] | None) -> Future[PushAnswer]:
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, thread_name_prefix="push")
        return self._thread.submit(self._send_after, before, self._pack(batch))

    def _send_after(self, before: Future[PushAnswer] | None, packed: Packed) -> PushAnswer:
        if before is not None and before.exception() is not None:
            raise SyncError("not sent: the batch before it failed")
        return self._send(packed)
