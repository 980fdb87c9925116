"""Deliberate bugs of the server, and of the merge that both sides share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from typing import Any

from field_app.domain.errors import NotAuthenticated
from field_app.server import cases, chain, enrolment, ledger, pull, push
from field_app.server.archive import Archive
from field_app.server.database import Database
from field_app.server.ledger import Ledger
from field_app.server.push import Pusher
from field_app.server.revoked import RevokedList
from field_app.server.standing import Standing
from field_app.simulation.sabotage import Bench, bug
from field_app.sync import delivery, merge
from field_app.sync.canonical import same_value


@bug
def drop_a_head(bench: Bench) -> None:
    """A merge that keeps the winner alone."""
    original = merge.ordered
    bench.replace_everywhere(original, lambda heads: original(heads)[:1])


@bug
def winner_by_device_clock(bench: Bench) -> None:
    """The latest by its device's clock is shown first."""

    def by_clock(heads: Any) -> Any:
        return tuple(sorted(heads, key=lambda head: (head.at, head.write_id), reverse=True))

    bench.replace_everywhere(merge.ordered, by_clock)


@bug
def collapse_equal_heads(bench: Bench) -> None:
    """Two heads that say the same become one for good."""
    original = merge.ordered

    def collapsed(heads: Any) -> Any:
        kept: list[Any] = []
        for head in original(heads):
            if not any(same_value(head.value, other.value) for other in kept):
                kept.append(head)
        return tuple(kept)

    bench.replace_everywhere(original, collapsed)


@bug
def compact_to_the_winner(bench: Bench) -> None:
    """What is stored of a record for delivery leaves the losers of a conflict out."""
    original = delivery.compact

    def winners(state: Any) -> Any:
        heads = {key: found[:1] for key, found in state.heads.items()}
        return original(replace(state, heads=heads))

    bench.replace(ledger, "compact", winners)


@bug
def skip_the_lock(bench: Bench) -> None:
    """Two pushes at once read the same sequence: the second goes by what stood before."""
    original = push.lock  # type: ignore[attr-defined]  # what is replaced is push's own name
    calls = count(1)
    before: dict[int, int] = {}

    def unlocked(connection: Any, number: int, *more: Any) -> Any:
        found = original(connection, number, *more)
        stale = before.get(number, found.sequence)
        before[number] = found.sequence
        if next(calls) % 7 == 0 and stale <= found.sequence:
            found.sequence = stale
        return found

    bench.replace(push, "lock", unlocked)


@bug
def answer_before_commit(bench: Bench) -> None:
    """The answer leaves, and the transaction fails afterwards."""
    write, pushing = Database.write, Pusher.push
    calls = count(1)
    under_way = [False]

    @contextmanager
    def failing(self: Database) -> Iterator[Any]:
        with write(self) as connection:
            yield connection
            if under_way[0] and next(calls) % 9 == 0:
                transaction = connection.get_transaction()
                assert transaction is not None
                transaction.rollback()

    def answering(self: Pusher, *arguments: Any) -> Any:
        under_way[0] = True
        try:
            return pushing(self, *arguments)
        finally:
            under_way[0] = False

    bench.replace(Database, "write", failing)
    bench.replace(Pusher, "push", answering)


@bug
def forget_the_tail(bench: Bench) -> None:
    """After a compacted start the stream goes on from now, not from the start's mark."""
    find, finish = pull._find_place, pull._finish_start
    now = [0]

    def finding(request: Any, allowed: Any, sequence: int, *more: Any) -> Any:
        now[0] = sequence
        return find(request, allowed, sequence, *more)

    def finishing(place: Any) -> None:
        begun = place.start
        if begun is not None and begun.is_done:
            place.start = replace(begun, mark=now[0])
        finish(place)

    bench.replace(pull, "_find_place", finding)
    bench.replace(pull, "_finish_start", finishing)


@bug
def forget_who_left(bench: Bench) -> None:
    """A device so far behind that it begins anew is not told who left a team meanwhile."""
    bench.replace(pull, "_add_leaving", lambda *_: None)


@bug
def lose_an_answer(bench: Bench) -> None:
    """A batch that comes again is taken for one that was answered."""
    original = push.as_runs  # type: ignore[attr-defined]
    answered: set[tuple[int, ...]] = set()

    def once(receipts: Any) -> Any:
        found = list(receipts)
        seqs = tuple(receipt.seq for receipt in found if receipt.seq is not None)
        if seqs and seqs in answered:
            return ()
        answered.add(seqs)
        return original(found)

    bench.replace(push, "as_runs", once)


@bug
def reuse_an_id(bench: Bench) -> None:
    """A set with an id known already is taken for that set, whatever its bytes say."""
    bench.replace(push, "identity_of", lambda change_set: "the same")
    original = Archive.add

    def adding(self: Archive, change_set: Any, key: str, identity: str, verdict: Any) -> None:
        original(self, change_set, key, "the same", verdict)

    bench.replace(Archive, "add", adding)


@bug
def health_to_wrong_bucket(bench: Bench) -> None:
    """The nurse's part goes where the pair reads."""
    original = Ledger.bucket

    def bucket(self: Ledger, scope: str, register: str) -> str:
        return original(self, scope, "social" if register == "health" else register)

    bench.replace(Ledger, "bucket", bucket)


@bug
def skip_the_signature(bench: Bench) -> None:
    """Whoever has a device's token can write in its name."""
    bench.replace(chain, "check_signature", lambda connection, batch, caller: None)


@bug
def deliver_after_leaving(bench: Bench) -> None:
    """Who has left a team is still sent what it writes."""

    def teams(self: Standing) -> tuple[str, ...]:
        return tuple(sorted({team.what for team in self.teams}))

    def grants(self: Standing) -> dict[str, int]:
        return dict.fromkeys(teams(self), 1)

    bench.replace(Standing, "own_teams", property(teams))
    bench.replace(Standing, "grants", grants)


@bug
def drop_what_is_refused(bench: Bench) -> None:
    """A set that nobody may accept is answered, and not kept."""
    original = Archive.add

    def adding(self: Archive, change_set: Any, key: str, identity: str, verdict: Any) -> None:
        original(self, change_set, key, identity, verdict)
        if verdict.status == "needs-human":
            del self._parts[-len(change_set.parts) :]

    bench.replace(Archive, "add", adding)


@bug
def never_judge_again(bench: Bench) -> None:
    """A held set stays held, also when what it waited for has come."""
    for module in (push, cases):
        bench.replace(module, "retry_held", lambda ledger, archive, tokens: _flush(ledger, archive))


def _flush(ledger_: Any, archive: Any) -> None:
    ledger_.flush()
    archive.flush()


@bug
def never_notice_a_loss(bench: Bench) -> None:
    """A server that was put back goes on in the epoch it was in."""
    for module in (pull, push):
        bench.replace(module, "heal", lambda *_: None)


@bug
def forget_who_was_revoked(bench: Bench) -> None:
    """A server that was put back to before a revocation lets the device in again."""
    bench.replace(RevokedList, "enforce", lambda self, connection, now: None)
    bench.replace(RevokedList, "holds", lambda self, device: False)


@bug
def forget_what_was_replaced_unseen(bench: Bench) -> None:
    """What a person's acceptance replaced before it came stands up again when it comes."""
    bench.replace(merge.State, "is_replaced_unseen", lambda self, key, write_id: False)


@bug
def forget_who_was_enrolled(bench: Bench) -> None:
    """A certificate is no proof to a server that was put back to before the enrolment."""

    def refusing(*_: Any) -> str:
        raise NotAuthenticated("unknown device")

    bench.replace(enrolment, "readmit", refusing)
