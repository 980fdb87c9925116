"""Fetching the next page while one is being applied: network and disk work side by side.

What a device will ask next follows from the page it just got, unless applying it changes
something else. So the request is guessed and sent ahead; when the device really asks, the answer
is taken only if the request is, member by member, the one that was guessed. A wrong guess costs
one page of traffic and nothing else: a pull changes nothing on the server.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import Self

from field_app.domain.errors import FieldAppError
from field_app.sync.protocol import PullPage, PullRequest


class LookAhead:
    """Pulls pages, one of them ahead of time; used by one thread, ended by leaving the block."""

    def __init__(self, fetch: Callable[[PullRequest], PullPage]) -> None:
        """Fetch pages by this, one at a time; it may be called from another thread."""
        self._fetch = fetch
        self._thread: ThreadPoolExecutor | None = None
        self._ahead: tuple[PullRequest, Future[PullPage]] | None = None

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
        if not page.head.done:
            self._send_ahead(request.following(page.head))
        return page

    def give_up(self) -> None:
        """Wait for a page that was asked for ahead, and forget it: the connection is free then."""
        ahead, self._ahead = self._ahead, None
        if ahead is not None:
            with suppress(FieldAppError):
                ahead[1].result()

    def _page_for(self, request: PullRequest) -> PullPage:
        if self._ahead is not None and self._ahead[0] == request:
            (_, ahead), self._ahead = self._ahead, None
            return ahead.result()
        self.give_up()
        return self._fetch(request)

    def _send_ahead(self, request: PullRequest) -> None:
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, thread_name_prefix="pull")
        self._ahead = (request, self._thread.submit(self._fetch, request))
