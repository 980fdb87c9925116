"""Serve the app to a browser of this machine: one person's own process on the loopback.

Desk only: what it imports is on no phone.
"""

from __future__ import annotations

import asyncio
import secrets
import signal
import socket
from collections.abc import Callable
from dataclasses import dataclass

import uvicorn

from field_app.domain.errors import PortBusy
from field_app.locale import Translator
from field_app.settings import AppSettings
from field_app.views.app import AppParts
from field_app.views.opening import ASSETS, page_opener
from field_app.views.runtime import Gate, Runtime
from field_app.views.web import LAUNCH_PARAMETER, GateSettings, control_routes, create_web_app

HOST = "127.0.0.1"


@dataclass(frozen=True)
class BrowserSettings:
    """How the app is served to a browser.

    Attributes:
        port: A TCP port of the loopback; 0 takes a free one.
        launch_token: The secret of the launch link; None makes one.
        embed_origin: The page that may show the app in a frame, e.g. "http://127.0.0.1:8600".
        control_token: Opens the demo launcher's control endpoint; None keeps it shut.
    """

    port: int
    launch_token: str | None = None
    embed_origin: str | None = None
    control_token: str | None = None


def browser_settings(settings: AppSettings) -> BrowserSettings:
    """The part of the app's settings that says how it is served."""
    return BrowserSettings(
        port=settings.port,
        launch_token=settings.launch_token or None,
        embed_origin=settings.embed_origin or None,
        control_token=settings.control_token or None,
    )


def serve(
    parts: AppParts, settings: BrowserSettings, ready: Callable[[str], None] | None = None
) -> None:
    """Serve the app to this machine's browsers until SIGINT or SIGTERM; the store is closed then.

    Args:
        parts: What the app is made of.
        settings: Port and secrets.
        ready: Gets the launch link once the store is open and the port is taken.

    Raises:
        PortBusy: another program holds the port.
        StoreError: the store cannot be used: by another program, from a newer version, damaged.
    """
    with take_port(settings.port) as listening:
        _serve_on(listening, parts, settings, ready)


def _serve_on(
    listening: socket.socket,
    parts: AppParts,
    settings: BrowserSettings,
    ready: Callable[[str], None] | None,
) -> None:
    port = listening.getsockname()[1]
    words = Translator(parts.language)
    gate = GateSettings(
        port=port,
        launch_token=settings.launch_token or secrets.token_urlsafe(32),
        embed_origin=settings.embed_origin,
        refused=words.t("web.refused"),
    )
    control = (
        control_routes(settings.control_token, parts.runtime.set_offline)
        if settings.control_token
        else None
    )
    web_app = create_web_app(
        page_opener(parts),
        gate,
        assets_dir=str(ASSETS),
        name=words.t("app.name"),
        control=control,
    )
    config = uvicorn.Config(
        web_app, log_level="warning", access_log=False, ws="websockets-sansio", server_header=False
    )
    link = f"http://{HOST}:{port}/?{LAUNCH_PARAMETER}={gate.launch_token}"
    server, asked = uvicorn.Server(config), []

    def stop(number: int, _: object) -> None:
        # uvicorn raises a signal anew once it has stopped; before it serves, it is here alone.
        asked.append(number)
        server.should_exit = True

    before = {one: signal.signal(one, stop) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        asyncio.run(_until_stopped(server, listening, parts.runtime, link, ready))
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
    if signal.SIGINT in asked:
        raise KeyboardInterrupt


async def _until_stopped(
    server: uvicorn.Server,
    listening: socket.socket,
    runtime: Runtime,
    link: str,
    ready: Callable[[str], None] | None,
) -> None:
    # Before anyone is told where the page is: a store that cannot be used ends the command.
    if runtime.gate is Gate.OPENING:
        await runtime.open()
    try:
        if ready is not None:
            ready(link)
        await server.serve(sockets=[listening])
    finally:
        await runtime.close()


def take_port(port: int) -> socket.socket:
    """A listening socket on the loopback.

    Raises:
        PortBusy: another program holds the port.
    """
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
        listening.listen(64)
    except OSError as error:
        listening.close()
        raise PortBusy(f"cannot listen on {port}: {error.strerror}", port=port) from None
    return listening
