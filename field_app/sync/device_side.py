"""The store's two faces towards the sync: its device side and its credentials.

A round runs on a thread of its own; whatever it does in the store, it does on the store's thread.
"""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from field_app.store.case_store import CaseStore
from field_app.store.device_store import DeviceStore
from field_app.store.identity import Identity
from field_app.sync.admission import Enrolled, ForkRequest
from field_app.sync.protocol import PullPage, PullRequest, PushAnswer, PushBatch


class DeviceSide:
    """`field_app.sync.exchange.Device` on the store's thread."""

    def __init__(self, store: DeviceStore) -> None:
        """Carry every call over to the store's thread; StoreLocked once it is locked."""
        self._store = store

    def next_batch(self) -> PushBatch | None:
        """See `DeviceSync.next_batch`."""
        return self._store.call(lambda: self._cases().sync.next_batch())

    def take_answer(self, batch: PushBatch, answer: PushAnswer) -> None:
        """See `DeviceSync.take_answer`."""
        self._store.call(lambda: self._cases().sync.take_answer(batch, answer))

    def push_again(self, counter: int) -> None:
        """See `DeviceSync.push_again`."""
        self._store.call(lambda: self._cases().sync.push_again(counter))

    def is_copy(self, counter: int | None) -> bool:
        """See `DeviceSync.is_copy`."""
        return self._store.call(lambda: self._cases().sync.is_copy(counter))

    def fork_request(self) -> ForkRequest:
        """See `DeviceSync.fork_request`."""
        return self._store.call(lambda: self._cases().sync.fork_request())

    def take_fork(self, request: ForkRequest, enrolled: Enrolled) -> None:
        """See `DeviceSync.take_fork`."""
        self._store.call(lambda: self._cases().sync.take_fork(request, enrolled))

    def pull_request(self) -> PullRequest:
        """See `DeviceSync.pull_request`."""
        return self._store.call(lambda: self._cases().sync.pull_request())

    def take_page(self, page: PullPage) -> None:
        """See `DeviceSync.take_page`."""
        self._store.call(lambda: self._cases().sync.take_page(page))

    def _cases(self) -> CaseStore:
        return self._store.require_cases()


class StoredCredentials:
    """`field_app.sync.authorised.Credentials` from the sealed identity, as it is at each moment.

    A round may change it: a restored device becomes one of its own.
    """

    def __init__(self, store: DeviceStore, identity: Identity) -> None:
        """Take the identity of an unlocked store; StoreLocked once it is locked."""
        self._store = store
        self.server_url = identity.server

    @property
    def device(self) -> str:
        """The device's id."""
        return self._identity().device

    @property
    def token(self) -> str:
        """The token as last given."""
        return self._identity().token

    @property
    def certificate(self) -> str:
        """What enrolment gave to prove it by."""
        return self._identity().certificate

    def sign(self, message: bytes) -> bytes:
        """Sign with the device's key."""
        secret = bytes.fromhex(self._identity().private_key)
        return Ed25519PrivateKey.from_private_bytes(secret).sign(message)

    def _identity(self) -> Identity:
        return self._store.call(lambda: self._store.require_cases().require_identity())

    def save_token(self, token: str) -> None:
        """Keep a renewed token, durably."""
        self._store.call(lambda: self._store.require_cases().keep_token(token))
