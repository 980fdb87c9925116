"""Paths inside the caseload."""

from __future__ import annotations

CASELOAD_PATH = "/caseload"


def of_person(person_id: str) -> str:
    """A person's page, opened from the caseload."""
    return f"{CASELOAD_PATH}/{person_id}"


def of_worker(worker: str) -> str:
    """The people one worker works with."""
    return f"{CASELOAD_PATH}/worker/{worker}"
