"""Fetching the next page while one is being applied."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

import pytest

from field_app.domain.errors import ServerUnreachable
from field_app.sync.look_ahead import PAGES_AHEAD, LookAhead
from field_app.sync.protocol import PageHead, PullPage, PullRequest, Report, Start, You

REPORT = Report(unsynced=0)
FIRST = PullRequest(epoch="", cursors={}, report=REPORT)


def page(number: int, *, done: bool = False) -> PullPage:
    """A page that leaves the device at this number."""
    head = PageHead(
        protocol=1,
        epoch="e",
        mark=9,
        done=done,
        cursors={"org/directory": (1, number)},
        start=None if done else Start(mark=9, after=str(number)),
        you=You(worker="w", role="nurse"),
    )
    return PullPage(head, ())


@dataclass
class Server:
    """Answers with numbered pages, the last one done; keeps what it was asked and by whom."""

    last: int = 3
    asked: list[PullRequest] = field(default_factory=list)
    threads: set[str] = field(default_factory=set)
    fails_at: int | None = None

    def fetch(self, request: PullRequest) -> PullPage:
        self.asked.append(request)
        self.threads.add(threading.current_thread().name)
        number = len(self.asked)
        if number == self.fails_at:
            raise ServerUnreachable("gone")
        return page(number, done=number >= self.last)


def test_a_pull_of_three_pages_asks_three_times_and_each_answer_is_taken() -> None:
    server = Server()
    taken = []
    with LookAhead(server.fetch) as pages:
        request = FIRST
        while True:
            taken.append(pages.pull(request))
            if taken[-1].head.done:
                break
            request = request.following(taken[-1].head)
    assert [one.head.cursors["org/directory"][1] for one in taken] == [1, 2, 3]
    assert len(server.asked) == 3
    assert server.asked[1].start == Start(mark=9, after="1")


def test_the_next_page_is_under_way_while_one_is_being_applied() -> None:
    under_way = threading.Event()

    def fetch(request: PullRequest) -> PullPage:
        if request.start is not None:
            under_way.set()
        return page(1 if request.start is None else 2, done=request.start is not None)

    with LookAhead(fetch) as pages:
        pages.pull(FIRST)
        assert under_way.wait(5), "asked for before the device asked"


def test_two_pages_wait_while_a_long_one_is_applied_and_no_more() -> None:
    fetched = threading.Semaphore(0)
    server = Server(last=9)

    def fetch(request: PullRequest) -> PullPage:
        answer = server.fetch(request)
        fetched.release()
        return answer

    with LookAhead(fetch) as pages:
        request, numbers = FIRST, []
        for taken in range(1, 10):
            got = pages.pull(request)
            numbers.append(got.head.cursors["org/directory"][1])
            request = request.following(got.head)
            while len(server.asked) < min(9, taken + PAGES_AHEAD):
                assert fetched.acquire(timeout=5), "nothing was asked for while a page was applied"
            assert len(server.asked) <= taken + PAGES_AHEAD
    assert numbers == list(range(1, 10))
    assert len(server.asked) == 9


def test_an_answer_to_something_else_than_the_device_asks_is_thrown_away() -> None:
    server = Server(last=9)
    with LookAhead(server.fetch) as pages:
        first = pages.pull(FIRST)
        changed = FIRST.following(first.head).model_copy(update={"receipts_of": (4,)})
        second = pages.pull(changed)
    guesses = server.asked.index(changed) - 1
    assert 1 <= guesses <= PAGES_AHEAD
    number = 2 + guesses
    assert second.head.cursors["org/directory"] == (1, number), "the others were for the guesses"


def test_what_breaks_off_ahead_is_told_when_the_device_asks_for_it() -> None:
    server = Server(last=9, fails_at=2)
    with LookAhead(server.fetch) as pages:
        first = pages.pull(FIRST)
        with pytest.raises(ServerUnreachable):
            pages.pull(FIRST.following(first.head))
        assert pages.pull(FIRST).head.cursors["org/directory"] == (1, 3), "and it can go on"


def test_leaving_waits_for_what_is_under_way_and_tells_nobody_of_its_failure() -> None:
    server = Server(last=9, fails_at=2)
    with LookAhead(server.fetch) as pages:
        pages.pull(FIRST)
    assert len(server.asked) == 2
    assert not [one for one in threading.enumerate() if one.name.startswith("pull")]


def test_the_last_page_asks_for_nothing_more() -> None:
    server = Server(last=1)
    with LookAhead(server.fetch) as pages:
        pages.pull(FIRST)
    assert server.asked == [FIRST]
