"""The line between a device and the server: real messages, and everything a bad network does.

`Line` stands where the product has HTTP (`sync.transport.Transport`); everything above it is the
product's: the client, the renewal of tokens, the messages' encoding.
"""

from __future__ import annotations

import gzip
import json
import random
import zlib
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, replace
from typing import Any, Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from field_app.domain.errors import (
    AnswerTooLarge,
    CaptivePortal,
    FieldAppError,
    Malformed,
    Offline,
    ServerUnreachable,
    TimedOut,
)
from field_app.simulation.central import Answer, Central
from field_app.store.case_store import CaseStore
from field_app.sync import transport
from field_app.sync.admission import ForkRequest
from field_app.sync.answers import JSON
from field_app.sync.authorised import Authorised
from field_app.sync.client import SyncClient, pack_batch
from field_app.sync.exchange import Reply, Request
from field_app.sync.look_ahead import Asked, LookAhead
from field_app.sync.problems import problem_of
from field_app.sync.protocol import (
    PULL_ENTRIES_MAX,
    PUSH_SETS_MAX,
    PullPage,
    PullRequest,
    PushAnswer,
    PushBatch,
)
from field_app.sync.push_ahead import Following, PushAhead
from field_app.sync.transport import Packed, Transport

NEWER_APP = "9.0.0"
"""The version of the newer app."""
LINK_FAULTS = (
    "request_lost",
    "answer_lost",
    "request_cut",
    "request_damaged",
    "request_forged",
    "answer_cut",
    "answer_damaged",
    "request_twice",
    "request_late",
    "answers_lost_for_long",
    "offline_for_long",
    "portal",
    "answer_too_large",
    "narrow",
    "token_expired",
)
"""What can happen to one request; see `Line.call`."""

SMALL_BATCH = 3
"""Sets in a batch of half of the phones: they push several, and the next ahead of time."""
NARROW_ENTRIES = 20
"""A narrow line brings pages of fewer entries than these."""


@dataclass(frozen=True, slots=True)
class Late:
    """A request the network kept for later."""

    path: str
    body: bytes
    token: str


class Answered(transport.Answer):
    """An answer that came over a line of ours."""

    def __init__(self, said: bytes | FieldAppError) -> None:
        """What reading it gives."""
        self._said = said

    def read(self) -> bytes:
        """What it says."""
        if isinstance(self._said, FieldAppError):
            raise self._said
        return self._said

    def close(self) -> None:
        """Nothing is open."""


class Line(Transport):
    """One device's line to the server."""

    def __init__(self, central: Central, faults: Counter[str]) -> None:
        """A good line; `faults` counts those that come to pass."""
        self._central = central
        self._faults = faults
        self._next = ""
        self._dice = random.Random(0)
        self.deaf_for = 0
        """Requests whose answers will be lost: the way back is broken."""
        self.gone_for = 0
        """Requests that will not leave the device."""
        self.late: list[Late] = []
        self.narrow = 0
        """Only answers of fewer entries than these get through; 0: all do."""

    def close(self) -> None:
        """Nothing is open."""

    def plan(self, fault: str, salt: int) -> None:
        """Let this happen to the next request it can happen to."""
        self._next = fault
        self._dice = random.Random(salt)

    def mend(self) -> None:
        """Be a good line from now on; what is late stays late."""
        self._next = ""
        self.deaf_for = self.gone_for = 0
        self.narrow = 0

    def deliver_late(self) -> None:
        """The network brings what it kept; nobody waits for the answers any more."""
        late, self.late = self.late, []
        for one in late:
            try:
                self._central.answer(one.path, one.body, one.token)
            except ServerUnreachable:
                continue

    def begin(
        self,
        method: str,
        path: str,
        body: bytes | Packed | None = None,
        *,
        token: str = "",
        sends: str = JSON,
        expects: str = JSON,
        on_sent: Callable[[], None] | None = None,
    ) -> Answered:
        """Carry one request, as the fault planned for it allows."""
        sent = body.gzip if isinstance(body, Packed) else body or b""
        fault, self._next = self._next, ""
        if self.gone_for > 0:
            self.gone_for -= 1
            raise Offline("no network")
        sent = self._on_the_way(fault, path, sent, token)
        answer = self._central.answer(path, sent, token)
        if fault == "request_twice":
            self._faults[fault] += 1
            answer = self._central.answer(path, sent, token)
        if self.deaf_for > 0:
            self.deaf_for -= 1
            raise TimedOut("no answer")
        if self.narrow and path == "/v1/pull" and _entries(body) >= self.narrow:
            return Answered(AnswerTooLarge("answer"))
        return Answered(self._on_the_way_back(fault, path, answer))

    def _on_the_way(self, fault: str, path: str, sent: bytes, token: str) -> bytes:
        match fault:
            case "request_lost":
                self._faults[fault] += 1
                raise ServerUnreachable("lost")
            case "request_late":
                self._faults[fault] += 1
                self.late.append(Late(path, sent, token))
                raise TimedOut("late")
            case "offline_for_long":
                self._faults[fault] += 1
                self.gone_for = self._dice.randrange(1, 4)
                raise Offline("no network")
            case "answers_lost_for_long":
                self._faults[fault] += 1
                self.deaf_for = self._dice.randrange(1, 4)
            case "narrow":
                self._faults[fault] += 1
                self.narrow = NARROW_ENTRIES
            case "portal":
                self._faults[fault] += 1
                raise CaptivePortal("200 text/html")
            case "request_cut":
                self._faults[fault] += 1
                return sent[: self._dice.randrange(len(sent))]
            case "request_forged" if path == "/v1/push":
                self._faults[fault] += 1
                return _forged(sent)
            case "request_damaged":
                self._faults[fault] += 1
                return self._damaged(sent)
            case "token_expired":
                self._faults[fault] += 1
                self._central.clock.forward(13 * 3600)
        return sent

    def _on_the_way_back(self, fault: str, path: str, answer: Answer) -> bytes:
        body = answer.body
        if fault == "answer_lost":
            self._faults[fault] += 1
            raise TimedOut("no answer")
        if fault == "answer_too_large" and path == "/v1/pull" and answer.status == 200:
            self._faults[fault] += 1
            raise AnswerTooLarge("answer")
        if fault == "answer_cut":
            self._faults[fault] += 1
            body = body[: self._dice.randrange(len(body))]
        if fault == "answer_damaged" and answer.packed:
            # What is not packed has no checksum of its own; on a real line TLS has one.
            self._faults[fault] += 1
            body = self._damaged(body)
        if answer.status >= 400:
            raise problem_of(answer.status, answer.kind, body)
        return _unpacked(body) if answer.packed else body

    def _damaged(self, body: bytes) -> bytes:
        at = self._dice.randrange(len(body))
        return body[:at] + bytes([body[at] ^ (1 << self._dice.randrange(8))]) + body[at + 1 :]


def _forged(sent: bytes) -> bytes:
    """The same batch with another signature, as by somebody who has the token and not the key."""
    head, _, rest = gzip.decompress(sent).partition(b"\n")
    wire = json.loads(head)
    wire["signature"] = "A" * 86 + "=="
    return gzip.compress(json.dumps(wire).encode() + b"\n" + rest, compresslevel=1, mtime=0)


def _entries(request: bytes | Packed | None) -> int:
    """How many entries a pull asks for."""
    told = gzip.decompress(request.gzip) if isinstance(request, Packed) else request or b"{}"
    limit: int = json.loads(told).get("limit", 0)
    return limit


def _unpacked(body: bytes) -> bytes:
    unpacker = zlib.decompressobj(wbits=31)
    try:
        raw = unpacker.decompress(body)
    except zlib.error:
        raise Malformed("gzip") from None
    if not unpacker.eof or unpacker.unused_data:
        raise Malformed("gzip: cut short")
    return raw


class Phone(Protocol):
    """What the line needs of the device at its end."""

    cases: CaseStore
    newer: bool
    number: int


class _Credentials:
    """Who the device is, from its own store."""

    def __init__(self, phone: Phone) -> None:
        self._phone = phone

    def _cases(self) -> CaseStore:
        return self._phone.cases

    @property
    def server_url(self) -> str:
        return self._cases().require_identity().server

    @property
    def device(self) -> str:
        return self._cases().require_identity().device

    @property
    def token(self) -> str:
        return self._cases().require_identity().token

    @property
    def certificate(self) -> str:
        return self._cases().require_identity().certificate

    def sign(self, message: bytes) -> bytes:
        secret = bytes.fromhex(self._cases().require_identity().private_key)
        return Ed25519PrivateKey.from_private_bytes(secret).sign(message)

    def save_token(self, token: str) -> None:
        self._cases().keep_token(token)


class _Requests(Authorised):
    """The product's authorised requests, over a line of ours."""

    def __init__(self, credentials: Any, line: Line) -> None:
        self._credentials = credentials
        self._transport = line


class LineClient(SyncClient):
    """The product's client, over a line of ours, one request at a time."""

    def __init__(self, phone: Phone, line: Line) -> None:
        """Connect a phone's store; it may be opened anew meanwhile."""
        self._phone = phone
        self._requests = _Requests(_Credentials(phone), line)
        self._sign = _Credentials(phone).sign
        self.begin()

    def _new_pages(self) -> LookAhead:
        # Half of the phones ask for the next page while they apply one.
        kind = _AheadInTurn if self._phone.number % 2 else _OneByOne
        return kind(self._ask_page, self._read)

    def begin(self) -> None:
        """A round begins, as upon a new client: nothing is fetched ahead yet."""
        self._piece = self._piece_most = PULL_ENTRIES_MAX
        self._pages = self._new_pages()
        self._in_turn = self._pushes(lambda batch: self._phone.cases.sync.batch_after(batch))
        self._phone.cases.sync.batch_sets = SMALL_BATCH if self._phone.number % 2 else PUSH_SETS_MAX

    def _pushes(self, following: Following) -> PushAhead:
        return _PushInTurn(pack_batch, self._send_push, following)

    def carry(self, request: Request) -> Reply:
        """Bring one request of a round to the server, and its reply back.

        Raises:
            SyncError: what the line or the server said.
        """
        if self._phone.newer and not isinstance(request, ForkRequest):
            report = request.report.model_copy(update={"app": NEWER_APP})
            request = (
                replace(request, report=report)
                if isinstance(request, PushBatch)
                else request.model_copy(update={"report": report})
            )
        return self._carry(request, self._in_turn, self._pages)


class _OneByOne(LookAhead):
    """Nothing is fetched ahead."""

    def pull(self, request: PullRequest) -> PullPage:
        """The page that answers a request."""
        return self._read(self._ask(request, None)).whole()


class _AheadInTurn(LookAhead):
    """The next page is fetched at once, before this one is applied, and without a thread."""

    def _send_ahead(self, request: PullRequest) -> Future[Asked]:
        ahead: Future[Asked] = Future()
        try:
            ahead.set_result(self._ask(request, None))
        except FieldAppError as error:
            ahead.set_exception(error)
        return ahead


class _PushInTurn(PushAhead):
    """The next batch is sent at once, before the receipts of one are kept, without a thread."""

    def _submit(self, batch: PushBatch, before: Future[PushAnswer] | None) -> Future[PushAnswer]:
        answer: Future[PushAnswer] = Future()
        try:
            answer.set_result(self._send_after(before, self._pack(batch)))
        except FieldAppError as error:
            answer.set_exception(error)
        return answer
