"""The housing situation changes: what held before becomes history, with why it ended."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from field_app.domain.housing import period_id
from field_app.domain.records import HousingPeriod
from tests.views.case import Case, new_case, nurse_phone, on_screen, social_phone
from tests.views.flet_client import FletClient
from tests.views.phones import PairServer

Run = Callable[[Coroutine[Any, Any, None]], None]


def periods(case: Case) -> list[HousingPeriod]:
    return [one for one in case.find(HousingPeriod) if isinstance(one, HousingPeriod)]


async def saved(client: FletClient, case: Case) -> None:
    await client.tap("Tallenna")
    await client.until(lambda: client.tree["route"] == case.path)


def settled_person(tmp_path: Path, server: PairServer | None = None) -> Case:
    return new_case(
        social_phone(tmp_path, server), housing_situation="own_home", housing_since="2024-05-01"
    )


def test_the_former_situation_becomes_a_period_with_its_causes(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        case = settled_person(tmp_path)
        head = case.phone.device.shown(case.person_id).heads["housing"][0]
        async with on_screen(case.phone, f"{case.path}/housing") as client:
            await client.tap("Tilapäisesti tuttavien, sukulaisten luona")
            await client.tap("Eilen")
            assert client.shows("”oma asunto” siirtyy asumishistoriaan.")
            assert not client.shows("Lähisuhdeväkivalta"), "causes wait until they are asked for"
            await client.tap("Miksi edellinen päättyi?")
            await client.tap("Vuokrasopimus päättyi")
            await client.tap("Talous, velat")
            await saved(client, case)
        person = case.person()
        assert (person.housing_situation, person.housing_since) == ("with_others", "2026-11-21")
        (period,) = periods(case)
        assert period.id == period_id(case.person_id, head.write_id)
        assert (period.situation, period.started_on, period.ended_on) == (
            "own_home",
            "2024-05-01",
            "2026-11-21",
        )
        assert period.cause_trigger == "lease_ended"
        assert period.cause_background == {"finances"}
        assert len(case.phone.store.waiting()) == 0

    run(scenario())


def test_both_are_one_save(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        case = settled_person(tmp_path)
        before = case.phone.store.counts().unsynced
        async with on_screen(case.phone, f"{case.path}/housing") as client:
            await client.tap("Tuettu asuminen")
            await client.tap("Tänään")
            await saved(client, case)
        assert case.phone.store.counts().unsynced == before + 1

    run(scenario())


def test_a_first_known_situation_makes_no_history(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        case = new_case(social_phone(tmp_path))
        async with on_screen(case.phone, f"{case.path}/housing") as client:
            await client.tap("Ulkona, porrashuoneessa, ensisuojassa")
            await client.tap("Tänään")
            await saved(client, case)
            since = "ulkona, porrashuoneessa, ensisuojassa · 22.11.2026 alkaen"
            await client.until(lambda: client.shows(since))
        assert periods(case) == []

    run(scenario())


def test_a_corrected_day_of_the_same_situation_makes_no_history(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        case = settled_person(tmp_path)
        async with on_screen(case.phone, f"{case.path}/housing") as client:
            await client.tap("Eilen")
            await saved(client, case)
        assert case.person().housing_since == "2026-11-21"
        assert periods(case) == []

    run(scenario())


def test_since_when_is_asked_of_every_change(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        case = new_case(social_phone(tmp_path))
        async with on_screen(case.phone, f"{case.path}/housing") as client:
            await client.tap("Oma asunto")
            await client.tap("Tallenna")
            assert "Tämä tarvitaan." in client.texts()
        assert case.person().housing_situation is None

    run(scenario())


def test_a_situation_that_begins_before_the_former_one_is_asked_again(
    tmp_path: Path, run: Run
) -> None:
    async def scenario() -> None:
        case = new_case(
            social_phone(tmp_path), housing_situation="hostel", housing_since="2026-11-22"
        )
        async with on_screen(case.phone, f"{case.path}/housing") as client:
            await client.tap("Oma asunto")
            await client.tap("Eilen")
            await client.tap("Tallenna")
            words = case_words("error.housing_order_unknown")
            await client.until(lambda: words in client.texts())
        assert case.person().housing_situation == "hostel"

    run(scenario())


def test_two_situations_written_apart_are_settled_elsewhere_and_not_here(
    tmp_path: Path, run: Run
) -> None:
    async def scenario() -> None:
        server = PairServer()
        case = settled_person(tmp_path, server)
        case.phone.sync()
        nurse = nurse_phone(tmp_path, server)
        case.phone.device.change(case.person_id, housing_situation="hostel")
        nurse.device.change(case.person_id, housing_situation="outdoors")
        nurse.sync()
        case.phone.sync()
        async with on_screen(case.phone, f"{case.path}/housing") as client:
            assert client.shows("Asumistilanteesta on kaksi tietoa.")
            assert "Oma asunto" not in client.texts()
            assert "Tallenna" not in client.texts(), "there is nothing to save here yet"
            await client.tap("Selvitä")
            assert client.tree["route"] == f"/conflicts/{case.person_id}"

    run(scenario())


def case_words(key: str) -> str:
    from field_app.locale import Translator

    return Translator("fi").error_code(key.removeprefix("error."))
