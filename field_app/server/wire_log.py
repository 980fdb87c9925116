"""Demo only: the bodies of every push and pull, in clear, one file each, by device.

Off unless the server is started with `--wire-log DIR`. It shows what went over the wire and what
did not (health content to a social worker's phone), so it holds people's data: never in real use.
"""

from __future__ import annotations

import gzip
import zlib
from itertools import count
from pathlib import Path

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_LOGGED = ("/v1/push", "/v1/pull")


class WireLog:
    """Writes DIR/<device>/<number>-<push|pull>-<request|response>.ndjson."""

    def __init__(self, app: ASGIApp, folder: Path) -> None:
        """Wrap the application."""
        self._app = app
        self._folder = folder
        self._numbers = count(1)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, keeping both bodies."""
        if scope["type"] != "http" or scope["path"] not in _LOGGED:
            await self._app(scope, receive, send)
            return
        asked = bytearray()
        messages: list[Message] = []

        async def heard() -> Message:
            message = await receive()
            asked.extend(message.get("body", b""))
            return message

        async def said(message: Message) -> None:
            messages.append(message)

        await self._app(scope, heard, said)
        answered = b"".join(message.get("body", b"") for message in messages)
        self._write(scope, bytes(asked), answered)
        # Only now: whoever has the answer finds it in the log.
        for message in messages:
            await send(message)

    def _write(self, scope: Scope, asked: bytes, answered: bytes) -> None:
        device = scope.get("state", {}).get("device", "unknown")
        name = f"{next(self._numbers):06d}-{scope['path'].rpartition('/')[2]}"
        folder = self._folder / device
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}-request.ndjson").write_bytes(_plain(asked))
        (folder / f"{name}-response.ndjson").write_bytes(_plain(answered))


def _plain(body: bytes) -> bytes:
    if body[:2] != b"\x1f\x8b":
        return body
    try:
        return gzip.decompress(body)
    except (OSError, EOFError, zlib.error):
        return body
