"""A device: the product's own store and sync upon a disk in memory, with a line to the server."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from typing import Any

from field_app.domain.errors import DeviceSecretMissing, FieldAppError
from field_app.domain.records import RECORD_TYPES
from field_app.simulation.central import Central
from field_app.simulation.chance import DeviceClock, SeededEntropy, WorldClock
from field_app.simulation.disk import Disk, store_database
from field_app.simulation.line import Line, LineClient
from field_app.simulation.office import Enrolled, keyring
from field_app.store.case_store import CaseStore
from field_app.store.editing import Edit
from field_app.store.export import export_store
from field_app.store.instance import Instance
from field_app.store.keystore import SECRET_BYTES
from field_app.store.outbox import Outbox, Saved
from field_app.store.saving import Saving
from field_app.sync.exchange import HEALED, Outcome, Reply, Request, sync_round
from field_app.sync.protocol import PullPage

_FAR = 1 << 40


class Keystore:
    """A phone's keystore: what it keeps is in no backup of the phone."""

    def __init__(self, instance: str) -> None:
        """Keep the instance id that enrolment made."""
        self._kept = {"instance": bytes.fromhex(instance).ljust(SECRET_BYTES, b"\0")}

    def load(self, name: str) -> bytes:
        """The secret of this name."""
        if name not in self._kept:
            raise DeviceSecretMissing("no such secret")
        return self._kept[name]

    def store(self, name: str, secret: bytes) -> None:
        """Keep a secret."""
        self._kept[name] = secret

    def delete(self, name: str) -> None:
        """Forget a secret."""
        self._kept.pop(name, None)

    def copy(self) -> dict[str, bytes]:
        """What is in it, for a machine that is copied as a whole."""
        return dict(self._kept)

    def become(self, kept: dict[str, bytes]) -> None:
        """Hold exactly this: nothing, on a new phone."""
        self._kept = dict(kept)


class IdEntropy(SeededEntropy):
    """A device's ids; a broken one hands out an id that was given out before."""

    repeated: str | None = None

    def new_id(self) -> str:
        """The next id, or the one to be repeated."""
        if self.repeated is not None:
            repeated, self.repeated = self.repeated, None
            return repeated
        return super().new_id()


@contextmanager
def newer_types() -> Iterator[None]:
    """A newer app saves: it knows what the records of its own types may say."""
    check = Saving._check

    def checked(self: Saving, edit: Edit, *more: Any) -> None:
        if edit.type in RECORD_TYPES:
            check(self, edit, *more)

    Saving._check = checked  # type: ignore[assignment,method-assign]
    try:
        yield
    finally:
        Saving._check = check  # type: ignore[method-assign]


class SimulatedDevice:
    """One phone, from the office on."""

    def __init__(
        self,
        enrolled: Enrolled,
        disk: Disk,
        central: Central,
        clock: WorldClock,
        seed: str,
        faults: Counter[str],
        number: int,
    ) -> None:
        """Put the device's disk to what it was when it was enrolled, and unlock it."""
        self.id = enrolled.identity.device
        """As those who watch know it; a fork changes it (see `World.notice`)."""
        self.worker = enrolled.worker
        self.enrolled = enrolled
        self.number = number
        self.keystore = Keystore(enrolled.identity.instance)
        self.disk = disk
        self.clock = DeviceClock(clock)
        self.entropy = IdEntropy(f"{seed} ids {number} {self.id}")
        self._nonces = SeededEntropy(f"{seed} nonces {number} {self.id}")
        self.line = Line(central, faults)
        self.newer = False
        """Whether a newer version of the app is on it."""
        self.noticed = ("", "")
        """Its id and the server's epoch when those who watch last looked at its saves."""
        self.round: Generator[Request, Reply, Outcome] | None = None
        self.request: Request | None = None
        self.reply: Reply | None = None
        self.mark = 0
        """Up to where the last page brought it; a pull broken off goes on to its old mark."""
        disk.put_back(enrolled.image)
        self.open()
        self.client = LineClient(self, self.line)

    def open(self) -> None:
        """A new process unlocks the store; what the former one had in memory is gone."""
        self.disk.revive()
        self.forget_round()
        self._keyring = keyring(self._nonces)
        self.database = store_database(self.disk)
        instance = Instance(self.keystore, self._nonces)
        self.cases = CaseStore(self.database, self._keyring, self.clock, self.entropy, instance)

    def forget_round(self) -> None:
        """A round under way is given up."""
        self.round = self.request = self.reply = None

    def save(self, edits: Sequence[Edit], opens: Mapping[str, str]) -> Saved:
        """Save as the app does."""
        with newer_types() if self.newer else nullcontext():
            return self.cases.save(edits, opens=opens)

    def saves(self) -> list[Saved]:
        """Every save the device holds, those of its former identities in front."""
        with self.disk.spared(), self.database.read() as connection:
            return Outbox(self._keyring).all_from(connection, -_FAR)

    def step(self) -> Outcome | None:
        """One request of a round: begun when none is under way; its outcome at the end.

        Raises:
            FieldAppError: what broke the round off.
        """
        try:
            self._carry()
            if self.reply is not None and self.round is not None:
                reply, self.reply = self.reply, None
                self.request = self.round.send(reply)
        except StopIteration as finished:
            self.forget_round()
            outcome: Outcome = finished.value
            return outcome
        except FieldAppError:
            self.forget_round()
            raise
        return None

    def fetch(self) -> None:
        """Have the reply of the request under way in hand, and apply it at the next step."""
        try:
            self._carry()
        except (FieldAppError, StopIteration):
            self.forget_round()
            raise

    def begin_round(self) -> None:
        """A round begins: its first request is written, and has not left yet."""
        self.client.begin()
        self.round = sync_round(self.cases.sync)
        self.request = next(self.round)

    def _carry(self) -> None:
        if self.round is None:
            self.begin_round()
        if self.reply is None:
            assert self.request is not None
            assert self.round is not None
            try:
                self.reply = self.client.carry(self.request)
            except HEALED as refused:
                self.request = self.round.throw(refused)
                return
            if isinstance(self.reply, PullPage):
                self.mark = self.reply.head.mark

    def lines(self) -> dict[bytes, None]:
        """What the device shows, as it exports it."""
        return dict.fromkeys(export_store(self.cases))
