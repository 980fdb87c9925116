"""The demo's page: three apps in frames, a switch for each, and no secret of theirs."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from field_app.demo.page import Framed, page_app

PORT = 8600
PIN = "246135"
HOST = f"http://127.0.0.1:{PORT}"
APPS = "http://127.0.0.1:900"
FRAMES = (
    Framed(
        "social_instructor",
        "Aino Esimerkki",
        "social_instructor",
        True,
        f"{HOST[:-4]}9001/?launch=one",
    ),
    Framed("nurse", "Veikko <b>Harjoitus</b>", "nurse", True, f"{HOST[:-4]}9002/?launch=two"),
    Framed("coordinator", "Johanna Kuvitelma", "lead", False, f"{HOST[:-4]}9003/?launch=three"),
)


@dataclass(frozen=True)
class Client:
    """A browser without a browser: one request at a time."""

    app: FastAPI
    base_url: str = HOST

    def get(self, path: str) -> httpx.Response:
        return self._ask("GET", path)

    def post(self, path: str, **how: Any) -> httpx.Response:
        return self._ask("POST", path, **how)

    def _ask(self, method: str, path: str, **how: Any) -> httpx.Response:
        async def asked() -> httpx.Response:
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport, base_url=self.base_url) as client:
                return await client.request(method, path, **how)

        return asyncio.run(asked())


class Switches:
    """What the page's server was asked to switch."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, bool]] = []

    async def __call__(self, name: str, offline: bool) -> None:
        self.asked.append((name, offline))


@pytest.fixture
def switches() -> Switches:
    return Switches()


@pytest.fixture
def client(switches: Switches) -> Client:
    return Client(page_app(FRAMES, PIN, PORT, switches, None))


def test_each_app_has_a_frame_a_title_and_its_pin(client: Client) -> None:
    page = client.get("/").text
    assert page.count("<iframe") == 3
    assert page.count(PIN) == 3
    for title in ("Aino Esimerkki, sosiaaliohjaaja", "Johanna Kuvitelma, johtava sosiaaliohjaaja"):
        assert f'title="{title}"' in page


def test_two_of_them_are_phones_and_one_is_a_desk(client: Client) -> None:
    page = client.get("/").text
    assert page.count('class="device phone"') == 2
    assert page.count('class="device desk"') == 1


def test_names_cannot_bring_markup_with_them(client: Client) -> None:
    page = client.get("/").text
    assert "<b>Harjoitus" not in page
    assert "Veikko &lt;b&gt;Harjoitus" in page


def test_nothing_may_be_loaded_but_the_three_apps_and_the_pages_own_script(
    client: Client,
) -> None:
    answer = client.get("/")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-src http://127.0.0.1:9001 http://127.0.0.1:9002 http://127.0.0.1:9003;" in policy
    (nonce,) = set(re.findall(r'nonce="([^"]+)"', answer.text))
    assert f"script-src 'nonce-{nonce}'" in policy
    assert client.get("/").headers["content-security-policy"] != policy


@pytest.mark.parametrize(
    ("language", "says"),
    [("fi", "Katkaise verkko"), ("sv", "Bryt nätet"), ("en", "Cut the network")],
)
def test_the_page_speaks_three_languages(client: Client, language: str, says: str) -> None:
    page = client.get(f"/?lang={language}").text
    assert f'<html lang="{language}">' in page
    assert says in page
    assert page.count("/?lang=") == 2, "a link to each of the others"


def test_an_unknown_language_is_finnish(client: Client) -> None:
    assert '<html lang="fi">' in client.get("/?lang=%3Cscript%3E").text


def test_another_name_for_this_machine_leads_to_the_one_the_cookies_know(
    switches: Switches,
) -> None:
    app = page_app(FRAMES, PIN, PORT, switches, None)
    answer = Client(app, f"http://localhost:{PORT}").get("/")
    assert answer.status_code == 307
    assert answer.headers["location"] == f"{HOST}/"


def test_a_switch_reaches_its_app_and_the_page_remembers_it(
    client: Client, switches: Switches
) -> None:
    answer = client.post("/offline/nurse", json={"offline": True}, headers={"origin": HOST})
    assert answer.json() == {"offline": True}
    assert switches.asked == [("nurse", True)]
    page = client.get("/").text
    assert 'data-device="nurse" aria-pressed="true"' in page
    assert page.count('" aria-pressed="false"') == 2
    client.post("/offline/nurse", json={"offline": False}, headers={"origin": HOST})
    assert switches.asked[-1] == ("nurse", False)
    assert client.get("/").text.count('" aria-pressed="false"') == 3


@pytest.mark.parametrize("origin", ["", "http://evil.example", f"http://localhost:{PORT}"])
def test_no_other_page_can_press_a_switch(client: Client, switches: Switches, origin: str) -> None:
    answer = client.post("/offline/nurse", json={"offline": True}, headers={"origin": origin})
    assert answer.status_code == 403
    assert switches.asked == []


def test_a_device_that_is_not_there_cannot_be_switched(client: Client, switches: Switches) -> None:
    answer = client.post("/offline/server", json={"offline": True}, headers={"origin": HOST})
    assert answer.status_code == 403
    assert switches.asked == []


@pytest.mark.parametrize("wanted", [{}, [], {"offline": "yes"}, {"offline": 1}])
def test_a_switch_is_on_or_off(client: Client, switches: Switches, wanted: object) -> None:
    answer = client.post("/offline/nurse", json=wanted, headers={"origin": HOST})
    assert answer.status_code == 422
    assert switches.asked == []
