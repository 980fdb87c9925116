"""Small makers for the sync tests: an entropy that can be repeated, writes, sets, devices' keys."""

from __future__ import annotations

import hashlib
from typing import Any

from field_app.domain.clock import Instant, id_from
from field_app.sync.merge import Head, Heads, ordered

AT: Instant = "2026-11-22T10:15:00.000Z"
ANNA = "a" * 32
BO = "b" * 32


class SeededEntropy:
    """Random-looking bytes that are the same in every run."""

    def __init__(self, seed: str = "seed") -> None:
        """`seed` chooses the sequence."""
        self._seed = seed.encode()
        self._drawn = 0

    def bytes(self, count: int) -> bytes:
        """The next `count` bytes of the sequence."""
        drawn = b""
        while len(drawn) < count:
            self._drawn += 1
            drawn += hashlib.sha256(self._seed + self._drawn.to_bytes(8, "big")).digest()
        return drawn[:count]

    def new_id(self) -> str:
        """The next id of the sequence."""
        return id_from(self)


def heads_saying(*values: Any) -> Heads:
    """Heads made apart, one for each value."""
    return ordered(
        Head(f"{number:032x}:0", 1, value, ANNA, AT) for number, value in enumerate(values)
    )
