"""Checking that a pushed batch continues its device's chain, or repeats a known stretch of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from field_app.domain.errors import ChainForked, ChainGap, Malformed, TooLarge
from field_app.server import credentials
from field_app.server.tables import chain_links, devices
from field_app.server.tokens import Caller
from field_app.sync.changes import ChangeSet
from field_app.sync.protocol import PUSH_SETS_MAX, PushBatch


@dataclass(frozen=True, slots=True)
class Stretch:
    """A batch split at the head the server knows."""

    known: Sequence[ChangeSet]
    """Stored before: answered as before."""
    fresh: Sequence[ChangeSet]


def check_form(batch: PushBatch, caller: Caller) -> None:
    """Check what needs no database: one device, counters one by one, limits.

    Raises:
        Malformed: not the caller's own consecutive chain.
        TooLarge: too many sets.
    """
    if not batch.sets:
        raise Malformed("push without a set")
    if len(batch.sets) > PUSH_SETS_MAX:
        raise TooLarge("batch", sets_max=PUSH_SETS_MAX)
    first = batch.sets[0].header.counter
    for offset, one in enumerate(batch.sets):
        if one.header.device != caller.device or one.header.counter != first + offset:
            raise Malformed("push: chain")


def check_signature(connection: Connection, batch: PushBatch, caller: Caller) -> None:
    """Check the one signature that covers the whole batch, and who carries the key.

    Raises:
        BadSignature: it does not fit the device's key and the last header.
        ChainForked: it comes from a copy of the device.
    """
    public_key, instance = connection.execute(
        select(devices.c.public_key, devices.c.instance).where(
            devices.c.organisation == caller.organisation, devices.c.id == caller.device
        )
    ).one()
    credentials.check_signature(
        public_key, batch.signature, PushBatch.signed_bytes(batch.head_hash)
    )
    if batch.instance and batch.instance != instance:
        raise ChainForked("another instance")


def split(connection: Connection, batch: PushBatch, caller: Caller) -> Stretch:
    """Find where the batch goes on from; under the organisation's lock.

    Raises:
        ChainGap: earlier headers of the device are missing here.
        ChainForked: the device tells another history than the one it told before.
    """
    counter, head_hash = connection.execute(
        select(devices.c.counter, devices.c.head_hash).where(
            devices.c.organisation == caller.organisation, devices.c.id == caller.device
        )
    ).one()
    first = batch.sets[0].header
    if first.counter > counter + 1:
        raise ChainGap("gap", counter=counter)
    if first.counter == counter + 1:
        if first.prev != head_hash:
            raise ChainForked("forked", counter=counter)
        return Stretch((), batch.sets)
    known = batch.sets[: counter - first.counter + 1]
    stored = connection.execute(
        select(chain_links.c.header_hash)
        .where(
            chain_links.c.organisation == caller.organisation,
            chain_links.c.device == caller.device,
            chain_links.c.counter.between(first.counter, known[-1].header.counter),
        )
        .order_by(chain_links.c.counter)
    ).scalars()
    if list(stored) != [one.header.hash for one in known]:
        raise ChainForked("forked", counter=counter)
    return Stretch(known, batch.sets[len(known) :])
