"""What one worker writes reaches those who may read it, and nobody else."""

from __future__ import annotations

from typing import Any

from field_app.sync.changes import ChangeSet
from field_app.sync.delivery import Compacted, OwnSet, Streamed
from tests.server.office import Office, Phone, about


def note(office: Office, phone: Phone, person: str, text: str) -> ChangeSet:
    """A health note about a person."""
    record = office.entropy.new_id()
    return phone.save(about(person, record, "health_note", {"note": text}, "health"))


def named(made: ChangeSet, *keys: str) -> dict[str, list[str]]:
    """These keys of a set's first write, to be replaced."""
    return {key: [f"{made.header.id}:0"] for key in keys}


def records(entries: list[Any]) -> set[str]:
    return {entry.record for entry in entries if isinstance(entry, Compacted)}


def test_a_new_person_is_accepted_and_reaches_the_rest_of_the_team(office: Office) -> None:
    sanna, niko = office.phone("sanna"), office.phone("niko")
    niko.pull()
    _, made = sanna.new_person("Punapipo")
    assert sanna.statuses(made) == [("accepted", "")]
    entries = niko.entries()
    assert [(type(entry), entry.raw) for entry in entries] == [(Streamed, made.parts[0].raw)]
    assert entries[0].bucket == f"team/{office.teams['centre']}/common"


def test_a_phone_is_not_sent_its_own_bytes_again(office: Office) -> None:
    sanna = office.phone("sanna")
    sanna.pull()
    _, made = sanna.new_person("Punapipo")
    sanna.push(made)
    (entry,) = sanna.entries()
    assert isinstance(entry, OwnSet)
    assert (entry.set_id, entry.buckets) == (
        made.header.id,
        (f"team/{office.teams['centre']}/common",),
    )


def test_a_new_phone_starts_from_the_records_as_they_stand(office: Office) -> None:
    sanna = office.phone("sanna")
    person, made = sanna.new_person("Punapipo")
    later = sanna.save(
        about(person, person, "person", {"name": "Kettu"}, replaces=named(made, "name"))
    )
    sanna.push(made, later)
    (entry,) = office.phone("niko").entries()
    assert isinstance(entry, Compacted)
    assert [write[3] for write in entry.writes] == [{"name": "Kettu"}]
    assert entry.writes[0][4] == {"name": 2}


def test_another_team_gets_nothing(office: Office) -> None:
    sanna = office.phone("sanna")
    _, made = sanna.new_person("Punapipo")
    sanna.push(made)
    assert office.phone("sampo").entries() == []
    assert len(office.phone("leena").entries()) == 1


def test_health_notes_reach_nurses_of_the_team_alone(office: Office) -> None:
    niko = office.phone("niko")
    person, made = niko.new_person("Punapipo")
    secret = "haava säären etupuolella"
    niko.push(made, note(office, niko, person, secret))
    for name in ("sanna", "iiris", "sampo", "noora", "leena", "aatu"):
        phone = office.phone(name)
        phone.pull()
        phone.pull(with_own=True)
        assert not any(secret.encode() in page for page in phone.pages)
        assert not any(b"health_note" in page for page in phone.pages)
    fresh = office.phone("niko")
    fresh.pull()
    assert any(secret.encode() in page for page in fresh.pages)
