"""Waiting requests over real HTTP: who is told, of what, and what it costs to wait."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from field_app.server import waiting as room
from field_app.server.core import Core
from field_app.sync.waiting import WAIT_SECONDS_MAX, WaitRequest
from tests.server.office import Office, Phone, about

SOON_SECONDS = 3.0
Elsewhere = Callable[..., Future[httpx.Response]]


def up_to_date(office: Office, worker: str) -> Phone:
    phone = office.phone(worker)
    phone.pull()
    return phone


def ask(http: httpx.Client, phone: Phone, **more: Any) -> httpx.Response:
    """One waiting request from where the phone stands."""
    request = WaitRequest.after(phone.request(), "").model_dump(mode="json") | more
    headers = {"Authorization": f"Bearer {phone.enrolled.token}"}
    return http.post("/v1/wait", json=request, headers=headers, timeout=30)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look often: the tests' time is not spent on waiting."""
    monkeypatch.setattr(room, "LOOK_EVERY_SECONDS", 0.05)


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    """Ask on another thread."""
    with ThreadPoolExecutor(50) as pool:
        yield lambda *asked, **more: pool.submit(ask, *asked, **more)


def until(condition: Callable[[], bool], seconds: float = 5.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def waiting(core: Core, count: int) -> Callable[[], bool]:
    return lambda: len(core.waiting) == count


def test_without_news_the_answer_comes_when_the_time_is_over(
    office: Office, http: httpx.Client
) -> None:
    began = time.monotonic()
    assert ask(http, up_to_date(office, "sanna"), seconds=1).json() == {"news": False, "cases": ""}
    assert 0.9 < time.monotonic() - began < SOON_SECONDS


def test_what_came_since_the_last_pull_is_told_at_once(office: Office, http: httpx.Client) -> None:
    niko, sanna = up_to_date(office, "niko"), up_to_date(office, "sanna")
    niko.push(niko.new_person("Onni")[1])
    began = time.monotonic()
    assert ask(http, sanna).json()["news"]
    assert ask(http, sanna, cursors={}).json()["news"]
    assert ask(http, sanna, epoch="another").json()["news"]
    assert ask(http, sanna, staff_version=0).json()["news"]
    assert time.monotonic() - began < SOON_SECONDS


def test_a_save_in_ones_own_team_is_told_within_seconds_and_one_in_another_team_never(
    core: Core, office: Office, http: httpx.Client, elsewhere: Elsewhere
) -> None:
    sanna, leena = up_to_date(office, "sanna"), up_to_date(office, "leena")
    noora, niko = up_to_date(office, "noora"), up_to_date(office, "niko")
    of_sanna, of_leena = elsewhere(http, sanna, seconds=1), elsewhere(http, leena)
    until(waiting(core, 2))
    noora.push(noora.new_person("Harbour only", "harbour")[1])
    assert of_leena.result(SOON_SECONDS).json()["news"]
    assert not of_sanna.result(SOON_SECONDS).json()["news"]
    again = elsewhere(http, sanna)
    until(waiting(core, 1))
    niko.push(niko.new_person("Onni")[1])
    assert again.result(SOON_SECONDS).json()["news"]


def test_a_social_worker_is_not_told_of_health_writing(
    core: Core, office: Office, http: httpx.Client, elsewhere: Elsewhere
) -> None:
    niko = up_to_date(office, "niko")
    person, opened = niko.new_person("Onni")
    niko.push(opened)
    sanna = up_to_date(office, "sanna")
    asked = elsewhere(http, sanna, seconds=1)
    until(waiting(core, 1))
    write = about(person, office.entropy.new_id(), "health_basics", {"allergies": "x"}, "health")
    assert niko.statuses(niko.save(write)) == [("accepted", "")]
    assert not asked.result(SOON_SECONDS).json()["news"]


def test_a_change_of_the_staff_or_of_ones_own_teams_is_told(
    core: Core, office: Office, http: httpx.Client, elsewhere: Elsewhere
) -> None:
    asked = elsewhere(http, up_to_date(office, "sanna"))
    until(waiting(core, 1))
    office.command("join_team", office.workers["sampo"], office.teams["centre"])
    assert asked.result(SOON_SECONDS).json()["news"]


def test_a_revoked_device_hears_nothing_more(
    core: Core, office: Office, http: httpx.Client, elsewhere: Elsewhere
) -> None:
    sanna, niko = up_to_date(office, "sanna"), up_to_date(office, "niko")
    asked = elsewhere(http, sanna)
    until(waiting(core, 1))
    office.command("revoke_device", sanna.id)
    niko.push(niko.new_person("Onni")[1])
    refused = asked.result(SOON_SECONDS)
    assert (refused.status_code, refused.json()["code"]) == (401, "device_revoked")


def test_cases_are_told_to_those_who_decide_and_the_decision_to_the_author(
    core: Core, office: Office, http: httpx.Client, elsewhere: Elsewhere
) -> None:
    noora, sanna = up_to_date(office, "noora"), up_to_date(office, "sanna")
    leena = up_to_date(office, "leena")
    person, opened = noora.new_person("Not Sanna's", "harbour")
    noora.push(opened)
    leena.pull()
    of_leena = elsewhere(http, leena)
    of_niko = elsewhere(http, up_to_date(office, "niko"), seconds=1)
    until(waiting(core, 2))
    refused = sanna.save(about(person, person, "person", {"name": "Mine"}))
    assert sanna.statuses(refused) == [("needs-human", "out_of_scope")]
    told = of_leena.result(SOON_SECONDS).json()
    assert not told["news"]
    assert told["cases"]
    assert of_niko.result(SOON_SECONDS).json() == {"news": False, "cases": ""}
    of_sanna = elsewhere(http, sanna, receipts_of=[refused.header.counter])
    until(waiting(core, 1))
    headers = {"Authorization": f"Bearer {leena.enrolled.token}"}
    path = f"/v1/cases/{refused.header.id}/set-aside"
    assert http.post(path, json={"reason": "no"}, headers=headers).status_code == 200
    assert of_sanna.result(SOON_SECONDS).json()["news"]


def test_waiting_costs_no_thread_and_no_connection(
    core: Core, office: Office, http: httpx.Client, elsewhere: Elsewhere
) -> None:
    """More devices wait than there are threads; all else goes on, and all end at once."""
    phones = [up_to_date(office, "sanna") for _ in range(50)]
    asked = [elsewhere(http, phone) for phone in phones]
    until(waiting(core, 50))
    pool: Any = core.database.engine.pool
    until(lambda: pool.checkedout() == 0)
    assert http.get("/v1/health").status_code == 200
    core.waiting.close()
    began = time.monotonic()
    assert {one.result(SOON_SECONDS).status_code for one in asked} == {200}
    assert time.monotonic() - began < 1
    assert ask(http, phones[0]).json()["code"] == "rate_limited"


def test_a_device_waits_once_and_a_device_that_hangs_up_no_longer(
    core: Core, office: Office, http: httpx.Client, elsewhere: Elsewhere
) -> None:
    sanna = up_to_date(office, "sanna")
    former = elsewhere(http, sanna)
    until(waiting(core, 1))
    asked = elsewhere(http, sanna, seconds=1)
    assert not former.result(SOON_SECONDS).json()["news"]
    assert len(core.waiting) == 1
    asked.result(SOON_SECONDS)
    request = WaitRequest.after(sanna.request(), "").model_dump(mode="json")
    headers = {"Authorization": f"Bearer {sanna.enrolled.token}"}
    with pytest.raises(httpx.ReadTimeout):
        http.post("/v1/wait", json=request, headers=headers, timeout=0.3)
    until(waiting(core, 0), SOON_SECONDS)


def test_there_is_room_for_so_many_and_the_time_is_bounded(
    core: Core, office: Office, http: httpx.Client, elsewhere: Elsewhere
) -> None:
    sanna, niko = up_to_date(office, "sanna"), up_to_date(office, "niko")
    core.waiting._waiting_max = 1
    asked = elsewhere(http, sanna, seconds=1)
    until(waiting(core, 1))
    refused = ask(http, niko)
    assert (refused.status_code, refused.json()["values"]) == (429, {"seconds": 60})
    assert asked.result(SOON_SECONDS).status_code == 200
    assert ask(http, niko, seconds=WAIT_SECONDS_MAX + 1).status_code == 400
    assert http.post("/v1/wait", json={}).status_code == 400
