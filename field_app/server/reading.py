"""The one seam that every reading of people's content passes: who reads, and why.

Delivery to a device, looking at a case, and export ask here before they read. The reason is
derived from the client relationship; a reason in a person's own words is for reading outside it.
What is noted goes to a `Witness`: the audit log takes that place when it comes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from field_app.domain.errors import AccessDenied
from field_app.server import policy
from field_app.server.policy import Purpose, Register, Relation
from field_app.server.standing import Standing

OPERATOR = "operator"
"""The command line on the server itself: whoever can run it holds the database."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading: by whom, of what, what for, and the reason."""

    reader: str
    subject: str
    """A bucket, a scope, or the organisation as a whole (`*`)."""
    registers: tuple[str, ...]
    purpose: Purpose
    reason: str


class Witness(Protocol):
    """Takes note of readings."""

    def note(self, reading: Reading) -> None:
        """Take note of one reading."""
        ...


class NoWitness:
    """Takes no note."""

    def note(self, reading: Reading) -> None:
        """Do nothing."""


class Reader:
    """Asks the policy, tells the witness, and only then lets read."""

    def __init__(self, witness: Witness | None = None) -> None:
        """Read before this witness."""
        self._witness = witness or NoWitness()

    def deliver(self, standing: Standing) -> dict[str, int]:
        """The buckets a worker's device may be sent; the reason is the client relationship."""
        buckets = standing.buckets()
        for bucket in buckets:
            kind, _, rest = bucket.partition("/")
            register = rest.rpartition("/")[2] if kind == "team" else "directory"
            reading = Reading(standing.worker, bucket, (register,), Purpose.READ, "relationship")
            self._witness.note(reading)
        return buckets

    def require(
        self,
        standing: Standing,
        subject: str,
        register: Register,
        relation: Relation,
        purpose: Purpose,
    ) -> None:
        """Let one reading pass.

        Raises:
            AccessDenied: the policy says no.
        """
        if not policy.allows(standing.role, register, relation, purpose):
            raise AccessDenied(f"{purpose} {register}")
        reason = "relationship" if relation is Relation.OWN_TEAM else "duty"
        reading = Reading(standing.worker, subject, (register.value,), purpose, reason)
        self._witness.note(reading)

    def operate(self, reason: str) -> None:
        """Let the operator read everything, with a reason."""
        everything = tuple(register.value for register in Register)
        self._witness.note(Reading(OPERATOR, "*", everything, Purpose.EXPORT, reason))
