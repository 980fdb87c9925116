"""Finding a person while typing, reading their page, assessing beside what was assessed before."""

from __future__ import annotations

from playwright.sync_api import Browser

from field_app.domain.records import Assessment, Encounter, Person
from tests.e2e.demo_world import DemoWorld, name_of
from tests.e2e.hand import hand


def test_a_person_is_found_by_name_nickname_place_and_a_word_of_a_note_while_typing(
    chromium: Browser, demo: DemoWorld
) -> None:
    person = demo.someone(
        lambda one: (
            bool(one.surname and one.where_found and one.aliases and one.name)
            and any(note.note for note in demo.records_of(one, Encounter))
        )
    )
    name, place = name_of(person), person.where_found or ""
    alias = min(person.aliases or ())
    with hand(chromium, demo.links["social_instructor"]) as worker:
        worker.unlock().go_to("Asiakkaat", "kiireellisin ensin")
        for typed in (name[:4].lower(), alias.lower(), place.lower()):
            worker.type_into("Hae nimi", typed).sees_no_more("kiireellisin ensin")
            worker.wheel_to(name)
        word = _word_of_a_note(demo, person)
        worker.search("Hae nimi", word, "Teksteistä")
        worker.search("Hae nimi", "olematonta", "Ei osumia")
        worker.type_into("Hae nimi", alias.lower()).tap(name)
        for part in ("Seuraava askel", "Viimeksi tavoitettu", "Asumistilanne", "Omatyöntekijä"):
            worker.sees(part)
        assert person.surname
        assert person.surname not in worker.texts(), "surname beside a status"
        for section in ("Askeleet", "Tehtävät", "Asuminen", "Tiedot", "Asiat", "Tarpeet"):
            worker.turn_to(section)


def _word_of_a_note(demo: DemoWorld, person: Person) -> str:
    notes = [one.note for one in demo.records_of(person, Encounter) if one.note]
    return max(notes[-1].replace(".", " ").replace(",", " ").split(), key=len).lower()


def test_an_assessment_shows_the_previous_one_beside_the_new_one(
    chromium: Browser, demo: DemoWorld
) -> None:
    name = name_of(demo.someone(lambda one: bool(demo.records_of(one, Assessment))))
    with hand(chromium, demo.links["social_instructor"]) as worker:
        worker.unlock().find(name).tap("Kartoita", role="button")
        worker.sees("Uusi kartoitus").sees("Edellinen:")
        assert "Lääkitys" not in worker.texts(), "the health part is the nurse's"
        worker.tap("Asuminen, Työntekijä: 2").tap("Asuminen, Asiakas: 4")
        worker.type_into("Asiakkaan ääni", "Oma avain, vaikka pieneenkin.")
        worker.tap("Tallenna kesken", role="button").turn_to("Tarpeet")
        worker.sees("Oma avain, vaikka pieneenkin.").sees("2 · tarvitsee säännöllistä tukea")
        worker.sees("4 · tarvitsee apua heti").sees("Edellinen:")
