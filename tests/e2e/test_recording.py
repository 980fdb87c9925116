"""A worker's own phone from its code to its first contacts, in Chromium, through dead batteries."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Browser

from tests.e2e.demo_world import DEMO_PIN, DemoWorld, OwnPhone, name_of
from tests.e2e.hand import OPENING_MS, Hand, Measured, Watch, hand

CONTACT_SECONDS = 30
"""What the work allows for a street contact, typing aside nothing is slower than the thumb."""
THUMB_PAUSE_MS = 300
"""A keystroke travels from the browser to the app; on a phone both are one process."""


def test_a_phone_is_taken_into_use_with_a_code_a_pin_and_six_words_and_opens_with_either(
    chromium: Browser, demo: DemoWorld, tmp_path: Path
) -> None:
    phone = OwnPhone(tmp_path / "device", tmp_path).start()
    try:
        with hand(chromium, phone.link) as worker:
            words = _take_into_use(worker, demo.code("Mikael Mallinen"))
            worker.go_to("Turva", "Lukitse sovellus").tap("Lukitse sovellus", role="button")
            worker.sees("Anna PIN-koodi").pin("111111").sees("Väärä PIN-koodi")
            worker.pin(DEMO_PIN).sees("Tänään", OPENING_MS)
            worker.go_to("Turva", "Lukitse sovellus").tap("Lukitse sovellus", role="button").tap(
                "Avaa tunnuslauseella", role="button"
            )
            worker.type_into("Tunnuslause", " ".join(reversed(words.split())))
            worker.tap("Avaa", role="button").sees("Väärä tunnuslause")
            worker.type_into("Tunnuslause", words).tap("Avaa", role="button").sees(
                "Tänään", OPENING_MS
            )
    finally:
        phone.kill()


def _take_into_use(worker: Hand, code: str) -> str:
    worker.sees("Ota laite käyttöön", OPENING_MS)
    worker.type_into("Käyttöönottokoodi", code).tap("Jatka", role="button")
    worker.sees("Valitse PIN-koodi").choose_pin(DEMO_PIN)
    worker.sees("PIN-koodi uudelleen").choose_pin(DEMO_PIN)
    worker.sees("Kirjoita sanat paperille", OPENING_MS).sees("6. ")  # they are made after it
    words = " ".join(re.findall(r"\b[1-6]\. (\w+)", worker.texts())[:6])
    worker.tap("Kirjoitin sanat paperille", role="button").type_into("Kuusi sanaa paperilta", words)
    worker.tap("Ota käyttöön", role="button").sees("Kaikki tallessa palvelimella", OPENING_MS)
    return words


def test_a_street_contact_is_safe_in_under_half_a_minute_offline_and_outlives_the_battery(
    chromium: Browser,
    demo: DemoWorld,
    sannas_phone: OwnPhone,
    record_property: Measured,
) -> None:
    name = name_of(demo.someone())
    note = "Sadetta, lyhyt juttelu. Sukat ja eväät annettu."
    with hand(chromium, sannas_phone.link) as worker:
        worker.unlock()
        sannas_phone.offline(True)
        worker.sees("Ei verkkoa").taps = 0
        watch = Watch()
        worker.tap("Kirjaa", role="button").sees("Kenen kanssa?").type_into(
            "Kenen kanssa?", name.lower()
        )
        worker.tap(name).tap("Ruoka, vaatteet, lämpö", role="checkbox").tap(
            "Aineellinen apu", role="checkbox"
        )
        worker.type_into("Kirjaus", note).tap("Huomenna", role="checkbox").tap(
            "Tallenna", role="button"
        )
        worker.sees("Tallessa tässä puhelimessa. Lähtee palvelimelle, kun verkko on.")
        record_property("street contact, seconds", round(watch.seconds, 1))
        record_property("street contact, taps", worker.taps)
        assert watch.seconds < CONTACT_SECONDS
        assert worker.taps <= 7
        sannas_phone.kill()
    sannas_phone.start()
    with hand(chromium, sannas_phone.link) as worker:
        worker.unlock().find(name).sees(note)
        worker.sees("Kaikki tallessa palvelimella")


def test_a_draft_outlives_the_battery_to_the_last_letter(
    chromium: Browser, demo: DemoWorld, sannas_phone: OwnPhone
) -> None:
    name = name_of(demo.someone())
    typed = "Tavattu aseman kulmalla. Nukkunut porraskäytävässä, kahvi kelp"
    with hand(chromium, sannas_phone.link) as worker:
        worker.unlock().tap("Kirjaa", role="button").type_into("Kenen kanssa?", name.lower())
        worker.tap(name).tap("Asuminen", role="checkbox").type_into("Kirjaus", typed)
        worker.page.wait_for_timeout(THUMB_PAUSE_MS)
        sannas_phone.kill()
    sannas_phone.start()
    with hand(chromium, sannas_phone.link) as worker:
        worker.unlock().tap("Kesken, muutettu").sees(name)
        assert worker.holds("Kirjaus") == typed
        chip = worker.page.get_by_role("checkbox", name="Asuminen", exact=True)
        assert chip.get_attribute("aria-checked") == "true"
        worker.tap("Poista luonnos", role="button").tap("Poista", role="button")
