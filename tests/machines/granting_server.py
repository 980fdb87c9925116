"""The hand-made server of the store's tests, with one right that can end and begin anew."""

from __future__ import annotations

from dataclasses import dataclass, field

from field_app.sync.delivery import Compacted, Entry, compact
from field_app.sync.protocol import PageHead, PullPage, PullRequest, PushAnswer, PushBatch, You
from tests.store.hand_server import TEAM, HandServer, bucket_of

_TEAM_BUCKETS = tuple(f"team/{TEAM}/{name}" for name in ("common", "health", "social"))
_DIRECTORY = "org/directory"


@dataclass
class GrantingServer(HandServer):
    """One organisation; the worker is in its team, or not."""

    granted: bool = True
    grant: int = 1
    pushed: set[str] = field(default_factory=set)
    """Every set that ever came."""

    def turn(self) -> None:
        """The right ends, or begins anew under another grant."""
        self.granted = not self.granted
        self.grant += self.granted

    def push(self, batch: PushBatch) -> PushAnswer:
        """Take a batch, and remember what was in it."""
        self.pushed |= {one.header.id for one in batch.sets}
        return super().push(batch)

    def has(self, set_id: str) -> bool:
        """Whether a set was taken into the order."""
        return any(one.header.id == set_id for one in self.sets)

    def pull(self, request: PullRequest, device: str) -> PullPage:
        """Everything after the cursors in one page, as far as the worker may read."""
        mark = len(self.sets)
        held = {bucket for bucket in request.cursors if bucket != _DIRECTORY}
        begun = {request.cursors[bucket] for bucket in held}
        is_same = self.granted and bool(begun) and all(grant == self.grant for grant, _ in begun)
        entries: list[Entry] = []
        if is_same:
            since = min(seq for _, seq in begun)
            for seq, change_set in enumerate(self.sets[since:], since + 1):
                entries.extend(self._streamed(seq, change_set, device))
        elif self.granted and not held:
            for (record, register), state in self.states.items():
                type_, scope, seq = self.described[record, register]
                bucket = bucket_of(scope, register)
                entries.append(Compacted(seq, bucket, record, type_, scope, compact(state)))
        told = self.granted and (is_same or not held)
        cursors = {_DIRECTORY: (1, mark)}
        cursors |= dict.fromkeys(_TEAM_BUCKETS if told else (), (self.grant, mark))
        grants = {TEAM: self.grant} if self.granted else {}
        head = PageHead(
            protocol=1,
            epoch=self.epoch,
            mark=mark,
            done=told or not self.granted,
            cursors=cursors,
            lost=() if told else tuple(sorted(held)),
            you=You(worker="ab" * 16, role="nurse", teams=tuple(grants), grants=grants),
            buckets=tuple(sorted((*_TEAM_BUCKETS, _DIRECTORY))),
        )
        return PullPage.decode(PullPage(head, entries).encode())
