"""Two organisations on one server know nothing of each other."""

from __future__ import annotations

from dataclasses import replace

from field_app.server.access import Commander
from field_app.server.organisation import create_organisation
from tests.server.office import Office, Phone, about


def other_office(office: Office) -> Office:
    with office.core.database.write() as connection:
        number = create_organisation(connection, office.core.entropy, "Toinen", office.clock.now())
    other = replace(office, number=number, teams={}, workers={})
    with office.core.database.write() as connection:
        by = Commander(
            connection, number, office.clock.now(), office.core.entropy, office.core.sealer
        )
        other.teams["centre"] = by.add_team("centre")
        other.workers["lotta"] = by.add_worker("lotta", "lead", (other.teams["centre"],))
    return other


def test_nothing_crosses(office: Office) -> None:
    other = other_office(office)
    sanna, lotta = office.phone("sanna"), other.phone("lotta")
    person, made = sanna.new_person("Punapipo")
    sanna.push(made)
    mine, opened = lotta.new_person("Kettu")
    elsewhere = lotta.save(about(person, person, "person", {"name": "Väärä"}))
    foreign = lotta.save(
        about(mine, mine, "person", {"name": "X"}, replaces={"name": [f"{made.header.id}:0"]})
    )
    assert lotta.statuses(opened, elsewhere, foreign) == [
        ("accepted", ""),
        ("held", "unknown_person"),
        ("held", "unknown_write"),
    ]
    assert [entry.record for entry in other.phone("lotta").entries()] == [mine]
    assert [entry.record for entry in office.phone("leena").entries()] == [person]
    staff = Phone.pull_page(other.phone("lotta")).head.staff
    assert [worker.name for worker in staff.workers] == ["lotta"]


def test_each_has_its_own_sequence(office: Office) -> None:
    other = other_office(office)
    lotta = other.phone("lotta")
    (run,) = lotta.push(lotta.new_person("Kettu")[1]).receipts
    assert run.first_seq == 3  # after its team and its worker
