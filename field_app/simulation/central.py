"""The central server in one process: the functions behind its routes, upon a disk in memory.

What the routes do around those functions (unpack, read, answer a problem) is done here in the
same order, so that a device meets the same bytes.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from pydantic import ValidationError

from field_app.domain.errors import FieldAppError, Malformed, NotFound, ServerUnreachable
from field_app.server import enrolment, tokens
from field_app.server.access import Commander
from field_app.server.bodies import GZIP_FROM_BYTES, unpack
from field_app.server.cases import CaseDesk
from field_app.server.core import Core
from field_app.server.far_behind import FAR_BEHIND
from field_app.server.problems import problem
from field_app.server.revoked import RevokedList
from field_app.server.standing import read_standing
from field_app.server.tokens import Caller, Refusal
from field_app.simulation.chance import SeededEntropy, WorldClock
from field_app.simulation.disk import Disk, Killed
from field_app.simulation.office import Office, open_core
from field_app.sync.admission import ForkRequest, TokenRequest
from field_app.sync.coordination import Case
from field_app.sync.problems import PROBLEM
from field_app.sync.protocol import MEDIA_TYPE, PullRequest, PushBatch


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back over the line."""

    status: int
    kind: str
    body: bytes
    packed: bool = False


class Ears(Protocol):
    """Hears at the server's door what was asked and answered."""

    def hear_push(self, device: str, body: bytes, answer: bytes) -> None:
        """A batch was stored, and this is the answer on its way."""
        ...

    def hear_page(self, worker: str, device: str, page: bytes) -> None:
        """A page is on its way."""
        ...


class Revoked(RevokedList):
    """The list of revoked devices, in memory; like the file it is no part of a backup."""

    def __init__(self) -> None:
        """Nobody is revoked yet."""
        super().__init__(Path())
        object.__setattr__(self, "_ids", set())

    def add(self, device: str) -> None:
        """Add a device."""
        self._ids.add(device)

    def ids(self) -> frozenset[str]:
        """Every revoked device's id."""
        return frozenset(self._ids)

    _ids: set[str]


class Central:
    """One server."""

    def __init__(
        self,
        office: Office,
        disk: Disk,
        clock: WorldClock,
        seed: str,
        far_behind: int = FAR_BEHIND,
    ) -> None:
        """Open the organisation's database as it was at the beginning."""
        self.disk = disk
        self.clock = clock
        self.number = office.number
        self.ears: Ears | None = None
        self._entropy = SeededEntropy(f"server {seed}")
        self.revoked = Revoked()
        self.enforced: frozenset[str] = frozenset()
        """Devices that were revoked when this process began."""
        self.minimum_app = ""
        self._far_behind = far_behind
        disk.put_back(office.image)
        self.core: Core
        self._open()

    def restart(self) -> None:
        """Another process takes over the same disk."""
        self.disk.revive()
        self._open()

    def put_back(self, image: bytes) -> None:
        """A backup takes the place of what is on the disk; keys and revocations lie elsewhere."""
        self.disk.put_back(image)
        self._open()

    def _open(self) -> None:
        self.core = open_core(self.disk, self.clock, self._entropy)
        self.core.revoked = self.revoked
        self.require_app(self.minimum_app)
        self.enforced = self.revoked.ids()
        if self.enforced:
            with self.core.database.write() as connection:
                self.revoked.enforce(connection, self.clock.now())

    def require_app(self, minimum: str) -> None:
        """Tell apps below this version nothing; "" for any."""
        self.minimum_app = minimum
        self.core.puller = replace(
            self.core.puller, minimum_app=minimum, far_behind=self._far_behind
        )

    def answer(self, path: str, body: bytes, token: str) -> Answer:
        """Answer one request.

        Raises:
            ServerUnreachable: the process died over it.
        """
        try:
            return self._answer(path, body, token)
        except (FieldAppError, ValidationError) as error:
            # What is no message at all is answered as the framework does.
            said = problem(error if isinstance(error, FieldAppError) else Malformed(path))
            return Answer(said.status_code, PROBLEM, bytes(said.body))
        except Killed:
            self.restart()
            raise ServerUnreachable("the connection broke") from None

    def _answer(self, path: str, body: bytes, token: str) -> Answer:
        if path == "/v1/token":
            return self._renew(body)
        caller = self.core.authenticate(token)
        if path == "/v1/push":
            return self._push(caller, unpack(body))
        if path == "/v1/pull":
            return self._pull(caller, unpack(body))
        if path == "/v1/fork":
            return self._fork(caller, body)
        raise NotFound("path")

    def _push(self, caller: Caller, body: bytes) -> Answer:
        batch = PushBatch.decode(body)
        answer = self.core.pusher.push(caller, batch, self.clock.now())
        raw = answer.model_dump_json().encode()
        if self.ears is not None:
            self.ears.hear_push(caller.device, body, raw)
        return Answer(200, "application/json", raw)

    def _pull(self, caller: Caller, body: bytes) -> Answer:
        try:
            request = PullRequest.model_validate_json(body)
        except ValidationError:
            raise Malformed("pull request") from None
        page = self.core.puller.pull(caller, request, self.clock.now())
        if self.ears is not None:
            self.ears.hear_page(caller.worker, caller.device, page)
        if len(page) < GZIP_FROM_BYTES:
            return Answer(200, MEDIA_TYPE, page)
        return Answer(200, MEDIA_TYPE, gzip.compress(page, 1, mtime=0), packed=True)

    def _fork(self, caller: Caller, body: bytes) -> Answer:
        request = ForkRequest.model_validate_json(body)
        core = self.core
        with core.database.write() as connection:
            now = self.clock.now()
            given = enrolment.fork(connection, core.entropy, now, core.key, caller, request)
        return Answer(200, "application/json", given.model_dump_json(by_alias=True).encode())

    def _renew(self, body: bytes) -> Answer:
        request = TokenRequest.model_validate_json(body)
        core, now = self.core, self.clock.now()
        with core.database.write() as connection:
            if request.certificate and not request.challenge:
                device = enrolment.readmit(
                    connection, now, core.key, core.revoked, request.certificate
                )
                request = request.model_copy(update={"device": device})
            given = tokens.renew(connection, self._entropy, now, request)
        if isinstance(given, Refusal):
            raise given.error
        return Answer(200, "application/json", given.model_dump_json().encode())

    # -- what people at desks do ---------------------------------------------------------------

    def command(self, name: str, *details: Any) -> Any:
        """Carry out an access command as the route does.

        Raises:
            FieldAppError: what the command says.
            Killed: the server died over it; call `restart`.
        """
        with self.core.database.write() as connection:
            entropy, sealer = self._entropy, self.core.sealer
            by = Commander(connection, self.number, self.clock.now(), entropy, sealer)
            done = getattr(by, name)(*details)
            if name == "revoke_device":
                self.revoked.add(*details)
            return done

    def cases(self, worker: str) -> list[Case]:
        """The cases a worker may decide about."""
        with self.core.database.read() as connection:
            return self._desk(connection, worker).cases()

    def decide(self, worker: str, case: str, *, accepts: bool) -> None:
        """Accept a case or set it aside, as the route does."""
        with self.core.database.write() as connection:
            desk = self._desk(connection, worker)
            desk.decide(case, "simulated", self.clock.now(), accepts=accepts)

    def _desk(self, connection: Any, worker: str) -> CaseDesk:
        standing = read_standing(connection, self.number, worker)
        core = self.core
        return CaseDesk(connection, self.number, standing, core.sealer, core.reader)

    # -- read past the product -------------------------------------------------------------------

    def rows(self, statement: str, *values: Any) -> list[Any]:
        """What really is in the database, by plain SQL."""
        return self.disk.connection.execute(statement, values).fetchall()

    def new_epoch(self) -> None:
        """The server was restored, and lost nothing: it begins a new epoch."""
        self.disk.connection.execute("UPDATE organisation SET epoch = ?", ("e0" * 16,))

    def on_commit(self, hook: Callable[[], None]) -> None:
        """Call a hook after every transaction that changed something."""
        self.disk.on_commit(hook)
