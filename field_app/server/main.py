"""`field-app serve`: the server as a process, from its port to its last request."""

from __future__ import annotations

import json
import signal
import socket
import sys
from collections.abc import Callable

import uvicorn

from field_app.collector import collect_seldom
from field_app.domain.errors import PortBusy
from field_app.server.app import create_app
from field_app.server.core import open_core
from field_app.settings import ServerSettings

STOP_SECONDS = 10
"""How long requests under way may take to end when the server is stopped."""
BACKLOG = 512


def serve(settings: ServerSettings) -> None:
    """Serve until SIGINT or SIGTERM; says on stdout, in one line of JSON, when it is ready.

    Raises:
        PortBusy: another program listens on the port.
        DatabaseUnreachable, DatabaseNewer: the database cannot be used.
        ServerError: the organisation's key cannot be read.
    """
    listening = take_port(settings.host, settings.port)
    try:
        core = open_core(settings)
        core.puller.warm_up()
        collect_seldom()
        try:
            run(create_app(core), listening, settings.host, core.waiting.close)
        finally:
            core.database.close()
    finally:
        listening.close()


def take_port(host: str, port: int) -> socket.socket:
    """Listen on a port; 0 takes any free one.

    Raises:
        PortBusy: it cannot be had.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(BACKLOG)
    except OSError:
        listening.close()
        raise PortBusy("port", port=port) from None
    return listening


def run(app: object, listening: socket.socket, host: str, on_stop: Callable[[], None]) -> None:
    """Serve an application on a socket until a signal asks to stop.

    `on_stop` is called at once then, on the event loop, before requests under way are waited for.
    """
    config = uvicorn.Config(
        app,  # type: ignore[arg-type]  # any ASGI application
        log_config=None,
        access_log=False,  # the application's own tells routes, never ids
        server_header=False,
        timeout_graceful_shutdown=STOP_SECONDS,
    )
    port = listening.getsockname()[1]
    # uvicorn raises the signal anew once it has stopped: an asked-for end is not a failure.
    before = signal.signal(signal.SIGTERM, lambda *_: None)
    try:
        _Announced(config, f"http://{host}:{port}", on_stop).run(sockets=[listening])
    finally:
        signal.signal(signal.SIGTERM, before)


class _Announced(uvicorn.Server):
    """Says where it is as soon as it answers, and lets waiting devices go when it stops."""

    def __init__(self, config: uvicorn.Config, url: str, on_stop: Callable[[], None]) -> None:
        super().__init__(config)
        self._url = url
        self._on_stop = on_stop

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            sys.stdout.write(json.dumps({"ready": True, "url": self._url}) + "\n")
            sys.stdout.flush()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._on_stop()
        await super().shutdown(sockets)
