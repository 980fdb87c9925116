"""The server's problems (RFC 9457) as errors of our tree, by their stable code.

    {"type": "urn:rinnalla:problem:token_expired", "title": "token expired", "status": 401,
     "code": "token_expired", "values": {"challenge": "…"}}

Both sides use the tree of `field_app.domain.errors`: a problem's `code` is its class's, and
`values` (ids, counts, a challenge) fill its text.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from field_app.domain.errors import (
    AccessDenied,
    AlreadyThere,
    CannotAccept,
    CodeMistyped,
    FieldAppError,
    InvalidInput,
    Malformed,
    NotFound,
    RateLimited,
    ServerError,
    ServerRefused,
    ServerTrouble,
    SyncError,
    TooLarge,
    UpgradeRequired,
)
from field_app.sync.canonical import parse

PROBLEM = "application/problem+json"
# What a server may say. Not the whole tree: no server shall make a phone believe that its own
# store is damaged or its PIN wrong.
_ROOTS: tuple[type[FieldAppError], ...] = (SyncError, AccessDenied)
_SINGLE: tuple[type[FieldAppError], ...] = (
    InvalidInput,
    TooLarge,
    NotFound,
    AlreadyThere,
    CannotAccept,
    CodeMistyped,
)
# Said by the device of the network, never by a server.
_OWN = (
    "offline",
    "server_unreachable",
    "server_not_trusted",
    "certificate_dates",
    "timed_out",
    "captive_portal",
    "answer_damaged",
)
_TEXT_MAX = 500


def _classes(root: type[FieldAppError]) -> Iterator[type[FieldAppError]]:
    yield root
    for child in root.__subclasses__():
        yield from _classes(child)


def by_code() -> dict[str, type[FieldAppError]]:
    """Every class a server's problem can become, by its code."""
    known: dict[str, type[FieldAppError]] = {kind.code: kind for kind in _SINGLE}
    for root in _ROOTS:
        for kind in _classes(root):
            known.setdefault(kind.code, kind)
    return {code: kind for code, kind in known.items() if code not in _OWN}


def problem_of(status: int, media_type: str, body: bytes) -> FieldAppError:
    """The error that an answer with a status of 400 or more stands for.

    A code this version does not know becomes `ServerRefused` (or `ServerTrouble` from 500 on)
    and is kept in `values["problem"]`. Without a problem the status alone speaks.
    """
    code, values = _read(body) if media_type == PROBLEM else ("", {})
    if status >= 500 or code in {kind.code for kind in _classes(ServerError)}:
        return ServerTrouble(code, **values | {"status": status, "problem": code})
    kind = by_code().get(code)
    if kind is not None:
        return kind(code, **values)
    return _by_status(status, code, values)


def _by_status(status: int, code: str, values: dict[str, str | int]) -> FieldAppError:
    if status == 413:
        return TooLarge(code, **values)
    if status == 426:
        return UpgradeRequired(code, **values)
    if status == 429:
        return RateLimited(code, **{"seconds": 60} | values)
    return ServerRefused(code, **values | {"problem": code or str(status), "status": status})


def _read(body: bytes) -> tuple[str, dict[str, str | int]]:
    """A problem's code and values; of anything unexpected nothing."""
    try:
        problem: Any = parse(body)
    except Malformed:
        return "", {}
    if not isinstance(problem, dict):
        return "", {}
    code, given = problem.get("code"), problem.get("values")
    values: dict[str, str | int] = {}
    if isinstance(given, dict):
        values = {
            name: value
            for name, value in given.items()
            if name != "detail" and isinstance(value, (str, int)) and len(str(value)) <= _TEXT_MAX
        }
    return (code if isinstance(code, str) else "")[:_TEXT_MAX], values
