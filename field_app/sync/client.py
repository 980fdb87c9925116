"""The device's edge of the sync: drives `exchange.sync_round` over HTTP, and asks the rest.

Blocking, for a worker thread. Holds no state of its own but the connection: who the device is,
and its key, come from `Credentials`; what is pushed and applied, from `exchange.Device`; both are
the store's.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Literal, Self

from field_app.domain.clock import Instant
from field_app.domain.errors import AnswerTooLarge, Malformed, Offline
from field_app.sync.admission import Enrolled, EnrolRequest, Message
from field_app.sync.authorised import (
    AnyMessage,
    Authorised,
    Credentials,
    read_message,
    require_json,
)
from field_app.sync.canonical import canonical_bytes, parse
from field_app.sync.changes import SCHEMA
from field_app.sync.coordination import Case, CaseContent, DeviceEntry
from field_app.sync.enrolment_code import EnrolmentCode
from field_app.sync.exchange import HEALED, Device, Outcome, Reply, Request, answered_by, sync_round
from field_app.sync.look_ahead import Asked, Begun, LookAhead
from field_app.sync.protocol import (
    MEDIA_TYPE,
    PULL_ENTRIES_MAX,
    PageHead,
    PullPage,
    PullRequest,
    PushAnswer,
    PushBatch,
    Staff,
)
from field_app.sync.push_ahead import Following, PushAhead
from field_app.sync.transport import Link, Packed, Transport, pack, translated
from field_app.sync.trust import find_authority

PIECE_FIRST = 500
"""Entries of a round's first page: something to do soon, while the server reads on."""
PIECE_LEAST = 16
"""Entries of a page, or sets of a push, however often the line breaks off."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a round is: sets pushed and entries pulled so far, and about how many remain."""

    phase: Literal["pushing", "pulling"]
    pushed: int
    pulled: int
    remaining: int
    """Of the phase under way; what a pull will bring is known after its first page."""

    def after(self, request: Request, reply: Reply) -> Progress:
        """The progress once this reply is applied."""
        if isinstance(request, PushBatch) and isinstance(reply, PushAnswer):
            answered = answered_by(reply)
            left = max(0, request.report.unsynced - answered)
            return Progress("pushing", self.pushed + answered, self.pulled, left)
        if isinstance(reply, PullPage):
            pulled = self.pulled + len(reply.entries)
            return Progress("pulling", self.pushed, pulled, reply.head.remaining)
        return self


class NewCode(Message):
    """A one-time code as text; the QR picture is made of this text."""

    code: str
    expires_at: Instant


class SyncClient:
    """One device's connection to its server."""

    def __init__(self, credentials: Credentials, link: Link, failures: int = 0) -> None:
        """Prepare; nothing is sent yet.

        After so many rounds in a row that broke off it begins with small pieces, and doubles them
        with every one that gets through: on a line that never lasts for a thousand entries, some
        arrive each time.

        Raises:
            ServerNotTrusted: the server's address would be plain HTTP to another machine.
        """
        self._requests = Authorised(credentials, link)
        self._sign = credentials.sign
        self._piece = max(PIECE_LEAST, PIECE_FIRST >> 2 * min(failures, 5))
        self._piece_most = PULL_ENTRIES_MAX

    def __enter__(self) -> Self:
        """The client itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connection."""
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self._requests.close()

    def sync(
        self, device: Device, on_progress: Callable[[Progress], None] = lambda _: None
    ) -> Outcome:
        """Run one round: push until answered, pull to the mark, push what came meanwhile.

        Raises:
            SyncError: what broke the round off; everything answered until then is kept, and the
                next round carries on from there.
        """
        exchange = sync_round(device)
        progress = Progress("pushing", 0, 0, 0)
        try:
            following = device.batch_after
            with self._pushes(following) as pushes, LookAhead(self._ask_page, self._read) as pages:
                request = next(exchange)
                while True:
                    try:
                        reply = self._carry(request, pushes, pages)
                    except HEALED as refused:
                        request = exchange.throw(refused)
                        continue
                    progress = progress.after(request, reply)
                    request = exchange.send(reply)
                    on_progress(progress)
        except StopIteration as finished:
            on_progress(progress)
            outcome: Outcome = finished.value
            return outcome

    # -- what coordinators ask -----------------------------------------------------------------

    def cases(self) -> list[Case]:
        """The held and refused change sets that this worker may decide about."""
        return _many(Case, self._call("GET", "/v1/cases"))

    def case(self, set_id: str) -> CaseContent:
        """One case and everything in it."""
        return read_message(CaseContent, self._call("GET", f"/v1/cases/{set_id}"))

    def accept_case(self, set_id: str, reason: str) -> None:
        """Accept a waiting change set, with those that name its writes."""
        self._call("POST", f"/v1/cases/{set_id}/accept", {"reason": reason})

    def set_aside_case(self, set_id: str, reason: str) -> None:
        """Decide against a waiting change set, with those that name its writes; all are kept."""
        self._call("POST", f"/v1/cases/{set_id}/set-aside", {"reason": reason})

    def devices(self) -> list[DeviceEntry]:
        """The organisation's devices: who has unsynced work, and since when."""
        return _many(DeviceEntry, self._call("GET", "/v1/devices"))

    def staff(self) -> Staff:
        """Teams and workers as they are now."""
        return read_message(Staff, self._call("GET", "/v1/staff"))

    def revoke_device(self, device: str) -> None:
        """Refuse a device's token from now on; what is unsynced on it stays on it."""
        self._call("POST", f"/v1/devices/{device}/revoke", {})

    def make_code(self, worker: str) -> NewCode:
        """A one-time code that enrols one device of a worker."""
        answer = self._call("POST", "/v1/access/code", {"worker": worker})
        return read_message(NewCode, answer)

    def access(self, command: str, **details: str | bool | tuple[str, ...]) -> dict[str, str]:
        """An access command, ordered by the server, e.g. `access("move", person=…, team=…)`.

        Returns:
            Ids of what was made, by what it is.
        """
        answer = parse(self._call("POST", f"/v1/access/{command}", details))
        if not isinstance(answer, dict):
            raise Malformed("access answer")
        return answer

    # -- requests ------------------------------------------------------------------------------

    def _pushes(self, following: Following) -> PushAhead:
        return PushAhead(pack_batch, self._send_push, following)

    def _carry(self, request: Request, pushes: PushAhead, pages: LookAhead) -> Reply:
        if isinstance(request, PullRequest):
            pushes.give_up()
            return pages.pull(request)
        pages.give_up()
        if isinstance(request, PushBatch) and len(request.sets) <= self._piece:
            return pushes.push(request)
        pushes.give_up()
        if isinstance(request, PushBatch):
            return self._push_piece(request)
        body = canonical_bytes(request.model_dump(by_alias=True))
        return read_message(Enrolled, self._requests.call("POST", "/v1/fork", body))

    def _push_piece(self, batch: PushBatch) -> PushAnswer:
        """Push a batch's first sets: those behind them are in the next one."""
        sets = batch.sets[: self._piece]
        signature = self._sign(PushBatch.signed_bytes(sets[-1].header.hash))
        return self._send_push(pack_batch(replace(batch, sets=sets, signature=signature)))

    def _send_push(self, packed: Packed) -> PushAnswer:
        answer = self._requests.call("POST", "/v1/push", packed, sends=MEDIA_TYPE)
        self._got_through()
        return read_message(PushAnswer, answer)

    def _ask_page(self, request: PullRequest, on_sent: Callable[[], None] | None = None) -> Asked:
        """Ask for a page, as large as the line has been able to bring."""
        limit = min(request.limit, self._piece)
        piece = request.model_copy(update={"limit": limit})
        body = pack(canonical_bytes(piece.model_dump(mode="json", exclude_none=True)))
        how = {"expects": MEDIA_TYPE, "on_sent": on_sent}
        answer = self._requests.begin("POST", "/v1/pull", body, **how)
        return Asked(request, limit, answer)

    def _read(self, asked: Asked) -> Begun:
        """Take in a page; one too large to read is asked for again in smaller pieces."""
        try:
            answer = asked.answer.read()
        except AnswerTooLarge:
            if asked.limit == 1:
                raise
            self._piece = self._piece_most = max(1, asked.limit // 8)
            return self._read(self._ask_page(asked.request))
        self._got_through()
        return _begun(answer)

    def _got_through(self) -> None:
        self._piece = min(2 * self._piece, self._piece_most)

    def _call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> bytes:
        content = None if body is None else canonical_bytes(body)
        return self._requests.call(method, path, content)


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What redeeming a code gave, and where."""

    server_url: str
    enrolled: Enrolled
    authority: str = ""
    """The one certificate authority to trust from now on (PEM); empty: as the phone does."""


def enrol(
    code_text: str,
    *,
    public_key: bytes,
    instance: str,
    link: Link,
    sign: Callable[[bytes], bytes] | None = None,
) -> Enrolment:
    """Redeem a one-time code with the device's own new public key (Ed25519, 32 raw bytes).

    With `sign`, by that key, the same may be asked again when the answer was lost.

    Raises:
        CodeMistyped: not a code; nothing was sent.
        CodeRefused: the server does not take it: wrong, used, or past its time.
        ServerNotTrusted: not certified by the authority whose pin the code carries; the secret
            was not sent.
        SyncError: the network or the server.
    """
    code = EnrolmentCode.decode(code_text)
    if code.pin:
        link = replace(link, authority=_pinned(code, link))
    told = (code.secret.hex(), base64.b64encode(public_key).decode(), instance)
    signature = sign(EnrolRequest.signed_bytes(*told)) if sign else b""
    request = EnrolRequest(
        secret=told[0],
        public_key=told[1],
        instance=instance,
        app=link.app,
        schema=SCHEMA,
        signature=base64.b64encode(signature).decode(),
    )
    transport = Transport(code.url, link)
    try:
        body = canonical_bytes(request.model_dump(by_alias=True, exclude_defaults=True))
        enrolled = read_message(Enrolled, transport.call("POST", "/v1/enrol", body))
        return Enrolment(code.url, enrolled, link.authority)
    finally:
        transport.close()


def _pinned(code: EnrolmentCode, link: Link) -> str:
    if link.is_offline():
        raise Offline("switched off")
    host, _, port = code.address.rpartition(":")
    try:
        return find_authority(host.strip("[]"), int(port), code.pin, link.verify)
    except OSError as error:
        raise translated(error) from None


def pack_batch(batch: PushBatch) -> Packed:
    """A batch as it is sent."""
    return pack(batch.encode())


def _begun(answer: bytes) -> Begun:
    lines = answer.split(b"\n")
    with _of_our_server(lines):
        head = PageHead.read(lines[0])

    def whole() -> PullPage:
        with _of_our_server(lines):
            return PullPage.of_lines(head, lines[1:])

    return Begun(head, whole)


@contextmanager
def _of_our_server(lines: Sequence[bytes]) -> Iterator[None]:
    """What cannot be read and is no JSON either came from somebody else on the line."""
    try:
        yield
    except Malformed:
        require_json(*lines)
        raise


def _many(kind: type[AnyMessage], body: bytes) -> list[AnyMessage]:
    items = parse(body)
    if not isinstance(items, list):
        raise Malformed(kind.__name__)
    return [read_message(kind, canonical_bytes(item)) for item in items]
