"""A server's problems become the errors of our tree, and never another kind of error."""

from __future__ import annotations

import json
from typing import Any

import pytest

from field_app.domain.errors import (
    AccessDenied,
    ChainGap,
    CodeUsed,
    DeviceRevoked,
    FieldAppError,
    RateLimited,
    ServerRefused,
    ServerTrouble,
    StoreError,
    SuddenlyEmpty,
    TokenExpired,
    TooLarge,
    UpgradeRequired,
)
from field_app.sync.problems import PROBLEM, by_code, problem_of


def said(status: int, code: str, **members: Any) -> FieldAppError:
    body = {"type": "x", "title": "x", "status": status, "code": code, "values": members}
    return problem_of(status, PROBLEM, json.dumps(body).encode())


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (401, "token_expired", TokenExpired),
        (401, "device_revoked", DeviceRevoked),
        (403, "access_denied", AccessDenied),
        (409, "chain_gap", ChainGap),
        (409, "code_used", CodeUsed),
        (413, "too_large", TooLarge),
        (400, "upgrade_required", UpgradeRequired),
        (429, "rate_limited", RateLimited),
    ],
)
def test_a_known_code_is_its_class(status: int, code: str, kind: type[FieldAppError]) -> None:
    assert type(said(status, code)) is kind


def test_the_values_fill_the_errors_text() -> None:
    error = said(401, "token_expired", challenge="abc", seconds=5, detail="not kept", list=[1])
    assert error.values == {"challenge": "abc", "seconds": 5}


def test_an_unknown_code_is_kept() -> None:
    error = said(409, "moon_is_full", phase="waxing")
    assert type(error) is ServerRefused
    assert error.values == {"problem": "moon_is_full", "status": 409, "phase": "waxing"}


def test_a_fault_of_the_server_is_trouble_whatever_it_says() -> None:
    for code in ("database_full", "unexpected", "moon_is_full", "access_denied"):
        error = said(503, code)
        assert type(error) is ServerTrouble
        assert error.values["status"] == 503


@pytest.mark.parametrize("code", ["wrong_secret", "store", "offline", "captive_portal", "locked"])
def test_a_server_cannot_make_a_phone_believe_its_own_store_or_network_is_at_fault(
    code: str,
) -> None:
    error = said(400, code)
    assert type(error) is ServerRefused
    assert not isinstance(error, StoreError)


def test_every_class_a_problem_can_become_can_be_made_from_any_values() -> None:
    for code, kind in by_code().items():
        assert type(said(400, code, seconds=1, counter=2, problem="x")) in (
            kind,
            ServerTrouble,
        )


def test_what_the_device_itself_decides_may_be_said_too_and_changes_nothing() -> None:
    assert type(said(400, "suddenly_empty")) is SuddenlyEmpty


def test_a_problem_of_a_shape_nobody_foresaw_has_no_values() -> None:
    body = b'{"code":"malformed","values":[1],"detail":"Teppo"}'
    assert problem_of(400, PROBLEM, body).values == {}


@pytest.mark.parametrize(
    "body", [b"", b"not json", b"[]", b"null", b'{"code":5}', b'{"code":null}', b"\xff\xfe"]
)
def test_a_problem_that_cannot_be_read_leaves_the_status_to_speak(body: bytes) -> None:
    assert type(problem_of(404, PROBLEM, body)) is ServerRefused
    assert type(problem_of(413, PROBLEM, body)) is TooLarge
    assert type(problem_of(426, PROBLEM, body)) is UpgradeRequired
    assert type(problem_of(429, PROBLEM, body)) is RateLimited
    assert type(problem_of(502, PROBLEM, body)) is ServerTrouble


def test_without_a_problem_body_the_status_speaks() -> None:
    error = problem_of(405, "text/plain", b'{"code":"token_expired"}')
    assert type(error) is ServerRefused
    assert error.values["problem"] == "405"


def test_texts_without_end_are_not_kept() -> None:
    error = said(409, "x" * 10_000, story="y" * 10_000)
    assert len(str(error.values["problem"])) <= 500
    assert "story" not in error.values
