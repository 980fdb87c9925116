"""Pages: whole change sets, one mark, and nothing missed whatever happens between two of them."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from sqlalchemy import select

from field_app.domain.errors import Malformed
from field_app.server.tables import organisations
from field_app.sync.changes import ChangeSet
from field_app.sync.delivery import Compacted, OwnSet, Streamed
from field_app.sync.protocol import PullPage, Start
from tests.server.office import Office, Phone, about


@pytest.fixture
def sanna(office: Office) -> Phone:
    phone = office.phone("sanna")
    phone.pull()
    return phone


def tasks(phone: Phone, person: str, count: int, *, both: bool = False) -> list[ChangeSet]:
    """Saves of a task each; with `both`, of an encounter with a social part as well."""
    made = []
    for number in range(count):
        record = phone.office.entropy.new_id()
        writes = [about(person, record, "encounter", {"outcome": "reached"})]
        if both:
            writes.append(about(person, record, "encounter", {"note": f"{number}"}, "social"))
        made.append(phone.save(*writes))
    return made


def seqs(page: PullPage) -> list[int]:
    return [entry.seq for entry in page.entries]


def test_a_page_never_splits_a_change_set(office: Office, sanna: Phone) -> None:
    niko = office.phone("niko")
    niko.pull()
    person, made = sanna.new_person("Punapipo")
    sanna.push(made, *tasks(sanna, person, 7, both=True))
    pages = niko.pull(limit=4)
    assert len(pages) > 2
    seen = [set(seqs(page)) for page in pages]
    assert sum(len(page.entries) for page in pages) == 15
    assert not any(one & other for one, other in itertools.pairwise(seen))
    assert all(list(seqs(page)) == sorted(seqs(page)) for page in pages)


def test_the_mark_of_the_first_page_holds_and_the_next_pull_brings_the_rest(
    office: Office, sanna: Phone
) -> None:
    niko = office.phone("niko")
    niko.pull()
    person, made = sanna.new_person("Punapipo")
    sanna.push(made, *tasks(sanna, person, 3))
    first = niko.pull_page(limit=2)
    sanna.push(*tasks(sanna, person, 2))
    second = niko.pull_page(limit=2, mark=first.head.mark)
    assert second.head.done
    assert max(seqs(second)) == first.head.mark
    assert len(niko.entries()) == 2


def test_a_page_asked_for_again_is_the_same(office: Office, sanna: Phone) -> None:
    niko = office.phone("niko")
    niko.pull()
    person, made = sanna.new_person("Punapipo")
    sanna.push(made, *tasks(sanna, person, 3))
    before = dict(niko.cursors)
    niko.pull_page(limit=2)
    niko.cursors = before
    niko.pull_page(limit=2)
    assert niko.pages[-1] == niko.pages[-2]


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
def test_a_start_in_pages_of_any_size_brings_everything_once(
    office: Office, sanna: Phone, limit: int
) -> None:
    person, made = sanna.new_person("Punapipo")
    sanna.push(made, *tasks(sanna, person, 5, both=True))
    entries = office.phone("niko").entries(limit=limit)
    assert all(isinstance(entry, Compacted) for entry in entries)
    assert len({(entry.record, entry.bucket) for entry in entries}) == len(entries) == 11


def test_what_changes_during_a_start_is_not_missed(office: Office, sanna: Phone) -> None:
    person, made = sanna.new_person("Punapipo")
    sanna.push(made, *tasks(sanna, person, 5))
    niko = office.phone("niko")
    page = niko.pull_page(limit=2)
    found = {entry.record for entry in page.entries}
    added = tasks(sanna, person, 6)
    sanna.push(*added)
    rest = niko.entries(limit=2, mark=page.head.mark, start=page.head.start)
    found |= {entry.record for entry in rest}
    streamed = niko.entries()
    found |= {s.incoming.write.record for entry in streamed for _, s in entry.stamped()}
    assert {write.record for one in added for write in one.parts[0].writes} <= found
    assert len(found) == 12


def test_a_grant_in_the_middle_of_a_start_gets_a_start_of_its_own(
    office: Office, sanna: Phone
) -> None:
    sampo = office.phone("sampo")
    harbour_person, opened = sampo.new_person("Kettu", "harbour")
    sampo.push(opened)
    person, made = sanna.new_person("Punapipo")
    sanna.push(made, *tasks(sanna, person, 4))
    niko = office.phone("niko")
    page = niko.pull_page(limit=2)
    office.command("join_team", office.workers["niko"], office.teams["harbour"])
    found = {entry.record for entry in page.entries}
    rest = niko.entries(limit=2, mark=page.head.mark, start=page.head.start)
    found |= {entry.record for entry in rest}
    assert harbour_person in found
    assert len(found) == 6


def test_a_right_lost_in_the_middle_of_a_start_ends_it(office: Office, sanna: Phone) -> None:
    person, made = sanna.new_person("Punapipo")
    sanna.push(made, *tasks(sanna, person, 6))
    niko = office.phone("niko")
    page = niko.pull_page(limit=2)
    office.command("leave_team", office.workers["niko"], office.teams["centre"])
    begun = page.entries[0].bucket
    page = niko.pull_page(limit=2, mark=page.head.mark, start=page.head.start)
    assert page.entries == []
    assert begun in page.head.lost
    page = niko.pull_page(limit=2, mark=page.head.mark, start=page.head.start)
    assert page.entries == []
    assert page.head.done
    assert list(niko.cursors) == ["org/directory"]


def test_large_content_makes_small_pages(office: Office, sanna: Phone) -> None:
    niko = office.phone("niko")
    niko.pull()
    person, made = sanna.new_person("Punapipo")
    text = "ä" * 20_000
    sanna.push(made)
    for _ in range(5):
        writes = [
            about(person, office.entropy.new_id(), "task", {"x": text[:10_000]}) for _ in range(1)
        ]
        big = [
            about(
                person, office.entropy.new_id(), "navigation_step", {f"y{n}": text for n in "abcde"}
            )
        ]
        sanna.push(sanna.save(*writes, *big))
    fresh = office.phone("niko")
    for phone in (niko, fresh):
        phone.pages.clear()
        phone.pull()
        assert max(len(page) for page in phone.pages) < 6 * 1024 * 1024


def test_the_cursor_of_every_bucket_reaches_the_mark(office: Office, sanna: Phone) -> None:
    _person, made = sanna.new_person("Punapipo")
    sanna.push(made)
    head = sanna.pull()[-1].head
    assert {seq for _, seq in head.cursors.values()} == {head.mark}
    assert set(head.cursors) == {
        "org/directory",
        f"team/{office.teams['centre']}/common",
        f"team/{office.teams['centre']}/social",
    }


def test_a_phone_that_lost_its_copies_gets_its_own_sets_in_full(
    office: Office, sanna: Phone
) -> None:
    before = dict(sanna.cursors)
    _person, made = sanna.new_person("Punapipo")
    sanna.push(made)
    assert isinstance(sanna.entries()[0], OwnSet)
    sanna.cursors = before
    (entry,) = sanna.entries(with_own=True)
    assert isinstance(entry, Streamed)
    assert entry.raw == made.parts[0].raw


def test_a_server_of_another_epoch_starts_anew_and_takes_nothing_away(
    office: Office, sanna: Phone
) -> None:
    person, made = sanna.new_person("Punapipo")
    sanna.push(made)
    sanna.pull()
    told = sanna.pull_page(epoch="f" * 32)
    assert (len(told.entries), told.head.done, told.head.lost) == (0, False, ())
    assert told.head.epoch == sanna.enrolled.epoch
    assert told.head.cursors  # nothing is gone: the device begins anew over what it holds
    sanna.cursors = {}
    assert [entry.record for entry in sanna.entries()] == [person]


def test_a_cursor_beyond_the_servers_sequence_starts_anew(office: Office, sanna: Phone) -> None:
    person, made = sanna.new_person("Punapipo")
    sanna.push(made)
    sanna.cursors = {bucket: (grant, 10_000) for bucket, (grant, _) in sanna.cursors.items()}
    assert [entry.record for entry in sanna.entries()] == [person]


@pytest.mark.parametrize(
    "after",
    [
        "",
        "{}",
        "[]",
        "[[],0,1,2,3]",
        '[[["x"]],0,[],"","",0]',
        "[[[1,2]],0,[],0,0,0]",
        '[[],-1,[],"","",0]',
        '[[],0,[1],"","",0]',
        '[[],0,[1,-1],"","",0]',
        '[[],0,"","","",0,1]',
    ],
)
def test_a_start_token_of_somebody_elses_making_is_refused(
    office: Office, sanna: Phone, after: str
) -> None:
    mark = sanna.pull_page().head.mark
    sanna.cursors = {}
    with pytest.raises(Malformed):
        sanna.pull_page(mark=mark, start=Start(mark=mark, after=after))


def test_a_start_token_opens_no_bucket_that_is_not_the_callers(
    office: Office, sanna: Phone
) -> None:
    niko = office.phone("niko")
    person, made = niko.new_person("Punapipo")
    note = niko.save(
        about(person, office.entropy.new_id(), "health_note", {"note": "haava"}, "health")
    )
    niko.push(made, note)
    health = f"team/{office.teams['centre']}/health"
    mark = sanna.pull_page().head.mark
    epoch = sanna.cursors[f"team/{office.teams['centre']}/common"][0]
    after = f'[[["{health}",{epoch}]],0,[0,0],"","",1]'
    page: Any = sanna.pull_page(mark=mark, start=Start(mark=mark, after=after))
    assert page.entries == []
    assert health not in sanna.cursors


def test_receipts_come_with_the_first_page_for_what_is_asked(office: Office, sanna: Phone) -> None:
    person, made = sanna.new_person("Punapipo")
    bad = sanna.save(about(person, person, "person", {"name": 7}))
    more = tasks(sanna, person, 2)
    sanna.push(made, bad, *more)
    runs = sanna.pull_page(receipts_after=0).head.receipts
    assert [(run.first_counter, run.count, run.status, run.reason) for run in runs] == [
        (1, 1, "accepted", ""),
        (2, 1, "needs-human", "invalid"),
        (3, 2, "accepted", ""),
    ]
    assert [run.first_counter for run in sanna.pull_page(receipts_of=(2,)).head.receipts] == [2]
    assert sanna.pull_page().head.receipts == ()


def test_a_server_that_warms_up_begins_nothing_for_anybody(office: Office) -> None:
    with office.core.database.read() as connection:
        before = connection.execute(select(organisations)).all()
    office.core.puller.warm_up()
    with office.core.database.read() as connection:
        assert connection.execute(select(organisations)).all() == before
