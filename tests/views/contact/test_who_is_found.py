"""Finding whom one has met: by any name, by ear, those of late in front."""

from __future__ import annotations

from field_app.domain.reach import Reach
from field_app.domain.summary import PersonSummary
from field_app.views.contact.who import KnownPerson, alike, found, known_people


def people(*recent: str) -> tuple[KnownPerson, ...]:
    """Four people, met on different days."""
    summaries = [
        PersonSummary("p1", name="Aatu", aliases=("Punapipo",), reach=_met("2026-11-01")),
        PersonSummary("p2", name="Kitaramies", reach=_met("2026-11-20"), safety="Salainen"),
        PersonSummary("p3", name="Ööna", aliases=("Kettu",), reach=_met("2026-11-10")),
        PersonSummary("p4", aliases=("Turun poika",), reach=_met("2026-10-10")),
        PersonSummary("p5", name="Arkistoitu", archived=True),
        PersonSummary("p6", name="Sama", same_as="p1"),
    ]
    return known_people(summaries, recent, "–")


def _met(day: str) -> Reach:
    return Reach(last_attempt_at=f"{day}T10:00:00.000Z")


def ids(given: tuple[KnownPerson, ...]) -> list[str]:
    """The people's ids in order."""
    return [one.person_id for one in given]


def test_before_typing_those_met_last_are_offered() -> None:
    assert ids(found(people(), "")) == ["p2", "p3", "p1", "p4"]


def test_own_latest_contacts_come_before_everybody_else() -> None:
    assert ids(found(people("p4", "p1"), ""))[:2] == ["p4", "p1"]


def test_the_archived_and_the_joined_are_not_offered() -> None:
    assert {"p5", "p6"}.isdisjoint(ids(people()))


def test_an_alias_and_a_name_without_its_dots_find_the_person() -> None:
    assert ids(found(people(), "puna")) == ["p1"]
    assert ids(found(people(), "oona")) == ["p3"]
    assert ids(found(people(), "poika turun")) == ["p4"]


def test_a_name_that_begins_so_comes_first() -> None:
    assert ids(found(people(), "p"))[0] in ("p1", "p4")
    assert ids(found(people(), "k"))[0] == "p2"


def test_a_name_spelt_by_ear_is_proposed_once() -> None:
    assert ids(alike(people(), "Puna-pippo")) == ["p1"]
    assert ids(alike(people(), "Punapipo")) == []


def test_the_choice_never_holds_a_surname_and_never_prints_names() -> None:
    shown = repr(people())
    assert "Aatu" not in shown
    assert "Salainen" not in shown


def test_somebody_without_any_name_is_still_there() -> None:
    (nameless,) = known_people([PersonSummary("p9")], (), "–")
    assert nameless.name == "–"
