"""Asking for the next page while one is being applied."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from field_app.domain.errors import ServerUnreachable
from field_app.sync import look_ahead
from field_app.sync.look_ahead import Asked, Begun, LookAhead
from field_app.sync.protocol import PageHead, PullPage, PullRequest, Report, Start, You
from field_app.sync.transport import Answer

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


class Body(Answer):
    """A page on the line: what reading it gives, and whether somebody hung up on it."""

    def __init__(self, page: PullPage) -> None:
        self.page = page
        self.closed = False

    def close(self) -> None:
        self.closed = True


@dataclass
class Server:
    """Answers with numbered pages, the last one done; keeps what it was asked and by whom."""

    last: int = 3
    asked: list[PullRequest] = field(default_factory=list)
    bodies: list[Body] = field(default_factory=list)
    threads: list[str] = field(default_factory=list)
    read_by: set[str] = field(default_factory=set)
    fails_at: int | None = None
    begun: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def ask(self, request: PullRequest, on_sent: Callable[[], None] | None) -> Asked:
        self.asked.append(request)
        self.threads.append(threading.current_thread().name)
        number = len(self.asked)
        self.begun.release()
        if number == self.fails_at:
            raise ServerUnreachable("gone")
        self.bodies.append(Body(page(number, done=number >= self.last)))
        return Asked(request, request.limit, self.bodies[-1])

    def read(self, asked: Asked) -> Begun:
        assert isinstance(asked.answer, Body)
        self.read_by.add(threading.current_thread().name)
        page = asked.answer.page
        return Begun(page.head, lambda: page)

    def pages(self) -> LookAhead:
        return LookAhead(self.ask, self.read)


def test_a_pull_of_three_pages_asks_three_times_and_each_answer_is_taken() -> None:
    server = Server()
    taken = []
    with server.pages() as pages:
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
    server = Server()
    with server.pages() as pages:
        pages.pull(FIRST)
        assert server.begun.acquire(timeout=5)
        assert server.begun.acquire(timeout=5), "asked for before the device asked"


def test_the_next_page_is_asked_for_before_the_entries_of_one_are_read() -> None:
    server = Server()
    asked_before: list[bool] = []

    def read(asked: Asked) -> Begun:
        begun = server.read(asked)

        def whole() -> PullPage:
            asked_before.append(all(server.begun.acquire(timeout=2) for _ in range(2)))
            return begun.whole()

        return Begun(begun.head, whole)

    with LookAhead(server.ask, read) as pages:
        pages.pull(FIRST)
    assert asked_before == [True]


@pytest.mark.parametrize("slow", [False, True], ids=["a good line", "a slow line"])
def test_entries_are_read_once_the_next_request_is_out_but_do_not_wait_for_a_slow_line(
    slow: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(look_ahead, "SENDING_SECONDS", 0.001 if slow else 10)
    server = Server()
    out, read = threading.Event(), threading.Event()

    def ask(request: PullRequest, on_sent: Callable[[], None] | None) -> Asked:
        if on_sent is not None:
            read.wait(timeout=10 if slow else 0.02)
            out.set()
            on_sent()
        return server.ask(request, on_sent)

    def reading(asked: Asked) -> Begun:
        begun = server.read(asked)

        def whole() -> PullPage:
            was_out.append(out.is_set())
            return begun.whole()

        return Begun(begun.head, whole)

    was_out: list[bool] = []
    with LookAhead(ask, reading) as pages:
        pages.pull(FIRST)
        read.set()
    assert was_out == [not slow]


def test_a_page_is_read_by_the_thread_that_applies_it_and_one_is_under_way_at_most() -> None:
    server = Server(last=9)
    with server.pages() as pages:
        first = pages.pull(FIRST)
        pages.pull(FIRST.following(first.head))
    here = threading.current_thread().name
    assert server.read_by == {here}
    assert server.threads[0] == here
    assert all(name.startswith("pull") for name in server.threads[1:])
    assert len(server.asked) == 3


def test_an_answer_to_something_else_than_the_device_asks_is_hung_up_on() -> None:
    server = Server(last=9)
    with server.pages() as pages:
        first = pages.pull(FIRST)
        changed = FIRST.following(first.head).model_copy(update={"receipts_of": (4,)})
        second = pages.pull(changed)
    assert second.head.cursors["org/directory"] == (1, 3), "the second answer was for the guess"
    assert server.asked[2] == changed
    assert [body.closed for body in server.bodies[:3]] == [False, True, False]


def test_what_breaks_off_ahead_is_told_when_the_device_asks_for_it() -> None:
    server = Server(last=9, fails_at=2)
    with server.pages() as pages:
        first = pages.pull(FIRST)
        with pytest.raises(ServerUnreachable):
            pages.pull(FIRST.following(first.head))
        assert pages.pull(FIRST).head.cursors["org/directory"] == (1, 3), "and it can go on"


def test_leaving_waits_for_what_is_under_way_and_tells_nobody_of_its_failure() -> None:
    server = Server(last=9, fails_at=2)
    with server.pages() as pages:
        pages.pull(FIRST)
    assert len(server.asked) == 2
    assert not [one for one in threading.enumerate() if one.name.startswith("pull")]


def test_leaving_hangs_up_on_a_page_that_nobody_will_read() -> None:
    server = Server(last=9)
    with server.pages() as pages:
        pages.pull(FIRST)
    assert [body.closed for body in server.bodies] == [False, True]


def test_the_last_page_asks_for_nothing_more() -> None:
    server = Server(last=1)
    with server.pages() as pages:
        pages.pull(FIRST)
    assert server.asked == [FIRST]
