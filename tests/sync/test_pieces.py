"""How much goes at once over a line that does not last."""

from __future__ import annotations

import gzip

import httpx

from field_app.sync.protocol import PULL_ENTRIES_MAX, PushBatch
from tests.sync.test_client import HttpServer, Kept, client_of
from tests.sync.tiny_ends import TinyDevice


def test_after_rounds_that_broke_off_pieces_begin_small_and_double_as_they_get_through() -> None:
    device, server = TinyDevice(batch_max=500), HttpServer()
    for number in range(100):
        device.save(str(number))
    sent: list[int] = []

    def counting(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/v1/push":
            sent.append(len(PushBatch.decode(gzip.decompress(request.content)).sets))
        return server(request)

    kept = Kept(key=device.author.key)
    assert client_of(counting, kept, failures=9).sync(device).complete
    assert sent == [16, 32, 52]
    assert [one.header.counter for one in server.tiny.stored] == [*range(1, 101)]
    assert server.limits[0] == 128
    assert sorted(server.limits) == server.limits
    assert max(server.limits) == PULL_ENTRIES_MAX
