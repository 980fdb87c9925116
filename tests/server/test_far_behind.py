"""A device months behind is told how things stand, not everything that happened."""

from __future__ import annotations

from dataclasses import replace

import pytest

from field_app.sync.delivery import AccessChange, Compacted, Streamed
from tests.server.office import Office, Phone, about


@pytest.fixture
def niko(office: Office) -> Phone:
    """Niko's phone, after whose last pull one person was changed again and again."""
    office.core.puller = replace(office.core.puller, far_behind=5)
    sanna, niko = office.phone("sanna"), office.phone("niko")
    sanna.pull()
    person, made = sanna.new_person("Punapipo")
    sanna.push(made)
    niko.pull()
    for number in range(8):
        sanna.push(sanna.save(about(person, person, "person", {"phone": f"{number}"})))
    return niko


def test_it_begins_anew_and_keeps_what_it_shows_until_then(office: Office, niko: Phone) -> None:
    before = dict(niko.cursors)
    head = niko.pull_page(limit=1).head
    assert (head.done, head.lost, head.start is None) == (False, (), False)
    bucket = f"team/{office.teams['centre']}/common"
    assert head.cursors[bucket] == before[bucket], "a pull broken off here begins where it was"
    entries = niko.entries(mark=head.mark, start=head.start)
    assert not any(isinstance(entry, Streamed) for entry in entries)
    assert {seq for _, seq in niko.cursors.values()} == {head.mark}
    assert niko.entries() == []


def test_a_few_changes_come_as_a_stream(office: Office, niko: Phone) -> None:
    office.core.puller = replace(office.core.puller, far_behind=50)
    assert all(isinstance(entry, Streamed) for entry in niko.entries())


def test_more_records_than_changes_come_as_a_stream(office: Office, niko: Phone) -> None:
    niko.pull()
    sanna = office.phone("sanna")
    sanna.pull()
    for number in range(8):
        _, made = sanna.new_person(f"Uusi {number}")
        sanna.push(made)
    assert all(isinstance(entry, Streamed) for entry in niko.entries())


def test_it_is_told_who_left_the_team_meanwhile(office: Office, niko: Phone) -> None:
    sanna = office.phone("sanna")
    sanna.pull()
    gone, made = sanna.new_person("Kettu")
    back, also = sanna.new_person("Siili")
    sanna.push(made, also)
    for person, team in ((gone, "harbour"), (back, "harbour"), (back, "centre")):
        office.command("move_person", person, office.teams[team])
    entries = niko.entries()
    told = {one.scope: one.kind for one in entries if isinstance(one, AccessChange)}
    assert told[f"person/{gone}"] == "leave"
    assert told.get(f"person/{back}") in (None, "enter")
    records = {one.record for one in entries if isinstance(one, Compacted)}
    assert back in records
    assert gone not in records
