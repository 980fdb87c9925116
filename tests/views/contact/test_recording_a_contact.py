"""Recording a contact on the phone, from the first tap to what is on disk."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from field_app.domain.records import AnonymousContact, Encounter, HealthNote, Matter, Person
from tests.store.hand_server import TEAM
from tests.views.contact.flows import hand_on
from tests.views.phones import NURSE, SOCIAL, Phone, add_person, phone

Run = Callable[[Coroutine[Any, Any, None]], None]
TAPS_MAX = 6


def encounters(held: Phone, person_id: str) -> list[Encounter]:
    """A person's encounters, as the phone shows them."""
    views = held.store.person(person_id).of_type("encounter")
    return [view.record for view in views if isinstance(view.record, Encounter)]


def test_a_street_contact_takes_few_taps_and_is_saved_offline(run: Run, tmp_path: Path) -> None:
    held = phone(tmp_path, SOCIAL)
    person_id = add_person(held, "Punapipo")

    async def scenario() -> None:
        async with hand_on(held) as hand:
            await hand.tap("Kirjaa")
            await hand.sees("Punapipo")
            await hand.tap_row("Punapipo")
            await hand.tap("Asuminen")
            await hand.tap("Ohjaus ja neuvonta")
            await hand.type("Kirjaus", "Sadetta, lyhyt juttelu. Sukat ja eväät annettu.")
            await hand.tap("Ei jatkoa")
            await hand.tap("Tallenna")
            await hand.sees("Tallessa tässä puhelimessa")
            assert hand.taps <= TAPS_MAX, hand.taps
            assert not await hand.drafts_on_disk()

    run(scenario())
    held.kill()
    (encounter,) = encounters(held, person_id)
    assert encounter.topics == {"housing"}
    assert encounter.methods == {"guidance"}
    assert encounter.note == "Sadetta, lyhyt juttelu. Sukat ja eväät annettu."
    assert encounter.next_step_none is True
    assert (encounter.channel, encounter.place, encounter.outcome) == (
        "in_person",
        "street",
        "reached",
    )
    assert encounter.participants == {SOCIAL}
    assert encounter.signed_at is None
    assert encounter.matter is not None
    assert held.store.counts().unsynced > 0


def test_a_nickname_is_a_new_person_and_opens_a_matter(run: Run, tmp_path: Path) -> None:
    held = phone(tmp_path, SOCIAL)

    async def scenario() -> None:
        async with hand_on(held) as hand:
            await hand.tap("Kirjaa")
            await hand.sees("Kenen kanssa?")
            await hand.type("Kenen kanssa?", "Vihreä reppu")
            await hand.tap_row("Uusi: Vihreä reppu")
            await hand.tap("Tallenna")
            await hand.sees("Tallessa tässä puhelimessa")

    run(scenario())
    (listed,) = held.store.people()
    records = held.store.person(listed.person_id)
    (person,) = [v.record for v in records.of_type("person")]
    (matter,) = [v.record for v in records.of_type("matter")]
    (encounter,) = encounters(held, listed.person_id)
    assert isinstance(person, Person)
    assert isinstance(matter, Matter)
    assert person.aliases == {"Vihreä reppu"}
    assert (matter.opened_on, matter.intake_channel) == ("2026-11-22", "street")
    assert encounter.matter == matter.id
    assert listed.teams == (TEAM,)


def test_somebody_who_sounds_alike_is_offered_before_a_new_person(run: Run, tmp_path: Path) -> None:
    held = phone(tmp_path, SOCIAL)
    person_id = add_person(held, "Aatu", ("Punapipo",))

    async def scenario() -> None:
        async with hand_on(held, "/contact/new") as hand:
            await hand.sees("Aatu")
            await hand.type("Kenen kanssa?", "Puna-pippo")
            await hand.sees("Kuulostaa samalta")
            await hand.tap_row("Aatu")
            await hand.tap("Tallenna")
            await hand.sees("Tallessa tässä puhelimessa")

    run(scenario())
    assert len(encounters(held, person_id)) == 1
    assert len(held.store.people()) == 1


def test_not_reached_asks_no_topics_and_proposes_the_next_working_day(
    run: Run, tmp_path: Path
) -> None:
    held = phone(tmp_path, SOCIAL)
    person_id = add_person(held, "Kitaramies")

    async def scenario() -> None:
        async with hand_on(held, "/contact/new") as hand:
            await hand.sees("Kitaramies")
            await hand.tap("Ei tavoitettu")
            await hand.tap_row("Kitaramies")
            assert not hand.client.shows("Aiheet")
            assert not hand.client.shows("Kirjaus")
            await hand.type("Mistä etsittiin", "Päiväkeskus, kirjasto, puhelin kiinni")
            await hand.tap("Tallenna")
            await hand.sees("Seuraavaksi: ma 23.11.")

    run(scenario())
    (encounter,) = encounters(held, person_id)
    assert encounter.outcome == "not_reached"
    assert encounter.places_tried == "Päiväkeskus, kirjasto, puhelin kiinni"
    assert encounter.next_try_on == "2026-11-23"
    assert encounter.topics == frozenset()


def test_topics_ticked_before_the_kind_changed_are_not_saved(run: Run, tmp_path: Path) -> None:
    held = phone(tmp_path, SOCIAL)
    person_id = add_person(held, "Kitaramies")

    async def scenario() -> None:
        async with hand_on(held, "/contact/new") as hand:
            await hand.sees("Kitaramies")
            await hand.tap_row("Kitaramies")
            await hand.tap("Asuminen")
            await hand.tap("Ei tavoitettu")
            await hand.tap("Tallenna")
            await hand.sees("Tallessa tässä puhelimessa")

    run(scenario())
    (encounter,) = encounters(held, person_id)
    assert encounter.topics == frozenset()


def test_a_home_visit_asks_safety_and_check_out_first(run: Run, tmp_path: Path) -> None:
    held = phone(tmp_path, SOCIAL)
    person_id = add_person(held, "Kettu", safety="Koira on arka, soita ovikelloa.")

    async def scenario() -> None:
        async with hand_on(held, "/contact/new-kind-home") as hand:
            await hand.sees("Kettu")
            assert not hand.client.shows("Ei turvallisuusmerkintää"), "nobody is chosen yet"
            await hand.tap_row("Kettu")
            texts = hand.client.texts()
            safety = next(i for i, t in enumerate(texts) if t.startswith("Turvallisuusmerkintä. "))
            out = texts.index("Poistumisaika")
            topics = texts.index("Aiheet")
            assert safety < out < topics
            assert not hand.client.shows("Koira on arka")
            await hand.tap("Ulkona klo 13.15")
            await hand.tap("Kämppäkaveri")
            await hand.tap("Tallenna")
            await hand.sees("Tallessa tässä puhelimessa")

    run(scenario())
    (encounter,) = encounters(held, person_id)
    assert encounter.place == "home"
    assert encounter.check_out_at == "2026-11-22T11:15:00.000Z"
    assert encounter.present_roles == {"flatmate"}


def test_an_anonymous_contact_is_a_count_and_no_person(run: Run, tmp_path: Path) -> None:
    held = phone(tmp_path, SOCIAL)

    async def scenario() -> None:
        async with hand_on(held, "/contact/new") as hand:
            await hand.sees("Ei tiedossa")
            await hand.tap_row("Ei tiedossa, kirjaa nimettömänä")
            await hand.tap("Enemmän")
            await hand.type("Alue", "Rautatieasema")
            await hand.tap("Aukioloajat, yhteystiedot")
            await hand.tap("Tallenna")
            await hand.sees("Tallessa tässä puhelimessa")

    run(scenario())
    assert held.store.people() == []
    (view,) = held.store.scope(f"team/{TEAM}")
    assert isinstance(view.record, AnonymousContact)
    assert view.record.people_count == 2
    assert view.record.area == "Rautatieasema"
    assert view.record.aid == {"opening_hours"}


def test_a_nurse_records_the_health_part_with_a_decimal_comma(run: Run, tmp_path: Path) -> None:
    held = phone(tmp_path, NURSE)
    person_id = add_person(held, "Professori")

    async def scenario() -> None:
        async with hand_on(held) as hand:
            await hand.tap("Kirjaa")
            await hand.sees("Professori")
            await hand.tap_row("Professori")
            await hand.tap("Huoli")
            await hand.tap("Haava")
            await hand.type("Yläpaine", "162")
            await hand.type("Alapaine", "98")
            await hand.type("Lämpö, °C", "37,1")
            await hand.tap("Hoidettu")
            await hand.tap("Tallenna")
            await hand.sees("Tallessa tässä puhelimessa")
            assert hand.taps <= TAPS_MAX, hand.taps

    run(scenario())
    (encounter,) = encounters(held, person_id)
    (note,) = [v.record for v in held.store.person(person_id).of_type("health_note")]
    assert isinstance(note, HealthNote)
    assert encounter.health_part_recorded is True
    assert encounter.author_half == "health"
    assert note.encounter == encounter.id
    assert note.occasion == encounter.occasion
    assert (note.condition, note.done) == ("concern", "treated")
    assert note.observations == {"wound"}
    assert (note.bp_systolic, note.bp_diastolic, note.temperature) == (162, 98, "37.1")


def test_a_social_worker_is_not_offered_the_health_part(run: Run, tmp_path: Path) -> None:
    held = phone(tmp_path, SOCIAL)

    async def scenario() -> None:
        async with hand_on(held, "/contact/new-kind-health") as hand:
            await hand.sees("Kenen kanssa?")
            assert not hand.client.shows("Terveysosa")
            assert not hand.client.shows("Havainnot")

    run(scenario())


def test_an_impossible_measure_is_said_and_nothing_is_lost(run: Run, tmp_path: Path) -> None:
    held = phone(tmp_path, NURSE)
    add_person(held, "Professori")

    async def scenario() -> None:
        async with hand_on(held, "/contact/new") as hand:
            await hand.sees("Professori")
            await hand.tap_row("Professori")
            await hand.tap("Hyvä")
            await hand.type("Lämpö, °C", "371")
            await hand.tap("Tallenna")
            await hand.sees("Tarkista luku.")
            (draft,) = await hand.drafts_on_disk()
            assert draft.content["form"]["temperature"] == "371"
            await hand.type("Lämpö, °C", "37,1")
            await hand.sees_no("Tarkista luku.")
            await hand.tap("Tallenna")
            await hand.sees("Tallessa tässä puhelimessa")

    run(scenario())


def test_ready_signs_and_wants_an_answer_about_going_on(run: Run, tmp_path: Path) -> None:
    held = phone(tmp_path, SOCIAL)
    person_id = add_person(held, "Kettu")

    async def scenario() -> None:
        async with hand_on(held, "/contact/new") as hand:
            await hand.sees("Kettu")
            await hand.tap_row("Kettu")
            await hand.tap("Valmis")
            await hand.sees("”Ei jatkoa” on myös vastaus.")
            await hand.tap("Ei jatkoa")
            await hand.tap("Valmis")
            await hand.sees("Tallessa tässä puhelimessa")

    run(scenario())
    (encounter,) = encounters(held, person_id)
    assert encounter.signed_by == SOCIAL
    assert encounter.signed_at == held.now()
