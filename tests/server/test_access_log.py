"""The access log tells what was asked and how it ended: no ids of paths, no secrets, no words."""

from __future__ import annotations

import httpx
import pytest
import structlog

from tests.server.office import Office, Wire

SECRET = "Punapipo"


@pytest.mark.parametrize("template", ["sqlite"], indirect=True)
def test_a_request_is_one_line_without_content(office: Office, http: httpx.Client) -> None:
    wire = Wire(http, office.phone("leena"))
    _, made = wire.phone.new_person(SECRET)
    with structlog.testing.capture_logs() as lines:
        wire.push(made)
        wire.pull(with_own=True)
        http.get(
            f"/v1/cases/{made.header.id}?name={SECRET}",
            headers={"authorization": f"Bearer {wire.token}"},
        )
        wire.post("/v1/push", SECRET.encode())
    told = [(line["method"], line["route"], line["status"]) for line in lines]
    assert told == [
        ("POST", "/v1/push", 200),
        ("POST", "/v1/pull", 200),
        ("GET", "/v1/cases/{set_id}", 404),
        ("POST", "/v1/push", 400),
    ]
    assert {line["device"] for line in lines} == {wire.phone.id}
    for word in (SECRET, wire.token, made.header.id):
        assert word not in str(lines)


@pytest.mark.parametrize("template", ["sqlite"], indirect=True)
def test_a_fault_is_logged_by_its_place_alone(
    office: Office, http: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError(SECRET)

    monkeypatch.setattr(type(office.core.puller), "pull", fails)
    with structlog.testing.capture_logs() as lines:
        Wire(http, office.phone("sanna")).pull()
    (fault,) = [line for line in lines if line["event"] == "unexpected"]
    assert (fault["error"], "fails" in fault["where"]) == ("RuntimeError", True)
    assert SECRET not in str(lines)
