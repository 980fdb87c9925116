"""The coordinator's morning and caseload on sixty people."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from field_app.sync.coordination import DeviceEntry
from tests.views.conflicts.pair import at
from tests.views.coordinator.cases import waiting_case
from tests.views.coordinator.sixty import sixty_people
from tests.views.desk import DeskPhone, desk
from tests.views.flet_client import FletClient
from tests.views.phones import LEAD, SOCIAL, add_person

Run = Callable[[Coroutine[Any, Any, None]], None]
SURNAME = "Salattu"


@pytest.fixture
def sixty(tmp_path: Path) -> DeskPhone:
    made = sixty_people(tmp_path)
    made.office.entries = [
        DeviceEntry(
            device="de01" * 8,
            worker=SOCIAL,
            enrolled_at="2026-10-01T08:00:00.000Z",
            last_seen_at="2026-11-22T09:00:00.000Z",
            unsynced=3,
            oldest_at="2026-11-20T08:00:00.000Z",
            app="0.1.0",
        )
    ]
    made.office.content = [waiting_case(made)]
    return made


def order_of(client: FletClient, *texts: str) -> list[int]:
    """Where each text stands on screen, from the top."""
    said = client.texts()
    return [next(i for i, one in enumerate(said) if text in one) for text in texts]


async def ready(client: FletClient) -> None:
    await client.until(lambda: client.shows("Työn määrä"))


def test_the_morning_is_in_the_order_of_the_work(run: Run, sixty: DeskPhone) -> None:
    async def scenario() -> None:
        async with at(sixty, "/") as client:
            await ready(client)
            await client.until(lambda: client.shows("Odottavat muutokset"))
            places = order_of(
                client,
                "Akuutit yhteydenotot, ei vielä tavattu · ",
                "Päättyvät majoitukset · ",
                "Odottavat muutokset · ",
                "Synkronoimatta · ",
                "Ristiriidat · ",
                "Mahdolliset kaksoiskappaleet · ",
                "Pitkään tavoittamatta · ",
                "Työn määrä · ",
            )
            assert places == sorted(places)
            assert client.shows("Outi Testi · 3 muutosta vain laitteessa")
            assert client.shows("vanhin 2 päivää")

    run(scenario())


def test_a_long_section_shows_its_first_rows_and_all_when_asked(run: Run, sixty: DeskPhone) -> None:
    async def scenario() -> None:
        async with at(sixty, "/") as client:
            await ready(client)
            before = len([one for one in client.texts() if "tavoittamatta" in one])
            more = [one for one in client.texts() if one.startswith("Näytä lisää")]
            assert more
            await client.tap(more[-1])
            after = len([one for one in client.texts() if "tavoittamatta" in one])
            assert after > before

    run(scenario())


@pytest.mark.parametrize(
    ("row", "screen"),
    [
        ("1 muutos odottaa päätöstä", "Odottavat muutokset"),
        ("Outi Testi · 3 muutosta vain laitteessa", "Laitteet"),
        ("1 tieto odottaa ratkaisua", "Kumpi pitää paikkansa?"),
    ],
)
def test_a_row_of_the_morning_opens_what_it_is_about(
    run: Run, sixty: DeskPhone, row: str, screen: str
) -> None:
    async def scenario() -> None:
        async with at(sixty, "/") as client:
            await ready(client)
            await client.until(lambda: client.shows(row))
            await client.tap_inside(row)
            await client.until(lambda: client.views()[-1]["appbar"]["title"]["value"] == screen)

    run(scenario())


def test_a_person_of_the_morning_opens_on_their_page(run: Run, sixty: DeskPhone) -> None:
    async def scenario() -> None:
        async with at(sixty, "/") as client:
            await ready(client)
            rows = [one for one in client.texts() if one.startswith("Majoitus päättyy")]
            await client.tap_inside(rows[0])
            await client.until(lambda: client.shows("Seuraava askel"))

    run(scenario())


def test_without_the_server_the_morning_says_what_it_cannot_show(
    run: Run, sixty: DeskPhone
) -> None:
    sixty.office.is_away = True

    async def scenario() -> None:
        async with at(sixty, "/") as client:
            await ready(client)
            assert client.shows("Odottavat muutokset ja laitteiden tila eivät näy nyt.")
            assert client.shows("Akuutit yhteydenotot")
            sixty.office.is_away = False
            await client.tap("Päivitä näkymä")
            await client.until(lambda: client.shows("Outi Testi · 3 muutosta"))
            assert not client.shows("eivät näy nyt")

    run(scenario())


def test_an_empty_morning_is_calm(run: Run, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with at(desk(tmp_path, LEAD), "/") as client:
            await client.until(lambda: client.shows("Rauhallinen aamu"))

    run(scenario())


def test_the_load_is_by_name_and_never_a_ranking(run: Run, sixty: DeskPhone) -> None:
    async def scenario() -> None:
        async with at(sixty, "/") as client:
            await ready(client)
            niko, outi = order_of(client, "Niko Koe · ", "Outi Testi · 3") or (0, 0)
            loads = [one for one in client.texts() if " asiakasta" in one]
            assert loads == sorted(loads)
            assert niko != outi

    run(scenario())


def test_the_caseload_counts_everybody_of_all_teams(run: Run, sixty: DeskPhone) -> None:
    async def scenario() -> None:
        async with at(sixty, "/caseload") as client:
            assert client.shows("61 asiakasta")
            assert client.shows("Keskusta · Outi Testi")
            assert client.shows("Satama · Niko Koe")
            assert not client.shows(SURNAME)

    run(scenario())


@pytest.mark.parametrize(
    ("chip", "least", "most"),
    [
        ("Ristiriidat", 1, 1),
        ("Myöhässä", 9, 14),
        ("30 päivää", 9, 20),
        ("Satama", 20, 20),
        ("Outi Testi", 30, 60),
        ("Oma asunto", 7, 8),
    ],
)
def test_each_filter_narrows_the_caseload_and_says_how_many(
    run: Run, sixty: DeskPhone, chip: str, least: int, most: int
) -> None:
    async def scenario() -> None:
        async with at(sixty, "/caseload") as client:
            await client.tap("Rajaa")
            await client.tap(chip)
            await client.until(lambda: any(" / 61 asiakasta" in one for one in client.texts()))
            text = next(one for one in client.texts() if " / 61 asiakasta" in one)
            assert least <= int(text.split(" ")[0]) <= most, text
            await client.tap("Näytä kaikki")
            assert client.shows("61 asiakasta")

    run(scenario())


def test_filters_that_nobody_fits_say_so(run: Run, sixty: DeskPhone) -> None:
    async def scenario() -> None:
        async with at(sixty, "/caseload") as client:
            await client.tap("Rajaa")
            await client.tap("Ristiriidat")
            await client.tap("Satama")
            await client.until(lambda: client.shows("Kukaan ei sovi näihin rajauksiin"))

    run(scenario())


def test_on_a_desk_the_person_opens_beside_the_list(run: Run, sixty: DeskPhone) -> None:
    async def scenario() -> None:
        async with at(sixty, "/caseload", width=1280) as client:
            assert client.shows("Valitse rivi vasemmalta.")
            await client.tap_inside("Turun poika lännestä")
            await client.until(lambda: client.shows("Seuraava askel"))
            assert client.shows("61 asiakasta"), "the list is still there"
            assert not client.shows("Kirjaa kohtaaminen"), "contacts are recorded in the field"

    run(scenario())


def test_the_load_opens_the_people_of_one_worker(run: Run, sixty: DeskPhone) -> None:
    async def scenario() -> None:
        async with at(sixty, f"/caseload/worker/{SOCIAL}") as client:
            assert client.shows("1 rajaus")
            assert not client.shows("61 / 61")

    run(scenario())


def test_a_new_person_appears_in_the_caseload_by_itself(run: Run, sixty: DeskPhone) -> None:
    async def scenario() -> None:
        async with at(sixty, "/caseload") as client:
            await sixty.cases(lambda _: add_person(sixty, "Uusi tulija"))
            await client.until(lambda: client.shows("62 asiakasta"))

    run(scenario())


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("path", ["/", "/caseload", "/inbox", "/devices", "/devices/code"])
def test_every_screen_is_drawn_in_every_language(
    run: Run, sixty: DeskPhone, path: str, language: str
) -> None:
    async def scenario() -> None:
        for width in (412, 1280):
            async with at(sixty, path, width=width, language=language) as client:
                assert len(client.texts()) > 3
                assert not client.shows(SURNAME)

    run(scenario())
