"""The pair's day in Chromium: their halves of one contact, and what they write apart."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser

from tests.e2e.browser import DESK
from tests.e2e.demo_world import DemoWorld, name_of
from tests.e2e.hand import Hand, Measured, Watch, hand

NURSE_SECONDS = 20
"""What the work allows for the nurse's part."""


@contextmanager
def both_phones(chromium: Browser, demo: DemoWorld) -> Iterator[tuple[Hand, Hand]]:
    """The instructor's and the nurse's phones, unlocked."""
    with (
        hand(chromium, demo.links["social_instructor"]) as social,
        hand(chromium, demo.links["nurse"]) as nurse,
    ):
        yield social.unlock(), nurse.unlock()


def test_the_nurse_joins_the_contact_in_twenty_seconds_and_the_other_half_sees_only_that_she_did(
    chromium: Browser, demo: DemoWorld, record_property: Measured
) -> None:
    name = name_of(demo.someone())
    with both_phones(chromium, demo) as (social, nurse):
        social.tap("Kirjaa", role="button").type_into("Kenen kanssa?", name.lower()).tap(name)
        social.tap("Veikko Harjoitus", role="checkbox").tap("Vointi", role="checkbox").type_into(
            "Kirjaus", "Tavattu torilla."
        )
        social.tap("Huomenna", role="checkbox").tap("Tallenna", role="button").sees(
            "Tallessa palvelimella."
        )
        nurse.wheel_to("Aino Esimerkki kirjasi tänään").taps = 0
        watch = Watch()
        nurse.tap("Lisää oma osasi", role="button").tap("Huoli", role="checkbox").tap(
            "Haava", role="checkbox"
        )
        nurse.type_into("Yläpaine", "162").type_into("Alapaine", "98")
        nurse.tap("Hoidettu", role="checkbox").tap("Huomenna", role="checkbox").tap(
            "Tallenna", role="button"
        ).sees("Tallennettu")
        record_property("nurse's part, seconds", round(watch.seconds, 1))
        record_property("nurse's part, taps", nurse.taps)
        assert watch.seconds < NURSE_SECONDS
        social.tap(f"Avaa {name}").sees("Terveysosa kirjattu Tavattu torilla.")
        social.tap("Tavattu torilla.")
        said = social.sees("Terveysosa kirjattu").texts()
        assert not [word for word in ("162", "98", "Haava", "Huoli", "Hoidettu") if word in said]
        nurse.tap(f"Avaa {name}").turn_to("Terveys").tap("Terveysosa Tarkistus")
        assert "162" not in nurse.texts(), "health at a glance"
        nurse.hold("hold-to-reveal").sees("162/98")


SETTLED_FOR = ("own_home", "with_others", None)
"""The situations the story moves to."""
STORY = ("Tavattu satamassa. Huoli vuokrasta.", "Soitetaan isännöitsijälle.", "Tutut majoittavat.")


def test_both_write_apart_see_both_values_settle_them_and_all_three_converge(
    chromium: Browser, demo: DemoWorld, record_property: Measured
) -> None:
    name = name_of(demo.someone(lambda one: one.housing_situation not in SETTLED_FOR))
    with both_phones(chromium, demo) as (social, nurse):
        _meet(social, name)
        _open(nurse, name)
        nurse.sees(STORY[0])
        for device in ("social_instructor", "nurse"):
            demo.offline(device, True)
        watch = Watch()
        _change(social.sees("Ei verkkoa"), STORY[1], "0000 111 1111", "Oma asunto")
        _change(nurse.sees("Ei verkkoa"), STORY[2], "0000 222 2222", "Tilapäisesti tuttavien")
        for device in ("social_instructor", "nurse"):
            demo.offline(device, False)
        for phone in (social, nurse):
            phone.sees("Kaksi tietoa: Kirjaus").sees("Kaksi tietoa: Asumistilanne, Puhelin")
        with hand(chromium, demo.links["coordinator"], DESK) as desk:
            desk.unlock("Aamu").go_to("Ristiriidat", name).sees("Puhelin")
            _settle_note(nurse)
            _settle_person(social)
            record_property("conflict story, seconds", round(watch.seconds, 1))
            desk.sees("Ei ristiriitoja")
            for each in (social, nurse, desk):
                _sees_what_was_settled(each, name)


def _open(worker: Hand, name: str) -> None:
    worker.find(name).turn_to("Aikajana")


def _meet(social: Hand, name: str) -> None:
    social.tap("Kirjaa", role="button").type_into("Kenen kanssa?", name.lower()).tap(name)
    social.type_into("Kirjaus", STORY[0]).tap("Ei jatkoa", role="checkbox").tap(
        "Tallenna", role="button"
    )
    social.sees("Tallessa palvelimella.").tap(f"Avaa {name}")


def _change(worker: Hand, added: str, phone: str, situation: str) -> None:
    worker.tap(STORY[0]).sees("Työntekijän arvio")
    worker.type_into("Kirjaus", f"{STORY[0]} {added}").tap("Tallenna kesken", role="button")
    worker.turn_to("Tiedot").tap("Muokkaa tietoja", role="button")
    worker.type_into("Puhelin", phone).tap("Tallenna", role="button")
    worker.turn_to("Asuminen").tap("Muuta asumistilannetta", role="button")
    worker.tap(situation, role="checkbox").tap("Tänään", role="checkbox").tap(
        "Tallenna", role="button"
    ).sees("3 vain tässä laitteessa")


def _settle_note(nurse: Hand) -> None:
    nurse.tap("Kaksi tietoa: Kirjaus").sees("Aino Esimerkki").sees("Minä")
    nurse.sees(STORY[1]).sees(STORY[2])
    nurse.tap("Molemmat tekstit").tap("Tallenna ratkaisu", role="button").sees("Ratkaistu: Kirjaus")
    nurse.tap("Kaikki ristiriidat", role="button")


def _settle_person(social: Hand) -> None:
    social.sees_no_more("Kaksi tietoa: Kirjaus").tap("Kaksi tietoa: Asumistilanne, Puhelin")
    for told in ("0000 111 1111", "0000 222 2222", "Veikko Harjoitus", "Milloin alkoi?"):
        social.sees(told)
    social.tap("0000 222 2222").tap("Eilen", role="checkbox").tap(
        "Päivät ovat oikein", role="checkbox"
    )
    social.sees("Asumishistoriaan:").tap("Tallenna ratkaistut (2/2)")
    social.sees("Ratkaistu: Puhelin, Asumistilanne").tap("Kaikki ristiriidat", role="button")


def _sees_what_was_settled(worker: Hand, name: str) -> None:
    worker.sees("Ei ristiriitoja").back_to_bar()
    _open(worker, name)
    worker.sees(STORY[1]).sees(STORY[2])
    assert "Kaksi tietoa" not in worker.texts()
    worker.turn_to("Tiedot").sees("0000 222 2222")
    worker.turn_to("Asuminen").sees("Muuta asumistilannetta")
    for situation in ("oma asunto", "tilapäisesti tuttavien"):
        assert situation in worker.texts().lower()
