"""Editing a person: durable at each keystroke, saved alone, honest about what others wrote."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from field_app.domain.errors import DiskFull
from tests.views.case import Case, full_case, new_case, nurse_phone, on_screen, social_phone
from tests.views.flet_client import FletClient
from tests.views.phones import PairServer

Run = Callable[[Coroutine[Any, Any, None]], None]


def edit_path(case: Case) -> str:
    return f"{case.path}/edit"


async def saved(client: FletClient, case: Case) -> None:
    await client.tap("Tallenna")
    await client.until(lambda: client.tree["route"] == case.path)


def test_a_new_number_is_saved_and_nothing_else_is_written(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        case = full_case(social_phone(tmp_path))
        before = case.phone.store.record(case.person_id)
        assert before is not None
        async with on_screen(case.phone, edit_path(case)) as client:
            await client.type_into("Puhelin", "050 111 1111")
            await saved(client, case)
            assert client.shows("Tallennettu tähän puhelimeen.")
        after = case.phone.store.record(case.person_id)
        assert after is not None
        changed = {key for key in after.heads if after.heads[key] != before.heads.get(key)}
        assert changed == {"phone"}
        assert case.person().phone == "050 111 1111"
        assert case.phone.store.drafts() == []

    run(scenario())


def test_every_keystroke_survives_a_kill(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        case = full_case(social_phone(tmp_path))
        async with on_screen(case.phone, edit_path(case)) as client:
            for typed in ("R", "Ra", "Rautatientorin kahvila"):
                await client.type_into("Mistä ja miten tavoittaa", typed)
            await case.phone.cases(lambda _: None)  # the store's line is empty
        case.phone.kill()
        async with on_screen(case.phone, edit_path(case)) as client:
            assert client.shows("Jatkat keskeneräistä luonnosta.")
            field = client.find("TextField", "Mistä ja miten tavoittaa")
            assert field["value"] == "Rautatientorin kahvila"
            await saved(client, case)
        assert case.person().where_found == "Rautatientorin kahvila"

    run(scenario())


def test_a_name_that_was_typed_and_not_added_survives_a_kill_and_is_saved_with_the_rest(
    tmp_path: Path, run: Run
) -> None:
    async def scenario() -> None:
        case = full_case(social_phone(tmp_path))
        async with on_screen(case.phone, edit_path(case)) as client:
            await client.type_into("Uusi nimi tai lempinimi", "Turun poika")
            await case.phone.cases(lambda _: None)
        case.phone.kill()
        async with on_screen(case.phone, edit_path(case)) as client:
            assert client.find("TextField", "Uusi nimi tai lempinimi")["value"] == "Turun poika"
            await saved(client, case)
        assert "Turun poika" in (case.person().aliases or ())

    run(scenario())


def test_a_discarded_draft_changes_nothing(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        case = full_case(social_phone(tmp_path))
        async with on_screen(case.phone, edit_path(case)) as client:
            await client.type_into("Puhelin", "050 111 1111")
            await client.tap("Poista luonnos")
            await client.until(lambda: client.tree["route"] == case.path)
            assert client.shows("Luonnos poistettiin.")
        assert case.person().phone == "040 000 0000"
        assert case.phone.store.drafts() == []

    run(scenario())


def test_aliases_are_added_and_taken_away_one_by_one(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        case = full_case(social_phone(tmp_path))
        async with on_screen(case.phone, edit_path(case)) as client:
            await client.type_into("Uusi nimi tai lempinimi", "  Vihreä   reppu ")
            await client.tap("Lisää")
            assert client.shows("Vihreä reppu")
            await client.tap("Poista nimi Kitaramies")
            await saved(client, case)
        assert case.person().aliases == {"Vihreä reppu"}

    run(scenario())


def test_the_guarded_fields_are_not_on_screen_until_they_are_asked_for(
    tmp_path: Path, run: Run
) -> None:
    async def scenario() -> None:
        case = full_case(social_phone(tmp_path))
        async with on_screen(case.phone, edit_path(case)) as client:
            assert not client.shows("Kuvitteellinen")
            assert not client.shows("ei kotona")
            await client.tap("Näytä suojatut tiedot")
            assert client.find("TextField", "Sukunimi")["value"] == "Kuvitteellinen"
            await client.type_into("Turvallisuusmerkintä", "Ei yksin.")
            await saved(client, case)
        assert case.person().safety == "Ei yksin."

    run(scenario())


def test_what_is_wrong_is_said_beside_the_field_in_finnish(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        case = full_case(social_phone(tmp_path))
        async with on_screen(case.phone, edit_path(case)) as client:
            await client.tap("Näytä suojatut tiedot")
            await client.type_into("Syntymävuosi", "1850")
            await client.type_into("Kutsumanimi", "n" * 200)
            await client.tap("Tallenna")
            birth_year = client.find("TextField", "Syntymävuosi")
            assert birth_year["error"] == "Luku ei ole sallituissa rajoissa."
            assert client.find("TextField", "Kutsumanimi")["error"] == "Teksti on liian pitkä."
            assert client.shows("2 kohtaa vaatii korjausta.")
            await client.type_into("Syntymävuosi", "1980")
            await client.type_into("Kutsumanimi", "Punapipo")
            await saved(client, case)
        assert case.person().birth_year == 1980

    run(scenario())


def test_two_numbers_written_apart_are_both_kept(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        server = PairServer()
        case = full_case(social_phone(tmp_path, server))
        case.phone.sync()
        nurse = nurse_phone(tmp_path, server)
        async with on_screen(case.phone, edit_path(case)) as client:
            await client.type_into("Puhelin", "040 000 0009")
            nurse.device.change(case.person_id, phone="050 000 0002", where_found="Kirjasto")
            nurse.sync()
            case.phone.sync()
            await saved(client, case)
            await client.until(lambda: client.shows("Kaksi tietoa: Puhelin"))
        view = case.phone.store.record(case.person_id)
        assert view is not None
        assert {head.value for head in view.heads["phone"]} == {"040 000 0009", "050 000 0002"}
        assert case.person().where_found == "Kirjasto", "what was not touched is the partner's"

    run(scenario())


def test_opening_and_saving_a_record_with_two_facts_settles_nothing(
    tmp_path: Path, run: Run
) -> None:
    async def scenario() -> None:
        server = PairServer()
        case = full_case(social_phone(tmp_path, server))
        case.phone.sync()
        nurse = nurse_phone(tmp_path, server)
        nurse.device.change(case.person_id, phone="050 000 0002")
        case.phone.device.change(case.person_id, phone="040 000 0009")
        nurse.sync()
        case.phone.sync()
        async with on_screen(case.phone, edit_path(case)) as client:
            await client.type_into("Mistä ja miten tavoittaa", "Kirjasto")
            await saved(client, case)
        view = case.phone.store.record(case.person_id)
        assert view is not None
        assert view.conflicts == ("phone",)

    run(scenario())


def test_typing_over_one_of_two_facts_leaves_the_other_to_be_settled(
    tmp_path: Path, run: Run
) -> None:
    async def scenario() -> None:
        server = PairServer()
        case = full_case(social_phone(tmp_path, server))
        case.phone.sync()
        nurse = nurse_phone(tmp_path, server)
        nurse.device.change(case.person_id, phone="050 000 0002")
        case.phone.device.change(case.person_id, phone="040 000 0009")
        nurse.sync()
        case.phone.sync()
        unseen = {"040 000 0009", "050 000 0002"} - {case.person().phone}
        async with on_screen(case.phone, edit_path(case)) as client:
            await client.type_into("Puhelin", "044 333 3333")
            await saved(client, case)
        view = case.phone.store.record(case.person_id)
        assert view is not None
        assert {head.value for head in view.heads["phone"]} == {"044 333 3333", *unseen}

    run(scenario())


def test_a_full_disk_is_told_and_nothing_typed_is_lost(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        case = full_case(social_phone(tmp_path))
        async with on_screen(case.phone, edit_path(case)) as client:
            await client.type_into("Puhelin", "050 111 1111")
            await case.phone.cases(lambda _: None)  # the store's line is empty
            case.phone.fails.append(DiskFull())
            await client.tap("Tallenna")
            await client.until(lambda: client.shows("tila"))
            assert client.find("TextField", "Puhelin")["value"] == "050 111 1111"
            await saved(client, case)
        assert case.person().phone == "050 111 1111"

    run(scenario())


def test_saving_without_a_change_simply_goes_back(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        case = new_case(social_phone(tmp_path))
        unsynced = case.phone.store.counts().unsynced
        async with on_screen(case.phone, edit_path(case)) as client:
            await saved(client, case)
        assert case.phone.store.counts().unsynced == unsynced

    run(scenario())
