"""The app in a browser: one person's own process on the loopback, behind a gate.

Whoever holds the launch link gets a cookie; everything else, WebSockets above all, needs it. The
gate also stops other web pages (Origin), other names for this address (Host), and what Flet's
sub-app would show by itself (API documentation).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

import fastapi
import flet_web.fastapi as flet_web  # type: ignore[import-untyped]
from fastapi.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.requests import HTTPConnection, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from field_app.views.browser_files import local_files, with_local_script

_HIDDEN_PATHS = re.compile(r"^/(docs|redoc|openapi\.json|oauth_callback|upload)(/|$)")
_INLINE_SCRIPT = re.compile(rb"<script>(.*?)</script>", re.DOTALL)
LAUNCH_PARAMETER = "launch"


@dataclass(frozen=True)
class GateSettings:
    """What the gate lets in.

    Attributes:
        port: The port served; other names than 127.0.0.1 and localhost are refused.
        launch_token: The secret in the launch link.
        embed_origin: The one other origin that may show the app in a frame, or None.
        refused: The sentence for someone without the link.
    """

    port: int
    launch_token: str
    embed_origin: str | None = None
    refused: str = "Open the app from its own link."

    @property
    def hosts(self) -> frozenset[str]:
        """The names this process answers to."""
        return frozenset({f"127.0.0.1:{self.port}", f"localhost:{self.port}"})

    @property
    def cookie(self) -> str:
        """The cookie's name; cookies know no ports, so the name carries it."""
        return f"rinnalla_{self.port}"


class Gate:
    """ASGI middleware: no cookie, no app."""

    def __init__(self, app: ASGIApp, settings: GateSettings) -> None:
        """Put the gate before `app`; every process makes its own cookie secret."""
        self._app = app
        self._settings = settings
        self._secret = secrets.token_urlsafe(32)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request in, answer it here, or refuse it."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        if scope["type"] == "websocket":
            await self._websocket(connection, scope, receive, send)
        else:
            answer = self._answer(connection, scope)
            if answer is not None:
                await answer(scope, receive, send)
            else:
                await self._app(scope, receive, self._with_headers(send))

    async def _websocket(
        self, connection: HTTPConnection, scope: Scope, receive: Receive, send: Send
    ) -> None:
        origin = connection.headers.get("origin", "")
        own = origin in {f"http://{host}" for host in self._settings.hosts}
        if own and self._known_host(connection) and self._has_cookie(connection):
            await self._app(scope, receive, _until_gone(send))
            return
        await receive()
        await send({"type": "websocket.close", "code": 4403})

    def _answer(self, connection: HTTPConnection, scope: Scope) -> Response | None:
        """The gate's own answer, or None when the app should answer."""
        path: str = scope["path"]
        if path == "/health":
            return JSONResponse({"ok": True}, headers={"Cache-Control": "no-store"})
        if path.startswith("/control/"):
            return None  # it has a secret of its own
        if not self._known_host(connection):
            return PlainTextResponse("", status_code=421)
        given = parse_qs(scope["query_string"].decode("ascii", "replace")).get(LAUNCH_PARAMETER)
        if given and _same(given[0], self._settings.launch_token):
            return self._admit(path)
        if not self._has_cookie(connection):
            return self._refuse()
        if _HIDDEN_PATHS.match(path):
            return PlainTextResponse("", status_code=404)
        return None

    def _admit(self, path: str) -> Response:
        answer = RedirectResponse(path, status_code=303)
        answer.set_cookie(self._settings.cookie, self._secret, httponly=True, samesite="strict")
        for name, value in self._fixed_headers():
            answer.headers[name] = value
        return answer

    def _refuse(self) -> Response:
        return PlainTextResponse(
            self._settings.refused, status_code=403, headers=dict(self._fixed_headers())
        )

    def _known_host(self, connection: HTTPConnection) -> bool:
        return connection.headers.get("host", "") in self._settings.hosts

    def _has_cookie(self, connection: HTTPConnection) -> bool:
        return _same(connection.cookies.get(self._settings.cookie, ""), self._secret)

    def _fixed_headers(self) -> list[tuple[str, str]]:
        return [
            ("Cache-Control", "no-store"),
            ("Referrer-Policy", "no-referrer"),
            ("X-Content-Type-Options", "nosniff"),
            ("Cross-Origin-Resource-Policy", "same-origin"),
        ]

    def _with_headers(self, send: Send) -> Send:
        """Add the headers; an HTML answer is held back until its scripts are known."""
        held: list[Message] = []

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = [pair for pair in message["headers"] if _kept(pair[0])]
                headers += [(n.encode(), v.encode()) for n, v in self._fixed_headers()]
                message = {**message, "headers": headers}
                if _is_html(headers):
                    held.append(message)
                    return
                await send(_with_csp(message, self._policy(())))
                return
            if not held:
                await send(message)
                return
            held.append(message)
            if not message.get("more_body", False):
                body = b"".join(part.get("body", b"") for part in held[1:])
                start = _with_length(held[0], body := with_local_script(body))
                await send(_with_csp(start, self._policy(script_hashes(body))))
                await send({"type": "http.response.body", "body": body})

        return sending

    def _policy(self, hashes: tuple[str, ...]) -> str:
        return content_security_policy(self._settings, hashes)


def content_security_policy(settings: GateSettings, hashes: tuple[str, ...]) -> str:
    """The policy: everything from here, nothing from elsewhere, framed by one page at most."""
    sockets = " ".join(f"ws://{host}" for host in sorted(settings.hosts))
    inline = "".join(f" '{each}'" for each in hashes)
    ancestors = settings.embed_origin or "'none'"
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' blob: 'wasm-unsafe-eval'{inline}",
            "style-src 'self' 'unsafe-inline'",
            f"connect-src 'self' data: blob: {sockets}",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "worker-src 'self' blob:",
            "manifest-src 'self'",
            "base-uri 'self'",
            "form-action 'none'",
            f"frame-ancestors {ancestors}",
        )
    )


def script_hashes(html: bytes) -> tuple[str, ...]:
    """The CSP source of each inline script of a page."""
    digests = (hashlib.sha256(each).digest() for each in _INLINE_SCRIPT.findall(html))
    return tuple("sha256-" + base64.b64encode(each).decode() for each in digests)


def create_web_app(
    main: Callable[[Any], Any],
    settings: GateSettings,
    *,
    assets_dir: str,
    name: str,
    control: fastapi.APIRouter | None = None,
) -> ASGIApp:
    """The ASGI app: the gate, and behind it Flet serving `main` with everything local."""

    @asynccontextmanager
    async def lifespan(_: fastapi.FastAPI) -> AsyncIterator[None]:
        # The lifespan of a mounted app never runs: Flet's manager is started here.
        await flet_web.app_manager.start()
        yield
        await flet_web.app_manager.shutdown()

    outer = fastapi.FastAPI(lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    outer.include_router(local_files())
    if control is not None:
        outer.include_router(control)
    outer.mount("/", flet_web.app(main, no_cdn=True, assets_dir=assets_dir, app_name=name))
    return Gate(outer, settings)


def control_routes(token: str, set_offline: Callable[[bool], Any]) -> fastapi.APIRouter:
    """The demo launcher's switch: `POST /control/offline {"offline": true}` with its token."""
    routes = fastapi.APIRouter()

    @routes.post("/control/offline")
    async def offline(request: Request) -> Response:
        if not _same(request.headers.get("authorization", ""), f"Bearer {token}"):
            return PlainTextResponse("", status_code=403)
        wanted = await request.json()
        if not isinstance(wanted, dict) or not isinstance(wanted.get("offline"), bool):
            return PlainTextResponse("", status_code=422)
        await set_offline(wanted["offline"])
        return JSONResponse({"offline": wanted["offline"]})

    return routes


def _until_gone(send: Send) -> Send:
    """Drop what is sent to a browser that left; Flet would not end its session otherwise."""

    async def sending(message: Message) -> None:
        with suppress(OSError):
            await send(message)

    return sending


def _same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode(), expected.encode())


def _kept(name: bytes) -> bool:
    """Flet allows every origin, and lets static files be cached: both are dropped."""
    return name.lower() not in (b"access-control-allow-origin", b"cache-control")


def _is_html(headers: list[tuple[bytes, bytes]]) -> bool:
    return any(n.lower() == b"content-type" and v.startswith(b"text/html") for n, v in headers)


def _with_length(message: Message, body: bytes) -> Message:
    kept = [pair for pair in message["headers"] if pair[0].lower() != b"content-length"]
    return {**message, "headers": [*kept, (b"content-length", str(len(body)).encode())]}


def _with_csp(message: Message, policy: str) -> Message:
    header = (b"content-security-policy", policy.encode())
    return {**message, "headers": [*message["headers"], header]}
