"""A pulled page: what a device may read and does not have yet.

The first answer fixes the mark; every page is read from one snapshot. Buckets without a valid
cursor begin with a compacted start, then the stream follows for all. Which buckets those are is
the policy's word, asked anew for every page.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, Row, bindparam, select, update

from field_app.domain.clock import Entropy, Instant, plus
from field_app.domain.errors import UpgradeRequired
from field_app.server import start
from field_app.server.credentials import OrganisationKey
from field_app.server.database import Database
from field_app.server.devices import report_values
from field_app.server.far_behind import FAR_BEHIND, far_behind, gone_since
from field_app.server.page import PageWriter
from field_app.server.reading import Reader
from field_app.server.receipts import as_runs, read_receipts, read_receipts_of
from field_app.server.sealing import Sealer
from field_app.server.staff import read_staff, you
from field_app.server.standing import read_standing
from field_app.server.stream import Streamer
from field_app.server.tables import devices, organisations
from field_app.server.tokens import Caller
from field_app.server.witness import heal, witness_of
from field_app.sync.protocol import PROTOCOL, PageHead, PullRequest, ReceiptRun, Report, Start

NO_ORGANISATION = 0
"""A number that no organisation has."""
SEEN_SECONDS = 60
"""How exact "last seen" is: an unchanged report is not written more often."""

_ORGANISATION = select(organisations).where(organisations.c.number == bindparam("of_number"))
_OF_DEVICE = (devices.c.organisation == bindparam("of_number")) & (
    devices.c.id == bindparam("of_device")
)
_DEVICE = select(devices).where(_OF_DEVICE)
_REPORTED = update(devices).where(_OF_DEVICE)


@dataclass(slots=True)
class Place:
    """Where a device stands as the server sees it, before and after a page."""

    allowed: Mapping[str, int]
    cursors: dict[str, int]
    """Of the buckets whose cursor is good."""
    stale: dict[str, tuple[int, int]]
    """Of another server epoch, or beyond its sequence: begun anew, and told until then."""
    lost: tuple[str, ...]
    """Buckets the device may no longer read, and those granted anew."""
    regranted: bool
    """What was held under an old grant goes first: a page of its own, so that nothing mixes."""
    renewed: bool
    """The device knows another epoch: a page of its own tells it to begin anew."""
    mark: int
    start: start.Position | None = None
    far: dict[str, int] = field(default_factory=dict)
    """{bucket: its cursor}, of those so far behind that they are begun anew."""

    def begin_anew(self, bucket: str) -> None:
        """Tell a bucket from compacted entries, though its cursor is good."""
        self.far[bucket] = self.cursors.pop(bucket)
        self.stale[bucket] = (self.allowed[bucket], self.far[bucket])

    def told(self) -> dict[str, tuple[int, int]]:
        """The cursors the device is to keep."""
        good = {bucket: (self.allowed[bucket], seq) for bucket, seq in self.cursors.items()}
        return self.stale | good

    @property
    def is_done(self) -> bool:
        """Whether the device has everything up to the mark."""
        begun = self.start is None and self.cursors.keys() >= self.allowed.keys()
        return begun and not self.renewed and all(seq >= self.mark for seq in self.cursors.values())


@dataclass(frozen=True, slots=True)
class Puller:
    """Answers pulls from one database."""

    database: Database
    sealer: Sealer
    key: OrganisationKey
    entropy: Entropy
    reader: Reader = field(default_factory=Reader)
    minimum_app: str = ""
    """The oldest version of the app that is still told things; "" for any."""
    far_behind: int = FAR_BEHIND

    def pull(self, caller: Caller, request: PullRequest, now: Instant) -> bytes:
        """The next page, as bytes.

        Raises:
            Malformed: the start token is not this server's.
            DeviceRevoked: the worker left meanwhile.
            UpgradeRequired: the app is too old to be told anything; what it pushes is taken.
        """
        if _is_too_old(request.report.app, self.minimum_app):
            with self.database.write() as connection:
                _note_report(connection, caller, request.report, now)
            raise UpgradeRequired("app too old", minimum=self.minimum_app)
        number, witness = caller.organisation, request.witness
        heal(self.database, self.key, self.entropy, number, request.epoch, witness)
        with self.database.read() as connection:
            page, device = self._page(connection, caller, request)
        if _tells_news(device, request.report, now):
            with self.database.write() as connection:
                _note_report(connection, caller, request.report, now)
        return page

    def warm_up(self) -> None:
        """Put together the statements of a start, which else the first device would wait for."""
        with self.database.read() as connection:
            place = start.begin(connection, NO_ORGANISATION, {"": 0}, 0)
            delivery = start.Delivery(connection, NO_ORGANISATION, self.sealer, PageWriter(), 1)
            delivery.go_on(place, {"": 0})

    def _page(
        self, connection: Connection, caller: Caller, request: PullRequest
    ) -> tuple[bytes, Row[tuple[object, ...]]]:
        asked = {"of_number": caller.organisation, "of_device": caller.device}
        organisation = connection.execute(_ORGANISATION, asked).one()
        device = connection.execute(_DEVICE, asked).one()
        standing = read_standing(connection, caller.organisation, caller.worker)
        allowed = self.reader.deliver(standing)
        place = _find_place(request, allowed, organisation.sequence, organisation.epoch)
        if request.mark is None:  # a pull begins
            before = organisation.sequence - self.far_behind
            for bucket in far_behind(connection, caller.organisation, place.cursors, before):
                place.begin_anew(bucket)
        writer = PageWriter()
        remaining = self._fill(connection, caller, request, place, writer)
        head = PageHead(
            protocol=PROTOCOL,
            epoch=organisation.epoch,
            witness=witness_of(
                self.key, caller.organisation, organisation.sequence, organisation.digest
            ),
            counter=device.counter,
            mark=place.mark,
            done=place.is_done,
            remaining=remaining,
            cursors=place.told(),
            start=_token(place),
            lost=place.lost,
            you=you(standing),
            staff=(
                read_staff(connection, caller.organisation, organisation.staff_version)
                if request.staff_version != organisation.staff_version
                else None
            ),
            receipts=_first_page_receipts(connection, self.sealer, caller, request),
        )
        return writer.encode(head), device

    def _fill(
        self,
        connection: Connection,
        caller: Caller,
        request: PullRequest,
        place: Place,
        writer: PageWriter,
    ) -> int:
        """Fill one page of a start or of the stream; returns about how much is still to come."""
        if place.regranted or place.renewed:
            return 0
        begins = {b: epoch for b, epoch in place.allowed.items() if b not in place.cursors}
        if place.start is None and begins:
            place.start = start.begin(connection, caller.organisation, begins, place.mark)
        if place.start is not None:
            delivery = start.Delivery(
                connection, caller.organisation, self.sealer, writer, request.limit
            )
            place.start = delivery.go_on(place.start, place.allowed)
            remaining = place.start.remaining
            if place.start.is_done:
                _add_leaving(connection, caller.organisation, place, place.start.mark, writer)
            _finish_start(place)
            return remaining
        streamer = Streamer(
            connection,
            caller.organisation,
            self.sealer,
            place.cursors,
            caller.device,
            request.with_own,
        )
        cut = streamer.fill(writer, place.mark, request.limit)
        place.cursors = {bucket: max(seq, cut) for bucket, seq in place.cursors.items()}
        return place.mark - cut


def _find_place(
    request: PullRequest, allowed: Mapping[str, int], sequence: int, epoch: str
) -> Place:
    """Sort a device's cursors into good, stale and lost ones."""
    cursors: dict[str, int] = {}
    stale: dict[str, tuple[int, int]] = {}
    regranted: set[str] = set()
    for bucket, (grant, seq) in request.cursors.items():
        if bucket not in allowed:
            continue
        if allowed[bucket] != grant:
            regranted.add(bucket)
        elif request.epoch == epoch and 0 <= seq <= sequence:
            cursors[bucket] = seq
        else:
            stale[bucket] = (grant, seq)
    same_pull = request.epoch == epoch and request.mark is not None and request.mark <= sequence
    mark = request.mark if same_pull and request.mark is not None else sequence
    carried = request.start if same_pull else None
    position = start.Position.read(carried) if carried is not None else None
    # Of a start under way some rows are on the device already, under no cursor yet.
    undone = {b for b, grant in position.buckets if allowed.get(b) != grant} if position else set()
    regranted |= undone
    lost = regranted | {bucket for bucket in request.cursors if bucket not in allowed}
    renewed = request.epoch not in ("", epoch)
    place = Place(allowed, cursors, stale, tuple(sorted(lost)), bool(regranted), renewed, mark)
    if position is not None and position.mark <= sequence and not undone:
        place.start = position
        for bucket, _ in position.buckets:
            if bucket in cursors:
                place.begin_anew(bucket)
    return place


def _add_leaving(
    connection: Connection, organisation: int, place: Place, mark: int, writer: PageWriter
) -> None:
    """Name who left a team that was begun anew: in the start they are merely not there."""
    lows: dict[str, int] = {}
    for bucket, seq in place.far.items():
        kind, _, rest = bucket.partition("/")
        team = rest.partition("/")[0]
        if kind == "team":
            lows[team] = min(seq, lows.get(team, seq))
    for team, low in sorted(lows.items()):
        for scope, _ in sorted(gone_since(connection, organisation, [team], low)):
            writer.access(mark, "leave", scope, team)


def _finish_start(place: Place) -> None:
    """Give the buckets of a finished start their cursors."""
    position = place.start
    if position is None or not position.is_done:
        return
    for bucket, epoch in position.buckets:
        if place.allowed.get(bucket) == epoch and bucket not in place.cursors:
            place.cursors[bucket] = position.mark
            place.stale.pop(bucket, None)
    place.start = None


def _token(place: Place) -> Start | None:
    return place.start.token() if place.start is not None else None


def _first_page_receipts(
    connection: Connection, sealer: Sealer, caller: Caller, request: PullRequest
) -> tuple[ReceiptRun, ...]:
    if request.mark is not None:
        return ()
    of_device = (connection, caller.organisation, sealer, caller.device)
    after = request.receipts_after
    earlier = [counter for counter in request.receipts_of if counter <= after]
    return as_runs([*read_receipts_of(*of_device, earlier), *read_receipts(*of_device, after + 1)])


def _is_too_old(app: str, minimum: str) -> bool:
    """Whether a version is before the minimum; one that cannot be read is."""
    return bool(minimum) and _version(app) < _version(minimum)


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"[0-9]{1,6}", text)[:3])


def _tells_news(device: Row[tuple[object, ...]], report: Report, now: Instant) -> bool:
    known = {"unsynced": device.unsynced, "oldest_at": device.oldest_at, "app": device.app}
    if known != report_values(report):
        return True
    return device.last_seen_at is None or plus(device.last_seen_at, seconds=SEEN_SECONDS) < now


def _note_report(connection: Connection, caller: Caller, report: Report, now: Instant) -> None:
    of = {"of_number": caller.organisation, "of_device": caller.device}
    connection.execute(_REPORTED, {"last_seen_at": now} | of | report_values(report))
