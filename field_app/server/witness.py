"""What devices saw of the sequence, brought back: tells a server that has lost something.

Every answer carries a witness: a sequence, the digest at it, and a seal that only the
organisation's key can make. A device brings it back with its next request. A server restored from
a backup, or one that a failover made forget commits, does not know that sequence, or knows another
digest there: it begins a new epoch, and every device starts anew and pushes again what was lost.

The seal keeps a device from starting epochs by inventing witnesses.
"""

from __future__ import annotations

import hmac

import structlog
from sqlalchemy import Connection, bindparam, select

from field_app.domain.clock import Entropy
from field_app.server.credentials import OrganisationKey
from field_app.server.database import Database
from field_app.server.organisation import lock
from field_app.server.tables import organisations, sequence_witnesses
from field_app.sync.protocol import Witness

_DIGEST_AT = (
    select(organisations.c.epoch, sequence_witnesses.c.digest)
    .select_from(organisations)
    .outerjoin(
        sequence_witnesses,
        (sequence_witnesses.c.organisation == organisations.c.number)
        & (sequence_witnesses.c.seq == bindparam("at")),
    )
    .where(organisations.c.number == bindparam("of_number"))
)
_log = structlog.get_logger("rinnalla.server")


def witness_of(key: OrganisationKey, number: int, sequence: int, digest: str) -> Witness:
    """What a device is to bring back."""
    seal = key.seal(f"witness {number} {sequence} {digest}")
    return Witness(sequence=sequence, digest=digest, seal=seal)


def heal(
    database: Database,
    key: OrganisationKey,
    entropy: Entropy,
    number: int,
    epoch: str,
    witness: Witness | None,
) -> None:
    """Begin a new epoch if a device of this epoch has seen what this server does not know.

    Of any number of devices that come at once, one begins it.
    """
    if witness is None:
        return
    with database.read() as connection:
        if not _tells_of_loss(connection, key, number, epoch, witness):
            return
    with database.write() as connection:
        locked = lock(connection, number)
        if _tells_of_loss(connection, key, number, epoch, witness):
            locked.begin_epoch(entropy.new_id())
            _log.warning("new_epoch", sequence=locked.sequence, seen=witness.sequence)


def _tells_of_loss(
    connection: Connection, key: OrganisationKey, number: int, epoch: str, witness: Witness
) -> bool:
    row = connection.execute(_DIGEST_AT, {"at": witness.sequence, "of_number": number}).one()
    if row.epoch != epoch or row.digest == witness.digest or witness.sequence == 0:
        return False
    genuine = witness_of(key, number, witness.sequence, witness.digest)
    return hmac.compare_digest(genuine.seal, witness.seal)
