"""Whose device this is: from enrolment, and then as the server last said."""

from __future__ import annotations

from dataclasses import dataclass

from field_app.store.case_store import CaseStore
from field_app.store.enrolling import Enrolling
from field_app.store.identity import Identity
from field_app.sync.client import Enrolment, enrol
from field_app.sync.transport import Link


@dataclass(frozen=True, slots=True)
class WorkerAccount:
    """Whose device this is, as the server last said."""

    worker: str
    name: str
    role: str
    teams: tuple[str, ...]


def redeem(code_text: str, shown: Enrolling, link: Link) -> Identity:
    """Redeem a code with what this device shows for it; raises as `enrol` does. Blocking."""
    enrolment = enrol(
        code_text,
        public_key=shown.key.public_key().public_bytes_raw(),
        instance=shown.instance,
        link=link,
        sign=shown.key.sign,
    )
    return identity_of(enrolment, shown.key.private_bytes_raw(), shown.instance)


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
