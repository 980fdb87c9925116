"""The organisation's row: its lock, its gap-free sequence, its epoch."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from sqlalchemy import Connection, insert, select, update

from field_app.domain.clock import Entropy, Instant
from field_app.domain.errors import NoOrganisation, NotFound
from field_app.server.tables import organisations, sequence_witnesses


@dataclass(slots=True)
class Locked:
    """The organisation while this transaction alone may write to it."""

    connection: Connection
    number: int
    id: str
    sequence: int
    epoch: str
    staff_version: int
    digest: str = ""
    _witnessed: int = field(init=False)

    def __post_init__(self) -> None:
        """Note where the transaction began."""
        self._witnessed = self.sequence

    def next_sequence(self, taken_by: str) -> int:
        """The next sequence, and what takes it; it becomes true with `store`, or never."""
        self.sequence += 1
        self.digest = next_digest(self.digest, taken_by)
        return self.sequence

    def store(self) -> None:
        """Write the sequence and the staff version back: the last statement of a transaction."""
        if self.sequence > self._witnessed:
            self._witnessed = self.sequence
            self.connection.execute(
                insert(sequence_witnesses).values(
                    organisation=self.number, seq=self.sequence, digest=self.digest
                )
            )
        self.connection.execute(
            update(organisations)
            .where(organisations.c.number == self.number)
            .values(sequence=self.sequence, staff_version=self.staff_version, digest=self.digest)
        )

    def begin_epoch(self, epoch: str) -> None:
        """Say from now on that the server may have lost something."""
        self.epoch = epoch
        self.connection.execute(
            update(organisations).where(organisations.c.number == self.number).values(epoch=epoch)
        )


def next_digest(before: str, taken_by: str) -> str:
    """The digest once `taken_by` took a sequence: 128 bits of SHA-256, as hex.

    Over the digest before it and what took it: a change set's id and the hashes of its parts (two
    sets may have one id, by somebody's fault), or an access command.
    """
    return hashlib.sha256(f"{before} {taken_by}".encode()).hexdigest()[:32]


def create_organisation(connection: Connection, entropy: Entropy, name: str, now: Instant) -> int:
    """Add an organisation and return its number."""
    number = int.from_bytes(entropy.bytes(4), "big") >> 1
    connection.execute(
        insert(organisations).values(
            number=number,
            id=entropy.new_id(),
            name=name,
            sequence=0,
            epoch=entropy.new_id(),
            staff_version=0,
            created_at=now,
        )
    )
    return number


def lock(connection: Connection, number: int) -> Locked:
    """Take the organisation's lock until the transaction ends.

    Raises:
        NotFound: there is no such organisation.
    """
    row = connection.execute(
        select(organisations).where(organisations.c.number == number).with_for_update()
    ).one_or_none()
    if row is None:
        raise NotFound("organisation")
    return Locked(
        connection, number, row.id, row.sequence, row.epoch, row.staff_version, row.digest
    )


def only_organisation(connection: Connection) -> int:
    """The number of the one organisation this database holds, for the command line.

    Raises:
        NoOrganisation: there is none yet.
        NotFound: there is more than one.
    """
    numbers = connection.execute(select(organisations.c.number)).scalars().all()
    if not numbers:
        raise NoOrganisation("organisation")
    if len(numbers) != 1:
        raise NotFound("organisation")
    return int(numbers[0])


def read_staff_version(connection: Connection, number: int) -> int:
    """The version of the staff snapshot."""
    version = connection.execute(
        select(organisations.c.staff_version).where(organisations.c.number == number)
    ).scalar_one()
    return int(version)
