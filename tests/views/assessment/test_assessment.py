"""Kartoitus: worker's and client's scores side by side, the previous beside the new, no total."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from field_app.domain.assessment_comparison import AreaComparison
from field_app.domain.records import Assessment
from field_app.domain.vocabularies import VOCABULARIES
from field_app.locale import Translator
from field_app.views.assessment.comparison import score_text
from tests.views.case import Case, new_case, nurse_phone, on_screen, social_phone
from tests.views.flet_client import FletClient
from tests.views.phones import NURSE, SOCIAL, PairServer

Run = Callable[[Coroutine[Any, Any, None]], None]
FI = Translator("fi")


def latest(case: Case) -> Assessment:
    found = [one for one in case.find(Assessment) if isinstance(one, Assessment)]
    return max(found, key=lambda one: one.made_at or "")


async def score(client: FletClient, area: str, who: str, text: str) -> None:
    await client.tap(f"{area}, {who}: {text}")


async def back_at(client: FletClient, case: Case) -> None:
    await client.until(lambda: client.tree["route"] == case.path)


def test_a_score_is_its_number_and_words() -> None:
    assert score_text(FI, "3") == "3 · tarvitsee paljon tukea"
    assert score_text(FI, "declined") == "ei halua kertoa"
    assert score_text(FI, None) == "–"
    assert AreaComparison("housing").worker_change is None


def test_a_kartoitus_is_made_area_by_area_and_signed(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        case = new_case(social_phone(tmp_path))
        async with on_screen(case.phone, f"{case.path}/assessment/new") as client:
            assert client.shows("Punapipo · Uusi kartoitus"), "nobody writes of somebody else"
            await score(client, "Asuminen", "Työntekijä", "4 · tarvitsee apua heti")
            await score(client, "Asuminen", "Asiakas", "3 · tarvitsee paljon tukea")
            await score(client, "Raha-asiat", "Asiakas", "ei halua kertoa")
            await client.type_into("Asiakkaan ääni ja tavoitteet", "Oma avain, vaikka pieneenkin.")
            await client.tap("Valmis")
            await back_at(client, case)
        made = latest(case)
        assert made.worker_score == {"housing": "4"}
        assert made.client_score == {"housing": "3", "money": "declined"}
        assert made.client_goals == "Oma avain, vaikka pieneenkin."
        assert (made.signed_by, made.made_at) == (SOCIAL, case.phone.now())
        assert made.participants == {SOCIAL}

    run(scenario())


def test_every_tap_survives_a_kill(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        case = new_case(social_phone(tmp_path))
        path = f"{case.path}/assessment/new"
        async with on_screen(case.phone, path) as client:
            await score(client, "Arki", "Työntekijä", "2 · tarvitsee säännöllistä tukea")
            await case.phone.cases(lambda _: None)  # the store's line is empty
        case.phone.kill()
        async with on_screen(case.phone, path) as client:
            assert client.shows("Jatkat keskeneräistä luonnosta.")
            assert client.shows("2 · tarvitsee säännöllistä tukea")
            await client.tap("Tallenna kesken")
            await back_at(client, case)
        assert latest(case).worker_score == {"daily_life": "2"}

    run(scenario())


def test_the_previous_one_stands_beside_the_new_one_and_change_is_in_words(
    tmp_path: Path, run: Run
) -> None:
    async def scenario() -> None:
        case = new_case(social_phone(tmp_path))
        before = Assessment(
            id=case.new_id(), made_at=case.ago(60), worker_score={"housing": "2", "money": "3"}
        )
        case.add(before)
        async with on_screen(case.phone, f"{case.path}/assessment/new") as client:
            assert client.shows("Edellinen: 2 · tarvitsee säännöllistä tukea")
            await score(client, "Asuminen", "Työntekijä", "4 · tarvitsee apua heti")
            await score(client, "Raha-asiat", "Työntekijä", "1 · pärjää pienellä tuella")
            assert "Tarve on kasvanut" in client.texts()
            assert "Tarve on vähentynyt" in client.texts()
            await client.tap("Tallenna kesken")
            await back_at(client, case)
        assert latest(case).previous == before.id

    run(scenario())


def test_a_second_tap_takes_a_score_back(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        case = new_case(social_phone(tmp_path))
        async with on_screen(case.phone, f"{case.path}/assessment/new") as client:
            for _ in range(2):
                await score(client, "Arki", "Asiakas", "1 · pärjää pienellä tuella")
            await client.type_into("Yhteenveto", "Jatketaan.")
            await client.tap("Tallenna kesken")
            await back_at(client, case)
        assert latest(case).client_score == {}

    run(scenario())


def test_only_a_nurse_is_asked_the_health_part(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        case = new_case(social_phone(tmp_path))
        case.add(
            Assessment(id=case.new_id(), made_at=case.ago(9), health_worker_score={"wounds": "3"})
        )
        async with on_screen(case.phone, f"{case.path}/assessment/new") as client:
            assert "Terveysosa" not in client.texts()
            for code in VOCABULARIES["need_health"].codes:
                assert not client.shows(FI.vocabulary("need_health", code).capitalize() + ",")

    run(scenario())


def test_a_nurse_signs_the_health_part_and_the_social_part_stays_open(
    tmp_path: Path, run: Run
) -> None:
    async def scenario() -> None:
        server = PairServer()
        case = new_case(social_phone(tmp_path, server))
        made = Assessment(id=case.new_id(), made_at=case.ago(0, hours=1))
        case.add(made)
        case.phone.sync()
        nurse = nurse_phone(tmp_path, server)
        async with on_screen(nurse, f"{case.path}/assessment/{made.id}") as client:
            await client.tap("Terveysosa")
            await score(client, "Haavat", "Työntekijä", "3 · tarvitsee paljon tukea")
            await client.tap("Terveysosa valmis")
            await back_at(client, case)
        view = nurse.store.record(made.id)
        assert view is not None
        assert isinstance(view.record, Assessment)
        assert view.record.health_worker_score == {"wounds": "3"}
        assert view.record.health_signed_by == NURSE
        assert view.record.signed_at is None
        nurse.sync()
        case.phone.sync()
        assert "health_worker_score/wounds" not in case.phone.device.shown(made.id).values

    run(scenario())


def test_both_halves_score_the_same_kartoitus_apart_and_nothing_is_lost(
    tmp_path: Path, run: Run
) -> None:
    async def scenario() -> None:
        server = PairServer()
        case = new_case(social_phone(tmp_path, server))
        made = Assessment(id=case.new_id(), made_at=case.ago(0, hours=1))
        case.add(made)
        case.phone.sync()
        nurse = nurse_phone(tmp_path, server)
        path = f"{case.path}/assessment/{made.id}"
        for phone, area in ((nurse, "Arki"), (case.phone, "Osallisuus")):
            async with on_screen(phone, path) as client:
                await score(client, area, "Työntekijä", "2 · tarvitsee säännöllistä tukea")
                await client.tap("Tallenna kesken")
                await back_at(client, case)
        nurse.sync()
        case.phone.sync()
        assert latest(case).worker_score == {"daily_life": "2", "participation": "2"}

    run(scenario())


def test_a_signed_kartoitus_is_read_with_its_comparison(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        case = new_case(social_phone(tmp_path))
        for days, housing in ((60, "4"), (3, "2")):
            made = Assessment(
                id=case.new_id(),
                made_at=case.ago(days),
                worker_score={"housing": housing},
                client_goals="Oma avain.",
                signed_at=case.ago(days),
                signed_by=SOCIAL,
            )
            case.add(made)
        async with on_screen(case.phone, f"{case.path}/assessment/{made.id}") as client:
            assert client.shows("2. kartoitus, 19.11.2026.")
            assert client.shows("Valmiiksi merkitsi minä.")
            assert client.shows("Edellinen: 4 · tarvitsee apua heti")
            assert "Tarve on vähentynyt" in client.texts()
            assert "Oma avain." in client.texts()
            assert "Valmis" not in client.texts()
            assert client.count("TextField") == 0

    run(scenario())


def test_nothing_is_called_an_assessment_of_service_needs(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        case = new_case(nurse_phone(tmp_path))
        async with on_screen(case.phone, f"{case.path}/assessment/new") as client:
            assert not client.shows("palvelutarpe")
            assert not client.shows("yhteensä")

    run(scenario())
