"""Reading request bodies within limits, and writing answers compressed."""

from __future__ import annotations

import zlib

from fastapi import Request, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from field_app.domain.errors import Malformed, TooLarge
from field_app.server.problems import problem
from field_app.sync.changes import CHANGE_SET_BYTES_MAX
from field_app.sync.packing import gzipped
from field_app.sync.protocol import MEDIA_TYPE, PUSH_BYTES_MAX

BODY_BYTES_MAX = PUSH_BYTES_MAX + 2 * CHANGE_SET_BYTES_MAX
"""Of a request, unpacked: a batch may pass its limit by its last set, and has its own lines."""
GZIP_FROM_BYTES = 500


class BodyLimit:
    """Stops a request whose body is too large, before anything is read into memory."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap the application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, counting its body."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        told = dict(scope["headers"]).get(b"content-length", b"0")
        if not told.isdigit() or int(told) > BODY_BYTES_MAX:
            await problem(_too_large())(scope, receive, send)
            return
        taken = 0

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > BODY_BYTES_MAX:
                raise _too_large()
            return message

        await self._app(scope, counted, send)


def _too_large() -> TooLarge:
    return TooLarge("body", kib_max=BODY_BYTES_MAX // 1024)


async def read_body(request: Request) -> bytes:
    """The body, unpacked.

    Raises:
        TooLarge: over `BODY_BYTES_MAX` once unpacked; packed, `BodyLimit` stops it.
        Malformed: not gzip, or another encoding.
    """
    collected = await request.body()
    encoding = request.headers.get("content-encoding", "identity").lower()
    if encoding == "identity":
        return collected
    if encoding != "gzip":
        raise Malformed("content encoding")
    return unpack(collected)


def unpack(packed: bytes) -> bytes:
    """Unpack gzip; never makes more than the limit in memory, whatever the body claims.

    Raises:
        TooLarge: it would be larger than `BODY_BYTES_MAX`.
        Malformed: not one whole gzip member.
    """
    unpacker = zlib.decompressobj(wbits=31)
    try:
        raw = unpacker.decompress(packed, BODY_BYTES_MAX + 1)
    except zlib.error:
        raise Malformed("gzip") from None
    if len(raw) > BODY_BYTES_MAX:
        raise _too_large()
    if not unpacker.eof or unpacker.unused_data:
        raise Malformed("gzip cut short")
    return raw


def lines_answer(request: Request, raw: bytes) -> Response:
    """An NDJSON answer, compressed if the client takes it."""
    headers = {"Vary": "Accept-Encoding"}
    accepts = request.headers.get("accept-encoding", "")
    if "gzip" in accepts and len(raw) >= GZIP_FROM_BYTES:
        headers["Content-Encoding"] = "gzip"
        raw = gzipped(raw)
    return Response(raw, media_type=MEDIA_TYPE, headers=headers)
