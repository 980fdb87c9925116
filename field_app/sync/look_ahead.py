"""Fetching the next pages while one is being applied: network and disk work side by side.

What a device will ask next follows from the page it just got, unless applying it changes
something else. So the request is guessed and sent ahead; when the device really asks, the answer
is taken only if the request is, member by member, the one that was guessed. A wrong guess costs
a page or two of traffic and nothing else: a pull changes nothing on the server.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from threading import Lock
from typing import Self

from field_app.domain.errors import FieldAppError
from field_app.sync.protocol import PullPage, PullRequest

PAGES_AHEAD = 2
"""One is on its way while the next is read; more would only wait in memory."""

Asked = tuple[PullRequest, "Future[PullPage]"]


class LookAhead:
    """Pulls pages, some of them ahead of time; used by one thread, ended by leaving the block."""

    def __init__(self, fetch: Callable[[PullRequest], PullPage]) -> None:
        """Fetch pages by this, one at a time; it may be called from another thread."""
        self._fetch = fetch
        self._thread: ThreadPoolExecutor | None = None
        self._ahead: deque[Asked] = deque()
        self._guessing = Lock()
        self._given_up = False

    def __enter__(self) -> Self:
        """Itself; nothing is fetched yet."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of what was fetched for nothing, and of the thread."""
        self.give_up()
        if self._thread is not None:
            self._thread.shutdown(wait=True)

    def pull(self, request: PullRequest) -> PullPage:
        """The page that answers a request; the one after it is asked for already.

        Raises:
            SyncError: what fetching it raised, now or ahead of time.
        """
        page = self._page_for(request)
        self._guess_on(request, page)
        return page

    def give_up(self) -> None:
        """Wait for a page that was asked for ahead, and forget all: the connection is free then."""
        with self._guessing:
            self._given_up = True
            ahead = list(self._ahead)
            self._ahead.clear()
        for _, page in ahead:
            if not page.cancel():
                with suppress(FieldAppError):
                    page.result()
        self._given_up = False

    def _page_for(self, request: PullRequest) -> PullPage:
        with self._guessing:
            guessed = self._ahead.popleft() if self._ahead else None
        if guessed is not None and guessed[0] == request:
            return guessed[1].result()
        if guessed is not None:
            with self._guessing:
                self._ahead.appendleft(guessed)
            self.give_up()
        return self._fetch(request)

    def _guess_on(self, request: PullRequest, page: PullPage) -> None:
        """Ask for what follows a page that the device has got, or the last one asked for."""
        with self._guessing:
            last = self._ahead[-1] if self._ahead else None
            asked = self._ask(request, page) if last is None else None
        if last is not None and last[1].done():
            self._go_on(last)  # there was no room for more when it came
        self._watch(asked)

    def _watch(self, asked: Asked | None) -> None:
        """Ask on as soon as a page is here, whatever the device is doing."""
        if asked is not None:
            asked[1].add_done_callback(lambda _: self._go_on(asked))

    def _go_on(self, asked: Asked) -> None:
        request, answer = asked
        if answer.cancelled() or answer.exception() is not None:
            return
        with self._guessing:
            is_last = bool(self._ahead) and self._ahead[-1] is asked
            more = is_last and len(self._ahead) < PAGES_AHEAD and not self._given_up
            following = self._ask(request, answer.result()) if more else None
        self._watch(following)

    def _ask(self, request: PullRequest, page: PullPage) -> Asked | None:
        if page.head.done:
            return None
        following = request.following(page.head)
        answer = self._send_ahead(following)
        if answer is None:
            return None
        asked = (following, answer)
        self._ahead.append(asked)
        return asked

    def _send_ahead(self, request: PullRequest) -> Future[PullPage] | None:
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, thread_name_prefix="pull")
        return self._thread.submit(self._fetch, request)
