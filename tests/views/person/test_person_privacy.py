"""What of a person waits for a hold of the thumb, and what of health a role never sees."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from field_app.domain.records import Assessment, HealthNote
from field_app.views.person.program import Known, PersonPage, sections_of_page, update
from tests.views.case import (
    facts_of,
    full_case,
    health_of,
    nurse_phone,
    on_screen,
    open_tab,
    social_phone,
)

Run = Callable[[Coroutine[Any, Any, None]], None]


def test_only_nurses_have_a_section_of_health(tmp_path: Path) -> None:
    case = full_case(social_phone(tmp_path))
    assert "health" in sections_of_page(facts_of(case, "nurse"))
    for role in ("social_instructor", "social_worker", "lead", "administrator"):
        assert "health" not in sections_of_page(facts_of(case, role))


def test_health_is_cut_from_the_case_of_other_roles_even_if_the_device_held_it(
    tmp_path: Path,
) -> None:
    case = full_case(social_phone(tmp_path))
    health_of(case)
    case.add(
        Assessment(
            id=case.new_id(),
            made_at=case.ago(1),
            worker_score={"housing": "2"},
            health_worker_score={"wounds": "3"},
            health_summary="Haava",
        )
    )
    seen = facts_of(case, "lead").case
    assert seen.health_notes == ()
    assert seen.assessments[-1].health_worker_score == {}
    assert seen.assessments[-1].health_summary is None
    assert seen.assessments[-1].worker_score == {"housing": "2"}
    assert facts_of(case, "nurse").case.health_notes != ()


def test_facts_show_no_personal_data_in_their_repr(tmp_path: Path) -> None:
    case = full_case(social_phone(tmp_path))
    assert "Punapipo" not in repr(update(PersonPage("p"), Known(facts_of(case, "nurse"))))


def test_the_safety_sign_opens_by_holding_and_names_nobody_else(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        case = full_case(social_phone(tmp_path))
        async with on_screen(case.phone, case.path) as client:
            assert not client.shows("ei kotona")
            sign = client.identified("hold-to-reveal")
            await client.hold(sign["content"])
            assert client.shows("Tavataan kahden, ei kotona.")

    run(scenario())


def test_the_surname_and_the_address_wait_for_a_hold(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        case = full_case(social_phone(tmp_path))
        async with on_screen(case.phone, case.path) as client:
            await open_tab(client, "Tiedot")
            assert client.shows("Sukunimi: näytä pitämällä")
            assert client.shows("040 000 0000")
            assert not client.shows("Kuvitteellinen")
            assert not client.shows("Poste restante")

    run(scenario())


def test_a_nurse_sees_that_a_health_note_is_there_and_opens_it_by_holding(
    tmp_path: Path, run: Run
) -> None:
    async def scenario() -> None:
        case = full_case(nurse_phone(tmp_path))
        health_of(case)
        async with on_screen(case.phone, case.path) as client:
            await open_tab(client, "Terveys")
            assert client.shows("Tarkistus pe 27.11.")
            assert not client.shows("haava")
            await client.tap_inside("Terveysosa")
            await client.until(lambda: client.shows("Terveysosa: näytä pitämällä"))
            assert not client.shows("puhdistettu")
            await client.hold(client.identified("hold-to-reveal")["content"])
            assert client.shows("puhdistettu")

    run(scenario())


def test_a_social_instructor_sees_no_word_of_a_health_note_anywhere(
    tmp_path: Path, run: Run
) -> None:
    async def scenario() -> None:
        case = full_case(social_phone(tmp_path))
        note = health_of(case)
        async with on_screen(case.phone, case.path) as client:
            tabs = client.find("Tabs")
            count = sum(1 for each in client.walk(tabs) if each["_c"] == "Tab")
            for index in range(count):
                await client.event(client.find("Tabs"), "change", index, selected_index=index)
                assert not client.shows("haava")
                assert not client.shows("Säären")
        async with on_screen(case.phone, f"{case.path}/health/{note.id}") as client:
            assert "Tätä ei ole tässä laitteessa" in client.texts()
            assert not client.shows("puhdistettu")

    run(scenario())


def test_a_health_note_of_the_case_is_among_its_records(tmp_path: Path) -> None:
    case = full_case(nurse_phone(tmp_path))
    note = health_of(case)
    assert case.find(HealthNote) == [note]
