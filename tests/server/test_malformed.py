"""Bodies that no phone would send: always a problem, never a fault, and nothing stored."""

from __future__ import annotations

import random
from typing import Any

import httpx
import pytest

from field_app.domain.errors import FieldAppError
from field_app.sync.canonical import canonical_bytes
from field_app.sync.protocol import PushBatch
from tests.server.office import Office, about
from tests.server.test_sequence import all_sequences

TRIES = 400


@pytest.fixture
def client(office: Office, http: httpx.Client) -> httpx.Client:
    """A client whom no rate limit stops."""
    office.core.limits.of_device.burst = office.core.limits.of_address.burst = 1e9
    return http


def mangled(dice: random.Random, body: bytes) -> bytes:
    """The body with a few bytes, lines or values changed."""
    how = dice.randrange(6)
    at = dice.randrange(len(body))
    if how == 0:
        return body[:at]
    if how == 1:
        return body[:at] + bytes([dice.randrange(256)]) + body[at + 1 :]
    if how == 2:
        lines = body.split(b"\n")
        dice.shuffle(lines)
        return b"\n".join(lines)
    if how == 3:
        lines = body.split(b"\n")
        return b"\n".join([*lines, dice.choice(lines)])
    if how == 4:
        old = dice.choice([b'"common"', b"1", b"{", b'"person"', b"[", b"null"])
        new = dice.choice([b"null", b"[]", b"{}", b"-1", b'""', b"1e9", b"99999999999999999999999"])
        return body.replace(old, new, dice.randint(1, 2))
    return body[:at] + body[at : at + 20] * 50 + body[at:]


def says_the_same(body: bytes, good: bytes) -> bool:
    """Whether a header was only written otherwise: what is signed is its canonical form."""
    try:
        return PushBatch.decode(body).sets == PushBatch.decode(good).sets
    except FieldAppError:
        return False


def test_mangled_pushes_are_problems_and_store_nothing(
    office: Office, client: httpx.Client
) -> None:
    dice = random.Random(7)
    sanna = office.phone("sanna")
    person, made = sanna.new_person("Punapipo")
    sanna.push(made)
    before = all_sequences(office)
    good = sanna.batch(
        sanna.save(about(person, person, "person", {"name": "Kettu", "aliases/Pro": True})),
        sanna.save(about(person, office.entropy.new_id(), "task", {"title": "Soita"})),
    ).encode()
    headers = {"authorization": f"Bearer {sanna.enrolled.token}"}
    for _ in range(TRIES):
        head, _, signed = good.partition(b"\n")
        body = head + b"\n" + mangled(dice, signed)
        if says_the_same(body, good):
            continue
        answer = client.post("/v1/push", content=body, headers=headers)
        assert answer.status_code in (400, 403, 409, 413, 426), (answer.status_code, body)
        assert answer.headers["content-type"] == "application/problem+json"
        assert b"Kettu" not in answer.content
    assert all_sequences(office) == before
    for _ in range(50):
        head, _, signed = good.partition(b"\n")
        body = mangled(dice, head) + b"\n" + signed  # of the head only the chain's end is signed
        assert client.post("/v1/push", content=body, headers=headers).status_code < 500
    assert client.post("/v1/push", content=good, headers=headers).status_code == 200


def test_mangled_pulls_and_small_messages_are_answered(
    office: Office, client: httpx.Client
) -> None:
    dice = random.Random(8)
    sanna = office.phone("sanna")
    sanna.pull()
    headers = {"authorization": f"Bearer {sanna.enrolled.token}"}
    pull = sanna.request(mark=1).model_dump_json().encode()
    token = canonical_bytes({"device": sanna.id, "challenge": "x", "signature": "eA=="})
    enrol = canonical_bytes(sanna.enrol_request("00" * 16).model_dump(by_alias=True))
    case = canonical_bytes({"reason": "x"})
    doors = (
        ("/v1/pull", pull),
        ("/v1/token", token),
        ("/v1/enrol", enrol),
        (f"/v1/cases/{'0' * 32}/set-aside", case),
        ("/v1/access/team", canonical_bytes({"name": "x"})),
    )
    for _ in range(TRIES):
        path, body = dice.choice(doors)
        answer = client.post(path, content=mangled(dice, body), headers=headers)
        assert answer.status_code < 500, (path, body)


def test_a_signed_but_senseless_batch_is_kept_for_a_person(office: Office) -> None:
    """What a faulty app signs is stored, whatever it says: nothing pushed is dropped."""
    dice = random.Random(9)
    sanna = office.phone("sanna")
    person, made = sanna.new_person("Punapipo")
    sanna.push(made)
    values: tuple[Any, ...] = (
        None,
        True,
        -1,
        10**15,
        "",
        "x" * 9000,
        [],
        [[[]]],
        {},
        {"a": {}},
        ["x"] * 50,
    )
    keys = ("name", "housing", "topics/x", "/", "name/", "aliases/", "ä", "x" * 300, "__class__")
    sets = [
        sanna.save(
            about(
                person,
                dice.choice((person, office.entropy.new_id())),
                dice.choice(("person", "encounter", "directory_entry", "", "ä", "task")),
                {dice.choice(keys): dice.choice(values)},
                dice.choice(("common", "social", "health")),
                {},
            )
        )
        for _ in range(200)
    ]
    statuses = sanna.statuses(*sets)
    assert len(statuses) == 200
    assert {status for status, _ in statuses} <= {"accepted", "needs-human"}
    for name in ("niko", "leena"):
        office.phone(name).pull()
