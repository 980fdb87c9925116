"""The device's waiting request: kept open beside the rounds, and dropped at any moment.

On the event loop and not on a thread, so that locking the app ends it at once. It renews no
token and heals nothing: whatever is amiss, the next ordinary round finds and mends.
"""

from __future__ import annotations

import asyncio
from typing import Protocol

import httpx

from field_app.domain.errors import Offline
from field_app.sync.answers import JSON, PIECE, AnswerReader
from field_app.sync.authorised import read_message
from field_app.sync.canonical import canonical_bytes
from field_app.sync.transport import HTTP_ERRORS, Link, client_settings, headers_of, translated
from field_app.sync.waiting import WaitAnswer, WaitRequest

ANSWERS_LATE_SECONDS = 10.0
"""How much longer than asked for an answer may take; then the line is taken for dead."""


class Asker(Protocol):
    """Who asks: what of the device's identity a waiting request needs."""

    @property
    def server(self) -> str:
        """The server's base URL."""
        ...

    @property
    def token(self) -> str:
        """The token as last given."""
        ...


class Listener:
    """One connection for waiting requests, kept from one to the next: no handshake in between."""

    def __init__(self, carrier: httpx.AsyncBaseTransport | None = None) -> None:
        """Be closed; `carrier` carries requests in place of the network, for tests."""
        self._carrier = carrier
        self._client: httpx.AsyncClient | None = None
        self._to: tuple[str, str] | None = None
        self._busy = asyncio.Lock()

    async def ask(self, asker: Asker, link: Link, request: WaitRequest) -> WaitAnswer:
        """Ask, and return when there is news or the time is over; cancelling hangs up.

        Raises:
            Offline: the switch says so, or there is no network.
            SyncError: any other class of the tree: what the network or the server said.
        """
        if link.is_offline():
            raise Offline("switched off")
        async with self._busy:
            return await self._ask(asker, link, request)

    async def _ask(self, asker: Asker, link: Link, request: WaitRequest) -> WaitAnswer:
        client = await self._connected(asker.server, link)
        headers = headers_of(asker.token, JSON) | {"Content-Type": JSON}
        body = canonical_bytes(request.model_dump(mode="json"))
        timeout = httpx.Timeout(10.0, read=request.seconds + ANSWERS_LATE_SECONDS)
        try:
            async with client.stream(
                "POST", "/v1/wait", content=body, headers=headers, timeout=timeout
            ) as response:
                reader = AnswerReader(response, JSON, link.clock)
                async for piece in response.aiter_raw(PIECE):
                    reader.take(piece)
        except HTTP_ERRORS as error:
            raise translated(error) from None
        return read_message(WaitAnswer, reader.answer())

    async def close(self) -> None:
        """Let go of the connection, once a request that was cancelled has ended."""
        async with self._busy:
            await self._disconnect()

    async def _disconnect(self) -> None:
        client, self._client, self._to = self._client, None, None
        if client is not None:
            await client.aclose()

    async def _connected(self, server_url: str, link: Link) -> httpx.AsyncClient:
        if self._client is None or self._to != (server_url, link.authority):
            await self._disconnect()
            settings = await asyncio.to_thread(client_settings, server_url, link)
            self._client = httpx.AsyncClient(**settings, transport=self._carrier)
            self._to = (server_url, link.authority)
        return self._client
