"""One record through its versions: A1, then A2 and B1 apart, then A3, as exact bytes.

Aino's device A and Bo's device B know the same person. The document `docs/sync-protocol.md` tells
this story with its bytes; here it is made by the code, so that the two cannot drift apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from field_app.domain.clock import Instant
from field_app.sync.admission import TokenRequest
from field_app.sync.canonical import canonical_bytes, parse
from field_app.sync.changes import NO_PREVIOUS, ChangeSet, ScopedWrite, Write, person_scope
from field_app.sync.composing import Authorship, compose
from field_app.sync.delivery import Compacted, Entry, OwnSet, Streamed, compact, encode_entry
from field_app.sync.merge import EMPTY, Incoming, Stamped, State, apply, depths_of, overlay
from field_app.sync.protocol import (
    PROTOCOL,
    PageHead,
    PullPage,
    PullRequest,
    PushAnswer,
    PushBatch,
    ReceiptRun,
    Report,
    You,
)
from tests.sync.makers import signing_key

AINO, BO = "1a" * 16, "1b" * 16
DEVICE_A, DEVICE_B = "da" * 16, "db" * 16
TEAM, PERSON = "7e" * 16, "0c" * 16
BUCKET = f"team/{TEAM}/common"
SCOPE = person_scope(PERSON)
EPOCH = "e0" * 16


class OneSave:
    """The randomness of one save, chosen so that a reader recognises it."""

    def __init__(self, id_: str, salt: str) -> None:
        self._id, self._salt = id_ * 16, salt * 16

    def bytes(self, count: int) -> bytes:
        return bytes.fromhex(self._salt)[:count]

    def new_id(self) -> str:
        return self._id


def save(
    name: str,
    author: str,
    device: str,
    at: Instant,
    after: ChangeSet | None,
    phone: str,
    *replaces: str,
) -> ChangeSet:
    """One save of the phone number; `name` ("a1") is its id and, turned round, its salt."""
    counter = after.header.counter + 1 if after else 1
    prev = after.header.hash if after else NO_PREVIOUS
    by = Authorship(device, author, at, counter, prev, {TEAM: 1})
    named = {"phone": list(replaces)} if replaces else {}
    write = Write(PERSON, "person", {"phone": phone}, named)
    opens = None if replaces else {PERSON: TEAM}
    entropy = OneSave(name, name[::-1])
    return compose(entropy, by, [ScopedWrite(SCOPE, "common", write)], opens)


A1 = save("a1", AINO, DEVICE_A, "2026-11-20T09:00:00.000Z", None, "040 123 4567")
ID_A1, ID_A2, ID_B1 = "a1" * 16 + ":0", "a2" * 16 + ":0", "b1" * 16 + ":0"
A2 = save("a2", AINO, DEVICE_A, "2026-11-22T10:15:00.000Z", A1, "045 000 1111", ID_A1)
B1 = save("b1", BO, DEVICE_B, "2026-11-22T10:20:00.000Z", None, "050 765 4321", ID_A1)
A3 = save("a3", AINO, DEVICE_A, "2026-11-22T14:30:00.000Z", A2, "050 765 4321", ID_B1, ID_A2)


def incoming(saved: ChangeSet) -> Incoming:
    """The one write of a save."""
    ((write_id, _, write),) = saved.numbered_writes()
    return Incoming(write_id, write, saved.header.author, saved.header.at)


def states() -> list[State]:
    """The server's state of the part after each sequence, beginning with none."""
    found = [EMPTY]
    for saved in (A1, A2, B1, A3):
        state, holds = apply(found[-1], incoming(saved))
        assert not holds
        found.append(state)
    return found


STATES = states()


def streamed(seq: int, saved: ChangeSet) -> Streamed:
    """What another device is sent of a save accepted at `seq`."""
    depths = depths_of(STATES[seq], incoming(saved))
    stamped = {"0": depths} if depths else {}
    header = saved.header
    return Streamed(seq, BUCKET, header.id, header.author, header.at, stamped, saved.parts[0].raw)


def device_b_in_conflict() -> State:
    """Device B after its second sync, by the device's own path: stream upon compacted heads."""
    from field_app.sync.delivery import expand

    state = expand(parse(canonical_bytes(compact(STATES[1]))))
    for seq, saved in ((2, A2), (3, B1)):
        state = overlay(state, Stamped(incoming(saved), depths_of(STATES[seq], incoming(saved))))
    return state


def heads_as_text(state: State) -> str:
    """The heads of the number, the one shown first in front."""
    return "\n".join(
        f"{head.write_id}  depth {head.depth}  {head.value}" for head in state.heads["phone"]
    )


def batch(device: str, key: str, unsynced_at: Instant, *sets: ChangeSet) -> PushBatch:
    """Saves on their way, signed."""
    signature = signing_key(key).sign(PushBatch.signed_bytes(sets[-1].header.hash))
    report = Report(unsynced=len(sets), oldest_at=unsynced_at, app="0.1.0")
    return PushBatch(device, sets[0].header.prev, signature, report, sets)


BATCH_A = batch(DEVICE_A, "A", A2.header.at, A2)
BATCH_B = batch(DEVICE_B, "B", B1.header.at, B1)
REQUEST_B = PullRequest(
    epoch=EPOCH,
    cursors={BUCKET: (1, 1)},
    staff_version=3,
    receipts_after=1,
    report=Report(unsynced=0, app="0.1.0"),
)
PAGE_B = PullPage(
    PageHead(
        protocol=PROTOCOL,
        epoch=EPOCH,
        mark=3,
        done=True,
        cursors={BUCKET: (1, 3)},
        you=You(worker=BO, role="nurse", teams=(TEAM,), grants={TEAM: 1}),
        buckets=(BUCKET,),
        entries=2,
    ),
    [streamed(2, A2), OwnSet(3, B1.header.id, (BUCKET,), {"0": {"phone": 2}})],
)
COMPACTED: Entry = Compacted(4, BUCKET, PERSON, "person", SCOPE, compact(STATES[4]))


def _json(wire: Mapping[str, Any]) -> str:
    return canonical_bytes(wire).decode()


def told() -> dict[str, str]:
    """Every example of the document, by name."""
    challenge = "kW1yq0n5lZcVYb0mJ7n8cA"
    signature = signing_key("A").sign(TokenRequest.signed_bytes(challenge))
    run = ReceiptRun(first_counter=1, count=1, status="accepted", first_seq=3)
    answer = PushAnswer(protocol=PROTOCOL, epoch=EPOCH, receipts=(run,))
    index = {BUCKET: 0}
    return {
        "a1-part": A1.parts[0].raw.decode(),
        "a1-part-hash": A1.parts[0].hash,
        "a1-header": A1.header.raw.decode(),
        "a1-header-hash": A1.header.hash,
        "a2-part": A2.parts[0].raw.decode(),
        "a2-header": A2.header.raw.decode(),
        "a2-header-hash": A2.header.hash,
        "a2-signed": PushBatch.signed_bytes(A2.header.hash).hex(),
        "a2-signature": BATCH_A.signature.hex(),
        "a2-push": BATCH_A.encode().decode(),
        "b1-push": BATCH_B.encode().decode(),
        "b1-answer": _json(answer.model_dump(mode="json", exclude_none=True)),
        "b-pull": _json(REQUEST_B.model_dump(mode="json", exclude_none=True)),
        "b-page": PAGE_B.encode().decode(),
        "conflict-heads": heads_as_text(STATES[3]),
        "a3-part": A3.parts[0].raw.decode(),
        "a3-entry": encode_entry(streamed(4, A3), index).decode(),
        "settled-heads": heads_as_text(STATES[4]),
        "compacted": encode_entry(COMPACTED, index).decode(),
        "challenge-signed": TokenRequest.signed_bytes(challenge).hex(),
        "challenge-signature": signature.hex(),
        "key-a": signing_key("A").private_bytes_raw().hex(),
    }
