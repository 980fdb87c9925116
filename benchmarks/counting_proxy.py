"""A proxy that counts the bytes of both directions, in a process of its own.

    python -m benchmarks.counting_proxy PORT

First line on stdout: the port it listens on. Every line on stdin is answered by the number of
bytes since the last one.
"""

from __future__ import annotations

import asyncio
import sys
from contextlib import suppress
from typing import Any

_CHUNK = 256 * 1024


class Counted:
    """Bytes that went by."""

    bytes = 0

    async def pass_on(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        """Carry one direction until its end."""
        with suppress(ConnectionError):
            while chunk := await source.read(_CHUNK):
                self.bytes += len(chunk)
                sink.write(chunk)
                await sink.drain()
        with suppress(ConnectionError):
            sink.close()


async def run(port: int) -> None:
    """Listen until stdin ends."""
    counted = Counted()

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        onward, back = await asyncio.open_connection("127.0.0.1", port, limit=_CHUNK)
        await asyncio.gather(counted.pass_on(reader, back), counted.pass_on(onward, writer))

    server = await asyncio.start_server(carry, "127.0.0.1", 0, limit=_CHUNK)
    _say(server.sockets[0].getsockname()[1])
    loop = asyncio.get_running_loop()
    while await loop.run_in_executor(None, sys.stdin.readline):
        _say(counted.bytes)
        counted.bytes = 0
    server.close()


def _say(what: Any) -> None:
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(run(int(sys.argv[1])))
