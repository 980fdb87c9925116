"""The wire protocol, version 1: one definition for device and server.

Bodies of a push and of a pulled page are lines (NDJSON, gzip): first a head object, then one
line per header, part or entry, so that signed and hashed bytes travel exactly as they are. All
other messages are one JSON object. Errors are RFC 9457 problems with a stable `code`.

Versions: 1 (2026-11), the first.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import Field

from field_app.domain.clock import Instant
from field_app.domain.errors import Malformed, UpgradeRequired
from field_app.sync.admission import Message
from field_app.sync.canonical import canonical_bytes, parse, rewritten
from field_app.sync.changes import ChangeSet, Header, Part, is_id
from field_app.sync.delivery import Entry, decode_entries, encode_entry

PROTOCOL = 1
MEDIA_TYPE = "application/x-ndjson"
PUSH_SETS_MAX = 500
PUSH_BYTES_MAX = 1024 * 1024
PULL_ENTRIES_MAX = 2000
CHAIN_PURPOSE = b"rinnalla chain v1\x00"
"""Put before the head's hash when it is signed, so that no other signature can stand in."""

Status = Literal["accepted", "held", "needs-human", "set-aside"]
"""What became of a pushed set. `set-aside`: a person decided, with a reason; it is kept."""


class Report(Message):
    """What a device says of itself at every sync, for "who has unsynced work and since when"."""

    unsynced: int = Field(ge=0)
    oldest_at: Instant | None = None
    app: str = ""


class TeamEntry(Message):
    """A team by name."""

    id: str
    name: str


class WorkerEntry(Message):
    """A worker by name, role and teams; `active` is false for one who left."""

    id: str
    name: str
    role: str
    teams: tuple[str, ...] = ()
    active: bool = True


class Staff(Message):
    """Who is who in the organisation: access facts, the server's word."""

    version: int
    teams: tuple[TeamEntry, ...] = ()
    workers: tuple[WorkerEntry, ...] = ()


class You(Message):
    """Who the server takes the device's worker to be, now."""

    worker: str
    role: str
    teams: tuple[str, ...] = ()
    grants: dict[str, int] = Field(default_factory=dict)
    """{team id: grant epoch}, for the headers of what is written next."""


class ReceiptRun(Message):
    """The server's answer for consecutive counters of one device's chain."""

    first_counter: int
    count: int = Field(ge=1)
    status: Status
    first_seq: int | None = None
    """Of accepted sets, the first one's sequence; the others follow one by one."""
    reason: str = ""
    """A stable code, for sets that wait for a person."""
    decision: str | None = None
    """The words of the person who decided about the one set of this run."""


class Witness(Message):
    """What a device has seen of the server's sequence; it brings it back as it got it."""

    sequence: int
    digest: str
    """Of everything that took a sequence up to there."""
    seal: str
    """The server's own: nobody else can make a witness."""


class PushAnswer(Message):
    """Every set pushed is stored; each one's status, in chain order."""

    protocol: int
    epoch: str
    receipts: tuple[ReceiptRun, ...]
    witness: Witness | None = None


@dataclass(frozen=True, slots=True)
class PushBatch:
    """Consecutive change sets of one device, and one signature over the last header's hash."""

    device: str
    prev: str
    """The hash of the header before the first one."""
    signature: bytes
    report: Report
    sets: tuple[ChangeSet, ...] = field(repr=False)
    instance: str = ""
    """The device's id outside backups; empty: it has none."""
    epoch: str = ""
    """The server's epoch as last told, to which `witness` belongs."""
    witness: Witness | None = None

    def encode(self) -> bytes:
        """The batch as lines: head, then for each set its header (links left out) and parts."""
        head = {
            "protocol": PROTOCOL,
            "device": self.device,
            "prev": self.prev,
            "signature": base64.b64encode(self.signature).decode(),
            "report": self.report.model_dump(),
        }
        if self.instance:
            head["instance"] = self.instance
        if self.witness is not None:
            head |= {"epoch": self.epoch, "witness": self.witness.model_dump()}
        lines = [canonical_bytes(head)]
        for change_set in self.sets:
            lines.append(_bare_header(change_set.header))
            lines.extend(part.raw for part in change_set.parts)
        return b"\n".join(lines)

    @classmethod
    def decode(cls, body: bytes) -> PushBatch:
        """Read a pushed batch and put the chain's links back.

        A part that cannot be read is kept as it is (`ChangeSet.fault`): one bad set must not
        block those behind it. Whether the bytes are the sender's own, the signature says.

        Raises:
            Malformed: not a batch of this protocol.
            UpgradeRequired: another protocol version.
        """
        lines = body.split(b"\n")
        head = parse(lines[0])
        try:
            require_protocol(head["protocol"])
            if not is_id(head["device"]):
                raise Malformed("push: device")
            signature = base64.b64decode(head["signature"], validate=True)
            report = Report.model_validate(head["report"])
            sets = tuple(_read_sets(lines[1:], head["prev"]))
            if not sets:
                raise Malformed("push: empty")
            told = head.get("witness")
            witness = Witness.model_validate(told) if told is not None else None
            instance, epoch = str(head.get("instance", "")), str(head.get("epoch", ""))
            return cls(
                head["device"], head["prev"], signature, report, sets, instance, epoch, witness
            )
        except (KeyError, TypeError, ValueError, IndexError):
            raise Malformed("push") from None

    @property
    def head_hash(self) -> str:
        """The hash the signature covers: the last header's."""
        return self.sets[-1].header.hash

    @staticmethod
    def signed_bytes(head_hash: str) -> bytes:
        """What is signed."""
        return CHAIN_PURPOSE + bytes.fromhex(head_hash)


def _bare_header(header: Header) -> bytes:
    """A header as `[number of parts, header without prev and parts]`: the receiver knows both.

    Cut out of the exact bytes: in a canonical header `parts` and `prev` stand side by side, after
    `id` (and `opens`) and before `schema`.
    """
    links = b',"parts":' + rewritten(list(header.parts)) + b',"prev":"%s"' % header.prev.encode()
    bare = header.raw.replace(links, b"", 1)
    if len(bare) + len(links) != len(header.raw):
        wire = parse(header.raw)
        del wire["prev"], wire["parts"]
        bare = canonical_bytes(wire)
    return b"[%d,%s]" % (len(header.parts), bare)


def _read_sets(lines: Sequence[bytes], prev: str) -> Iterable[ChangeSet]:
    position = 0
    while position < len(lines):
        line = lines[position]
        comma = line.find(b",")
        if line[:1] != b"[" or line[-1:] != b"]":
            raise Malformed("push: header")
        told = line[1:comma]
        if not told.isdigit() or told[:1] == b"0" or len(told) > 6:
            raise Malformed("push: parts")
        count = int(told)
        raw_parts = lines[position + 1 : position + 1 + count]
        if len(raw_parts) != count:
            raise Malformed("push: parts")
        parts = tuple([read_part(raw) for raw in raw_parts])
        hashes = tuple([part.hash for part in parts])
        header = Header.of_bare(line[comma + 1 : -1], hashes, prev) or _any_header(
            line, hashes, prev
        )
        prev = header.hash
        yield ChangeSet(header, parts)
        position += 1 + count


def _any_header(line: bytes, hashes: Sequence[str], prev: str) -> Header:
    _, wire = parse(line)
    wire["prev"] = prev
    wire["parts"] = list(hashes)
    return Header.from_wire(wire, rewritten(wire))


def read_part(raw: bytes) -> Part:
    """A part, or its bytes as they are when they are none."""
    try:
        return Part.parse(raw)
    except Malformed:
        return Part.unreadable(raw)


def require_protocol(version: Any) -> None:
    """Make sure that the other side speaks this protocol.

    Raises:
        Malformed: not a version.
        UpgradeRequired: another version than this one.
    """
    if type(version) is not int:
        raise Malformed("protocol")
    if version != PROTOCOL:
        raise UpgradeRequired("another protocol version", theirs=version, ours=PROTOCOL)


Cursors = Mapping[str, tuple[int, int]]
"""{bucket: (grant epoch, sequence)}: all of the bucket up to that sequence is here."""


class Start(Message):
    """How far a compacted start of new buckets has come; opaque to the device."""

    mark: int
    after: str


class PullRequest(Message):
    """Where a device stands, and what it wants to know next."""

    protocol: int = PROTOCOL
    epoch: str
    witness: Witness | None = None
    """As last told by this epoch's server."""
    cursors: dict[str, tuple[int, int]]
    mark: int | None = None
    """The high-water mark of the pull under way; None starts a new one."""
    start: Start | None = None
    limit: int = Field(default=PULL_ENTRIES_MAX, ge=1, le=PULL_ENTRIES_MAX)
    staff_version: int = 0
    with_own: bool = False
    """Also the device's own sets in full: for a device that lost its copies."""
    receipts_after: int = 0
    """Answers are wanted for own sets after this counter (an answer may have been lost)."""
    receipts_of: tuple[int, ...] = ()
    """Counters of own sets that waited at the last answer: what has become of them?"""
    report: Report

    def following(self, head: PageHead) -> PullRequest:
        """What a device asks once it has applied a page that is not the last, and only that."""
        return self.model_copy(
            update={
                "epoch": head.epoch,
                "witness": head.witness,
                "cursors": head.cursors,
                "mark": head.mark,
                "start": head.start,
                "staff_version": head.staff.version if head.staff else self.staff_version,
            }
        )


class PageHead(Message):
    """The first line of a pulled page."""

    protocol: int
    epoch: str
    witness: Witness | None = None
    """To be brought back with the next request."""
    counter: int | None = None
    """The last of the device's own sets that the server has, whatever became of it."""
    mark: int
    """Everything up to this sequence belongs to the pull under way."""
    done: bool
    entries: int = 0
    """How many entries follow; a page cut short is refused whole."""
    remaining: int = 0
    """About how many entries are still to come, for the progress shown."""
    cursors: dict[str, tuple[int, int]]
    """Where the device stands once it has applied this page; kept as given."""
    start: Start | None = None
    lost: tuple[str, ...] = ()
    """Buckets the device had and may no longer read."""
    you: You
    staff: Staff | None = None
    receipts: tuple[ReceiptRun, ...] = ()
    buckets: tuple[str, ...] = ()

    @classmethod
    def read(cls, line: bytes) -> PageHead:
        """Read a page's first line.

        Raises:
            Malformed: not a page's head.
            UpgradeRequired: another protocol version.
        """
        wire: Any = parse(line)
        try:
            require_protocol(wire["protocol"])
            return cls.model_validate(wire)
        except (KeyError, TypeError, ValueError):
            raise Malformed("page head") from None


@dataclass(frozen=True, slots=True)
class PullPage:
    """A page of whole change sets, in order, and where it leaves the device."""

    head: PageHead
    entries: Sequence[Entry] = field(repr=False)

    def encode(self) -> bytes:
        """The page as lines."""
        index = {bucket: number for number, bucket in enumerate(self.head.buckets)}
        head = self.head.model_copy(update={"entries": len(self.entries)})
        lines = [canonical_bytes(head.model_dump(mode="json", exclude_none=True))]
        lines.extend(encode_entry(entry, index) for entry in self.entries)
        return b"\n".join(lines)

    @classmethod
    def decode(cls, body: bytes) -> PullPage:
        """Read a pulled page.

        Raises:
            Malformed: not a page of this protocol, or cut short.
            UpgradeRequired: another protocol version.
        """
        lines = body.split(b"\n")
        return cls.of_lines(PageHead.read(lines[0]), lines[1:])

    @classmethod
    def of_lines(cls, head: PageHead, lines: Sequence[bytes]) -> PullPage:
        """Read the entries under a head that was read already.

        Raises:
            Malformed: a line is no entry, or lines are missing.
        """
        entries = decode_entries(lines, head.buckets)
        if len(entries) != head.entries:
            raise Malformed("page cut short")
        return cls(head, entries)
