"""HTTP answers whose bodies are read from the wire, as real ones are."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import httpx


def answer_of(status: int, body: bytes, headers: Mapping[str, str]) -> httpx.Response:
    """An answer with exactly these bytes, unread: httpx unpacks and keeps ready-made bodies."""
    return httpx.Response(status, headers=dict(headers), content=iter([body]))


def json_answer(wire: Any, status: int = 200) -> httpx.Response:
    """A JSON answer, or from 400 on a problem."""
    kind = "application/json" if status < 400 else "application/problem+json"
    return answer_of(status, json.dumps(wire).encode(), {"Content-Type": kind})


def problem(status: int, code: str, **members: Any) -> httpx.Response:
    """A problem with this code."""
    return json_answer({"code": code, "status": status, "values": members}, status)
