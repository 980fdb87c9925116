"""One sequence without gaps, whoever pushes at the same moment."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import select

from field_app.server.tables import access_commands, change_sets, organisations
from field_app.sync.changes import ChangeSet, Header
from tests.server.backups import all_rows, put_back
from tests.server.office import Office, Phone, about


def all_sequences(office: Office) -> list[int]:
    with office.core.database.read() as connection:
        sets = connection.execute(
            select(change_sets.c.seq).where(change_sets.c.seq.is_not(None))
        ).scalars()
        commands = connection.execute(select(access_commands.c.seq)).scalars()
        return sorted([*sets, *commands])


def test_workers_who_push_and_command_at_once_leave_no_gap_and_no_double(office: Office) -> None:
    phones = [office.phone(name) for name in ("sanna", "niko", "iiris", "leena")]
    person, made = phones[0].new_person("Punapipo")
    phones[0].push(made)
    ready = threading.Barrier(len(phones) + 1)

    def work(phone: Phone) -> None:
        batches = [
            [
                phone.save(about(person, office.entropy.new_id(), "task", {"title": f"{number}"})),
                phone.save(about(person, person, "person", {"name": 7})),
                phone.save(about(person, person, "person", {"phone": f"{phone.worker} {number}"})),
            ]
            for number in range(6)
        ]
        ready.wait()
        for batch in batches:
            assert phone.statuses(*batch) == [
                ("accepted", ""),
                ("needs-human", "invalid"),
                ("accepted", ""),
            ]

    def command(_: int) -> None:
        ready.wait()
        for number in range(6):
            office.command("add_team", f"Team {number}")

    with ThreadPoolExecutor(len(phones) + 1) as pool:
        jobs = [pool.submit(work, phone) for phone in phones]
        jobs.append(pool.submit(command, 0))
        for job in jobs:
            job.result()
    found = all_sequences(office)
    assert found == list(range(1, len(found) + 1))
    with office.core.database.read() as connection:
        assert connection.execute(select(organisations.c.sequence)).scalar_one() == found[-1]


def test_a_page_pulled_while_others_push_never_passes_over_anything(office: Office) -> None:
    sanna, reader = office.phone("sanna"), office.phone("niko")
    person, made = sanna.new_person("Punapipo")
    sanna.push(made)
    reader.pull()
    done = threading.Event()
    written: set[str] = set()
    seen: list[str] = []

    def write() -> None:
        for number in range(25):
            one: ChangeSet = sanna.save(about(person, person, "person", {"phone": f"{number}"}))
            sanna.push(one)
            written.add(one.header.id)
        done.set()

    thread = threading.Thread(target=write)
    thread.start()
    while not done.is_set():
        seen.extend(entry.set_id for entry in reader.entries(limit=3))
    thread.join()
    seen.extend(entry.set_id for entry in reader.entries(limit=3))
    assert len(seen) == len(set(seen)) == 25
    assert set(seen) == written


def test_a_refused_batch_takes_no_sequence(office: Office) -> None:
    sanna = office.phone("sanna")
    person, made = sanna.new_person("Punapipo")
    sanna.push(made)
    before = all_sequences(office)
    bad = sanna.save(about(person, person, "person", {"name": 7}))
    sanna.push(bad)
    sanna.push(bad)
    assert all_sequences(office) == before


def test_a_set_that_takes_the_sequence_of_a_lost_one_with_its_id_does_not_hide_the_loss(
    office: Office,
) -> None:
    """Its id alone says nothing of what a set holds: somebody's generator may be broken."""
    sanna, niko = office.phone("sanna"), office.phone("niko")
    made = sanna.new_person("Punapipo")[1]
    niko.push(niko.new_person("Harmaa")[1])
    before = all_rows(office.core.database)
    seen = sanna.push(made).witness
    put_back(office.core.database, before)
    same_id = niko.new_person("Kettu")[1]
    header = same_id.header.raw.replace(same_id.header.id.encode(), made.header.id.encode())
    answer = niko.push(ChangeSet(Header.parse(header), same_id.parts))
    assert seen is not None
    assert answer.witness is not None
    assert (answer.witness.sequence, answer.epoch) == (seen.sequence, niko.enrolled.epoch)
    head = sanna.pull_page(witness=seen).head
    assert head.epoch != sanna.enrolled.epoch, "the server knows that it has lost something"
