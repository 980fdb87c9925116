"""Enrolments, judged: a used code is a device, a device is a phone that somebody can open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from field_app.simulation.violation import require


@dataclass(frozen=True, slots=True)
class Found:
    """A phone's store, opened: who it is."""

    name: str
    device: str
    """Empty: nobody's."""
    worker: str
    public_key: str


def judge_enrolments(
    found: Sequence[Found],
    codes: Sequence[tuple[str, str]],
    devices: Sequence[tuple[str, str, str, str]],
) -> None:
    """Hold phones, used codes (worker, when) and the server's devices against each other.

    A device is (id, worker, when it was enrolled, public key).

    Raises:
        Violation: one of them is without the others.
    """
    known = {(device, worker, key) for device, worker, _, key in devices}
    for phone in found:
        require(bool(phone.device), "enrolment", f"{phone.name[:6]} is nobody's, its code is used")
        there = (phone.device, phone.worker, phone.public_key) in known
        require(there, "enrolment", f"the server does not know {phone.name[:6]}")
    phones = Counter(phone.device for phone in found)
    for device, _, _, _ in devices:
        require(phones[device] == 1, "enrolment", f"{device[:6]} is on {phones[device]} phones")
    let_in = Counter((worker, when) for _, worker, when, _ in devices)
    used = Counter(codes)
    require(let_in == used, "enrolment", f"{used.total()} codes used, {let_in.total()} devices")
