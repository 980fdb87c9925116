"""Both halves of the pair write to one occasion; each sees what is theirs to see."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from field_app.domain.clock import plus
from field_app.domain.records import Encounter
from field_app.store.record_view import RecordView
from field_app.views.contact.prefill import prefill_of
from tests.views.contact.flows import hand_on
from tests.views.contact.pairs import pair
from tests.views.phones import NURSE, SOCIAL, Phone, add_person

SAVE_S_MAX = 0.05
Run = Callable[[Coroutine[Any, Any, None]], None]


def encounter_of(held: Phone, person_id: str) -> RecordView:
    """The person's only encounter."""
    (view,) = held.store.person(person_id).of_type("encounter")
    return view


async def nurse_records(nurse: Phone) -> None:
    """The nurse's part of a meeting with the social half."""
    async with hand_on(nurse, "/contact/new") as hand:
        await hand.sees("Punapipo")
        await hand.tap_row("Punapipo")
        await hand.tap("Outi Testi")
        await hand.tap("Kiireellinen")
        await hand.tap("Haava")
        await hand.type("Hoitokirjaus", "Säären haava puhdistettu ja sidottu.")
        await hand.tap("Valmis")
        await hand.sees("Tallessa tässä puhelimessa")


async def social_adds(social: Phone) -> None:
    """The social half adds their part from Today."""
    async with hand_on(social) as hand:
        await hand.sees("Niko Koe kirjasi")
        await hand.tap("Lisää oma osasi")
        await hand.sees("Lisäät oman osasi kohtaamiseen klo 12.15.")
        await hand.tap("Asuminen")
        await hand.type("Kirjaus", "Asunnosta ei halua vielä puhua, kahvi kelpasi.")
        await hand.tap("Tallenna")
        await hand.sees("Tallessa tässä puhelimessa")


def test_the_partner_joins_the_same_encounter_from_today(run: Run, tmp_path: Path) -> None:
    social, nurse, person_id = pair(tmp_path)
    run(nurse_records(nurse))
    nurse.sync()
    social.sync()
    run(social_adds(social))
    social.sync()
    nurse.sync()
    seen = encounter_of(nurse, person_id)
    assert isinstance(seen.record, Encounter)
    assert seen.record.topics == {"housing"}
    assert seen.record.participants == {SOCIAL, NURSE}
    assert seen.record.author_half == "health"
    assert seen.conflicts == ()
    assert encounter_of(social, person_id).id == seen.id


def test_once_the_own_part_is_there_today_asks_no_more(run: Run, tmp_path: Path) -> None:
    social, nurse, _ = pair(tmp_path)
    run(nurse_records(nurse))
    nurse.sync()
    social.sync()
    run(social_adds(social))

    async def scenario() -> None:
        async with hand_on(social) as hand:
            await hand.sees("Niko Koe kirjasi")
            assert not hand.client.shows("Lisää oma osasi")
            await hand.tap_row("Punapipo")
            await hand.client.go("/")
            await hand.sees_no("Niko Koe kirjasi")

    run(scenario())


def test_the_social_half_learns_only_that_there_is_a_health_part(run: Run, tmp_path: Path) -> None:
    social, nurse, person_id = pair(tmp_path)
    run(nurse_records(nurse))
    nurse.sync()
    social.sync()
    view = encounter_of(social, person_id)
    assert isinstance(view.record, Encounter)
    assert view.record.health_part_recorded is True
    assert social.store.person(person_id).of_type("health_note") == ()
    assert social.store.find("Säären haava") == []

    async def scenario() -> None:
        async with hand_on(social) as hand:
            await hand.sees("Niko Koe kirjasi")
            for word in ("haava", "Kiireellinen", "kiireellinen", "Säären", "terveys"):
                assert not hand.client.shows(word), word

    run(scenario())


def test_a_nurse_adds_the_health_part_to_what_the_social_half_began(
    run: Run, tmp_path: Path
) -> None:
    social, nurse, person_id = pair(tmp_path)

    async def social_begins() -> None:
        async with hand_on(social, "/contact/new") as hand:
            await hand.sees("Punapipo")
            await hand.tap_row("Punapipo")
            await hand.tap("Niko Koe")
            await hand.tap("Asuminen")
            await hand.tap("Ei jatkoa")
            await hand.tap("Valmis")
            await hand.sees("Tallessa tässä puhelimessa")

    async def nurse_adds() -> None:
        async with hand_on(nurse) as hand:
            await hand.sees("Outi Testi kirjasi")
            await hand.tap("Lisää oma osasi")
            await hand.sees("Vointi")
            assert not hand.client.shows("Mitä seuraavaksi")
            await hand.tap("Hyvä")
            await hand.tap("Tallenna")
            await hand.sees("Tallessa tässä puhelimessa")

    run(social_begins())
    social.sync()
    nurse.sync()
    run(nurse_adds())
    nurse.sync()
    social.sync()
    view = encounter_of(social, person_id)
    assert isinstance(view.record, Encounter)
    assert view.record.health_part_recorded is True
    assert view.record.topics == {"housing"}
    (note,) = nurse.store.person(person_id).of_type("health_note")
    assert note.values["encounter"] == view.id


def test_a_save_replaces_what_its_author_was_shown_although_newer_came_meanwhile(
    run: Run, tmp_path: Path
) -> None:
    social, nurse, person_id = pair(tmp_path)
    run(nurse_records(nurse))
    nurse.sync()
    social.sync()
    shown = encounter_of(social, person_id)

    async def scenario() -> None:
        async with hand_on(social, f"/contact/new-encounter-{shown.id}") as hand:
            await hand.sees("Lisäät oman osasi")
            await hand.type("Kirjaus", "Oma sana.")
            await hand.drafts_on_disk()
            # Meanwhile the nurse writes the same field and moves the place, and both arrive here.
            held = nurse.device.shown(shown.id)
            nurse.device.change(shown.id, held, note="Niko kirjasi tämän.", place="shelter")
            nurse.sync()
            social.sync()
            social.kill()
        async with hand_on(social) as hand:
            await hand.sees("Punapipo · Katu")
            await hand.tap_row("Punapipo · Katu")
            await hand.sees("Lisäät oman osasi")
            await hand.tap("Tallenna")
            await hand.sees("Tallessa tässä puhelimessa")

    run(scenario())
    view = encounter_of(social, person_id)
    notes = {head.value for head in view.heads["note"]}
    assert notes == {"Oma sana.", "Niko kirjasi tämän."}
    assert "note" in view.conflicts
    assert view.values["place"] == "shelter"


def test_another_person_of_the_same_situation_shares_the_occasion(run: Run, tmp_path: Path) -> None:
    social, _, person_id = pair(tmp_path)
    other_id = add_person(social, "Kettu")

    async def scenario() -> None:
        async with hand_on(social, "/contact/new") as hand:
            await hand.sees("Punapipo")
            await hand.tap_row("Punapipo")
            await hand.tap("Niko Koe")
            await hand.tap("Tallenna")
            await hand.sees("Tallessa tässä puhelimessa")
            await hand.tap("Toinen henkilö samassa tilanteessa")
            await hand.sees("Kettu")
            await hand.tap_row("Kettu")
            await hand.tap("Tallenna")
            await hand.sees("Avaa Kettu")

    run(scenario())
    first, second = encounter_of(social, person_id), encounter_of(social, other_id)
    assert first.id != second.id
    assert first.values["occasion"] == second.values["occasion"]
    assert second.record is not None
    assert second.values[f"participants/{NURSE}"] is True


def test_todays_partner_and_place_are_proposed_again_and_not_tomorrow(
    run: Run, tmp_path: Path
) -> None:
    social, _, person_id = pair(tmp_path)

    async def first() -> None:
        async with hand_on(social, "/contact/new") as hand:
            await hand.sees("Punapipo")
            await hand.tap_row("Punapipo")
            await hand.tap("Niko Koe")
            await hand.tap("Muuta")
            await hand.tap("Porraskäytävä")
            await hand.tap("Tallenna")
            await hand.sees("Tallessa tässä puhelimessa")
            # What makes the next contact quicker is kept behind the save.
            await hand.client.until(lambda: bool(prefill_of(social.device.store).partners))

    async def proposes(line: str) -> None:
        async with hand_on(social, "/contact/new") as hand:
            await hand.sees(line)

    run(first())
    run(proposes("porraskäytävä · Niko Koe"))
    social.device.clock.move(days=1)

    async def tomorrow() -> None:
        async with hand_on(social, "/contact/new") as hand:
            await hand.sees("tänään 12.15 · porraskäytävä")
            assert not hand.client.shows("porraskäytävä · Niko Koe")

    run(tomorrow())
    assert plus(social.now(), days=0) > "2026-11-23"
    assert encounter_of(social, person_id).values["place"] == "stairwell"


def test_choosing_somebody_the_partner_has_just_recorded_offers_to_join(
    run: Run, tmp_path: Path
) -> None:
    social, nurse, person_id = pair(tmp_path)
    run(nurse_records(nurse))
    nurse.sync()
    social.sync()

    async def scenario() -> None:
        async with hand_on(social, "/contact/new") as hand:
            await hand.sees("Punapipo")
            await hand.type("Kirjaus", "Kahvi kelpasi.")
            await hand.tap_row("Punapipo")
            await hand.sees("Niko Koe kirjasi tämän henkilön tapaamisen klo 12.15.")
            await hand.tap("Lisää oma osasi")
            await hand.sees("Lisäät oman osasi kohtaamiseen klo 12.15.")
            assert hand.client.find("TextField", "Kirjaus")["value"] == "Kahvi kelpasi."
            (draft,) = await hand.drafts_on_disk()
            assert draft.content["form"]["note"] == "Kahvi kelpasi."
            await hand.tap("Tallenna")
            await hand.sees("Tallessa tässä puhelimessa")

    run(scenario())
    view = encounter_of(social, person_id)
    assert view.values["note"] == "Kahvi kelpasi."
    assert view.values["author_half"] == "health"


def test_nothing_is_offered_once_the_own_half_is_there(run: Run, tmp_path: Path) -> None:
    social, nurse, _ = pair(tmp_path)
    run(nurse_records(nurse))
    nurse.sync()
    social.sync()
    run(social_adds(social))

    async def scenario() -> None:
        async with hand_on(social, "/contact/new") as hand:
            await hand.sees("Punapipo")
            await hand.tap_row("Punapipo")
            await hand.drafts_on_disk()
            assert not hand.client.shows("Onko se sama kohtaaminen?")

    run(scenario())


def test_words_of_a_signed_record_stay_and_the_draft_does_too(run: Run, tmp_path: Path) -> None:
    social, _, person_id = pair(tmp_path)

    async def first() -> None:
        async with hand_on(social, "/contact/new") as hand:
            await hand.sees("Punapipo")
            await hand.tap_row("Punapipo")
            await hand.type("Kirjaus", "Ensimmäinen sana.")
            await hand.tap("Ei jatkoa")
            await hand.tap("Valmis")
            await hand.sees("Tallessa tässä puhelimessa")

    run(first())
    record_id = encounter_of(social, person_id).id

    async def again() -> None:
        async with hand_on(social, f"/contact/new-encounter-{record_id}") as hand:
            await hand.sees("Lisäät oman osasi")
            await hand.type("Kirjaus", "Toinen sana.")
            await hand.tap("Tallenna")
            await hand.sees("Kirjaus on jo merkitty valmiiksi.")
            await hand.sees("Kirjaus on tallessa luonnoksena.")
            (draft,) = await hand.drafts_on_disk()
            assert draft.content["form"]["note"] == "Toinen sana."

    run(again())
    assert encounter_of(social, person_id).values["note"] == "Ensimmäinen sana."


def test_a_nurse_is_offered_the_health_part_after_a_street_contact(
    run: Run, tmp_path: Path
) -> None:
    _, nurse, person_id = pair(tmp_path)

    async def scenario() -> None:
        async with hand_on(nurse, "/contact/new-kind-street") as hand:
            await hand.sees("Punapipo")
            await hand.tap_row("Punapipo")
            await hand.tap("Kuulumiset")
            await hand.tap("Tallenna")
            await hand.sees("Lisää terveysosa")
            await hand.tap("Lisää terveysosa")
            await hand.sees("Vointi")
            await hand.tap("Hyvä")
            await hand.tap("Tallenna")
            await hand.sees("Tallessa tässä puhelimessa")

    run(scenario())
    (note,) = nurse.store.person(person_id).of_type("health_note")
    assert note.values["encounter"] == encounter_of(nurse, person_id).id
