"""Asking for the next page while one is being applied: network, server and device work at once.

What a device will ask next follows from the head of the page it just got, unless applying it
changes something else. So the request is guessed and sent before the entries are read; when the
device really asks, the answer is taken only if the request is, member by member, the one that was
guessed. A wrong guess costs one page of traffic and nothing else: a pull changes nothing on the
server.

The thread only waits until the answer begins; its body stays on the line until the device reads
it. Two threads at work in one interpreter hold each other up at every piece, and one that works on
the database lets the other hardly through: so that work begins when the request is out.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from threading import Event
from typing import NamedTuple, Self

from field_app.domain.errors import FieldAppError
from field_app.sync.protocol import PageHead, PullPage, PullRequest
from field_app.sync.transport import Answer

SENDING_SECONDS = 0.05
"""How long applying a page waits for the next request to be out; a slow line takes its time."""
OnSent = Callable[[], None] | None


class Asked(NamedTuple):
    """A page that was asked for: its answer has begun."""

    request: PullRequest
    limit: int
    """How many entries were asked for: fewer than the device would take, on a bad line."""
    answer: Answer


class Begun(NamedTuple):
    """A page that is here and of which the head was read."""

    head: PageHead
    whole: Callable[[], PullPage]
    """Reads the rest; raises what is wrong with it."""


class LookAhead:
    """Pulls pages, one of them ahead of time; used by one thread, ended by leaving the block."""

    def __init__(
        self, ask: Callable[[PullRequest, OnSent], Asked], read: Callable[[Asked], Begun]
    ) -> None:
        """Ask for pages and read them by these; `ask` may be called from another thread."""
        self._ask = ask
        self._read = read
        self._thread: ThreadPoolExecutor | None = None
        self._ahead: tuple[PullRequest, Future[Asked]] | None = None

    def __enter__(self) -> Self:
        """Itself; nothing is asked for yet."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of what was asked for nothing, and of the thread."""
        self.give_up()
        if self._thread is not None:
            self._thread.shutdown(wait=True)

    def pull(self, request: PullRequest) -> PullPage:
        """The page that answers a request; the one after it is asked for already.

        Raises:
            SyncError: what asking for it raised, now or ahead of time, or reading it.
        """
        begun = self._read(self._asked(request))
        if not begun.head.done:
            following = request.following(begun.head)
            self._ahead = (following, self._send_ahead(following))
        return begun.whole()

    def give_up(self) -> None:
        """Hang up on a page that was asked for ahead, once its answer begins: the line is free."""
        ahead, self._ahead = self._ahead, None
        if ahead is not None:
            with suppress(FieldAppError):
                ahead[1].result().answer.close()

    def _asked(self, request: PullRequest) -> Asked:
        if self._ahead is not None and self._ahead[0] == request:
            (_, ahead), self._ahead = self._ahead, None
            return ahead.result()
        self.give_up()
        return self._ask(request, None)

    def _send_ahead(self, request: PullRequest) -> Future[Asked]:
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, thread_name_prefix="pull")
        sent = Event()
        asked = self._thread.submit(self._ask, request, sent.set)
        asked.add_done_callback(lambda _: sent.set())
        sent.wait(SENDING_SECONDS)
        return asked
