"""One sync round by hand: the generator yields requests, a small fake of either side answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from field_app.domain.errors import AnswerIncomplete, SuddenlyEmpty, SyncError
from field_app.sync.admission import Enrolled, ForkRequest
from field_app.sync.delivery import OwnSet
from field_app.sync.exchange import ROUNDS_MAX, Outcome, Reply, Request, sync_round
from field_app.sync.protocol import (
    PROTOCOL,
    PullRequest,
    PushAnswer,
    PushBatch,
)
from tests.sync.tiny_ends import BUCKET, TinyDevice, TinyServer, page

ENROLLED = Enrolled(
    device="f" * 32,
    worker="a" * 32,
    organisation="0" * 32,
    organisation_name="Testialue",
    token="another",
    epoch="e1",
    certificate="",
)


def carry(device: TinyDevice, answer: Callable[[Request], Reply]) -> Outcome:
    """Drive a round to its end, as the client does."""
    exchange = sync_round(device)
    try:
        request = next(exchange)
        while True:
            request = exchange.send(answer(request))
    except StopIteration as finished:
        outcome = finished.value
    assert isinstance(outcome, Outcome)
    return outcome


def test_a_round_pushes_all_batches_first_and_then_pulls_to_the_mark() -> None:
    device, server = TinyDevice(), TinyServer()
    for text in "12345":
        device.save(text)
    outcome = carry(device, server.answer)
    assert server.asked == ["push", "push", "push", "pull", "pull", "pull"]
    assert outcome == Outcome(pushed=5, pulled=5, complete=True)
    assert device.outbox == []
    assert device.cursors == {BUCKET: (1, 5)}


def test_with_nothing_to_push_a_round_is_one_pull() -> None:
    device, server = TinyDevice(), TinyServer()
    assert carry(device, server.answer) == Outcome(0, 0, complete=True)
    assert server.asked == ["pull"]


def test_what_is_saved_while_pulling_is_pushed_in_the_same_round() -> None:
    device, server = TinyDevice(), TinyServer()

    def save_once() -> None:
        if not device.pages and not server.stored:
            device.save("late")

    device.while_pulling = save_once
    outcome = carry(device, server.answer)
    assert server.asked == ["pull", "push", "pull"]
    assert outcome == Outcome(1, 1, complete=True)


def test_a_round_ends_even_if_every_page_finds_a_new_save() -> None:
    device, server = TinyDevice(), TinyServer()
    device.while_pulling = device.save
    outcome = carry(device, server.answer)
    assert not outcome.complete
    assert server.asked.count("push") == ROUNDS_MAX - 1
    assert device.outbox


def test_only_the_sets_that_were_in_the_batch_are_marked_as_answered() -> None:
    device, server = TinyDevice(), TinyServer()
    device.save("first")

    def save_before_the_answer(request: Request) -> Reply:
        if isinstance(request, PushBatch) and len(server.stored) == 0:
            device.save("meanwhile")
        return server.answer(request)

    carry(device, save_before_the_answer)
    assert len(server.stored) == 2


def test_a_pull_broken_off_carries_on_to_the_same_mark() -> None:
    device, server = TinyDevice(), TinyServer()
    for text in "12345":
        device.save(text)
    exchange = sync_round(device)
    request = next(exchange)
    while not isinstance(request, PullRequest):
        request = exchange.send(server.answer(request))
    exchange.send(server.answer(request))
    exchange.close()

    assert device.mark == 5
    device.save("after the break")
    carry(device, server.answer)
    assert [one.head.mark for one in device.pages] == [5, 5, 5]
    assert device.cursors == {BUCKET: (1, 5)}
    carry(device, server.answer)
    assert device.cursors == {BUCKET: (1, 6)}


def test_a_round_goes_on_until_own_sets_the_device_has_lost_are_there_in_full() -> None:
    device, asked = TinyDevice(cursors={BUCKET: (1, 4)}), []

    def answer(request: Request) -> Reply:
        assert isinstance(request, PullRequest)
        asked.append(request.with_own)
        device.with_own = not request.with_own  # as a store that lacks the set asks for it
        entries = [] if request.with_own else [OwnSet(5, "5" * 32, (BUCKET,))]
        return page(entries, {BUCKET: (1, 5)}, mark=5, done=True)

    assert carry(device, answer).complete
    assert asked == [False, True]


@pytest.mark.parametrize("begun", [{"epoch": "e2"}, {"counter": 100}], ids=["epoch", "fork"])
def test_what_a_new_epoch_or_a_fork_leaves_without_an_answer_is_pushed_before_the_pull_goes_on(
    begun: dict[str, str | int],
) -> None:
    device, server = TinyDevice(cursors={BUCKET: (1, 0)}), TinyServer()

    def answer(request: Request) -> Reply:
        if isinstance(request, ForkRequest):
            server.asked.append("fork")
            return ENROLLED
        if server.asked:
            return server.answer(request)
        server.asked.append("begun")
        device.save("taken back")
        told = page([], {BUCKET: (1, 0)}, mark=1, done=False)
        return replace(told, head=told.head.model_copy(update=begun))

    assert carry(device, answer) == Outcome(pushed=1, pulled=1, complete=True)
    assert [what for what in server.asked if what != "fork"] == ["begun", "push", "pull"]
    assert len(device.forks) == ("counter" in begun)


def test_a_page_follows_what_is_pushed_after_the_last_page_has_led_to_a_fork() -> None:
    device, server = TinyDevice(cursors={BUCKET: (1, 0)}), TinyServer()

    def answer(request: Request) -> Reply:
        if isinstance(request, ForkRequest):
            return ENROLLED
        if server.asked:
            return server.answer(request)
        server.asked.append("last")
        device.save("not answered")
        told = page([], {BUCKET: (1, 0)}, mark=0, done=True)
        return replace(told, head=told.head.model_copy(update={"counter": 100}))

    assert carry(device, answer) == Outcome(pushed=1, pulled=1, complete=True)
    assert server.asked == ["last", "push", "pull"]


def test_a_fork_on_the_last_page_that_leaves_nothing_to_push_ends_the_round() -> None:
    device, asked = TinyDevice(cursors={BUCKET: (1, 0)}), []

    def answer(request: Request) -> Reply:
        asked.append(type(request))
        if isinstance(request, ForkRequest):
            return ENROLLED
        told = page([], {BUCKET: (1, 0)}, mark=0, done=True)
        return replace(told, head=told.head.model_copy(update={"counter": 100}))

    assert carry(device, answer) == Outcome(pushed=0, pulled=0, complete=True)
    assert asked == [PullRequest, ForkRequest]


def test_when_every_bucket_is_gone_at_once_the_device_halts_and_purges_nothing() -> None:
    device = TinyDevice(cursors={BUCKET: (1, 5)})
    with pytest.raises(SuddenlyEmpty):
        carry(device, lambda _: page([], {}, mark=5, done=True))
    assert device.pages == []
    assert device.cursors == {BUCKET: (1, 5)}


def test_a_new_device_may_be_told_that_nothing_is_there_yet() -> None:
    device = TinyDevice()
    assert carry(device, lambda _: page([], {}, mark=0, done=True)).complete


def test_an_answer_without_receipts_is_not_asked_for_again_and_again() -> None:
    device = TinyDevice()
    device.save()
    with pytest.raises(AnswerIncomplete):
        carry(device, lambda _: PushAnswer(protocol=PROTOCOL, epoch="e1", receipts=()))
    assert len(device.outbox) == 1


def test_a_page_that_leads_nowhere_is_not_asked_for_again_and_again() -> None:
    device = TinyDevice(cursors={BUCKET: (1, 0)})
    device.mark = 5
    with pytest.raises(AnswerIncomplete):
        carry(device, lambda _: page([], {BUCKET: (1, 0)}, mark=5, done=False))


def test_an_answer_to_another_question_is_refused() -> None:
    device = TinyDevice()
    with pytest.raises(SyncError):
        carry(device, lambda _: PushAnswer(protocol=PROTOCOL, epoch="e1", receipts=()))
    device.save()
    with pytest.raises(SyncError):
        carry(device, lambda _: page([], {}, mark=0, done=True))
