"""The one edge to the network: what leaves it is bytes, or an error of our own tree."""

from __future__ import annotations

import errno
import gzip
import inspect
import json
import socket
import ssl
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from field_app.domain.errors import (
    AnswerTooLarge,
    CaptivePortal,
    Malformed,
    Offline,
    ServerNotTrusted,
    ServerRefused,
    ServerTrouble,
    ServerUnreachable,
    SyncError,
    TimedOut,
)
from field_app.sync import answers
from field_app.sync.protocol import MEDIA_TYPE
from field_app.sync.transport import ERRORS, Link, Transport, pack, translated
from tests.sync.answers import answer_of
from tests.sync.test_schedule import HandClock

URL = "http://127.0.0.1:8700"
Handler = Callable[[httpx.Request], httpx.Response]


def connected(handler: Handler, **link: Any) -> Transport:
    carrier = httpx.MockTransport(handler)
    return Transport(URL, Link(clock=HandClock(), app="1", carrier=carrier, **link))


def answering(response: httpx.Response) -> Transport:
    sent = list(response.stream) if isinstance(response.stream, httpx.SyncByteStream) else []
    status, headers = response.status_code, response.headers
    return connected(lambda _: answer_of(status, b"".join(sent), headers))


def good(body: bytes = b"{}", kind: str = "application/json", **headers: str) -> httpx.Response:
    return answer_of(200, body, {"Content-Type": kind, **headers})


# -- errors ------------------------------------------------------------------------------------


def test_every_exception_of_httpx_has_its_place_in_the_table() -> None:
    known = {
        kind
        for _, kind in inspect.getmembers(httpx, inspect.isclass)
        if issubclass(kind, Exception)
    }
    assert known == set(ERRORS)


@pytest.mark.parametrize("kind", [kind for kind in ERRORS if issubclass(kind, httpx.RequestError)])
def test_whatever_httpx_raises_leaves_as_one_of_ours(kind: type[httpx.RequestError]) -> None:
    def broken(request: httpx.Request) -> httpx.Response:
        raise kind("10.1.2.3 person@example.org", request=request)

    with pytest.raises(SyncError) as raised:
        connected(broken).call("GET", "/v1/health")
    assert type(raised.value) is ERRORS[kind]
    assert "example.org" not in str(raised.value), "foreign texts may hold what logs must not"


def test_an_unknown_exception_goes_by_its_nearest_known_parent() -> None:
    class NewInNextVersion(httpx.ReadTimeout):
        pass

    assert type(translated(NewInNextVersion("x"))) is TimedOut


def caused(cause: BaseException) -> httpx.ConnectError:
    try:
        try:
            raise cause
        except BaseException as inner:
            raise httpx.ConnectError("x") from inner
    except httpx.ConnectError as error:
        return error


@pytest.mark.parametrize(
    ("cause", "kind"),
    [
        (socket.gaierror(socket.EAI_AGAIN, "x"), Offline),
        (OSError(errno.ENETUNREACH, "x"), Offline),
        (OSError(errno.EHOSTUNREACH, "x"), Offline),
        (ConnectionRefusedError(errno.ECONNREFUSED, "x"), ServerUnreachable),
        (ssl.SSLCertVerificationError("x"), ServerNotTrusted),
        (ssl.SSLError("x"), ServerNotTrusted),
    ],
)
def test_the_cause_beneath_tells_no_network_from_no_server_and_from_a_false_one(
    cause: BaseException, kind: type[SyncError]
) -> None:
    assert type(translated(caused(cause))) is kind


# -- what may be sent, and where ---------------------------------------------------------------


@pytest.mark.parametrize("url", ["http://rinnalla.example.org", "http://10.0.0.5:80", "ftp://x"])
def test_plain_http_to_another_machine_is_refused_before_anything_is_sent(url: str) -> None:
    with pytest.raises(ServerNotTrusted):
        Transport(url, Link(clock=HandClock(), app="1"))


@pytest.mark.parametrize("url", ["http://localhost:1", "http://127.0.0.1:1", "http://[::1]:1"])
def test_plain_http_to_this_very_machine_is_for_the_demo(url: str) -> None:
    Transport(url, Link(clock=HandClock(), app="1")).close()


@pytest.mark.parametrize("url", ["https://", "https:", "https://a\x00b"])
def test_an_address_that_is_none_is_named_as_such(url: str) -> None:
    with pytest.raises(ServerUnreachable):
        Transport(url, Link(clock=HandClock(), app="1"))


def test_certificates_cannot_be_left_unchecked() -> None:
    for verify in (False, "/nowhere/ca.pem"):
        with pytest.raises(ServerNotTrusted):
            Transport("https://127.0.0.1", Link(clock=HandClock(), app="1", verify=verify))


def test_the_offline_switch_is_asked_before_each_request_and_nothing_goes_out() -> None:
    seen: list[httpx.Request] = []
    switch = iter([False, True, False])

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return good()

    there = connected(handler, is_offline=lambda: next(switch))
    there.call("GET", "/v1/health")
    with pytest.raises(Offline):
        there.call("GET", "/v1/health")
    there.call("GET", "/v1/health")
    assert len(seen) == 2


def test_a_packed_body_is_gzip_and_a_small_message_is_plain() -> None:
    seen: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return good()

    there = connected(handler)
    there.call("POST", "/v1/push", pack(b"lines"), token="t0ken", sends=MEDIA_TYPE)
    there.call("POST", "/v1/enrol", b"{}")
    push, enrol = seen
    assert gzip.decompress(push.content) == b"lines"
    assert push.headers["Content-Encoding"] == "gzip"
    assert push.headers["Content-Type"] == MEDIA_TYPE
    assert push.headers["Authorization"] == "Bearer t0ken"
    assert push.headers["User-Agent"] == "rinnalla/1"
    assert enrol.content == b"{}"
    assert "Content-Encoding" not in enrol.headers
    assert "Authorization" not in enrol.headers


def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    there = Transport(URL, Link(clock=HandClock(), app="1"))
    assert there._client._mounts == {}
    there.close()


# -- what comes back ---------------------------------------------------------------------------


def test_an_answer_comes_back_as_its_exact_bytes_packed_or_not() -> None:
    body = b'{"a":1}\n' * 1000
    assert answering(good(body)).call("GET", "/x") == body
    packed = good(gzip.compress(body), **{"Content-Encoding": "gzip"})
    assert answering(packed).call("GET", "/x") == body


@pytest.mark.parametrize(
    "response",
    [
        httpx.Response(302, headers={"Location": "https://login.example/"}),
        httpx.Response(307, headers={"Location": URL}),
        httpx.Response(511),
        httpx.Response(200, html="<h1>Welcome to our Wi-Fi</h1>"),
        httpx.Response(403, html="<h1>Please sign in</h1>"),
    ],
)
def test_a_sign_in_page_in_the_servers_place_is_a_captive_portal(response: httpx.Response) -> None:
    with pytest.raises(CaptivePortal):
        answering(response).call("POST", "/v1/push", b"x")


def test_a_redirect_is_never_followed() -> None:
    seen: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(str(request.url))
        return answer_of(308, b"", {"Location": "http://127.0.0.1:9/steal"})

    with pytest.raises(CaptivePortal):
        connected(handler).call("POST", "/v1/push", b"x", token="secret")
    assert seen == [f"{URL}/v1/push"]


@pytest.mark.parametrize("kind", ["text/plain", "", "application/x-ndjson", "application/jsonx"])
def test_an_answer_of_another_kind_is_not_read(kind: str) -> None:
    with pytest.raises(Malformed):
        answering(good(kind=kind)).call("GET", "/x")


def test_a_kind_with_parameters_and_capitals_is_the_same_kind() -> None:
    assert answering(good(kind="Application/JSON; charset=utf-8")).call("GET", "/x") == b"{}"


def test_a_problem_is_raised_as_its_error() -> None:
    body = json.dumps({"code": "moon_is_full", "status": 409}).encode()
    headers = {"Content-Type": "application/problem+json"}
    with pytest.raises(ServerRefused) as raised:
        answering(httpx.Response(409, content=body, headers=headers)).call("GET", "/x")
    assert raised.value.values["problem"] == "moon_is_full"
    with pytest.raises(ServerTrouble):
        answering(httpx.Response(500, text="Internal Server Error")).call("GET", "/x")


# -- limits ------------------------------------------------------------------------------------


def test_an_answer_over_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "ANSWER_BYTES_MAX", 1000)
    assert len(answering(good(b"x" * 1000)).call("GET", "/x")) == 1000
    with pytest.raises(AnswerTooLarge):
        answering(good(b"x" * 1001)).call("GET", "/x")
    bomb = good(gzip.compress(b"x" * 1001), **{"Content-Encoding": "gzip"})
    with pytest.raises(AnswerTooLarge):
        answering(bomb).call("GET", "/x")
    fits = good(gzip.compress(b"x" * 1000), **{"Content-Encoding": "gzip"})
    assert len(answering(fits).call("GET", "/x")) == 1000


def test_a_gzip_bomb_is_never_unpacked_beyond_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "ANSWER_BYTES_MAX", 100_000)
    bomb = gzip.compress(b"\x00" * 200_000_000, compresslevel=9)
    import tracemalloc

    tracemalloc.start()
    with pytest.raises(AnswerTooLarge):
        answering(good(bomb, **{"Content-Encoding": "gzip"})).call("GET", "/x")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5_000_000


def test_a_packed_answer_cut_short_at_any_byte_is_refused() -> None:
    packed = gzip.compress(b'{"a":[1,2,3],"b":"text"}', mtime=0)
    for length in range(len(packed)):
        cut = good(packed[:length], **{"Content-Encoding": "gzip"})
        with pytest.raises(Malformed):
            answering(cut).call("GET", "/x")


def test_a_packed_answer_with_any_byte_changed_is_refused_or_the_same() -> None:
    body = b'{"a":[1,2,3],"b":"text"}'
    packed = gzip.compress(body, mtime=0)
    for position in range(len(packed)):
        changed = bytearray(packed)
        changed[position] ^= 0x55
        answer = good(bytes(changed), **{"Content-Encoding": "gzip"})
        try:
            read = answering(answer).call("GET", "/x")
        except Malformed:
            continue
        assert read == body, "only the gzip header's idle bytes may differ"


def test_two_packed_answers_in_one_are_refused() -> None:
    twice = good(gzip.compress(b"{}") * 2, **{"Content-Encoding": "gzip"})
    with pytest.raises(Malformed):
        answering(twice).call("GET", "/x")


def test_an_encoding_nobody_asked_for_is_refused() -> None:
    with pytest.raises(Malformed):
        answering(good(b"{}", **{"Content-Encoding": "br"})).call("GET", "/x")


def test_an_answer_that_drips_for_ever_ends_by_the_clock() -> None:
    clock = HandClock()

    def dripping() -> Iterator[bytes]:
        while True:
            clock.seconds += 20
            yield b" "

    def handler(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=dripping(), headers={"Content-Type": "application/json"})

    there = Transport(URL, Link(clock=clock, app="1", carrier=httpx.MockTransport(handler)))
    with pytest.raises(TimedOut):
        there.call("GET", "/x")
