"""Bytes to the server and back over HTTP: the one edge where httpx's and TLS's errors end.

Everything that can go wrong between here and the server leaves as an error of our own tree.
Redirects are refused, pushes, pulls and pages are gzip, an answer is read up to a limit (also of
what it unpacks to), plain HTTP goes to this very machine only, proxies of the environment are not
used: what is sent goes to the organisation's server or nowhere.
"""

from __future__ import annotations

import errno
import gzip
import socket
import ssl
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import httpx

from field_app.domain.clock import Clock
from field_app.domain.errors import (
    AnswerTooLarge,
    CaptivePortal,
    Malformed,
    Offline,
    ServerNotTrusted,
    ServerUnreachable,
    SyncError,
    TimedOut,
)
from field_app.sync.enrolment_code import is_loopback
from field_app.sync.problems import problem_of

JSON = "application/json"
ANSWER_BYTES_MAX = 64 * 1024 * 1024
"""An answer is read so far, unpacked; a page this large is asked for again in smaller pieces."""
ANSWER_SECONDS_MAX = 300.0
"""How long one answer may take as a whole, however steadily it drips."""
TIMEOUTS = httpx.Timeout(connect=10.0, read=60.0, write=60.0, pool=5.0)
_CHUNK = 64 * 1024


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
    httpx.DecodingError: Malformed,
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

_NO_NETWORK = {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL}


def translated(error: Exception) -> SyncError:
    """An exception of httpx as an error of our own: first its deeper cause, then its class."""
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLError):
            return ServerNotTrusted(type(cause).__name__)
        if isinstance(cause, socket.gaierror):
            return Offline("no name service")
        if isinstance(cause, OSError) and cause.errno in _NO_NETWORK:
            return Offline("no route")
    for kind in type(error).__mro__:
        if kind in ERRORS:
            return ERRORS[kind](type(error).__name__)
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


class Transport:
    """One server, one connection at a time; used by one thread at a time."""

    def __init__(self, server_url: str, link: Link) -> None:
        """Prepare; nothing is sent yet.

        Raises:
            ServerNotTrusted: plain HTTP to another machine, or a certificate file that is none.
            ServerUnreachable: not an address.
        """
        self._link = link
        try:
            url = httpx.URL(server_url)
        except httpx.InvalidURL as error:
            raise translated(error) from None
        if not url.host:
            raise ServerUnreachable("no address")
        address = f"{url.host}:{url.port or 0}"
        if url.scheme != "https" and not (url.scheme == "http" and is_loopback(address)):
            raise ServerNotTrusted("plain HTTP to another machine")
        self._client = httpx.Client(
            base_url=url,
            verify=_context(link.verify, url.scheme),
            timeout=TIMEOUTS,
            follow_redirects=False,
            trust_env=False,
            transport=link.carrier,
            headers={"Accept-Encoding": "gzip", "User-Agent": f"rinnalla/{link.app}"},
        )

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def call(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        *,
        token: str = "",
        sends: str = JSON,
        expects: str = JSON,
        packed: bool = False,
    ) -> bytes:
        """Send one request and return its answer's bytes, unpacked; `packed` sends gzip.

        Raises:
            Offline: the switch says so, or there is no network.
            SyncError: any other class of the tree: what the network or the server said.
        """
        if self._link.is_offline():
            raise Offline("switched off")
        headers = {"Accept": f"{expects}, application/problem+json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        if body is not None:
            headers["Content-Type"] = sends
        if body is not None and packed:
            headers["Content-Encoding"] = "gzip"
            body = gzip.compress(body, compresslevel=6, mtime=0)
        try:
            with self._client.stream(method, path, content=body, headers=headers) as response:
                answer = self._read(response)
        except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL, OSError) as error:
            raise translated(error) from None
        return _accepted(response, answer, expects)

    def _read(self, response: httpx.Response) -> bytes:
        """The body, unpacked piece by piece so that it never grows over the limit."""
        started = self._link.clock.monotonic()
        encoding = response.headers.get("Content-Encoding", "identity").lower()
        if encoding not in ("identity", "gzip"):
            raise Malformed("content encoding")
        unpack = _Gunzip() if encoding == "gzip" else _Plain()
        for piece in response.iter_raw(_CHUNK):
            unpack.take(piece)
            if self._link.clock.monotonic() - started > ANSWER_SECONDS_MAX:
                raise TimedOut("the answer never ends")
        return unpack.finished()


class _Plain:
    """A body as it is, up to the limit."""

    def __init__(self) -> None:
        self._taken = bytearray()

    def take(self, piece: bytes) -> None:
        self._taken += piece
        if len(self._taken) > ANSWER_BYTES_MAX:
            raise AnswerTooLarge("answer")

    def finished(self) -> bytes:
        return bytes(self._taken)


class _Gunzip(_Plain):
    """A gzip body, unpacked up to the limit; cut short, damaged or overlong ones are refused."""

    def __init__(self) -> None:
        super().__init__()
        self._inflate = zlib.decompressobj(wbits=31)

    def take(self, piece: bytes) -> None:
        room = ANSWER_BYTES_MAX - len(self._taken) + 1
        try:
            super().take(self._inflate.decompress(piece, room))
        except zlib.error:
            raise Malformed("gzip") from None
        if self._inflate.unused_data:
            raise Malformed("gzip: more than one")

    def finished(self) -> bytes:
        if not self._inflate.eof:
            raise Malformed("gzip: cut short")
        return super().finished()


def _accepted(response: httpx.Response, answer: bytes, expects: str) -> bytes:
    """The answer, if it is one of ours; anything else as the error it is."""
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    status = response.status_code
    if 300 <= status < 400 or status == 511 or kind == "text/html":
        raise CaptivePortal(f"{status} {kind}")
    if status >= 400:
        raise problem_of(status, kind, answer)
    if status != 204 and kind != expects:
        raise Malformed("content type")
    return answer


def _context(verify: str | bool | ssl.SSLContext, scheme: str) -> ssl.SSLContext:
    if isinstance(verify, ssl.SSLContext):
        return verify
    if verify is False:
        raise ServerNotTrusted("certificates are always checked")
    if scheme == "http":
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # trusts nobody: nothing to read from disk
    try:
        if isinstance(verify, str):
            return ssl.create_default_context(cafile=verify)
        return httpx.create_ssl_context(trust_env=False)
    except (OSError, ssl.SSLError) as error:
        raise ServerNotTrusted(type(error).__name__) from None
