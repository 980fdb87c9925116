"""Small makers for the sync tests: an entropy that can be repeated, writes, sets, devices' keys."""

from __future__ import annotations

import hashlib
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from field_app.domain.clock import Instant, id_from
from field_app.sync.changes import NO_PREVIOUS, ChangeSet, ScopedWrite, Write, person_scope
from field_app.sync.composing import Authorship, compose
from field_app.sync.merge import Head, Heads, ordered
from field_app.sync.protocol import PushBatch, Report

AT: Instant = "2026-11-22T10:15:00.000Z"
ANNA = "a" * 32
BO = "b" * 32
TEAM = "7" * 32
PERSON = "5" * 32


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


def signing_key(seed: str = "device key") -> Ed25519PrivateKey:
    """A device's key that is the same in every run."""
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(seed.encode()).digest())


def a_write(text: str, *replaces: str, record: str = PERSON) -> ScopedWrite:
    """A person's new phone number, in place of these writes."""
    named = {"phone": list(replaces)} if replaces else {}
    return ScopedWrite(
        person_scope(record), "common", Write(record, "person", {"phone": text}, named)
    )


class Author:
    """A device that saves: keeps its chain, as the store does."""

    def __init__(self, name: str = "a") -> None:
        """`name` is one hex digit: device and worker are that digit, 32 times."""
        self.device = name * 32
        self.entropy = SeededEntropy(f"device {name}")
        self.key = signing_key(name)
        self.counter = 0
        self.head = NO_PREVIOUS

    def save(self, *writes: ScopedWrite, opens: dict[str, str] | None = None) -> ChangeSet:
        """One save, next in the chain."""
        by = Authorship(self.device, self.device, AT, self.counter + 1, self.head, {TEAM: 1})
        change_set = compose(self.entropy, by, writes, opens)
        self.counter += 1
        self.head = change_set.header.hash
        return change_set

    def batch(self, *sets: ChangeSet) -> PushBatch:
        """These consecutive saves, signed."""
        signature = self.key.sign(PushBatch.signed_bytes(sets[-1].header.hash))
        report = Report(unsynced=len(sets), oldest_at=AT, app="test")
        return PushBatch(self.device, sets[0].header.prev, signature, report, sets)


def signature_fits(batch: PushBatch, key: Ed25519PrivateKey) -> bool:
    """What a server asks of a batch before it believes it."""
    try:
        key.public_key().verify(batch.signature, PushBatch.signed_bytes(batch.head_hash))
    except InvalidSignature:
        return False
    return True
