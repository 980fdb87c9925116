"""A network that misbehaves: an HTTP proxy on this machine between devices and servers.

It reads a whole request, decides by its dice what becomes of it, and carries it or not. What it
damages, it damages so that every reader sees it: on a real line TLS finds a changed byte.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

FAULTS = (
    "refused",
    "request_lost",
    "request_cut",
    "request_damaged",
    "request_twice",
    "request_late",
    "answer_lost",
    "answer_cut",
    "answer_damaged",
    "delayed",
    "portal",
    "redirect",
    "other_type",
)
"""What can become of one request; see `FaultProxy`."""
PORTAL = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nConnection: close\r\n\r\n"
    b"<html><title>Free Wi-Fi</title><form>Room number</form></html>"
)
REDIRECT = (
    b"HTTP/1.1 302 Found\r\nLocation: http://login.wifi.example/\r\nContent-Length: 0\r\n"
    b"Connection: close\r\n\r\n"
)
OTHER_TYPE = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n"
    b"Connection: close\r\n\r\nok"
)
_INSTEAD = {"portal": PORTAL, "redirect": REDIRECT, "other_type": OTHER_TYPE}
_NOISE = b"\xff" * 24
_READ_SECONDS = 60.0


@dataclass
class Network:
    """How bad the network is now; changed while it works."""

    faults: Mapping[str, float] = field(default_factory=dict)
    """{fault: share of the requests it happens to}; they add up to at most 1."""
    bytes_per_second: int = 0
    """Of each direction; 0: as fast as it goes."""
    latency: float = 0.0
    """Seconds before a request goes on."""
    answer_bytes_max: int = 0
    """The line breaks off after so many bytes of an answer; 0: it lasts."""
    delay_max: float = 2.0
    """Of a "delayed" request, and of one that comes once more, "late", in seconds."""


class FaultProxy:
    """Listens on a port of its own and forwards to one of the servers, if it forwards."""

    def __init__(self, upstreams: Callable[[], Sequence[int]], seed: int) -> None:
        """Forward to the ports that `upstreams` names at that moment."""
        self.network = Network()
        self.happened: Counter[str] = Counter()
        self.requests = 0
        self.port = 0
        self._upstreams = upstreams
        self._dice = random.Random(seed)
        self._server: asyncio.Server | None = None
        self._under_way: set[asyncio.Task[None]] = set()

    async def start(self) -> int:
        """Listen; returns the port."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self.port

    async def stop(self) -> None:
        """Listen no more, and forget what is under way."""
        if self._server is not None:
            self._server.close()
        for task in self._under_way:
            task.cancel()
        if self._under_way:
            await asyncio.wait(self._under_way)

    async def at_rest(self) -> None:
        """Wait until nothing is on its way any more, also of devices that died meanwhile."""
        while self._under_way:
            await asyncio.wait(self._under_way)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        fault = self._draw()
        self._keep(asyncio.current_task())
        try:
            if fault != "refused":
                await self._carry(fault, reader, writer)
        except (OSError, asyncio.IncompleteReadError, TimeoutError, ValueError):
            pass  # one end is gone: so is the other
        finally:
            writer.close()

    async def _carry(
        self, fault: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        request = await asyncio.wait_for(self._request(reader), _READ_SECONDS)
        self.requests += 1
        await asyncio.sleep(self.network.latency)
        if fault == "delayed":
            await asyncio.sleep(self._dice.random() * self.network.delay_max)
        if fault == "request_lost":
            return
        if fault in _INSTEAD:
            await self._send(writer, _INSTEAD[fault])
            return
        if fault == "request_cut":
            await self._send_part(request)
            return
        asked = _damaged(request, self._dice) if fault == "request_damaged" else request
        answer = await self._answer(asked, reader)
        if fault == "request_twice":
            answer = await self._answer(request, reader)
        if fault == "request_late":
            self._send_later(request)
        longest = self.network.answer_bytes_max
        if fault == "answer_lost":
            return
        if longest and len(answer) > longest:
            self.happened["answer_too_long"] += 1
            answer = answer[:longest]
        if fault == "answer_cut":
            answer = answer[: self._dice.randrange(1, max(2, len(answer)))]
        if fault == "answer_damaged":
            answer = _damaged(answer, self._dice)
        await self._send(writer, answer)

    def _draw(self) -> str:
        drawn = self._dice.random()
        for fault, share in self.network.faults.items():
            drawn -= share
            if drawn < 0:
                self.happened[fault] += 1
                return fault
        return ""

    async def _request(self, reader: asyncio.StreamReader) -> bytes:
        head = await reader.readuntil(b"\r\n\r\n")
        length = 0
        for line in head.split(b"\r\n"):
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        body = bytearray()
        while len(body) < length:
            piece = await reader.read(min(self._piece, length - len(body)))
            if not piece:
                raise asyncio.IncompleteReadError(bytes(body), length)
            body += piece
            await self._pace(len(piece))
        first, _, rest = head.partition(b"\r\n")
        kept = [line for line in rest.split(b"\r\n") if not line.lower().startswith(b"connection")]
        return first + b"\r\nConnection: close\r\n" + b"\r\n".join(kept) + bytes(body)

    async def _answer(self, request: bytes, device: asyncio.StreamReader | None = None) -> bytes:
        """What one of the servers says; nothing when it is dead, or the device hung up."""
        ports = self._upstreams()
        if not ports:
            return b""
        reader, writer = await asyncio.open_connection("127.0.0.1", self._dice.choice(ports))
        answering = asyncio.ensure_future(reader.read(-1))
        waiting: set[asyncio.Future[bytes]] = {answering}
        if device is not None:
            waiting.add(asyncio.ensure_future(device.read(1)))
        try:
            writer.write(request)
            await writer.drain()
            await asyncio.wait(waiting, timeout=_READ_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            return await answering if answering.done() else b""
        finally:
            for task in waiting:
                task.cancel()
            writer.close()

    async def _send_part(self, request: bytes) -> None:
        """Break off in the middle of a request."""
        ports = self._upstreams()
        if ports:
            _, writer = await asyncio.open_connection("127.0.0.1", self._dice.choice(ports))
            writer.write(request[: self._dice.randrange(1, len(request))])
            writer.close()

    async def _send(self, writer: asyncio.StreamWriter, answer: bytes) -> None:
        for start in range(0, len(answer), self._piece):
            piece = answer[start : start + self._piece]
            writer.write(piece)
            await writer.drain()
            await self._pace(len(piece))

    def _send_later(self, request: bytes) -> None:
        async def later() -> None:
            await asyncio.sleep(self._dice.random() * self.network.delay_max)
            with suppress(OSError, TimeoutError):
                await self._answer(request)

        self._keep(asyncio.get_running_loop().create_task(later()))

    def _keep(self, task: asyncio.Task[None] | None) -> None:
        if task is not None:
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)

    @property
    def _piece(self) -> int:
        rate = self.network.bytes_per_second
        return max(64, rate // 20) if rate else 65536

    async def _pace(self, size: int) -> None:
        if self.network.bytes_per_second:
            await asyncio.sleep(size / self.network.bytes_per_second)


def _damaged(message: bytes, dice: random.Random) -> bytes:
    """Noise in the body, of the same length: no reader takes it for what was sent."""
    head, gap, body = message.partition(b"\r\n\r\n")
    if not body:
        return message
    start = dice.randrange(len(body))
    noise = _NOISE[: len(body) - start]
    return head + gap + body[:start] + noise + body[start + len(noise) :]
