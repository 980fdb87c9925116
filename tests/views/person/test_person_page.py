"""The person page: the header in the order of the street, the sections, what may not be seen."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any

from field_app.domain.records import Encounter, Person, Task
from field_app.locale import Translator
from field_app.store.outbox import Saved
from field_app.views.person.header import waiting_reason
from field_app.views.person.program import (
    Known,
    OpenWaiting,
    PersonFacts,
    PersonPage,
    Show,
    Unknown,
    WatchPerson,
    init,
    update,
)
from tests.views.case import (
    Case,
    facts_of,
    full_case,
    health_of,
    new_case,
    nurse_phone,
    on_screen,
    open_tab,
    social_phone,
)
from tests.views.phones import PairServer, Phone

Run = Callable[[Coroutine[Any, Any, None]], None]
FI = Translator("fi")


def test_the_page_begins_by_reading_the_person() -> None:
    page, effects = init("p")
    assert page.facts is None
    assert effects == (WatchPerson("p"),)


def test_a_person_the_device_does_not_hold_is_said_to_be_missing() -> None:
    page, _ = update(PersonPage("p"), Unknown())
    assert page.nothing_here


def test_another_section_stays_open_when_the_records_change(tmp_path: Path) -> None:
    case = full_case(social_phone(tmp_path))
    page, _ = update(PersonPage(case.person_id), Show("steps"))
    page, _ = update(page, Known(facts_of(case, "nurse")))
    assert page.section == "steps"


def test_what_waits_is_folded_until_it_is_asked_for() -> None:
    page, _ = update(PersonPage("p"), OpenWaiting())
    assert page.waiting_open
    page, _ = update(page, OpenWaiting())
    assert not page.waiting_open


def test_the_header_says_first_what_is_needed_first(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        case = full_case(social_phone(tmp_path))
        async with on_screen(case.phone, case.path) as client:
            texts = client.texts()
            order = [
                "Punapipo",
                "Myös: Kitaramies",
                "Turvallisuus: näytä pitämällä painettuna",
                "ke 25.11. · Nähdään torstaina · minä",
                "Rautatieaseman eteläpää, aamuisin",
                "Tavoitettu 2 päivää sitten",
                "tilapäisesti tuttavien, sukulaisten luona",
                "Omatyöntekijä",
                "suomi, englanti · Tarvitsee tulkkia",
            ]
            assert [text for text in texts if text in order] == order

    run(scenario())


def test_the_timeline_is_newest_first_and_each_entry_opens(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        case = full_case(social_phone(tmp_path))
        async with on_screen(case.phone, case.path) as client:
            texts = client.texts()
            met = next(i for i, text in enumerate(texts) if text.startswith("Kohtaaminen: tavoit"))
            missed = next(i for i, text in enumerate(texts) if "ei tavoitettu" in text)
            assert met < missed
            assert client.shows("Nukkunut porraskäytävässä")
            await client.tap_inside("Kohtaaminen: ei tavoitettu")
            await client.until(lambda: client.shows("Mistä etsittiin"))

    run(scenario())


def test_sections_show_needs_steps_tasks_housing_and_matters(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        case = full_case(social_phone(tmp_path))
        async with on_screen(case.phone, case.path) as client:
            await open_tab(client, "Tarpeet")
            assert client.shows("”Oma avain, vaikka pieneenkin.”")
            assert client.shows("Tarve on vähentynyt")
            await open_tab(client, "Askeleet (2)")
            assert client.shows("Kela: päätös viimeistään ti 17.11.")
            assert "Myöhässä" in client.texts()
            await open_tab(client, "Tehtävät (1)")
            assert client.shows("Tulosta tiliotteet")
            await open_tab(client, "Asuminen")
            assert client.shows("1.5.2024 – 31.8.2026")
            await open_tab(client, "Asiat")
            assert client.shows("Vireillä")

    run(scenario())


def test_a_person_with_nothing_yet_has_words_for_every_section(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        case = new_case(social_phone(tmp_path), "Uusi")
        async with on_screen(case.phone, case.path) as client:
            assert "Ei vielä tavoitettu" in client.texts()
            assert "Seuraavaa askelta ei ole sovittu" in client.texts()
            await open_tab(client, "Tarpeet")
            assert "Kartoitusta ei ole vielä tehty." in client.texts()
            await open_tab(client, "Askeleet")
            assert client.shows("Ei askelia.")

    run(scenario())


def test_the_buttons_lead_to_a_contact_a_kartoitus_a_step_and_a_task(
    tmp_path: Path, run: Run
) -> None:
    async def scenario() -> None:
        case = full_case(social_phone(tmp_path))
        for button, path in (
            ("Kirjaa kohtaaminen", f"/contact/new-person-{case.person_id}"),
            ("Kartoita", f"{case.path}/assessment/new"),
            ("Askel", f"{case.path}/step/new"),
            ("Tehtävä", f"{case.path}/task/new"),
        ):
            async with on_screen(case.phone, case.path) as client:
                await client.tap(button)
                assert client.tree["route"] == path

    run(scenario())


def test_a_conflict_is_said_on_the_page_and_leads_to_its_settling(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        case, _ = _two_phone_numbers(tmp_path)
        async with on_screen(case.phone, case.path) as client:
            assert client.shows("Kaksi tietoa: Puhelin")
            await client.tap_inside("Kaksi tietoa: Puhelin")
            assert client.tree["route"] == f"/conflicts/{case.person_id}"

    run(scenario())


def test_a_partner_s_change_appears_while_the_page_is_open(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        server = PairServer()
        case = full_case(social_phone(tmp_path, server))
        case.phone.sync()
        nurse = nurse_phone(tmp_path, server)
        async with on_screen(case.phone, case.path) as client:
            nurse.device.change(case.person_id, where_found="Kirjaston aula, iltapäivisin")
            nurse.sync()
            await case.phone.sync_now()
            await client.until(lambda: client.shows("Kirjaston aula, iltapäivisin"))

    run(scenario())


def test_what_is_only_on_this_phone_is_named(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        case = full_case(social_phone(tmp_path))
        case.phone.sync()
        case.add(Task(id=case.new_id(), title="Soita asumisneuvojalle"))
        async with on_screen(case.phone, case.path) as client:
            assert client.shows("Vain tässä puhelimessa: tehtävä")

    run(scenario())


def test_an_own_save_that_waits_for_a_decision_is_readable_with_its_reason(
    tmp_path: Path, run: Run
) -> None:
    async def scenario() -> None:
        case = full_case(social_phone(tmp_path))
        case.phone.sync()
        case.phone.device.change(case.person_id, phone="050 111 1111")
        _refuse_last(case.phone, "grant_ended")
        async with on_screen(case.phone, case.path) as client:
            assert client.shows("odottaa päätöstä")
            assert not client.shows("050 111 1111")
            await client.tap_inside("Näytä, mikä odottaa")
            assert client.shows("Puhelin: 050 111 1111")
            assert client.shows("Sinulla ei ollut oikeutta")

    run(scenario())


def test_every_reason_has_words_a_worker_can_act_on() -> None:
    told = {
        waiting_reason(FI, state, reason)
        for state, reason in (
            ("held", ""),
            ("set-aside", "set_aside"),
            ("needs-human", "out_of_scope"),
            ("needs-human", "never_written"),
            ("needs-human", "a_reason_of_tomorrow"),
        )
    }
    assert len(told) == 5


def test_a_person_who_may_be_another_one_is_said_and_opens(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        phone = social_phone(tmp_path)
        case, other = new_case(phone, "Punapipo"), new_case(phone, "Puna-pipo")
        async with on_screen(phone, case.path) as client:
            await client.tap_inside("Voi olla sama henkilö kuin Puna-pipo.")
            assert client.tree["route"] == other.path

    run(scenario())


def test_an_unknown_person_is_told_calmly(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        async with on_screen(social_phone(tmp_path), "/people/" + "0" * 32) as client:
            assert "Tätä ei ole tässä laitteessa" in client.texts()

    run(scenario())


def test_the_page_holds_long_texts_and_codes_of_a_newer_version(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        case = new_case(social_phone(tmp_path), "P" * 120, where_found="x " * 140)
        case.add(
            Encounter(id=case.new_id(), at=case.ago(1), outcome="reached", note="Pitkä " * 2000)
        )
        view = case.phone.store.record(case.person_id)
        assert view is not None
        assert isinstance(view.record, Person)
        newer = view.record.model_copy(update={"housing_situation": "boat"})
        known = replace(view, record=newer)
        shown = PersonFacts(case.person_id, (known,), now=case.phone.now(), role="nurse")
        assert shown.summary.housing_situation == "boat"
        async with on_screen(case.phone, case.path) as client:
            assert client.shows("Pitkä Pitkä")

    run(scenario())


def test_the_page_is_there_in_swedish_and_english(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        case = full_case(nurse_phone(tmp_path))
        health_of(case)
        for language, word in (("sv", "Anteckna möte"), ("en", "Record a contact")):
            async with on_screen(case.phone, case.path, language=language) as client:
                assert word in client.texts()

    run(scenario())


def _two_phone_numbers(tmp_path: Path) -> tuple[Case, Phone]:
    server = PairServer()
    case = full_case(social_phone(tmp_path, server))
    case.phone.sync()
    nurse = nurse_phone(tmp_path, server)
    nurse.device.change(case.person_id, phone="050 000 0002")
    case.phone.device.change(case.person_id, phone="040 000 0009")
    nurse.sync()
    case.phone.sync()
    nurse.sync()
    case.phone.sync()
    return case, nurse


def _refuse_last(phone: Phone, reason: str) -> None:
    """The server keeps the phone's last save for a person to decide."""
    pending = phone.store._pending
    last: Saved = pending.in_state("pending")[-1]
    pending.put(last._replace(state="needs-human", reason=reason))
