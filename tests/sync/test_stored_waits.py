"""Waiting requests from where a store stands: what is asked, and who hears what is answered."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

import httpx
import pytest

from field_app.domain.errors import (
    CaptivePortal,
    FieldAppError,
    Offline,
    RateLimited,
    ServerUnreachable,
    TokenExpired,
)
from field_app.store.device_store import DeviceStore
from field_app.sync import device_side
from field_app.sync.device_side import StoredWaits
from field_app.sync.listening import Listener
from field_app.sync.protocol import PullRequest, Report
from field_app.sync.transport import Link
from tests.sync.answers import answer_of, json_answer, problem
from tests.sync.test_schedule import HandClock

PULL = PullRequest(
    epoch="e1",
    cursors={"org/directory": (0, 7)},
    staff_version=3,
    receipts_of=(5,),
    report=Report(unsynced=0),
)


class Identity:
    """Who asks."""

    server = "http://127.0.0.1:8700"
    token = "secret-token"


class Store:
    """A store that stands still."""

    async def cases(self, _: Callable[[Any], Any]) -> Any:
        return Identity, PULL


@dataclass
class Line:
    """Answers waiting requests in order, and keeps what was asked."""

    answers: list[httpx.Response | Exception]
    asked: list[dict[str, Any]] = field(default_factory=list)
    told: int = 0
    offline: bool = False

    def tell(self) -> None:
        self.told += 1

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        assert request.headers["Authorization"] == "Bearer secret-token"
        self.asked.append(json.loads(request.content))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(answer.status_code, headers=answer.headers, content=_body(answer))

    def waits(self) -> StoredWaits:
        link = Link(HandClock(), "1", is_offline=lambda: self.offline)
        listener = Listener(httpx.MockTransport(self))
        return StoredWaits(lambda: cast(DeviceStore, Store()), lambda: link, self.tell, listener)

    def wait(self) -> bool:
        async def once() -> bool:
            waits = self.waits()
            try:
                return await waits.wait()
            finally:
                await waits.close()

        return asyncio.run(once())


def _body(answer: httpx.Response) -> Any:
    async def pieces() -> Any:
        for piece in cast(Any, answer.stream):
            yield piece

    return pieces()


def answer(news: bool, cases: str = "") -> httpx.Response:
    return json_answer({"news": news, "cases": cases})


def test_it_asks_from_where_the_next_pull_would_and_first_for_the_mark_of_the_cases() -> None:
    line = Line([answer(False, "c1"), answer(True, "c1")])
    assert line.wait()
    first, second = line.asked
    assert (first["cases"], first["seconds"]) == (None, 0)
    assert (second["cases"], second["seconds"]) == ("c1", 25)
    assert second["cursors"] == {"org/directory": [0, 7]}
    assert (second["epoch"], second["staff_version"], second["receipts_of"]) == ("e1", 3, [5])
    assert "report" not in second


def test_other_cases_are_told_and_waiting_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device_side, "CASES_SECONDS", 0.0)
    line = Line([answer(False, "c1"), answer(False, "c2"), answer(False, "c2")])
    assert not line.wait()
    assert line.told == 1
    assert [one["cases"] for one in line.asked] == [None, "c1", "c2"]


def test_news_with_the_first_answer_is_not_waited_upon() -> None:
    line = Line([answer(True, "c1")])
    assert line.wait()
    assert (line.told, len(line.asked)) == (0, 1)


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        (problem(401, "token_expired", challenge="x"), TokenExpired),
        (problem(429, "rate_limited", seconds=60), RateLimited),
        (answer_of(200, b"<html>", {"Content-Type": "text/html"}), CaptivePortal),
        (httpx.ConnectError("refused"), ServerUnreachable),
    ],
)
def test_what_goes_wrong_is_an_error_of_ours_and_nothing_is_renewed(
    given: httpx.Response | Exception, kind: type[FieldAppError]
) -> None:
    line = Line([given])
    with pytest.raises(kind):
        line.wait()
    assert len(line.asked) == 1


def test_switched_off_nothing_is_asked() -> None:
    line = Line([answer(True)], offline=True)
    with pytest.raises(Offline):
        line.wait()
    assert line.asked == []
