"""A register's first write is its state: told as every state is, and written once."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from field_app.server import start
from field_app.server.export import export_all
from field_app.server.tables import parts, record_states
from field_app.sync.canonical import parse
from field_app.sync.changes import ChangeSet
from field_app.sync.delivery import Compacted, expand
from tests.server.office import Office, Phone, about


@pytest.fixture
def sanna(office: Office) -> Phone:
    """Sanna's phone, which knows her grants."""
    phone = office.phone("sanna")
    phone.pull()
    return phone


def spoken_for(office: Office) -> set[str]:
    """The records whose state is a part."""
    with office.core.database.read() as connection:
        asked = select(parts.c.record).where(parts.c.record.is_not(None))
        return set(connection.execute(asked).scalars())


def with_a_state(office: Office) -> set[str]:
    """The records with a state of their own."""
    with office.core.database.read() as connection:
        return set(connection.execute(select(record_states.c.record)).scalars())


def told(office: Office, worker: str = "niko", limit: int = 2000) -> dict[str, Any]:
    """{record: {key: values}} as a new phone is told."""
    found = {}
    for entry in office.phone(worker).entries(limit=limit):
        assert isinstance(entry, Compacted)
        heads = expand(entry.writes).heads
        found[entry.record] = {key: {head.value for head in heads[key]} for key in heads}
    return found


def phone_number(sanna: Phone, person: str, number: str, upon: ChangeSet | None) -> ChangeSet:
    """A save of a person's phone number."""
    replaces = {} if upon is None else {"phone": [f"{upon.header.id}:0"]}
    values = {"phone": number}
    return sanna.save(about(person, person, "person", values, replaces=replaces))


def test_it_is_told_from_its_part_and_nothing_is_written_twice(
    office: Office, sanna: Phone
) -> None:
    person, made = sanna.new_person("Punapipo")
    sanna.push(made)
    assert spoken_for(office) == {person}
    assert with_a_state(office) == set()
    assert told(office) == {person: {"name": {"Punapipo"}}}


@pytest.mark.parametrize("together", [True, False], ids=["in one push", "later"])
def test_a_second_write_has_both_in_a_state(office: Office, sanna: Phone, together: bool) -> None:
    person, made = sanna.new_person("Punapipo")
    first = phone_number(sanna, person, "1", None)
    second = phone_number(sanna, person, "2", first)
    for batch in [(made, first, second)] if together else [(made,), (first,), (second,)]:
        sanna.push(*batch)
    assert spoken_for(office) == set()
    assert with_a_state(office) == {person}
    assert told(office) == {person: {"name": {"Punapipo"}, "phone": {"2"}}}


def test_a_held_first_write_speaks_for_itself_once_it_is_accepted(
    office: Office, sanna: Phone
) -> None:
    niko = office.phone("niko")
    niko.pull()
    person, made = sanna.new_person("Punapipo")
    early = niko.save(about(person, "a" * 32, "task", {"title": "Soitto"}))
    assert niko.statuses(early) == [("held", "unknown_person")]
    assert spoken_for(office) == set()
    sanna.push(made)
    assert spoken_for(office) == {person, "a" * 32}
    assert told(office)["a" * 32] == {"title": {"Soitto"}}


def test_it_goes_along_with_its_person(office: Office, sanna: Phone) -> None:
    person, made = sanna.new_person("Punapipo")
    stays, also = sanna.new_person("Kettu")
    task = about(person, "a" * 32, "task", {"title": "Soitto"})
    note = about(person, "b" * 32, "encounter", {"note": "Torilla."}, "social")
    sanna.push(made, also, sanna.save(task, note))
    sampo = office.phone("sampo")
    sampo.pull()
    office.command("move_person", person, office.teams["harbour"])
    assert spoken_for(office) == {stays}
    moved = {one.record for one in sampo.entries() if isinstance(one, Compacted)}
    assert moved == {person, "a" * 32, "b" * 32}
    assert set(told(office, "noora")) == moved
    assert set(told(office)) == {stays}


@pytest.mark.parametrize("behind", [True, False], ids=["told already", "not told yet"])
def test_a_second_write_in_the_middle_of_a_start_is_not_missed(
    office: Office, sanna: Phone, behind: bool
) -> None:
    people = dict(sanna.new_person(name) for name in ("Punapipo", "Kettu", "Siili"))
    sanna.push(*people.values())
    niko = office.phone("niko")
    page = niko.pull_page(limit=1)
    (begun,) = (entry.record for entry in page.entries)
    changed = begun if behind else next(one for one in people if one != begun)
    sanna.push(phone_number(sanna, changed, "1", None))
    rest = niko.entries(limit=1, mark=page.head.mark, start=page.head.start)
    compacted = [one for one in (*page.entries, *rest) if isinstance(one, Compacted)]
    assert {one.record for one in compacted} == set(people)
    (streamed,) = niko.entries()
    assert streamed.stamped()[0][1].incoming.write.record == changed


def test_many_in_one_set_are_told_page_by_page(office: Office, sanna: Phone) -> None:
    person, made = sanna.new_person("Punapipo")
    sanna.push(made)
    both = sanna.save(
        about(person, "a" * 32, "task", {"title": "Soitto"}),
        about(person, "b" * 32, "task", {"title": "Kirje"}),
        about(person, "c" * 32, "encounter", {"note": "Torilla."}, "social"),
    )
    assert sanna.statuses(both) == [("accepted", "")]
    assert spoken_for(office) == {person, "c" * 32}, "a part of two writes is no state"
    for limit in (1, 2, 3):
        assert set(told(office, limit=limit)) == {person, "a" * 32, "b" * 32, "c" * 32}


def test_parts_of_one_set_come_on_two_pages_where_it_crosses_them(
    office: Office, sanna: Phone
) -> None:
    people = dict(sanna.new_person(name) for name in ("Punapipo", "Kettu", "Siili"))
    one_save = sanna.save(
        *(
            about(who, f"{number}" * 32, "task", {"title": "Soitto"})
            for number, who in enumerate(people)
        )
    )
    sanna.push(*people.values(), one_save)
    records = {*people, "0" * 32, "1" * 32, "2" * 32}
    assert spoken_for(office) == records
    for limit in (1, 2, 4, 5):
        assert set(told(office, limit=limit)) == records


@pytest.mark.parametrize("again", [True, False], ids=["states", "first writes"])
def test_a_start_begins_every_bucket_anew_and_ends_a_page_that_has_grown_large(
    office: Office, sanna: Phone, again: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = dict(sanna.new_person(name) for name in ("Punapipo", "Kettu", "Siili"))
    sanna.push(*people.values())
    strength = {"strengths": "Laulaa."}
    for _ in range(1 + again):
        sanna.push(*(sanna.save(about(one, one, "person", strength, "social")) for one in people))
    if again:
        sanna.push(*(phone_number(sanna, one, "1", None) for one in people))
    assert spoken_for(office) == (set() if again else people.keys())

    def pages(limit: int) -> list[int]:
        told = [page.entries for page in office.phone("iiris").pull(limit=limit) if page.entries]
        assert len({(one.record, one.bucket) for entries in told for one in entries}) == 6
        return [len(entries) for entries in told]

    assert [pages(limit) for limit in (4, 100)] == [[4, 2], [6]]
    monkeypatch.setattr(start, "PAGE_BYTES_MAX", 0)
    assert pages(100) == [1] * 6


def test_a_start_says_how_many_records_are_still_to_come(office: Office, sanna: Phone) -> None:
    people = dict(sanna.new_person(name) for name in ("Punapipo", "Kettu", "Siili"))
    sanna.push(*people.values(), phone_number(sanna, next(iter(people)), "1", None))
    assert len(spoken_for(office)) == 2
    pages = office.phone("niko").pull(limit=1)
    assert [page.head.remaining for page in pages if page.entries] == [2, 1, 0]


def test_everything_in_the_export_is_in_the_order_of_its_records(
    office: Office, sanna: Phone
) -> None:
    people = dict(sanna.new_person(f"Person {number}") for number in range(6))
    changed = [phone_number(sanna, one, "1", None) for one in list(people)[::2]]
    sanna.push(*people.values(), *changed)
    core = office.core
    with core.database.read() as connection:
        lines = list(export_all(connection, office.number, core.sealer, core.reader, "test"))
    assert [parse(line)["record"] for line in lines] == sorted(people)
