"""Steps and tasks: what was promised, by whom, by when, and what the agencies' clocks say."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from field_app.domain.records import NavigationStep, Task
from tests.views.case import Case, add_service, new_case, nurse_phone, on_screen, social_phone
from tests.views.flet_client import FletClient
from tests.views.phones import NURSE, SOCIAL, PairServer

Run = Callable[[Coroutine[Any, Any, None]], None]


def step_of(case: Case) -> NavigationStep:
    (found,) = case.find(NavigationStep)
    assert isinstance(found, NavigationStep)
    return found


def task_of(case: Case) -> Task:
    (found,) = case.find(Task)
    assert isinstance(found, Task)
    return found


async def saved(client: FletClient, case: Case) -> None:
    await client.tap("Tallenna")
    await client.until(lambda: client.tree["route"] == case.path)


async def tap_under(client: FletClient, heading: str, text: str) -> None:
    """Tap the chip below a heading: days of several fields look alike."""
    groups = [
        each
        for each in client.walk(client.scope())
        if each["_c"] == "Column"
        and each.get("controls")
        and client.texts(each["controls"][0])[:1] == [heading]
    ]
    hits = [
        each
        for each in client.walk(groups[-1])
        if each.get("on_click") and text in client.texts(each)
    ]
    assert len(hits) == 1, client.texts(groups[-1])
    await client.event(hits[0], "click")


def test_an_application_is_followed_from_its_start(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        case = new_case(social_phone(tmp_path))
        async with on_screen(case.phone, f"{case.path}/step/new") as client:
            await client.tap("Hakemus")
            assert "Perustoimeentulotuki" in client.texts()
            await client.tap("Perustoimeentulotuki")
            assert "Vuokravakuus" not in client.texts(), "the chosen one stands alone"
            await tap_under(client, "Hakemuksen vaihe", "Jätetty")
            await tap_under(client, "Liitteet toimitettu", "Tänään")
            assert client.shows("Kela: päätös viimeistään ti 1.12.")
            await saved(client, case)
        step = step_of(case)
        assert (step.kind, step.application, step.stage) == (
            "application",
            "basic_assistance",
            "submitted",
        )
        assert step.complete_on == "2026-11-22"
        assert (step.owner, step.status) == (SOCIAL, "planned")

    run(scenario())


def test_only_flats_are_viewed_queued_for_and_handed_over(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        case = new_case(social_phone(tmp_path))
        async with on_screen(case.phone, f"{case.path}/step/new") as client:
            await client.tap("Hakemus")
            await client.tap("Vuokravakuus")
            assert "Asuntonäyttö" not in client.texts()
            await client.tap("Vuokravakuus")
            await client.tap("Asuntohakemus")
            for stage in ("Asuntonäyttö", "Jonossa", "Tarjous", "Avaimet saatu"):
                assert stage in client.texts()

    run(scenario())


def test_benefits_that_are_no_more_are_not_offered_but_old_records_keep_them(
    tmp_path: Path, run: Run
) -> None:
    async def scenario() -> None:
        case = new_case(social_phone(tmp_path))
        old = NavigationStep(
            id=case.new_id(), kind="application", application="labour_market_subsidy"
        )
        case.add(old)
        async with on_screen(case.phone, f"{case.path}/step/new") as client:
            await client.tap("Hakemus")
            assert "Yleistuki" in client.texts()
            assert "Työmarkkinatuki" not in client.texts()
        async with on_screen(case.phone, f"{case.path}/step/{old.id}") as client:
            assert "Työmarkkinatuki" in client.texts()

    run(scenario())


def test_an_overdue_decision_is_said_in_words(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        case = new_case(social_phone(tmp_path))
        step = NavigationStep(
            id=case.new_id(),
            kind="application",
            application="basic_assistance",
            stage="submitted",
            complete_on="2026-11-02",
        )
        case.add(step)
        async with on_screen(case.phone, f"{case.path}/step/{step.id}") as client:
            assert client.shows("Kela: päätös viimeistään ke 11.11. · Myöhässä")

    run(scenario())


def test_a_request_for_information_asks_for_its_last_day(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        case = new_case(social_phone(tmp_path))
        async with on_screen(case.phone, f"{case.path}/step/new") as client:
            await client.tap("Hakemus")
            await client.tap("Yleinen asumistuki")
            await tap_under(client, "Hakemuksen vaihe", "Lisäselvityspyyntö")
            await tap_under(client, "Lisäselvitys viimeistään", "Huomenna")
            assert client.shows("Lisäselvitys viimeistään ma 23.11.")
            await saved(client, case)
        assert step_of(case).info_due_on == "2026-11-23"

    run(scenario())


def test_an_accompaniment_says_who_walks_along_and_when(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        server = PairServer()
        phone = social_phone(tmp_path, server)
        case = new_case(phone)
        phone.sync()
        place = add_service(phone, "Kuvitteellinen virasto")
        async with on_screen(phone, f"{case.path}/step/new") as client:
            await client.tap("Saatto")
            await tap_under(client, "Saattajat", "Niko Koe")
            await tap_under(client, "Saatettu", "Huomenna")
            await client.tap("Kuvitteellinen virasto")
            await client.type_into("Mitä", "Tilin avaaminen")
            await saved(client, case)
        step = step_of(case)
        assert step.accompanied_by == {NURSE}
        assert (step.accompanied_on, step.where) == ("2026-11-23", place)

    run(scenario())


def test_a_step_needs_its_kind(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        case = new_case(social_phone(tmp_path))
        async with on_screen(case.phone, f"{case.path}/step/new") as client:
            await client.type_into("Mitä", "Jotain")
            await client.tap("Tallenna")
            assert "Tämä tarvitaan." in client.texts()
        assert case.find(NavigationStep) == []

    run(scenario())


def test_a_finished_step_is_asked_its_outcome_and_loses_its_clocks(
    tmp_path: Path, run: Run
) -> None:
    async def scenario() -> None:
        case = new_case(social_phone(tmp_path))
        step = NavigationStep(
            id=case.new_id(), kind="referral", title="Asumisneuvonta", due_on="2026-11-01"
        )
        case.add(step)
        async with on_screen(case.phone, f"{case.path}/step/{step.id}") as client:
            await tap_under(client, "Tilanne", "Tehty")
            await client.type_into("Lopputulos", "Sai ajan.")
            await saved(client, case)
            assert not client.shows("Myöhässä")
        assert step_of(case).outcome == "Sai ajan."

    run(scenario())


def test_a_task_is_a_promise_with_an_owner_and_a_day(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        case = new_case(social_phone(tmp_path))
        async with on_screen(case.phone, f"{case.path}/task/new") as client:
            await client.type_into("Tehtävä", "Tulosta tiliotteet")
            await client.tap("Huomenna")
            await client.tap("Kiireellinen")
            await saved(client, case)
        task = task_of(case)
        assert (task.title, task.due_on, task.owner) == (
            "Tulosta tiliotteet",
            "2026-11-23",
            SOCIAL,
        )
        assert task.urgent
        assert task.status == "open"

    run(scenario())


def test_a_task_is_handed_to_a_colleague_of_the_team(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        case = new_case(nurse_phone(tmp_path))
        async with on_screen(case.phone, f"{case.path}/task/new") as client:
            assert "Outi Testi" in client.texts()
            assert "Noora Muualla" not in client.texts(), "she works in another team"
            await client.type_into("Tehtävä", "Soita")
            await client.tap("Outi Testi")
            await saved(client, case)
        assert task_of(case).owner == SOCIAL

    run(scenario())


def test_a_task_that_is_done_says_when(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        case = new_case(social_phone(tmp_path))
        task = Task(id=case.new_id(), title="Soita", status="open", due_on="2026-11-20")
        case.add(task)
        async with on_screen(case.phone, f"{case.path}/task/{task.id}") as client:
            await client.tap("Tehty")
            await saved(client, case)
        assert (task_of(case).status, task_of(case).done_on) == ("done", "2026-11-22")

    run(scenario())
