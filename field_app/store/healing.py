"""What a device does when the server has lost something, or when it is itself a copy of another.

The server lost something: own saves it no longer has are pending again, and at a new epoch the
confirmed state is told anew, over what is shown until then.

The device was restored from a backup or cloned: it goes on as a device of its own. What the stream
has shown stays as it is (with a counter below zero, for a server that loses it later); all other
saves get new headers in a new chain. Their ids and parts stay, so nothing is there twice.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass, replace

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection

from field_app import __version__
from field_app.domain.clock import Entropy
from field_app.store.confirmed import ConfirmedParts
from field_app.store.database import Database
from field_app.store.identity import IDENTITY, Identity, SealedSettings
from field_app.store.outbox import Outbox, Saved
from field_app.store.pending import PendingSaves
from field_app.sync.admission import Enrolled, ForkRequest
from field_app.sync.changes import SCHEMA

_PLAN = "fork"


@dataclass(frozen=True, slots=True)
class Healing:
    """Heals one unlocked store."""

    database: Database
    settings: SealedSettings
    outbox: Outbox
    parts: ConfirmedParts
    pending: PendingSaves
    entropy: Entropy
    identity: Callable[[], Identity]
    become: Callable[[Identity], None]
    """Hears of another identity once it is durable."""
    instance_now: Callable[[], str]
    """The device's id outside backups."""

    @property
    def instance(self) -> str:
        """The id outside backups, as it is sent with every push."""
        return self.instance_now()

    # -- the server lost something ---------------------------------------------------------------

    def not_there(self, connection: Connection, counter: int) -> list[Saved]:
        """Answered saves after `counter`, the last one the server has: pending again."""
        lost = self.outbox.answered_from(connection, counter + 1)
        again = [saved.answered("pending", None, "") for saved in lost]
        self.outbox.note_answers(connection, again)
        return again

    def begin_anew(self, connection: Connection, counter: int | None) -> list[Saved]:
        """The server is in a new epoch: what it told counts no more, what it lost is pushed again.

        Returns:
            The saves that are pending again.
        """
        self.parts.age(connection)
        again = self.not_there(connection, counter) if counter is not None else []
        return again + self.outbox.take_back(connection, self.identity().device)

    # -- the device is a copy --------------------------------------------------------------------

    def fork_request(self) -> ForkRequest:
        """Ask to be a device of its own; asked again it is the same request, whatever was lost."""
        identity = self.identity()
        with self.database.write() as connection:
            plan = self.settings.get(connection, _PLAN)
            if plan is None or plan["device"] != identity.device:
                plan = {"device": identity.device, "private_key": self.entropy.bytes(32).hex()}
                self.settings.put(connection, _PLAN, plan)
        mine = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(identity.private_key))
        public = _key(plan["private_key"]).public_key().public_bytes_raw()
        public_key, instance = base64.b64encode(public).decode(), self.instance
        signed = ForkRequest.signed_bytes(identity.device, public_key, instance)
        return ForkRequest(
            device=identity.device,
            public_key=public_key,
            instance=instance,
            app=__version__,
            schema=SCHEMA,
            signature=base64.b64encode(mine.sign(signed)).decode(),
        )

    def take_fork(self, request: ForkRequest, enrolled: Enrolled, *, is_renewing: bool) -> None:
        """Become the new device, with all that is not in the stream yet, in one transaction.

        In a new epoch of the server, not told to its end yet, no save is known to be in there.
        """
        with self.database.write() as connection:
            plan = self.settings.get(connection, _PLAN)
            identity = replace(
                self.identity(),
                device=enrolled.device,
                instance=request.instance,
                private_key=plan["private_key"],
                token=enrolled.token,
                certificate=enrolled.certificate,
            )
            reissued = self.outbox.reissue(connection, enrolled.device)
            if is_renewing:
                reissued += self.outbox.take_back(connection, enrolled.device)
            self.settings.put(connection, IDENTITY, identity.to_json())
            self.settings.put(connection, _PLAN, None)
        self.become(identity)
        self.pending.clear()
        for saved in reissued:
            self.pending.put(saved)


def _key(text: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(text))
