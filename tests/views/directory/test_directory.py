"""The directory: found offline, with who checked it when; an old check is flagged."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from field_app.domain.records import DirectoryEntry
from field_app.views.directory.program import (
    Directory,
    DirectoryTyped,
    WatchDirectory,
    init,
    update,
    verification,
)
from tests.views.case import add_service, new_case, nurse_phone, on_screen, social_phone
from tests.views.phones import NURSE, SOCIAL, Phone

Run = Callable[[Coroutine[Any, Any, None]], None]
SEARCH = "Hae palvelua, paikkaa, kuntaa"


def entry_of(phone: Phone, record_id: str) -> DirectoryEntry:
    view = phone.store.record(record_id)
    assert view is not None
    assert isinstance(view.record, DirectoryEntry)
    return view.record


def three_services(phone: Phone) -> dict[str, str]:
    return {
        "centre": add_service(
            phone,
            "Sinisen oven päiväkeskus",
            services={"day_centre"},
            municipality="Kuvitteelma",
            address="Kuvitteellinen katu 1",
            phone="09 000 0000",
            opening_hours="ma–pe 9–15",
            walk_in=True,
            verified_by=NURSE,
            verified_on="2026-11-03",
        ),
        "shelter": add_service(
            phone,
            "Ensisuoja Satama",
            services={"emergency_shelter"},
            verified_by=SOCIAL,
            verified_on="2026-01-10",
        ),
        "office": add_service(phone, "Asiointipiste", services={"benefits_office"}),
    }


def test_the_list_begins_by_reading_the_store() -> None:
    assert init() == (Directory(), (WatchDirectory(),))
    assert update(Directory(), DirectoryTyped("kela"))[0].typed == "kela"


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (None, "unverified"),
        ("2026-11-22", "verified"),
        ("2026-05-26", "verified"),
        ("2026-05-25", "stale"),
        ("2020-01-01", "stale"),
    ],
)
def test_a_check_grows_old_after_half_a_year(day: str | None, state: str) -> None:
    entry = DirectoryEntry(id="a" * 32, verified_on=day)
    assert verification(entry, "2026-11-22") == state


def test_an_entry_says_what_people_ask_and_who_checked_it(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        phone = social_phone(tmp_path)
        three_services(phone)
        async with on_screen(phone, "/directory") as client:
            assert client.shows("Kuvitteellinen katu 1")
            assert client.shows("ma–pe 9–15")
            assert client.shows("09 000 0000")
            assert client.shows("Tarkistettu 3.11.2026 · Niko Koe")
            assert "Ilman ajanvarausta" in client.texts()
            assert "tarkistus vanhentunut" in client.texts()
            assert "tarkistamatta" in client.texts()

    run(scenario())


def test_a_search_finds_names_places_and_services(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        phone = social_phone(tmp_path)
        three_services(phone)
        async with on_screen(phone, "/directory") as client:
            for typed, found in (("kela", "Asiointipiste"), ("kuvitteelma", "Sinisen oven")):
                await client.type_into(SEARCH, typed)
                assert client.shows(found)
                assert not client.shows("Ensisuoja Satama")
            await client.type_into(SEARCH, "zzz")
            assert "Mitään ei löytynyt" in client.texts()

    run(scenario())


def test_checked_today_is_one_tap_and_a_save(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        phone = nurse_phone(tmp_path)
        ids = three_services(phone)
        async with on_screen(phone, f"/directory/{ids['shelter']}") as client:
            assert client.shows("Tarkistus on vanha")
            await client.tap("Tarkistin tänään")
            await client.until(lambda: client.tree["route"] == "/directory")
        entry = entry_of(phone, ids["shelter"])
        assert (entry.verified_by, entry.verified_on) == (NURSE, "2026-11-22")
        assert entry.name == "Ensisuoja Satama"

    run(scenario())


def test_a_new_service_is_there_for_every_team(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        phone = social_phone(tmp_path)
        async with on_screen(phone, "/directory") as client:
            assert "Hakemisto on tyhjä" in client.texts()
            await client.tap("Lisää palvelu")
            await client.until(lambda: client.shows("Aukioloajat"))
            await client.tap("Tallenna")
            assert "Tämä tarvitaan." in [
                each["error"] for each in client.walk(client.scope()) if each.get("error")
            ]
            await client.type_into("Nimi", "Ruokajakelu Kettu")
            await client.tap("Ruoka-apu")
            await client.tap("Kyllä")
            await client.tap("Tallenna")
            await client.until(lambda: client.tree["route"] == "/directory")
            await client.until(lambda: client.shows("Ruokajakelu Kettu"))
        (view,) = phone.store.scope("org/directory")
        assert entry_of(phone, view.id).services == {"food_aid"}
        assert entry_of(phone, view.id).walk_in

    run(scenario())


def test_a_service_that_is_no_more_leaves_the_list(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        phone = social_phone(tmp_path)
        ids = three_services(phone)
        async with on_screen(phone, f"/directory/{ids['office']}") as client:
            assert client.count("TextField") == 0, "an entry is read first"
            await client.tap("Muokkaa tietoja")
            await client.tap("Palvelu on päättynyt")
            await client.tap("Tallenna")
            await client.until(lambda: client.shows("Ensisuoja Satama"))
            assert not client.shows("Asiointipiste")

    run(scenario())


def test_a_person_s_record_is_no_entry_of_the_directory(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        phone = social_phone(tmp_path)
        case = new_case(phone)
        async with on_screen(phone, f"/directory/{case.person_id}") as client:
            assert "Tätä ei ole tässä laitteessa" in client.texts()

    run(scenario())
