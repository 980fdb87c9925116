"""A device's chain of headers: repeated it changes nothing, broken it is told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from field_app.domain.errors import BadSignature, ChainForked, ChainGap, Malformed, TooLarge
from field_app.sync.changes import ChangeSet
from field_app.sync.protocol import PushBatch
from tests.server.office import Office, Phone, about


def saves(phone: Phone, count: int) -> list[ChangeSet]:
    person, made = phone.new_person("Punapipo")
    more = [
        phone.save(about(person, phone.office.entropy.new_id(), "task", {"title": f"{number}"}))
        for number in range(count - 1)
    ]
    return [made, *more]


@pytest.fixture
def sanna(office: Office) -> Phone:
    return office.phone("sanna")


def test_a_batch_sent_twice_is_answered_the_same_and_stored_once(
    office: Office, sanna: Phone
) -> None:
    batch = saves(sanna, 3)
    first = sanna.push(*batch)
    assert sanna.push(*batch) == first
    assert [(run.first_counter, run.count) for run in first.receipts] == [(1, 3)]
    assert len(office.phone("niko").entries()) == 3


def test_a_stretch_that_is_known_in_part_goes_on_where_the_server_stands(
    office: Office, sanna: Phone
) -> None:
    one, two, three = saves(sanna, 3)
    sanna.push(one, two)
    (run,) = sanna.push(two, three).receipts
    assert (run.first_counter, run.count, run.status) == (2, 2, "accepted")
    assert len(office.phone("niko").entries()) == 3


def test_a_hole_in_the_chain_is_told_with_what_the_server_has(sanna: Phone) -> None:
    one, _, three = saves(sanna, 3)
    sanna.push(one)
    with pytest.raises(ChainGap) as told:
        sanna.push(three)
    assert told.value.values == {"counter": 1}


def test_another_history_of_the_same_device_is_a_fork(sanna: Phone) -> None:
    one, two = saves(sanna, 2)
    sanna.push(one, two)
    sanna.counter, sanna.prev = 1, one.header.hash
    person = one.parts[0].writes[0].record
    other = sanna.save(about(person, person, "person", {"phone": "050"}))
    beyond = sanna.save(about(person, person, "person", {"phone": "051"}))
    for batch in ([other], [other, beyond], [beyond]):
        with pytest.raises(ChainForked):
            sanna.push(*batch)


def test_a_fork_at_the_head_is_seen_by_its_link(sanna: Phone) -> None:
    one, two = saves(sanna, 2)
    sanna.push(one)
    sanna.counter, sanna.prev = 1, two.header.hash
    person = one.parts[0].writes[0].record
    with pytest.raises(ChainForked):
        sanna.push(sanna.save(about(person, person, "person", {"phone": "050"})))


def test_a_signature_by_another_key_or_over_another_head_stores_nothing(
    office: Office, sanna: Phone
) -> None:
    (one,) = saves(sanna, 1)
    batch = sanna.batch(one)
    stranger = office.phone("sanna")
    for signature in (
        stranger.batch(one).signature,
        sanna.key.sign(PushBatch.signed_bytes("0" * 64)),
        b"",
        b"\x00" * 64,
    ):
        with pytest.raises(BadSignature):
            office.core.pusher.push(
                sanna.caller, replace(batch, signature=signature), office.clock.now()
            )
    assert office.phone("niko").entries() == []


def test_a_batch_of_somebody_elses_device_is_refused(office: Office, sanna: Phone) -> None:
    (one,) = saves(sanna, 1)
    niko = office.phone("niko")
    with pytest.raises(Malformed):
        office.core.pusher.push(niko.caller, sanna.batch(one), office.clock.now())


def test_counters_go_one_by_one(sanna: Phone) -> None:
    one, two, three = saves(sanna, 3)
    for wrong in ([one, three], [two, one], [one, one]):
        batch = PushBatch.decode(sanna.batch(*wrong).encode())
        with pytest.raises((Malformed, ChainForked, BadSignature)):
            sanna.office.core.pusher.push(sanna.caller, batch, sanna.office.clock.now())
    assert sanna.statuses(one, two, three) == [("accepted", "")] * 3


def test_more_sets_than_a_batch_may_hold_are_refused(sanna: Phone) -> None:
    with pytest.raises(TooLarge):
        sanna.push(*saves(sanna, 501))
