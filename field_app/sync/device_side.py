"""The store's faces towards the sync: its device side, its credentials, and where it waits.

A round runs on a thread of its own; whatever it does in the store, it does on the store's thread.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from field_app.store.case_store import CaseStore
from field_app.store.device_store import DeviceStore
from field_app.store.identity import Identity
from field_app.sync.admission import Enrolled, ForkRequest
from field_app.sync.listening import Listener
from field_app.sync.protocol import PullPage, PullRequest, PushAnswer, PushBatch
from field_app.sync.transport import Link
from field_app.sync.waiting import WaitRequest

CASES_SECONDS = 1.0
"""Cases that come one after another are told of no more often."""


class DeviceSide:
    """`field_app.sync.exchange.Device` on the store's thread."""

    def __init__(self, store: DeviceStore) -> None:
        """Carry every call over to the store's thread; StoreLocked once it is locked."""
        self._store = store

    def next_batch(self) -> PushBatch | None:
        """See `DeviceSync.next_batch`."""
        return self._store.call(lambda: self._cases().sync.next_batch())

    def batch_after(self, batch: PushBatch) -> PushBatch | None:
        """See `DeviceSync.batch_after`."""
        return self._store.call(lambda: self._cases().sync.batch_after(batch))

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


class StoredWaits:
    """`field_app.sync.following.Waits` that ask from where the store stands."""

    def __init__(
        self,
        store: Callable[[], DeviceStore],
        link: Callable[[], Link],
        other_cases: Callable[[], None],
        listener: Listener | None = None,
    ) -> None:
        """Ask for nothing yet.

        Args:
            store: The open store; StoreLocked while there is none.
            link: How the server is reached now.
            other_cases: Called when other cases wait for this worker: no pull brings those.
            listener: Carries the requests; by HTTP, unless given.
        """
        self._store = store
        self._link = link
        self._other_cases = other_cases
        self._listener = listener or Listener()
        self._mark: str | None = None

    async def wait(self) -> bool:
        """One waiting request, and one more after each that only told of cases.

        Returns:
            Whether a pull would bring something.

        Raises:
            SyncError: the network or the server.
            StoreLocked: the app was locked.
        """
        while True:
            identity, pull = await self._store().cases(
                lambda cases: (cases.require_identity(), cases.sync.pull_request())
            )
            request = WaitRequest.after(pull, self._mark)
            answer = await self._listener.ask(identity, self._link(), request)
            before, self._mark = self._mark, answer.cases
            if before not in (None, answer.cases):
                self._other_cases()
                await asyncio.sleep(CASES_SECONDS)
            elif before is not None:
                return answer.news
            if answer.news:
                return True

    async def close(self) -> None:
        """Hang up, and forget which cases were told of: another worker may unlock."""
        self._mark = None
        await self._listener.close()
