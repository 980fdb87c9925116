"""Real sockets and real TLS: what the network does to a phone in a street."""

from __future__ import annotations

import datetime
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from field_app.domain.errors import (
    CaptivePortal,
    Malformed,
    ServerNotTrusted,
    ServerUnreachable,
    SyncError,
    TimedOut,
)
from field_app.sync import transport
from field_app.sync.transport import Link, Transport
from field_app.system_clock import SystemClock

OK = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n"
    b"Connection: close\r\n\r\n{}"
)
Reaction = Callable[[socket.socket], None]


@dataclass
class Peer:
    """What listens on a port, and what it heard."""

    port: int
    heard: bytearray


@contextmanager
def listening(react: Reaction, tls: ssl.SSLContext | None = None) -> Iterator[Peer]:
    """A server that reads what comes first and then reacts as the test says."""
    listener = socket.create_server(("127.0.0.1", 0))
    peer = Peer(listener.getsockname()[1], bytearray())

    def serve() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                connection.settimeout(5)
                with suppress(OSError):
                    if tls is not None:
                        connection = tls.wrap_socket(connection, server_side=True)
                    peer.heard += connection.recv(65536)
                    react(connection)
                connection.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield peer
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


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
        (b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n\x89PNG", Malformed),
        (
            OK.replace(b"Content-Length: 2", b"Content-Encoding: gzip\r\nContent-Length: 2"),
            Malformed,
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

NOW = datetime.datetime.now(datetime.UTC)


class Authority:
    """An organisation's certificate authority, and the certificates it gives."""

    def __init__(self, name: str, folder: Path) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self._folder = folder
        certificate = (
            self._builder(self._name, self._key, days=30)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .sign(self._key, hashes.SHA256())
        )
        self.path = folder / f"{name}.pem"
        self.path.write_bytes(certificate.public_bytes(Encoding.PEM))

    def server(self, host: str = "127.0.0.1", days: int = 30) -> ssl.SSLContext:
        """A server's context with a certificate for this host, good for so many days."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "server")])
        alternative = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(host))])
        issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        certificate = (
            self._builder(name, key, days)
            .add_extension(alternative, critical=False)
            .add_extension(issuer, critical=False)
            .sign(self._key, hashes.SHA256())
        )
        path = self._folder / "server.pem"
        path.write_bytes(
            key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            + certificate.public_bytes(Encoding.PEM)
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context

    def _builder(
        self, subject: x509.Name, key: ec.EllipticCurvePrivateKey, days: int
    ) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(NOW - datetime.timedelta(days=60))
            .not_valid_after(NOW + datetime.timedelta(days=days))
        )


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


@pytest.mark.parametrize(("host", "days"), [("127.0.0.2", 30), ("127.0.0.1", -1)])
def test_another_hosts_or_an_expired_certificate_is_not_trusted(
    tmp_path: Path, host: str, days: int
) -> None:
    own = Authority("own", tmp_path)
    with listening(answering(OK), own.server(host, days)) as peer, pytest.raises(ServerNotTrusted):
        call(f"https://127.0.0.1:{peer.port}", verify=str(own.path))
    assert peer.heard == b""


def test_plain_http_where_tls_is_expected_is_not_trusted(tmp_path: Path) -> None:
    own = Authority("own", tmp_path)
    with listening(answering(OK)) as peer, pytest.raises(ServerNotTrusted):
        call(f"https://127.0.0.1:{peer.port}", verify=str(own.path))
    assert b"secret-token" not in peer.heard
