"""Bytes to the server and back over HTTP: the one edge where httpx's and TLS's errors end.

Everything that can go wrong between here and the server leaves as an error of our own tree.
Redirects are refused, pushes, pulls and pages are gzip, an answer is read up to a limit (also of
what it unpacks to), plain HTTP goes to this very machine only, proxies of the environment are not
used: what is sent goes to the organisation's server or nowhere.
"""

from __future__ import annotations

import errno
import socket
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import httpx

from field_app.domain.clock import Clock
from field_app.domain.errors import (
    AnswerDamaged,
    CaptivePortal,
    CertificateDates,
    Malformed,
    Offline,
    ServerNotTrusted,
    ServerUnreachable,
    SyncError,
    TimedOut,
)
from field_app.sync.answers import JSON, PIECE, AnswerReader
from field_app.sync.enrolment_code import is_loopback
from field_app.sync.packing import gzipped
from field_app.sync.trust import context_of, trusting_nobody

TIMEOUTS = httpx.Timeout(connect=10.0, read=60.0, write=60.0, pool=5.0)
HTTP_ERRORS = (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL, OSError)
"""What a request may raise; `translated` makes it ours."""


ERRORS: dict[type[Exception], type[SyncError]] = {
    httpx.ConnectTimeout: TimedOut,
    httpx.ReadTimeout: TimedOut,
    httpx.WriteTimeout: TimedOut,
    httpx.PoolTimeout: TimedOut,
    httpx.TimeoutException: TimedOut,
    httpx.ConnectError: ServerUnreachable,
    httpx.ReadError: ServerUnreachable,
    httpx.WriteError: ServerUnreachable,
    httpx.CloseError: ServerUnreachable,
    httpx.NetworkError: ServerUnreachable,
    httpx.ProxyError: ServerUnreachable,
    httpx.RemoteProtocolError: ServerUnreachable,
    httpx.LocalProtocolError: Malformed,
    httpx.ProtocolError: ServerUnreachable,
    httpx.UnsupportedProtocol: ServerNotTrusted,
    httpx.TransportError: ServerUnreachable,
    httpx.DecodingError: AnswerDamaged,
    httpx.TooManyRedirects: CaptivePortal,
    httpx.RequestError: ServerUnreachable,
    httpx.HTTPStatusError: Malformed,
    httpx.HTTPError: ServerUnreachable,
    httpx.InvalidURL: ServerUnreachable,
    httpx.CookieConflict: Malformed,
    httpx.StreamError: Malformed,
    httpx.StreamConsumed: Malformed,
    httpx.StreamClosed: Malformed,
    httpx.ResponseNotRead: Malformed,
    httpx.RequestNotRead: Malformed,
}
"""What each exception of httpx is to us; a test finds those of a newer httpx."""
_OF_SOCKETS: dict[type[Exception], type[SyncError]] = {
    TimeoutError: TimedOut,
    OSError: ServerUnreachable,
}

_DATES = {9, 10, 13, 14}
"""OpenSSL's X509_V_ERR_… for "not yet valid" and "has expired", and for dates it cannot read."""
_NO_NETWORK = {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL}


def translated(error: Exception) -> SyncError:
    """An exception of httpx or a socket as ours: first its deeper cause, then its class."""
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLError) and getattr(cause, "verify_code", 0) in _DATES:
            return CertificateDates("not valid now")
        if isinstance(cause, ssl.SSLError):
            return ServerNotTrusted(type(cause).__name__)
        if isinstance(cause, socket.gaierror):
            return Offline("no name service")
        if isinstance(cause, OSError) and cause.errno in _NO_NETWORK:
            return Offline("no route")
    for kind in type(error).__mro__:
        ours = ERRORS.get(kind) or _OF_SOCKETS.get(kind)
        if ours is not None:
            return ours(type(error).__name__)
    return SyncError(type(error).__name__)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


@dataclass(frozen=True, slots=True)
class Link:
    """How this device reaches servers; the same for enrolment and for every sync."""

    clock: Clock
    app: str
    """The app's version, as the server's log shows it."""
    verify: str | bool | ssl.SSLContext = True
    """The organisation's certificate authority: a PEM file, or the system's authorities."""
    is_offline: Callable[[], bool] = lambda: False
    """Asked before each request: the demo's switch, the lock."""
    carrier: httpx.BaseTransport | None = field(default=None, repr=False)
    """Carries requests in place of the network, for tests."""
    authority: str = ""
    """The one certificate authority trusted in place of those: PEM, as enrolment found it."""


def client_settings(server_url: str, link: Link) -> dict[str, Any]:
    """What any HTTP client of ours is made with; reads certificates from the disk.

    Raises:
        ServerNotTrusted: plain HTTP to another machine, or a certificate file that is none.
        ServerUnreachable: not an address.
    """
    try:
        url = httpx.URL(server_url)
    except httpx.InvalidURL as error:
        raise translated(error) from None
    if not url.host:
        raise ServerUnreachable("no address")
    address = f"{url.host}:{url.port or 0}"
    if url.scheme != "https" and not (url.scheme == "http" and is_loopback(address)):
        raise ServerNotTrusted("plain HTTP to another machine")
    return {
        "base_url": url,
        "verify": context_of(link.verify, link.authority)
        if url.scheme == "https"
        else trusting_nobody(),
        "follow_redirects": False,
        "trust_env": False,
        "headers": {"Accept-Encoding": "gzip", "User-Agent": f"rinnalla/{link.app}"},
    }


def headers_of(token: str, expects: str) -> dict[str, str]:
    """The headers of any request."""
    headers = {"Accept": f"{expects}, application/problem+json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    return headers


class Packed(NamedTuple):
    """A body that travels as gzip."""

    gzip: bytes

    def __repr__(self) -> str:
        """Without the bytes."""
        return f"Packed({len(self.gzip)} bytes)"


def pack(body: bytes) -> Packed:
    """Compress a body; always the same bytes for the same body."""
    return Packed(gzipped(body))


class Transport:
    """One server, one connection at a time; used by one thread at a time."""

    def __init__(self, server_url: str, link: Link) -> None:
        """Prepare; nothing is sent yet.

        Raises:
            ServerNotTrusted: plain HTTP to another machine, or a certificate file that is none.
            ServerUnreachable: not an address.
        """
        self._link = link
        settings = client_settings(server_url, link)
        self._client = httpx.Client(**settings, timeout=TIMEOUTS, transport=link.carrier)

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def call(
        self,
        method: str,
        path: str,
        body: bytes | Packed | None = None,
        *,
        token: str = "",
        sends: str = JSON,
        expects: str = JSON,
    ) -> bytes:
        """Send one request and return its answer's bytes, unpacked.

        Raises:
            Offline: the switch says so, or there is no network.
            SyncError: any other class of the tree: what the network or the server said.
        """
        return self.begin(method, path, body, token=token, sends=sends, expects=expects).read()

    def begin(
        self,
        method: str,
        path: str,
        body: bytes | Packed | None = None,
        *,
        token: str = "",
        sends: str = JSON,
        expects: str = JSON,
        on_sent: Callable[[], None] | None = None,
    ) -> Answer:
        """Send one request and wait until its answer begins; the line is busy until it is read.

        `on_sent` is called when the request is out and there is nothing to do but wait.

        Raises:
            SyncError: as `call` does, if the server says no.
        """
        if self._link.is_offline():
            raise Offline("switched off")
        headers = headers_of(token, expects)
        if body is not None:
            headers["Content-Type"] = sends
        if isinstance(body, Packed):
            headers["Content-Encoding"] = "gzip"
            body = body.gzip
        try:
            request = self._client.build_request(
                method, path, content=body, headers=headers, extensions=_telling(on_sent)
            )
            response = self._client.send(request, stream=True)
        except HTTP_ERRORS as error:
            raise translated(error) from None
        try:
            answer = Answer(response, AnswerReader(response, expects, self._link.clock))
        except SyncError:
            response.close()
            raise
        if response.is_error:
            answer.read()  # raises what it says
        return answer


def _telling(on_sent: Callable[[], None] | None) -> dict[str, Any] | None:
    """The HTTP library's own way of telling how far a request is."""
    if on_sent is None:
        return None

    def trace(event: str, _: object) -> None:
        if event.endswith(".send_request_body.complete"):
            on_sent()

    return {"trace": trace}


class Answer:
    """An answer that has begun: its head is here, its body is still on the line."""

    def __init__(self, response: httpx.Response, reader: AnswerReader) -> None:
        """Nothing of the body is read yet."""
        self._response = response
        self._reader = reader

    def read(self) -> bytes:
        """The answer's bytes, unpacked; the line is free then.

        Raises:
            SyncError: what the network or the server said.
        """
        try:
            for piece in self._response.iter_raw(PIECE):
                self._reader.take(piece)
        except HTTP_ERRORS as error:
            raise translated(error) from None
        finally:
            self._response.close()
        return self._reader.answer()

    def close(self) -> None:
        """Give it up unread, and the connection with it."""
        self._response.close()
