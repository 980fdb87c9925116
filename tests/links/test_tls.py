"""Somebody between the phone and the server: whom a phone trusts, and what the others hear."""

from __future__ import annotations

import gzip
import json
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn

from field_app.domain.errors import (
    AnswerDamaged,
    AnswerTooLarge,
    ServerNotTrusted,
    ServerRefused,
    ServerUnreachable,
)
from field_app.server.app import create_app
from field_app.server.core import open_core
from field_app.server.main import take_port
from field_app.settings import ServerSettings
from field_app.sync.client import enrol
from field_app.sync.transport import Link, Transport
from field_app.system_clock import SystemClock
from tests.links.conftest import Street
from tests.links.peers import Authority, Reaction, listening

PUBLIC_KEY = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")


def link(verify: str | bool = True, authority: str = "") -> Link:
    return Link(clock=SystemClock(), app="1", verify=verify, authority=authority)


@contextmanager
def over_tls(street: Street, certificate: Path) -> Iterator[int]:
    """The street's server on another port, over TLS as it is deployed."""
    listener = take_port("127.0.0.1", 0)
    config = uvicorn.Config(
        create_app(street.office.core),
        log_config=None,
        access_log=False,
        lifespan="off",
        ssl_certfile=certificate,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.005)
    yield listener.getsockname()[1]
    server.should_exit = True
    thread.join()
    listener.close()


def test_a_code_with_a_pin_makes_the_organisations_own_authority_the_only_one_trusted(
    street: Street, tmp_path: Path
) -> None:
    own, other = Authority("own", tmp_path), Authority("other", tmp_path)
    with over_tls(street, own.certify()) as port:
        code = street.code("sanna", own.pin, port)
        enrolment = enrol(code, public_key=PUBLIC_KEY, instance="a" * 32, link=link())
        assert enrolment.server_url == f"https://127.0.0.1:{port}"
        pinned = link(verify=str(other.path), authority=enrolment.authority)
        there = Transport(enrolment.server_url, pinned)
        assert b"ok" in there.call("GET", "/v1/health")
        there.close()
    refused = listening(lambda _: None, other.server())
    with refused as between, pytest.raises(ServerNotTrusted):
        Transport(f"https://127.0.0.1:{between.port}", pinned).call("GET", "/", token="secret")
    assert between.heard == b""


def test_a_proxy_that_opens_tls_hears_no_secret_though_the_phone_trusts_it(
    street: Street, tmp_path: Path
) -> None:
    own, between = Authority("own", tmp_path), Authority("between", tmp_path)
    with listening(lambda _: None, between.server()) as proxy:
        code = street.code("sanna", own.pin, proxy.port)
        with pytest.raises(ServerNotTrusted):
            enrol(code, public_key=PUBLIC_KEY, instance="a" * 32, link=link(str(between.path)))
    assert proxy.heard == b""


def test_a_pin_is_of_the_key_and_showing_the_authority_is_not_being_certified_by_it(
    street: Street, tmp_path: Path
) -> None:
    own, thief = Authority("own", tmp_path), Authority("thief", tmp_path)
    chain = thief.certify()
    chain.write_bytes(chain.read_bytes() + own.path.read_bytes())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)
    with listening(lambda _: None, context) as proxy:
        code = street.code("sanna", own.pin, proxy.port)
        with pytest.raises(ServerNotTrusted):
            enrol(code, public_key=PUBLIC_KEY, instance="a" * 32, link=link())
    assert proxy.heard == b""


@pytest.mark.parametrize("tls", [False, True])
def test_a_pinned_code_is_never_redeemed_in_clear_or_at_nobody(
    street: Street, tmp_path: Path, tls: bool
) -> None:
    own = Authority("own", tmp_path)
    with listening(lambda _: None) as peer:
        code = street.code("sanna", own.pin, peer.port)
        if not tls:
            with pytest.raises(ServerUnreachable):
                enrol(code, public_key=PUBLIC_KEY, instance="a" * 32, link=link())
            assert b"secret" not in peer.heard
    with pytest.raises(ServerUnreachable):
        enrol(code, public_key=PUBLIC_KEY, instance="a" * 32, link=link())


def test_the_server_puts_the_pin_of_its_authority_into_every_code(tmp_path: Path) -> None:
    own = Authority("own", tmp_path)
    core = open_core(ServerSettings(data=tmp_path / "server", authority=own.path))
    assert core.pin == own.pin
    core.database.close()


# -- oversized answers ---------------------------------------------------------------------------


def bomb(connection: socket.socket) -> None:
    """Two hundred megabytes in two hundred kilobytes."""
    packed = gzip.compress(bytes(200_000_000), 9)
    head = f"Content-Type: application/json\r\nContent-Length: {len(packed)}\r\n"
    connection.sendall(f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n{head}\r\n".encode() + packed)


def endless(connection: socket.socket) -> None:
    """An answer that does not end."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
    while True:
        connection.sendall(b"[" * 1_000_000)


def brotli(connection: socket.socket) -> None:
    """Packed in a way that nobody asked for."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: br\r\n"
    connection.sendall(head + b"Content-Length: 5\r\n\r\n" + b"\x0b\x01\x80{}")


@pytest.mark.parametrize(
    ("react", "kind"),
    [(bomb, AnswerTooLarge), (endless, AnswerTooLarge), (brotli, AnswerDamaged)],
)
def test_an_answer_beyond_all_bounds_is_dropped_at_the_limit(
    react: Reaction, kind: type[Exception]
) -> None:
    with listening(react) as peer, pytest.raises(kind):
        Transport(f"http://127.0.0.1:{peer.port}", link()).call("GET", "/v1/health")


def test_a_problem_from_a_network_is_not_taken_for_the_phones_own_fault() -> None:
    """Whoever answers in the server's place cannot make a phone say that its store is damaged."""
    body = json.dumps({"code": "store_damaged", "status": 400}).encode()
    head = f"Content-Type: application/problem+json\r\nContent-Length: {len(body)}\r\n\r\n"
    raw = b"HTTP/1.1 400 Bad\r\n" + head.encode() + body
    with listening(lambda to: to.sendall(raw)) as peer, pytest.raises(ServerRefused):
        Transport(f"http://127.0.0.1:{peer.port}", link()).call("GET", "/v1/health")
