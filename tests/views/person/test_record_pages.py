"""A note read by itself: written on while unsigned, corrected with a reason once it is signed."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from field_app.domain.records import Encounter, HealthNote, Matter
from tests.views.case import Case, health_of, new_case, nurse_phone, on_screen, social_phone
from tests.views.flet_client import FletClient
from tests.views.phones import NURSE, SOCIAL, PairServer, Phone

Run = Callable[[Coroutine[Any, Any, None]], None]
NOTE = "Tavattu aseman kulmalla. Nukkunut porraskäytävässä."


def meeting(phone: Phone) -> tuple[Case, Encounter]:
    case = new_case(phone)
    encounter = Encounter(
        id=case.new_id(),
        at=case.ago(0, hours=1),
        outcome="reached",
        place="street",
        participants=frozenset({SOCIAL, NURSE}),
        note=NOTE,
        next_step_none=True,
    )
    case.add(encounter)
    return case, encounter


def now_reads(case: Case, record_id: str) -> Encounter:
    view = case.phone.store.record(record_id)
    assert view is not None
    assert isinstance(view.record, Encounter)
    return view.record


async def back_at(client: FletClient, case: Case) -> None:
    await client.until(lambda: client.tree["route"] == case.path)


def test_an_unsigned_note_is_written_on_and_signed_with_valmis(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        case, met = meeting(social_phone(tmp_path))
        async with on_screen(case.phone, f"{case.path}/encounter/{met.id}") as client:
            assert client.shows("Kesken. Merkitse valmiiksi")
            await client.type_into("Kirjaus", NOTE + " Kahvi kelpasi.")
            await client.tap("Valmis")
            await back_at(client, case)
        read = now_reads(case, met.id)
        assert read.note == NOTE + " Kahvi kelpasi."
        assert (read.signed_by, read.signed_at) == (SOCIAL, case.phone.now())

    run(scenario())


def test_an_unsigned_note_may_be_left_unfinished(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        case, met = meeting(social_phone(tmp_path))
        async with on_screen(case.phone, f"{case.path}/encounter/{met.id}") as client:
            await client.type_into("Asiakkaan näkemys", "Haluaa olla rauhassa.")
            await client.tap("Tallenna kesken")
            await back_at(client, case)
        read = now_reads(case, met.id)
        assert (read.client_view, read.signed_at) == ("Haluaa olla rauhassa.", None)

    run(scenario())


def test_the_other_half_of_the_pair_writes_into_the_same_unsigned_note(
    tmp_path: Path, run: Run
) -> None:
    async def scenario() -> None:
        server = PairServer()
        case, met = meeting(social_phone(tmp_path, server))
        case.phone.sync()
        nurse = nurse_phone(tmp_path, server)
        async with on_screen(nurse, f"{case.path}/encounter/{met.id}") as client:
            await client.type_into("Työntekijän arvio", "Tarvitsee yöpaikan.")
            await client.tap("Tallenna kesken")
            await back_at(client, case)
        nurse.sync()
        case.phone.sync()
        read = now_reads(case, met.id)
        assert (read.note, read.worker_estimate) == (NOTE, "Tarvitsee yöpaikan.")

    run(scenario())


def test_a_signed_note_is_corrected_with_a_reason_and_the_original_stays(
    tmp_path: Path, run: Run
) -> None:
    async def scenario() -> None:
        case, met = meeting(social_phone(tmp_path))
        case.phone.device.change(met.id, signed_at=case.phone.now(), signed_by=SOCIAL)
        path = f"{case.path}/encounter/{met.id}"
        async with on_screen(case.phone, path) as client:
            assert client.shows("Valmis: minä")
            assert "Kirjaus" in client.texts()
            assert client.count("TextField") == 0
            await client.tap("Korjaa kirjausta")
            await client.type_into("Korjattu teksti", "Tavattu kirjaston edessä.")
            await client.tap("Tallenna")
            assert client.find("TextField", "Korjauksen syy")["error"] == "Tämä tarvitaan."
            await client.type_into("Korjauksen syy", "Paikka oli väärin.")
            await client.tap("Tallenna")
            await back_at(client, case)
        read = now_reads(case, met.id)
        assert read.note == NOTE
        assert read.correction_text == "Tavattu kirjaston edessä."
        assert (read.corrected_by, read.corrected_at) == (SOCIAL, case.phone.now())
        async with on_screen(case.phone, path) as client:
            assert client.shows(NOTE)
            assert client.shows("Tavattu kirjaston edessä.")
            assert client.shows("Paikka oli väärin.")

    run(scenario())


def test_after_a_day_a_note_counts_as_signed(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        case, met = meeting(social_phone(tmp_path))
        case.phone.device.clock.move(hours=25)
        async with on_screen(case.phone, f"{case.path}/encounter/{met.id}") as client:
            assert client.shows("Valmis: vuorokausi on kulunut.")
            assert "Korjaa kirjausta" in client.texts()

    run(scenario())


def test_a_meeting_says_what_was_answered_and_hides_what_must_not_be_read(
    tmp_path: Path, run: Run
) -> None:
    async def scenario() -> None:
        case = new_case(social_phone(tmp_path))
        met = Encounter(
            id=case.new_id(),
            at=case.ago(0, hours=1),
            outcome="reached",
            topics=frozenset({"housing", "substances"}),
            health_part_recorded=True,
        )
        case.add(met)
        async with on_screen(case.phone, f"{case.path}/encounter/{met.id}") as client:
            assert "Terveysosa kirjattu" in client.texts()
            assert client.shows("Aiheet: näytä pitämällä")
            assert not client.shows("päihteet")

    run(scenario())


def test_a_nurse_goes_on_with_her_own_unsigned_note(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        case = new_case(nurse_phone(tmp_path))
        note = health_of(case)
        async with on_screen(case.phone, f"{case.path}/health/{note.id}") as client:
            await client.tap("Jatka kirjausta")
            await client.type_into("Hoitokirjaus", "Haava sidottu uudelleen.")
            await client.tap("Valmis")
            await back_at(client, case)
        (read,) = case.find(HealthNote)
        assert isinstance(read, HealthNote)
        assert read.note == "Haava sidottu uudelleen."
        assert read.signed_by == NURSE

    run(scenario())


def test_two_notes_written_apart_lead_to_their_settling(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        server = PairServer()
        case, met = meeting(social_phone(tmp_path, server))
        case.phone.sync()
        nurse = nurse_phone(tmp_path, server)
        nurse.device.change(met.id, note="Hoitajan lisäys.")
        case.phone.device.change(met.id, note="Ohjaajan lisäys.")
        nurse.sync()
        case.phone.sync()
        async with on_screen(case.phone, f"{case.path}/encounter/{met.id}") as client:
            assert client.shows("Kaksi tietoa: Kirjaus")
            await client.tap("Selvitä")
            assert client.tree["route"] == f"/conflicts/{met.id}"

    run(scenario())


def test_a_matter_is_read_and_not_written(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        case = new_case(social_phone(tmp_path))
        (matter,) = case.find(Matter)
        async with on_screen(case.phone, f"{case.path}/matter/{matter.id}") as client:
            assert "jalkautuminen, katu" in client.texts()
            assert client.count("TextField") == 0
            assert "Tallenna" not in client.texts()

    run(scenario())


def test_a_record_of_another_person_is_not_opened_here(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        case, met = meeting(social_phone(tmp_path))
        other = new_case(case.phone, "Kettu")
        async with on_screen(case.phone, f"{other.path}/encounter/{met.id}") as client:
            assert "Tätä ei ole tässä laitteessa" in client.texts()

    run(scenario())
