"""Whose device this is: from enrolment, and then as the server last said."""

from __future__ import annotations

from dataclasses import dataclass

from field_app.store.case_store import CaseStore
from field_app.store.identity import Identity
from field_app.sync.client import Enrolment


@dataclass(frozen=True, slots=True)
class WorkerAccount:
    """Whose device this is, as the server last said."""

    worker: str
    name: str
    role: str
    teams: tuple[str, ...]


def identity_of(enrolment: Enrolment, private_key: bytes, instance: str) -> Identity:
    """What enrolment gave, as the store keeps it."""
    enrolled = enrolment.enrolled
    return Identity(
        device=enrolled.device,
        worker=enrolled.worker,
        worker_name=enrolled.worker_name,
        role=enrolled.role,
        organisation=enrolled.organisation,
        organisation_name=enrolled.organisation_name,
        server=enrolment.server_url,
        instance=instance,
        private_key=private_key.hex(),
        token=enrolled.token,
        certificate=enrolled.certificate,
        authority=enrolment.authority,
    )


def account_of(cases: CaseStore) -> WorkerAccount | None:
    """The worker as the staff list names them; before the first sync, as enrolment did."""
    identity = cases.identity
    if identity is None:
        return None
    entry = next((one for one in cases.staff.workers if one.id == identity.worker), None)
    you = cases.you
    return WorkerAccount(
        worker=identity.worker,
        name=entry.name if entry else identity.worker_name,
        role=you.role if you else identity.role,
        teams=you.teams if you else (),
    )
