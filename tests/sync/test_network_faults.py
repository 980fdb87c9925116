"""Real sockets and real TLS: what the network does to a phone in a street."""

from __future__ import annotations

import socket
import threading
from pathlib import Path

import httpx
import pytest

from field_app.domain.errors import (
    AnswerDamaged,
    CaptivePortal,
    CertificateDates,
    ServerNotTrusted,
    ServerUnreachable,
    SyncError,
    TimedOut,
)
from field_app.sync import transport
from field_app.sync.transport import Link, Transport
from field_app.system_clock import SystemClock
from tests.links.peers import Authority, Reaction, listening

OK = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n"
    b"Connection: close\r\n\r\n{}"
)


def call(url: str, verify: str | bool = True) -> bytes:
    there = Transport(url, Link(clock=SystemClock(), app="1", verify=verify))
    try:
        return there.call("GET", "/v1/health", token="secret-token")
    finally:
        there.close()


def answering(raw: bytes) -> Reaction:
    return lambda connection: connection.sendall(raw)


def test_a_sound_answer_over_a_real_socket() -> None:
    with listening(answering(OK)) as peer:
        assert call(f"http://127.0.0.1:{peer.port}") == b"{}"
    assert b"Bearer secret-token" in peer.heard


def test_nobody_listens() -> None:
    free = socket.create_server(("127.0.0.1", 0))
    port = free.getsockname()[1]
    free.close()
    with pytest.raises(ServerUnreachable):
        call(f"http://127.0.0.1:{port}")


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (b"", ServerUnreachable),
        (OK[:20], ServerUnreachable),
        (OK[:-1], ServerUnreachable),
        (b"SSH-2.0-OpenSSH_9.6\r\n", ServerUnreachable),
        (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>", CaptivePortal),
        (b"HTTP/1.1 302 Found\r\nLocation: http://login/\r\n\r\n", CaptivePortal),
        (b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n\x89PNG", AnswerDamaged),
        (
            OK.replace(b"Content-Length: 2", b"Content-Encoding: gzip\r\nContent-Length: 2"),
            AnswerDamaged,
        ),
    ],
)
def test_an_answer_cut_short_or_by_another_program(raw: bytes, kind: type[SyncError]) -> None:
    with listening(answering(raw)) as peer, pytest.raises(kind) as raised:
        call(f"http://127.0.0.1:{peer.port}")
    assert type(raised.value) is kind


def test_a_silent_server_is_waited_for_only_so_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "TIMEOUTS", httpx.Timeout(0.1))

    def keep_silent(_: socket.socket) -> None:
        threading.Event().wait(0.5)

    with listening(keep_silent) as peer, pytest.raises(TimedOut):
        call(f"http://127.0.0.1:{peer.port}")


# -- TLS ---------------------------------------------------------------------------------------


def test_the_organisations_own_authority_is_trusted(tmp_path: Path) -> None:
    own = Authority("own", tmp_path)
    with listening(answering(OK), own.server()) as peer:
        assert call(f"https://127.0.0.1:{peer.port}", verify=str(own.path)) == b"{}"


def test_a_server_of_another_authority_hears_no_token(tmp_path: Path) -> None:
    own, other = Authority("own", tmp_path), Authority("other", tmp_path)
    with listening(answering(OK), other.server()) as peer:
        for verify in (str(own.path), True):
            with pytest.raises(ServerNotTrusted):
                call(f"https://127.0.0.1:{peer.port}", verify=verify)
    assert peer.heard == b""


@pytest.mark.parametrize(
    ("host", "days", "kind"),
    [("127.0.0.2", 30, ServerNotTrusted), ("127.0.0.1", -1, CertificateDates)],
)
def test_another_hosts_certificate_is_not_trusted_and_one_of_other_dates_is_named(
    tmp_path: Path, host: str, days: int, kind: type[SyncError]
) -> None:
    own = Authority("own", tmp_path)
    with listening(answering(OK), own.server(host, days)) as peer, pytest.raises(kind) as raised:
        call(f"https://127.0.0.1:{peer.port}", verify=str(own.path))
    assert type(raised.value) is kind
    assert peer.heard == b""


def test_plain_http_where_tls_is_expected_is_not_trusted(tmp_path: Path) -> None:
    own = Authority("own", tmp_path)
    with listening(answering(OK)) as peer, pytest.raises(ServerNotTrusted):
        call(f"https://127.0.0.1:{peer.port}", verify=str(own.path))
    assert b"secret-token" not in peer.heard
