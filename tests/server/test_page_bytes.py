"""A page made of stored bytes is the page the protocol's own encoder makes."""

from __future__ import annotations

import pytest

from field_app.sync.protocol import PullPage
from tests.server.office import Office, about


@pytest.mark.parametrize("start_fresh", [True, False])
def test_a_page_is_the_encoders_page_to_the_byte(office: Office, start_fresh: bool) -> None:
    niko, reader = office.phone("niko"), office.phone("niko")
    if not start_fresh:
        reader.pull()
        reader.pages.clear()
    person, made = niko.new_person('Punapipo "ä" \u2028')
    record = office.entropy.new_id()
    later = niko.save(
        about(person, person, "person", {"name": "K"}, replaces={"name": [f"{made.header.id}:0"]}),
        about(person, record, "health_note", {"note": "haava"}, "health"),
    )
    niko.push(made, later)
    office.command("move_person", person, office.teams["harbour"])
    office.command("move_person", person, office.teams["centre"])
    reader.pull()
    niko.pull()
    for raw in (*reader.pages, *niko.pages):
        assert PullPage.decode(raw).encode() == raw
    assert any(page.count(b"\n") >= 2 for page in reader.pages)
