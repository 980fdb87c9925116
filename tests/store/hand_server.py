"""A server small enough to read at a glance: it orders what is pushed and streams it back.

It knows nothing of access: every device reads every bucket. The real one is under tests/server.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from field_app.store.case_store import CaseStore
from field_app.sync.changes import ChangeSet
from field_app.sync.delivery import Compacted, Entry, OwnSet, Streamed, compact
from field_app.sync.exchange import Outcome, sync_round
from field_app.sync.merge import EMPTY, Incoming, State, apply, depths_of
from field_app.sync.protocol import (
    PageHead,
    PullPage,
    PullRequest,
    PushAnswer,
    PushBatch,
    ReceiptRun,
    Status,
    You,
)

TEAM = "7ea0" * 8


def bucket_of(scope: str, register: str) -> str:
    """One team has everything but the directory."""
    return scope if scope == "org/directory" else f"team/{TEAM}/{register}"


@dataclass
class HandServer:
    """All change sets in the order they came, and the state of every record's part."""

    epoch: str = "first"
    sets: list[ChangeSet] = field(default_factory=list)
    states: dict[tuple[str, str], State] = field(default_factory=lambda: defaultdict(lambda: EMPTY))
    described: dict[tuple[str, str], tuple[str, str, int]] = field(default_factory=dict)
    depths: dict[str, dict[str, dict[str, int]]] = field(default_factory=dict)
    refuse: dict[str, Status] = field(default_factory=dict)
    """{set id: status to answer instead of accepting}."""
    lose_answers: bool = False

    def push(self, batch: PushBatch) -> PushAnswer:
        """Take a batch; replays are answered as before."""
        runs = []
        for change_set in batch.sets:
            header = change_set.header
            status = self.refuse.get(header.id, "accepted")
            seq = None
            if status == "accepted":
                seq = self._place(change_set)
            runs.append(
                ReceiptRun(first_counter=header.counter, count=1, status=status, first_seq=seq)
            )
        if self.lose_answers:
            raise ConnectionError("the answer is lost")
        return PushAnswer(protocol=1, epoch=self.epoch, receipts=tuple(runs))

    def _place(self, change_set: ChangeSet) -> int:
        for seq, known in enumerate(self.sets, 1):
            if known.header.id == change_set.header.id:
                return seq
        self.sets.append(change_set)
        seq = len(self.sets)
        for write_id, part, write in change_set.numbered_writes():
            key = (write.record, part.register)
            incoming = Incoming(write_id, write, change_set.header.author, change_set.header.at)
            self.states[key], held = apply(self.states[key], incoming)
            assert not held
            self.described[key] = (write.type, part.scope, seq)
            deep = depths_of(self.states[key], incoming)
            if deep:
                index = write_id.rpartition(":")[2]
                self.depths.setdefault(change_set.header.id, {})[index] = deep
        return seq

    def pull(self, request: PullRequest, device: str) -> PullPage:
        """Everything after the cursor in one page; a fresh device gets compacted entries."""
        mark = len(self.sets)
        entries: list[Entry] = []
        if not request.cursors:
            for (record, register), state in self.states.items():
                type_, scope, seq = self.described[(record, register)]
                bucket = bucket_of(scope, register)
                entries.append(Compacted(seq, bucket, record, type_, scope, compact(state)))
        since = max((seq for _, seq in request.cursors.values()), default=mark)
        for seq, change_set in enumerate(self.sets[since:], since + 1):
            entries.extend(self._streamed(seq, change_set, device))
        buckets = {bucket_of("person/x", name) for name in ("common", "social", "health")}
        buckets |= {"org/directory"}
        head = PageHead(
            protocol=1,
            epoch=self.epoch,
            mark=mark,
            done=True,
            cursors=dict.fromkeys(buckets, (1, mark)),
            you=You(worker="ab" * 16, role="nurse", teams=(TEAM,), grants={TEAM: 1}),
            buckets=tuple(sorted(buckets)),
        )
        return PullPage.decode(PullPage(head, entries).encode())

    def _streamed(self, seq: int, change_set: ChangeSet, device: str) -> list[Entry]:
        header = change_set.header
        buckets = tuple(bucket_of(part.scope, part.register) for part in change_set.parts)
        depths = self.depths.get(header.id, {})
        if header.device == device:
            return [OwnSet(seq, header.id, buckets, depths)]
        return [
            Streamed(seq, bucket, header.id, header.author, header.at, depths, part.raw)
            for bucket, part in zip(buckets, change_set.parts, strict=True)
        ]

    def sync(self, store: CaseStore) -> Outcome:
        """Run one round of a device."""
        device = store.require_identity().device
        exchange = sync_round(store.sync)
        try:
            request = next(exchange)
            while True:
                if isinstance(request, PushBatch):
                    answer = self.push(PushBatch.decode(request.encode()))
                    request = exchange.send(answer)
                else:
                    assert isinstance(request, PullRequest)
                    request = exchange.send(self.pull(request, device))
        except StopIteration as finished:
            outcome: Outcome = finished.value
            return outcome
