"""What is stored of people passes one seam, and what is read of them another."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from field_app.domain.errors import ServerError
from field_app.server.core import Core
from field_app.server.export import export_all
from field_app.server.policy import Purpose
from field_app.server.reading import Reader, Reading
from field_app.server.sealing import Place, PlainSealer
from field_app.server.tables import ServerTable
from tests.server.office import Office, about
from tests.server.test_cases import decide, look

SAID = ("Punapipo", "haava-säären", "strengths-kitara", "aliases/Kettu", "tarkistettu-yhdessä")


class MaskingSealer:
    """Not a cipher: changes every byte by its place, so that plain content cannot pass by."""

    def seal(self, raw: bytes, place: Place) -> bytes:
        return b"\x01" + self._masked(raw, place)

    def open(self, stored: bytes, place: Place) -> bytes:
        assert stored[:1] == b"\x01"
        return self._masked(stored[1:], place)

    @staticmethod
    def _masked(raw: bytes, place: Place) -> bytes:
        mask = hashlib.sha256(repr(place).encode()).digest()
        return bytes(byte ^ mask[index % 32] for index, byte in enumerate(raw))


@pytest.fixture
def sealed(office: Office) -> Office:
    core = office.core
    other = Core(core.settings, core.database, core.key, core.clock, sealer=MaskingSealer())
    return replace(office, core=other)


def write_everything(office: Office) -> None:
    niko = office.phone("niko")
    person, made = niko.new_person(SAID[0])
    first = f"{made.header.id}:0"
    more = niko.save(
        about(person, person, "person", {"strengths": SAID[2]}, "social"),
        about(
            person,
            person,
            "person",
            {"aliases/Kettu": True, "name": "X"},
            replaces={"name": [first]},
        ),
        about(person, office.entropy.new_id(), "health_note", {"note": SAID[1]}, "health"),
    )
    again = niko.save(
        about(
            person,
            person,
            "person",
            {"aliases/Kettu": False},
            replaces={"aliases/Kettu": [f"{more.header.id}:1"]},
        )
    )
    bad = niko.save(about(person, person, "person", {"name": 7, "phone": SAID[0]}))
    others = [niko.new_person(name)[1] for name in ("Hallavaharju", "Kaislikko")]
    niko.push(made, more, again, bad, *others)
    office.phone("niko").pull()
    niko.pull(with_own=True)
    assert look(office, "leena", bad.header.id).sets[0].parts
    decide(office, "leena", bad.header.id, accepts=False, reason=SAID[4])


def stored_bytes(office: Office) -> bytes:
    """Every value of every row."""
    found: list[Any] = []
    with office.core.database.read() as connection:
        for table in ServerTable.metadata.sorted_tables:
            found.extend(value for row in connection.execute(select(table)) for value in row)
    return b"\n".join(value if isinstance(value, bytes) else str(value).encode() for value in found)


def test_nothing_that_was_said_of_a_person_is_stored_beside_the_seal(sealed: Office) -> None:
    write_everything(sealed)
    kept = stored_bytes(sealed)
    assert [word for word in SAID if word.encode() in kept] == []


def test_the_search_for_it_would_find_it(office: Office) -> None:
    write_everything(office)
    kept = stored_bytes(office)
    assert [word for word in SAID if word.encode() in kept] == list(SAID)


def test_sealed_and_plain_servers_send_the_same_pages(sealed: Office) -> None:
    niko, reader = sealed.phone("niko"), sealed.phone("niko")
    reader.pull()
    person, made = niko.new_person("Punapipo")
    niko.push(made)
    assert [entry.raw for entry in reader.entries()] == [made.parts[0].raw]
    assert [entry.record for entry in sealed.phone("niko").entries()] == [person]


def test_content_of_another_suite_is_not_taken_for_plain() -> None:
    place = Place(1, "person/x", "common")
    sealer = PlainSealer()
    assert sealer.open(sealer.seal(b"x", place), place) == b"x"
    with pytest.raises(ServerError):
        sealer.open(b"\x01x", place)


@dataclass
class Listener:
    """Remembers what it is told."""

    heard: list[Reading] = field(default_factory=list)

    def note(self, reading: Reading) -> None:
        self.heard.append(reading)


def test_every_reading_is_told_to_the_witness(office: Office, tmp_path: Path) -> None:
    listener = Listener()
    core = office.core
    reader = Reader(listener)
    told = Core(core.settings, core.database, core.key, core.clock, reader=reader)
    office = replace(office, core=told)
    niko = office.phone("niko")
    _, made = niko.new_person("Punapipo")
    bad = niko.save(about("f" * 32, "f" * 32, "person", {"name": 7}))
    niko.push(made, bad)
    niko.pull_page()
    delivered = {(one.reader, one.registers, one.reason) for one in listener.heard}
    worker = office.workers["niko"]
    assert {
        (worker, (register,), "relationship")
        for register in ("common", "social", "health", "directory")
    } == delivered
    listener.heard.clear()
    look(office, "leena", bad.header.id)
    assert [(one.subject, one.purpose) for one in listener.heard] == [
        (f"case/{bad.header.id}", Purpose.DECIDE)
    ]
    listener.heard.clear()
    with core.database.read() as connection:
        list(export_all(connection, office.number, core.sealer, reader, "restore drill"))
    assert [(one.reader, one.reason) for one in listener.heard] == [("operator", "restore drill")]
