"""Argon2id: what makes each guess at a PIN or a passphrase dear.

The cost is stored in the slot it was used for, so it can be raised later without locking anyone
out. A stored cost below the floor is refused (someone made guessing cheap), as is one above the
ceiling (someone makes the phone run out of memory).
"""

from __future__ import annotations

from dataclasses import dataclass

from argon2.exceptions import HashingError
from argon2.low_level import Type, hash_secret_raw

from field_app.domain.errors import StoreDamaged

STRETCHED_BYTES = 32
SALT_BYTES = 16
ARGON2_VERSION = 0x13


@dataclass(frozen=True, slots=True)
class Argon2Cost:
    """What one guess takes: memory in KiB, passes over it, lanes."""

    memory_kib: int
    passes: int
    lanes: int = 1


@dataclass(frozen=True, slots=True)
class CostPolicy:
    """The cost of new slots and the limits of those read."""

    new: Argon2Cost
    floor: Argon2Cost
    ceiling: Argon2Cost

    def check(self, cost: Argon2Cost) -> None:
        """Refuse a cost outside the limits.

        Raises:
            StoreDamaged: too weak or too dear; this app never wrote that.
        """
        weak = cost.memory_kib < self.floor.memory_kib or cost.passes < self.floor.passes
        dear = cost.memory_kib > self.ceiling.memory_kib or cost.passes > self.ceiling.passes
        if weak or dear or not self.floor.lanes <= cost.lanes <= self.ceiling.lanes:
            raise StoreDamaged("a slot's Argon2id cost is outside the limits")


PRODUCTION_COST = CostPolicy(
    new=Argon2Cost(memory_kib=64 * 1024, passes=8),
    floor=Argon2Cost(memory_kib=46 * 1024, passes=2),
    ceiling=Argon2Cost(memory_kib=256 * 1024, passes=24, lanes=4),
)
"""64 MiB and 8 passes: about 0.4 s on one desk core, and what a phone of 2 GB can spare."""


def stretch(secret: str, salt: bytes, cost: Argon2Cost) -> bytes:
    """Stretch a normalised secret to 32 bytes (Argon2id, version 1.3).

    Raises:
        StoreDamaged: the library refuses the salt or the cost.
    """
    try:
        return hash_secret_raw(
            secret.encode(),
            salt,
            time_cost=cost.passes,
            memory_cost=cost.memory_kib,
            parallelism=cost.lanes,
            hash_len=STRETCHED_BYTES,
            type=Type.ID,
            version=ARGON2_VERSION,
        )
    except HashingError as refused:
        raise StoreDamaged("Argon2id refuses a slot's parameters") from refused
