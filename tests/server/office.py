"""The organisation of the server's tests: two teams, their workers, and phones made by hand.

A `Phone` here is not the product's store: it holds a key, the end of its chain, and whatever the
server told it, so that a test can also send what no real phone would.
"""

from __future__ import annotations

import base64
import gzip
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from field_app.domain.clock import Entropy, Instant, instant_of, moment_of, plus
from field_app.domain.declaration import RegisterName
from field_app.server import enrolment
from field_app.server.access import Commander
from field_app.server.core import Core
from field_app.server.organisation import create_organisation
from field_app.server.tokens import Caller
from field_app.sync.admission import Enrolled, EnrolRequest
from field_app.sync.changes import NO_PREVIOUS, ChangeSet, ScopedWrite, Write, person_scope
from field_app.sync.composing import Authorship, compose
from field_app.sync.protocol import PullPage, PullRequest, PushAnswer, PushBatch, Report
from field_app.system_clock import SystemEntropy


class HandClock:
    """A clock that a test moves."""

    def __init__(self, now: Instant = "2026-11-22T08:00:00.000Z") -> None:
        self._now = now
        self._seconds = 0.0

    def now(self) -> Instant:
        return self._now

    def monotonic(self) -> float:
        return self._seconds

    def forward(self, **delta: float) -> None:
        before = moment_of(self._now)
        self._now = plus(self._now, **delta)
        self._seconds += (moment_of(self._now) - before).total_seconds()

    @property
    def text(self) -> str:
        return instant_of(moment_of(self._now))


@dataclass
class Office:
    """A server with two teams and a worker in every role."""

    core: Core
    clock: HandClock
    number: int
    teams: dict[str, str] = field(default_factory=dict)
    workers: dict[str, str] = field(default_factory=dict)

    @property
    def entropy(self) -> Entropy:
        return self.core.entropy

    def command(self, name: str, *arguments: Any) -> Any:
        """Carry out an access command, as the operator."""
        with self.core.database.write() as connection:
            by = Commander(
                connection, self.number, self.clock.now(), self.core.entropy, self.core.sealer
            )
            return getattr(by, name)(*arguments)

    def code(self, worker: str) -> enrolment.NewCode:
        with self.core.database.write() as connection:
            return enrolment.make_code(
                connection,
                self.core.entropy,
                self.clock.now(),
                self.number,
                self.workers[worker],
                "127.0.0.1:8700",
            )

    def phone(self, worker: str) -> Phone:
        """A newly enrolled phone of a worker."""
        phone = Phone(self, worker)
        secret = self.code(worker).code.secret.hex()
        with self.core.database.write() as connection:
            phone.enrolled = enrolment.redeem(
                connection,
                self.core.entropy,
                self.clock.now(),
                self.core.key,
                phone.enrol_request(secret),
            )
        return phone


def open_office(core: Core, clock: HandClock) -> Office:
    """Centre: Sanna (social worker), Niko (nurse), Iiris (instructor). Harbour: Sampo, Noora.

    Leena leads, Aatu administers; both are in no team.
    """
    with core.database.write() as connection:
        number = create_organisation(connection, core.entropy, "Koe", clock.now())
    office = Office(core, clock, number)
    for team in ("centre", "harbour"):
        office.teams[team] = office.command("add_team", team)
    for name, role, team in (
        ("sanna", "social_worker", "centre"),
        ("niko", "nurse", "centre"),
        ("iiris", "social_instructor", "centre"),
        ("sampo", "social_worker", "harbour"),
        ("noora", "nurse", "harbour"),
        ("leena", "lead", ""),
        ("aatu", "administrator", ""),
    ):
        in_teams = (office.teams[team],) if team else ()
        office.workers[name] = office.command("add_worker", name, role, in_teams)
    return office


@dataclass
class Phone:
    """One device, by hand."""

    office: Office
    worker: str
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate, repr=False)
    counter: int = 0
    prev: str = NO_PREVIOUS
    grants: Mapping[str, int] = field(default_factory=dict)
    enrolled: Enrolled = field(init=False)
    cursors: dict[str, tuple[int, int]] = field(default_factory=dict)
    staff_version: int = 0
    pages: list[bytes] = field(default_factory=list, repr=False)
    """Every page pulled, as it went over the wire (unpacked)."""

    @property
    def id(self) -> str:
        return self.enrolled.device

    @property
    def caller(self) -> Caller:
        return Caller(self.office.number, self.id, self.enrolled.worker)

    @property
    def public_key(self) -> str:
        raw = self.key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return base64.b64encode(raw).decode()

    def enrol_request(self, secret: str) -> EnrolRequest:
        return EnrolRequest(
            secret=secret,
            public_key=self.public_key,
            instance=self.office.entropy.new_id(),
            app="test",
            schema=1,
        )

    def signed_enrol_request(self, secret: str) -> EnrolRequest:
        """As a phone sends it that keeps its key before it asks."""
        request = self.enrol_request(secret)
        told = (secret, request.public_key, request.instance)
        signature = base64.b64encode(self.key.sign(EnrolRequest.signed_bytes(*told)))
        return request.model_copy(update={"signature": signature.decode()})

    # -- writing -------------------------------------------------------------------------------

    def save(
        self,
        *writes: ScopedWrite,
        opens: Mapping[str, str] | None = None,
        author: str | None = None,
    ) -> ChangeSet:
        """Make the next change set of the phone's chain."""
        self.counter += 1
        by = Authorship(
            device=self.id,
            author=author or self.enrolled.worker,
            at=self.office.clock.now(),
            counter=self.counter,
            prev=self.prev,
            grants=self.grants,
        )
        made = compose(self.office.entropy, by, writes, opens)
        self.prev = made.header.hash
        return made

    def new_person(self, name: str, team: str = "centre") -> tuple[str, ChangeSet]:
        """A new person, opened in a team."""
        person = self.office.entropy.new_id()
        made = self.save(
            about(person, person, "person", {"name": name}),
            opens={person: self.office.teams[team]},
        )
        return person, made

    # -- pushing -------------------------------------------------------------------------------

    def batch(self, *sets: ChangeSet, report: Report | None = None) -> PushBatch:
        signature = self.key.sign(PushBatch.signed_bytes(sets[-1].header.hash))
        told = report or Report(unsynced=0, app="test")
        return PushBatch(self.id, sets[0].header.prev, signature, told, sets)

    def push(self, *sets: ChangeSet) -> PushAnswer:
        """Push through the function, over encoded bytes."""
        batch = PushBatch.decode(self.batch(*sets).encode())
        return self.office.core.pusher.push(self.caller, batch, self.office.clock.now())

    def statuses(self, *sets: ChangeSet) -> list[tuple[str, str]]:
        """Push, and each set's (status, reason)."""
        answer = self.push(*sets)
        return [(run.status, run.reason) for run in answer.receipts for _ in range(run.count)]

    # -- pulling -------------------------------------------------------------------------------

    def request(self, **more: Any) -> PullRequest:
        values: dict[str, Any] = {
            "epoch": self.enrolled.epoch,
            "cursors": self.cursors,
            "staff_version": self.staff_version,
            "receipts_after": self.counter,
            "report": Report(unsynced=0, app="test"),
        }
        return PullRequest(**values | more)

    def pull_page(self, **more: Any) -> Any:
        """One `PullPage` through the function; the phone takes its cursors over."""
        raw = self.office.core.puller.pull(
            self.caller, self.request(**more), self.office.clock.now()
        )
        return self.take(raw)

    def take(self, raw: bytes) -> Any:
        self.pages.append(raw)
        page = PullPage.decode(raw)
        self.cursors = page.head.cursors
        self.grants = page.head.you.grants
        if page.head.staff is not None:
            self.staff_version = page.head.staff.version
        return page

    def pull(self, **more: Any) -> list[Any]:
        """Every `PullPage` until the mark."""
        pages = [self.pull_page(**more)]
        while not pages[-1].head.done:
            head = pages[-1].head
            pages.append(self.pull_page(**more | {"mark": head.mark, "start": head.start}))
            after = pages[-1].head
            assert (after.start, after.cursors) != (head.start, head.cursors), "it leads nowhere"
        return pages

    def entries(self, **more: Any) -> list[Any]:
        """All entries up to the mark."""
        return [entry for page in self.pull(**more) for entry in page.entries]


def about(
    person: str,
    record: str,
    type_: str,
    values: Mapping[str, Any],
    register: RegisterName = "common",
    replaces: Mapping[str, Sequence[str]] | None = None,
) -> ScopedWrite:
    """A write to a record about a person."""
    return ScopedWrite(person_scope(person), register, Write(record, type_, values, replaces or {}))


class Wire:
    """A phone's HTTP, by hand."""

    def __init__(self, client: httpx.Client, phone: Phone) -> None:
        self.client = client
        self.phone = phone
        self.token = phone.enrolled.token

    def post(self, path: str, body: bytes, **headers: str) -> httpx.Response:
        """Send a packed body with the token."""
        sent = {"authorization": f"Bearer {self.token}", "content-encoding": "gzip"} | headers
        return self.client.post(path, content=gzip.compress(body), headers=sent)

    def push(self, *sets: ChangeSet) -> httpx.Response:
        return self.post("/v1/push", self.phone.batch(*sets).encode())

    def pull(self, **more: Any) -> httpx.Response:
        body = self.phone.request(**more).model_dump_json(exclude_none=True).encode()
        return self.post("/v1/pull", body)


def system_entropy() -> Entropy:
    """The operating system's generator."""
    return SystemEntropy()
