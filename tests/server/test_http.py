"""The server over a real socket: tokens, problems, limits, and nothing that leaks."""

from __future__ import annotations

import base64
import gzip
import json
import re
import zlib
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from field_app.server.bodies import BODY_BYTES_MAX
from field_app.sync.admission import Enrolled, TokenRequest
from field_app.sync.changes import ChangeSet
from field_app.sync.protocol import PullPage, PushAnswer
from tests.server.office import Office, Phone, Wire, about


@pytest.fixture
def sanna(office: Office) -> Phone:
    return office.phone("sanna")


@pytest.fixture
def wire(http: httpx.Client, sanna: Phone) -> Wire:
    return Wire(http, sanna)


def problem(answer: httpx.Response) -> tuple[int, str]:
    """Status and code of a problem."""
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert set(body) == {"type", "title", "status", "code", "values"}
    assert body["status"] == answer.status_code
    return answer.status_code, body["code"]


def renew(wire: Wire, challenge: str, key: Any = None) -> httpx.Response:
    signature = (key or wire.phone.key).sign(TokenRequest.signed_bytes(challenge))
    return wire.client.post(
        "/v1/token",
        json={
            "device": wire.phone.id,
            "challenge": challenge,
            "signature": base64.b64encode(signature).decode(),
        },
    )


def test_a_phone_enrols_pushes_and_pulls(office: Office, http: httpx.Client) -> None:
    phone = Phone(office, "niko")
    request = phone.enrol_request(office.code("niko").code.secret.hex())
    answer = http.post("/v1/enrol", json=request.model_dump(by_alias=True))
    assert answer.status_code == 200
    phone.enrolled = Enrolled.model_validate(answer.json())
    wire = Wire(http, phone)
    _, made = phone.new_person("Punapipo")
    pushed = PushAnswer.model_validate_json(wire.push(made).content)
    assert [run.status for run in pushed.receipts] == ["accepted"]
    pulled = wire.pull()
    assert pulled.headers["content-type"] == "application/x-ndjson"
    assert len(PullPage.decode(pulled.content).entries) == 1


def test_pages_travel_packed_and_are_never_kept(office: Office, wire: Wire) -> None:
    person, made = wire.phone.new_person("Punapipo")
    more = [
        wire.phone.save(about(person, office.entropy.new_id(), "task", {"title": "Soita"}))
        for _ in range(20)
    ]
    wire.push(made, *more)
    answer = wire.pull(with_own=True)
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["cache-control"] == "no-store"
    assert int(answer.headers["content-length"]) < len(answer.content) / 2


FORK = dict.fromkeys(("device", "public_key", "instance", "app", "signature"), "x") | {"schema": 1}
EVERY_DOOR: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("POST", "/v1/push", {}),
    ("POST", "/v1/pull", {}),
    ("POST", "/v1/wait", {"epoch": "", "cursors": {}}),
    ("GET", "/v1/cases", {}),
    ("GET", "/v1/cases/x", {}),
    ("POST", "/v1/cases/x/accept", {}),
    ("POST", "/v1/cases/x/set-aside", {"reason": "x"}),
    ("GET", "/v1/staff", {}),
    ("GET", "/v1/devices", {}),
    ("POST", "/v1/devices/x/revoke", {}),
    ("POST", "/v1/fork", FORK),
    ("POST", "/v1/access/code", {"worker": "x"}),
    ("POST", "/v1/access/team", {"name": "x"}),
    ("POST", "/v1/access/worker", {"name": "x", "role": "nurse"}),
    ("POST", "/v1/access/join", {"worker": "x", "team": "x"}),
    ("POST", "/v1/access/leave", {"worker": "x", "team": "x"}),
    ("POST", "/v1/access/role", {"worker": "x", "role": "nurse"}),
    ("POST", "/v1/access/active", {"worker": "x", "active": True}),
    ("POST", "/v1/access/move", {"person": "x", "team": "x"}),
)
OPEN_DOORS = {"/v1/enrol", "/v1/token", "/v1/health"}


def test_nothing_is_open_without_a_token(http: httpx.Client) -> None:
    for method, path, body in EVERY_DOOR:
        for token in ({}, {"authorization": "Bearer nonsense"}, {"authorization": "Basic eA=="}):
            answer = http.request(method, path, headers=token, json=body)
            assert problem(answer) == (401, "not_authenticated"), path
            assert answer.headers["www-authenticate"] == "Bearer"


def test_every_door_is_known_to_these_tests(http: httpx.Client) -> None:
    described = http.get("/v1/openapi.json").json()["paths"]
    known = {path.replace("/x", "/{}") for _, path, _ in EVERY_DOOR} | OPEN_DOORS
    assert {re.sub(r"\{\w+\}", "{}", path) for path in described} == known


def test_an_expired_token_earns_a_challenge_and_the_key_a_new_token(
    office: Office, wire: Wire
) -> None:
    office.clock.forward(hours=12)
    refused = wire.pull()
    assert problem(refused) == (401, "token_expired")
    challenge = refused.json()["values"]["challenge"]
    renewed = renew(wire, challenge)
    assert renewed.status_code == 200
    old, wire.token = wire.token, renewed.json()["token"]
    assert wire.pull().status_code == 200
    wire.token = old
    assert problem(wire.pull()) == (401, "not_authenticated")


def test_a_challenge_is_good_once_and_not_for_long(office: Office, wire: Wire) -> None:
    asked = wire.client.post(
        "/v1/token", json={"device": wire.phone.id, "challenge": "", "signature": ""}
    )
    assert problem(asked) == (401, "token_expired")
    challenge = asked.json()["values"]["challenge"]
    assert renew(wire, challenge).status_code == 200
    again = renew(wire, challenge)
    assert problem(again) == (401, "token_expired")
    fresh = again.json()["values"]["challenge"]
    assert fresh != challenge
    office.clock.forward(minutes=3)
    assert problem(renew(wire, fresh)) == (401, "token_expired")


def test_another_devices_signature_renews_nothing(office: Office, wire: Wire) -> None:
    office.clock.forward(hours=12)
    challenge = wire.pull().json()["values"]["challenge"]
    stranger = office.phone("niko")
    assert problem(renew(wire, challenge, stranger.key)) == (403, "bad_signature")
    unknown = {"device": "f" * 32, "challenge": challenge, "signature": ""}
    assert problem(wire.client.post("/v1/token", json=unknown)) == (401, "not_authenticated")


def test_a_revoked_device_is_refused_at_its_next_request(office: Office, wire: Wire) -> None:
    assert wire.pull().status_code == 200
    office.command("revoke_device", wire.phone.id)
    assert problem(wire.pull()) == (401, "device_revoked")
    assert problem(wire.push(wire.phone.new_person("x")[1])) == (401, "device_revoked")
    assert problem(renew(wire, "")) == (401, "device_revoked")


def test_codes_over_http_are_told_apart(office: Office, http: httpx.Client) -> None:
    phone = Phone(office, "sanna")

    def enrol(secret: str) -> httpx.Response:
        body = phone.enrol_request(secret).model_dump(by_alias=True)
        return http.post("/v1/enrol", json=body)

    used = office.code("sanna").code.secret.hex()
    assert enrol(used).status_code == 200
    late = office.code("sanna").code.secret.hex()
    office.clock.forward(minutes=11)
    assert problem(enrol("00" * 16)) == (403, "code_wrong")
    assert problem(enrol(used)) == (409, "code_used")
    assert problem(enrol(late)) == (410, "code_expired")


def test_a_zip_bomb_is_refused_before_it_unfolds(wire: Wire) -> None:
    bomb = gzip.compress(b"\n" * (200 * 1024 * 1024), 9)
    assert len(bomb) < BODY_BYTES_MAX
    headers = {"authorization": f"Bearer {wire.token}", "content-encoding": "gzip"}
    answer = wire.client.post("/v1/push", content=bomb, headers=headers)
    assert problem(answer) == (413, "too_large")


def test_a_body_over_the_limit_is_refused(wire: Wire) -> None:
    headers = {"authorization": f"Bearer {wire.token}"}
    body = b"x" * (BODY_BYTES_MAX + 1)
    answer = wire.client.post("/v1/push", content=body, headers=headers)
    assert problem(answer) == (413, "too_large")


def test_a_body_that_does_not_unpack_is_malformed(wire: Wire) -> None:
    headers = {"authorization": f"Bearer {wire.token}", "content-encoding": "gzip"}
    for packed in (
        b"not gzip at all",
        gzip.compress(b"{}")[:-3],
        gzip.compress(b"{}") + b"more",
        zlib.compress(b"{}"),
        b"",
    ):
        answer = wire.client.post("/v1/push", content=packed, headers=headers)
        assert problem(answer) == (400, "malformed")


def test_another_encoding_and_another_protocol_are_told(wire: Wire) -> None:
    answer = wire.post("/v1/push", b"{}", **{"content-encoding": "br"})
    assert problem(answer) == (400, "malformed")
    _, made = wire.phone.new_person("Punapipo")
    body = wire.phone.batch(made).encode().replace(b'"protocol":1', b'"protocol":2')
    assert problem(wire.post("/v1/push", body)) == (426, "upgrade_required")


def test_a_chain_that_does_not_fit_is_told_with_what_the_server_has(wire: Wire) -> None:
    wire.phone.new_person("Punapipo")
    _, second = wire.phone.new_person("Kettu")
    answer = wire.push(second)
    assert problem(answer) == (409, "chain_gap")
    assert answer.json()["values"] == {"counter": 0}


def test_what_is_not_there_is_a_problem_too(http: httpx.Client) -> None:
    for path in ("/", "/v1", "/v1/nothing", "/docs", "/v1/cases/x/y/z"):
        assert problem(http.get(path)) == (404, "not_found")
    answer = http.request("PATCH", "/v1/push")
    assert problem(answer) == (405, "malformed")
    assert answer.headers["allow"] == "POST"


def test_the_server_says_that_it_is_well(http: httpx.Client) -> None:
    assert http.get("/v1/health").json() == {"status": "ok", "protocol": 1}


def test_an_unexpected_fault_tells_nothing(
    office: Office, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError("Punapipo, 050 123")

    monkeypatch.setattr(type(office.core.puller), "pull", fails)
    answer = wire.pull()
    assert problem(answer) == (500, "unexpected")
    assert b"Punapipo" not in answer.content
    assert b"RuntimeError" not in answer.content


def test_too_many_requests_of_one_device_wait(office: Office, wire: Wire) -> None:
    office.core.limits.of_device.burst = 3
    assert [wire.pull().status_code for _ in range(3)] == [200] * 3
    answer = wire.pull()
    assert problem(answer) == (429, "rate_limited")
    assert answer.headers["retry-after"] == "1"
    office.clock.forward(seconds=1)
    assert wire.pull().status_code == 200


def test_only_leads_and_administrators_command(office: Office, http: httpx.Client) -> None:
    def add_team(worker: str) -> httpx.Response:
        wire = Wire(http, office.phone(worker))
        headers = {"authorization": f"Bearer {wire.token}"}
        return http.post("/v1/access/team", json={"name": f"Of {worker}"}, headers=headers)

    for worker in ("sanna", "niko", "iiris", "sampo", "noora"):
        assert problem(add_team(worker)) == (403, "access_denied")
    for worker in ("leena", "aatu"):
        assert add_team(worker).status_code == 200
        assert problem(add_team(worker)) == (409, "name_taken")


def test_every_command_works_over_http(office: Office, http: httpx.Client) -> None:
    aatu, sanna = office.phone("aatu"), office.phone("sanna")
    person, made = sanna.new_person("Punapipo")
    sanna.push(made)
    headers = {"authorization": f"Bearer {aatu.enrolled.token}"}

    def do(command: str, **values: Any) -> dict[str, Any]:
        answer = http.post(f"/v1/access/{command}", json=values, headers=headers)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    team = do("team", name="North")["team"]
    worker = do("worker", name="Uusi", role="nurse", teams=[team])["worker"]
    do("join", worker=worker, team=office.teams["centre"])
    do("leave", worker=worker, team=team)
    do("role", worker=worker, role="social_worker")
    do("move", person=person, team=team)
    assert "-" in do("code", worker=worker)["code"]
    do("active", worker=worker, active=False)
    staff = http.get("/v1/staff", headers=headers).json()
    (found,) = [one for one in staff["workers"] if one["id"] == worker]
    assert (found["role"], found["active"]) == ("social_worker", False)
    assert found["teams"] == [office.teams["centre"]]
    revoked = http.post(f"/v1/devices/{sanna.id}/revoke", json={}, headers=headers)
    assert revoked.status_code == 200
    listed = http.get("/v1/devices", headers=headers).json()
    assert {one["device"]: one["revoked"] for one in listed} == {aatu.id: False, sanna.id: True}


def test_devices_tell_who_has_unsynced_work_and_since_when(
    office: Office, http: httpx.Client, wire: Wire
) -> None:
    report = {"unsynced": 3, "oldest_at": "2026-11-20T07:00:00.000Z", "app": "1.2"}
    assert wire.pull(report=report).status_code == 200
    leena = {"authorization": f"Bearer {office.phone('leena').enrolled.token}"}
    first = http.get("/v1/devices", headers=leena).json()[0]
    assert first["device"] == wire.phone.id
    assert (first["unsynced"], first["oldest_at"]) == (3, "2026-11-20T07:00:00.000Z")
    assert first["last_seen_at"] == office.clock.now()
    niko = {"authorization": f"Bearer {office.phone('niko').enrolled.token}"}
    assert problem(http.get("/v1/devices", headers=niko)) == (403, "access_denied")


def test_health_content_never_goes_over_the_wire_to_the_social_half(
    office: Office, http: httpx.Client
) -> None:
    secret = "haava-säären-etupuolella"
    niko = office.phone("niko")
    social = {name: Wire(http, office.phone(name)) for name in ("sanna", "iiris", "leena", "aatu")}
    for wire in social.values():
        wire.phone.take(wire.pull().content)
    person, made = niko.new_person("Punapipo")
    record = office.entropy.new_id()
    note = niko.save(
        about(person, record, "encounter", {"outcome": "reached"}),
        about(person, record, "health_note", {"note": secret}, "health"),
    )
    pushed = Wire(http, niko).push(made, note, _only_health(niko, person, secret))
    assert [run["status"] for run in pushed.json()["receipts"]] == ["accepted"]
    fresh = {f"{name} anew": Wire(http, office.phone(name)) for name in social}
    for wire in (social | fresh).values():
        asked: tuple[dict[str, Any], ...] = ({}, {"with_own": True}, {"cursors": {}})
        for more in asked:
            with wire.client.stream(
                "POST",
                "/v1/pull",
                content=wire.phone.request(**more).model_dump_json(exclude_none=True),
                headers={"authorization": f"Bearer {wire.token}"},
            ) as answer:
                packed = b"".join(answer.iter_raw())
            raw = gzip.decompress(packed) if packed[:2] == b"\x1f\x8b" else packed
            assert secret.encode() not in raw
            assert json.dumps(secret).encode() not in raw
            assert b"health" not in raw
    nurse = Wire(http, office.phone("niko"))
    assert secret.encode() in nurse.pull().content


def _only_health(phone: Phone, person: str, secret: str) -> ChangeSet:
    record = phone.office.entropy.new_id()
    return phone.save(about(person, record, "health_note", {"note": secret}, "health"))


def test_a_report_of_nonsense_is_kept_as_what_it_can_mean(
    office: Office, http: httpx.Client, wire: Wire
) -> None:
    report = {"unsynced": 10**30, "oldest_at": "\0 soon", "app": "\0" + "x" * 100}
    assert wire.pull(report=report).status_code == 200
    leena = {"authorization": f"Bearer {office.phone('leena').enrolled.token}"}
    (first, *_) = http.get("/v1/devices", headers=leena).json()
    assert first["app"] in ("x" * 40, "test")


def test_numbers_and_words_no_database_takes_are_malformed(
    office: Office, http: httpx.Client, wire: Wire
) -> None:
    assert problem(wire.pull(receipts_after=10**30)) == (400, "malformed")
    cursors = {"org/directory": (0, -(10**30))}
    assert wire.phone.take(wire.pull(cursors=cursors).content).head.done
    headers = {"authorization": f"Bearer {office.phone('aatu').enrolled.token}"}
    for body in ({"name": "\0"}, {"name": "x\ny\u202ez"}):
        answer = http.post("/v1/access/team", json=body, headers=headers)
        assert problem(answer) == (422, "invalid_input")
    answer = http.post("/v1/access/code", json={"worker": "x\0"}, headers=headers)
    assert problem(answer)[0] in (400, 404)


def test_no_door_reads_more_than_the_limit(http: httpx.Client) -> None:
    body = b'"' + b"x" * BODY_BYTES_MAX + b'"'
    told = http.post("/v1/enrol", content=body)
    assert problem(told) == (413, "too_large")

    def untold() -> Iterator[bytes]:
        for _ in range(40):
            yield b" " * 64 * 1024

    answer = http.post("/v1/enrol", content=untold())
    assert problem(answer)[0] in (400, 413)
