"""The app in a browser: no cookie, no app; no other page, no other name, nothing from elsewhere."""

from __future__ import annotations

import asyncio
import socket
from importlib import import_module
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket

from field_app.domain.errors import PortBusy
from field_app.settings import AppSettings
from field_app.views.browser_files import (
    FALLBACK_FONTS,
    FONTS,
    font_manifest,
    local_files,
    with_local_script,
)
from field_app.views.serve import browser_settings, take_port
from field_app.views.web import (
    Gate,
    GateSettings,
    content_security_policy,
    control_routes,
    script_hashes,
)

PORT = 8471
ORIGIN = f"http://127.0.0.1:{PORT}"
TOKEN = "launch-token-of-a-test"
SETTINGS = GateSettings(PORT, TOKEN, embed_origin="http://127.0.0.1:8600", refused="Not here.")
CLOSED_BY_GATE = 4403


class Switch:
    """Remembers what the launcher asked for."""

    def __init__(self) -> None:
        """Nothing asked yet."""
        self.asked: list[bool] = []

    async def set_offline(self, offline: bool) -> None:
        """Remember."""
        self.asked.append(offline)


@pytest.fixture
def switch() -> Switch:
    """The demo's switch."""
    return Switch()


class Visitor:
    """A browser before the gate: it keeps cookies and follows nothing."""

    def __init__(self, app: ASGIApp) -> None:
        """Come with an empty jar."""
        self._app = app
        self.cookies: dict[str, str] = {}

    def request(
        self,
        method: str,
        path: str,
        headers: dict[str, str] | None = None,
        json: object | None = None,
    ) -> httpx.Response:
        """Ask once."""

        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(app=self._app)
            async with httpx.AsyncClient(
                transport=transport, base_url=ORIGIN, cookies=self.cookies
            ) as client:
                return await client.request(method, path, headers=headers, json=json)

        return asyncio.run(ask())

    def get(self, path: str, headers: dict[str, str] | None = None) -> httpx.Response:
        """Ask for a page."""
        return self.request("GET", path, headers)

    def connect(self, origin: str) -> list[Message]:
        """Open a WebSocket; returns what the server sent."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"host": f"127.0.0.1:{PORT}", "cookie": cookies, "origin": origin}
        scope: Scope = {
            "type": "websocket",
            "path": "/ws",
            "raw_path": b"/ws",
            "root_path": "",
            "query_string": b"",
            "scheme": "ws",
            "headers": [(n.encode(), v.encode()) for n, v in headers.items() if v],
            "subprotocols": [],
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", PORT),
        }
        sent: list[Message] = []

        async def receive() -> Message:
            return {"type": "websocket.connect"}

        async def send(message: Message) -> None:
            sent.append(message)

        asyncio.run(self._run(scope, receive, send))
        return sent

    async def _run(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)


@pytest.fixture
def browser(switch: Switch) -> Visitor:
    """A browser before the gate; behind it a page, an API documentation and a WebSocket."""
    app = FastAPI()
    app.include_router(control_routes("control-token", switch.set_offline))
    app.include_router(local_files())

    @app.get("/page", response_class=HTMLResponse)
    async def page() -> HTMLResponse:
        return HTMLResponse(
            "<html><head></head><script>let a = 1;</script></html>",
            headers={"Access-Control-Allow-Origin": "*", "Cache-Control": "max-age=99"},
        )

    @app.websocket("/ws")
    async def say(websocket: WebSocket) -> None:
        await websocket.accept()
        await websocket.send_text("in")
        await websocket.close()

    return Visitor(Gate(app, SETTINGS))


def launch(browser: Visitor) -> None:
    """Open the launch link."""
    answer = browser.get(f"/?launch={TOKEN}")
    assert answer.status_code == 303
    browser.cookies[SETTINGS.cookie] = answer.cookies[SETTINGS.cookie]


def test_without_the_link_there_is_no_app(browser: Visitor) -> None:
    answer = browser.get("/page")
    assert answer.status_code == 403
    assert answer.text == "Not here."


def test_the_link_gives_a_strict_cookie_and_leaves_the_address(browser: Visitor) -> None:
    answer = browser.get(f"/page?launch={TOKEN}")
    cookie = answer.headers["set-cookie"]
    assert answer.headers["location"] == "/page"
    assert "HttpOnly" in cookie
    assert "samesite=strict" in cookie.lower()
    assert TOKEN not in cookie
    assert answer.headers["referrer-policy"] == "no-referrer"


def test_a_wrong_link_or_cookie_opens_nothing(browser: Visitor) -> None:
    assert browser.get("/page?launch=guess").status_code == 403
    browser.cookies[SETTINGS.cookie] = TOKEN
    assert browser.get("/page").status_code == 403


def test_two_apps_on_one_machine_do_not_share_a_cookie() -> None:
    assert GateSettings(1, "t").cookie != GateSettings(2, "t").cookie


def test_with_the_cookie_the_page_comes_with_its_policy(browser: Visitor) -> None:
    launch(browser)
    answer = browser.get("/page")
    policy = answer.headers["content-security-policy"]
    assert answer.status_code == 200
    assert "default-src 'none'" in policy
    assert "frame-ancestors http://127.0.0.1:8600" in policy
    assert script_hashes(b"<script>let a = 1;</script>")[0] in policy
    assert "unsafe-inline" not in policy.split("script-src")[1].split(";")[0]
    assert answer.headers["cache-control"] == "no-store"
    assert "access-control-allow-origin" not in answer.headers
    assert int(answer.headers["content-length"]) == len(answer.content)


@pytest.mark.parametrize(
    "path", ["/docs", "/redoc", "/openapi.json", "/oauth_callback", "/upload", "/docs/oauth2"]
)
def test_what_flet_would_show_by_itself_is_not_there(browser: Visitor, path: str) -> None:
    launch(browser)
    assert browser.get(path).status_code == 404


def test_another_name_for_this_address_is_refused(browser: Visitor) -> None:
    launch(browser)
    answer = browser.get("/page", headers={"host": f"rebound.example:{PORT}"})
    assert answer.status_code == 421


def test_health_needs_no_cookie_and_says_nothing_else(browser: Visitor) -> None:
    answer = browser.get("/health")
    assert answer.json() == {"ok": True}


@pytest.mark.parametrize(
    ("origin", "with_cookie", "let_in"),
    [
        (ORIGIN, True, True),
        (f"http://localhost:{PORT}", True, True),
        (ORIGIN, False, False),
        ("http://127.0.0.1:9999", True, False),
        ("http://127.0.0.1:8600", True, False),
        ("https://evil.example", True, False),
        ("null", True, False),
        ("", True, False),
    ],
)
def test_a_websocket_needs_the_cookie_and_this_very_origin(
    browser: Visitor, origin: str, with_cookie: bool, let_in: bool
) -> None:
    if with_cookie:
        launch(browser)
    sent = browser.connect(origin)
    if let_in:
        assert [message["type"] for message in sent][:2] == ["websocket.accept", "websocket.send"]
    else:
        assert sent == [{"type": "websocket.close", "code": CLOSED_BY_GATE}]


def test_the_demo_switch_needs_its_own_secret(browser: Visitor, switch: Switch) -> None:
    def post(secret: str, body: object) -> int:
        headers = {"authorization": f"Bearer {secret}"} if secret else None
        return browser.request("POST", "/control/offline", headers, body).status_code

    assert post("", {"offline": True}) == 403
    assert post(TOKEN, {"offline": True}) == 403
    assert post("control-token", {"x": 1}) == 422
    assert post("control-token", {"offline": True}) == 200
    assert switch.asked == [True]


def test_no_frame_may_show_the_app_unless_one_is_named() -> None:
    assert "frame-ancestors 'none'" in content_security_policy(GateSettings(PORT, "t"), ())


def test_the_policy_names_no_other_host() -> None:
    policy = content_security_policy(GateSettings(PORT, "t"), ())
    hosts = {word for word in policy.replace(";", " ").split() if "//" in word}
    assert hosts == {f"ws://127.0.0.1:{PORT}", f"ws://localhost:{PORT}"}


# Files in place of what the client would fetch elsewhere


def test_every_font_of_the_manifest_and_of_the_fallback_is_here(browser: Visitor) -> None:
    launch(browser)
    for family in font_manifest():
        for font in family["fonts"] if isinstance(family["fonts"], list) else []:
            if "Roboto" in font["asset"]:
                assert browser.get(f"/assets/{font['asset']}").content.startswith(b"wOF2")
    for family_name, file in FALLBACK_FONTS.items():
        assert (FONTS / file).read_bytes().startswith(b"wOF2")
        assert browser.get(f"/assets/fonts/{family_name}/v1/any.woff2").status_code == 200


def test_unknown_fonts_and_ways_out_of_the_folder_are_not_found(browser: Visitor) -> None:
    launch(browser)
    assert browser.get("/assets/fonts/notosansklingon/v1/x.woff2").status_code == 404
    assert browser.get("/assets/fonts/Roboto-..%2Fsecret.woff2").status_code == 404
    assert browser.get("/assets/fonts/Roboto-Thin.woff2").status_code == 404


def test_flets_engine_knows_the_fallback_families() -> None:
    folder = import_module("flet_web").get_package_web_dir()
    client = Path(folder, "main.dart.js").read_text(encoding="utf-8")
    for family in FALLBACK_FONTS:
        assert f'"{family}/v' in client, f"{family}: the engine's name for it has changed"


def test_the_local_script_comes_before_every_other() -> None:
    html = with_local_script(b"<html><head><script>1</script></head></html>")
    assert html.index(b"/stay_local.js") < html.index(b"<script>1")


# Starting


def test_a_busy_port_is_told_as_such() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(PortBusy):
            take_port(other.getsockname()[1])


def test_port_zero_takes_a_free_one() -> None:
    with take_port(0) as listening:
        assert listening.getsockname()[0] == "127.0.0.1"
        assert listening.getsockname()[1] > 0


def test_empty_secrets_are_none_and_their_values_stay_out_of_reprs(tmp_path: Path) -> None:
    plain = browser_settings(AppSettings(data=tmp_path))
    assert (plain.launch_token, plain.embed_origin, plain.control_token) == (None, None, None)
    assert TOKEN not in repr(AppSettings(data=tmp_path, launch_token=TOKEN, control_token=TOKEN))
