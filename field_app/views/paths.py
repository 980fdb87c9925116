"""Paths of screens, e.g. "/people/12"."""

from __future__ import annotations

SAFETY_PATH = "/safety"
"""Sync and safety: where the sync line leads."""


def parent_of(path: str) -> str:
    """The path one step up: "/people/12" -> "/people"."""
    return path.rstrip("/").rpartition("/")[0] or "/"


def begins(start: str, path: str) -> bool:
    """Whether `path` is `start` or lies below it."""
    return start == path or path.startswith(start.rstrip("/") + "/")
