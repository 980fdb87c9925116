"""A server filled with any number of records, pushed as a device would."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import cycle, islice

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from benchmarks.contacts import Contact, people_of
from benchmarks.devices import LINK
from field_app.store.editing import Edit, writes_of
from field_app.store.identity import Identity
from field_app.sync.authorised import Authorised, read_message
from field_app.sync.canonical import canonical_bytes
from field_app.sync.changes import NO_PREVIOUS, ChangeSet
from field_app.sync.client import enrol, pack_batch
from field_app.sync.composing import Authorship, compose
from field_app.sync.protocol import (
    MEDIA_TYPE,
    PUSH_SETS_MAX,
    PullPage,
    PullRequest,
    PushAnswer,
    PushBatch,
    Report,
)
from field_app.sync.transport import pack
from field_app.system_clock import SystemClock, SystemEntropy
from field_app.views.worker_account import identity_of

_NOTHING = Report(unsynced=0, app=LINK.app)


class Filler:
    """One author who records as much as is wanted."""

    def __init__(self, code: str, contacts: Sequence[Contact]) -> None:
        """Enrol, and open the people of these contacts in the author's team."""
        self._clock, self._entropy = SystemClock(), SystemEntropy()
        self._key = Ed25519PrivateKey.generate()
        public_key = self._key.public_key().public_bytes_raw()
        instance = self._entropy.new_id()
        enrolment = enrol(code, public_key=public_key, instance=instance, link=LINK)
        self._identity = identity_of(enrolment, self._key.private_bytes_raw(), instance)
        self._requests = Authorised(_Held(self._identity, self._key), LINK)
        self._counter, self._prev = 0, NO_PREVIOUS
        self.records = 0
        request = PullRequest(epoch="", cursors={}, report=_NOTHING)
        body = canonical_bytes(request.model_dump(mode="json", exclude_none=True))
        answer = self._requests.call("POST", "/v1/pull", pack(body), expects=MEDIA_TYPE)
        self._you = PullPage.decode(answer).head.you
        people = people_of(contacts)
        opened = [self._set(edit, {person: self._you.teams[0]}) for person, edit in people.items()]
        self._push(opened)
        self._contacts = cycle(contacts)

    def fill_up_to(self, records: int) -> None:
        """Record until the server has so many."""
        while self.records < records:
            wanted = min(PUSH_SETS_MAX, records - self.records)
            edits = (contact.edit() for contact in islice(self._contacts, wanted))
            new = [replace(edit, record_id=self._entropy.new_id()) for edit in edits]
            self._push([self._set(edit, {}) for edit in new])
            self.records += wanted

    def close(self) -> None:
        """Close the connection."""
        self._requests.close()

    def _set(self, edit: Edit, opens: dict[str, str]) -> ChangeSet:
        self._counter += 1
        by = Authorship(
            device=self._identity.device,
            author=self._identity.worker,
            at=self._clock.now(),
            counter=self._counter,
            prev=self._prev,
            grants=self._you.grants,
        )
        made = compose(self._entropy, by, writes_of(edit), opens)
        self._prev = made.header.hash
        return made

    def _push(self, sets: Sequence[ChangeSet]) -> None:
        batch = PushBatch(
            device=self._identity.device,
            prev=sets[0].header.prev,
            signature=self._key.sign(PushBatch.signed_bytes(sets[-1].header.hash)),
            report=_NOTHING,
            sets=tuple(sets),
            instance=self._identity.instance,
        )
        answer = self._requests.call("POST", "/v1/push", pack_batch(batch), sends=MEDIA_TYPE)
        receipts = read_message(PushAnswer, answer).receipts
        if any(run.status != "accepted" for run in receipts):
            raise AssertionError("a made record was refused")


class _Held:
    """An identity in memory as `field_app.sync.authorised.Credentials`."""

    def __init__(self, identity: Identity, key: Ed25519PrivateKey) -> None:
        self._key = key
        self.server_url = identity.server
        self.device = identity.device
        self.token = identity.token
        self.certificate = identity.certificate

    def sign(self, message: bytes) -> bytes:
        return self._key.sign(message)

    def save_token(self, token: str) -> None:
        self.token = token
