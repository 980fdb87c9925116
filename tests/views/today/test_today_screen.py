"""Today on the phone: the order of the work, live, and nothing that must not be overseen."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from field_app.domain.records import Encounter, Matter, NavigationStep, Person, Task
from tests.store.hand_server import TEAM
from tests.views.contact.flows import hand_on
from tests.views.phones import NURSE, SOCIAL, PairServer, Phone, add_person, phone

Run = Callable[[Coroutine[Any, Any, None]], None]


def met(held: Phone, person_id: str, at: str = "2026-11-20T10:00:00.000Z", **facts: Any) -> str:
    """A contact of the phone's worker with a person."""
    record_id = held.device.new_id()
    values: dict[str, Any] = {"outcome": "reached", "place": "street", **facts}
    held.device.write(
        Encounter(id=record_id, at=at, participants=frozenset({held.device.worker}), **values),
        person_id,
    )
    return record_id


def a_full_day(held: Phone) -> dict[str, str]:
    """One person for each section of people."""
    people = {
        name: add_person(held, name) for name in ("Punapipo", "Kitaramies", "Kettu", "Professori")
    }
    held.device.write(
        Task(
            id=held.device.new_id(),
            title="Soita päivystykseen",
            owner=held.device.worker,
            status="open",
            urgent=True,
        ),
        people["Punapipo"],
    )
    met(
        held,
        people["Kitaramies"],
        next_step_text="Kahvit asemalla",
        next_step_on="2026-11-22",
    )
    met(held, people["Kettu"], next_step_text="Tiliotteet", next_step_on="2026-11-19")
    met(held, people["Professori"], at="2026-10-20T10:00:00.000Z", next_step_none=True)
    return people


def test_the_sections_stand_in_the_order_of_the_work(run: Run, tmp_path: Path) -> None:
    held = phone(tmp_path, SOCIAL)
    a_full_day(held)

    async def scenario() -> None:
        async with hand_on(held, "/contact/new") as hand:
            await hand.sees("Kenen kanssa?")
            await hand.type("Kenen kanssa?", "Vihreä reppu")
            await hand.client.back()
            await hand.sees("Luonnokset")
            texts = hand.client.texts()
            order = [
                "Kiireelliset ja turvallisuus",
                "Punapipo",
                "Sovitut tapaamiset",
                "Kitaramies",
                "Tänään: Kahvit asemalla",
                "Myöhässä",
                "Kettu",
                "3 päivää sitten: Tiliotteet",
                "Pitkään tavoittamatta",
                "Professori",
                "Vain tässä puhelimessa",
                "Luonnokset",
            ]
            places = [texts.index(each) for each in order]
            assert places == sorted(places), list(zip(order, places, strict=True))

    run(scenario())


def test_an_empty_day_says_what_comes_next(run: Run, tmp_path: Path) -> None:
    held = phone(tmp_path, SOCIAL)

    async def scenario() -> None:
        async with hand_on(held) as hand:
            await hand.sees("Ei mitään tälle päivälle")
            assert "Kirjaa" in hand.client.texts()

    run(scenario())


def test_the_first_frame_reads_no_records(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = phone(tmp_path, SOCIAL)
    a_full_day(held)
    held.kill()
    asked: list[str] = []

    def noted(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def reading(*given: Any) -> Any:
            asked.append(name)
            return real(*given)

        return reading

    for name in ("person", "record", "scope", "find"):
        monkeypatch.setattr(held.store, name, noted(name, getattr(held.store, name)))

    async def scenario() -> None:
        async with hand_on(held) as hand:
            await hand.sees("Kitaramies")
            assert asked == []

    run(scenario())


def test_a_change_that_arrives_is_shown_at_once(run: Run, tmp_path: Path) -> None:
    server = PairServer()
    social, nurse = phone(tmp_path, SOCIAL, server), phone(tmp_path, NURSE, server)
    person_id = add_person(social, "Kettu", own_worker=SOCIAL)
    social.sync()
    nurse.sync()

    async def scenario() -> None:
        async with hand_on(social) as hand:
            await hand.sees("Ei mitään tälle päivälle")
            nurse.device.write(
                Task(
                    id=nurse.device.new_id(),
                    title="Avaimen haku",
                    due_on="2026-11-22",
                    status="open",
                    owner=SOCIAL,
                ),
                person_id,
            )
            nurse.sync()
            await social.sync_now()
            await hand.sees("Tänään: Avaimen haku")

    run(scenario())


def test_a_row_shows_a_safety_sign_and_never_its_text(run: Run, tmp_path: Path) -> None:
    held = phone(tmp_path, SOCIAL)
    person_id = add_person(
        held, "Kettu", safety="Salainen Nimi uhkasi veitsellä.", surname="Kuvitteellinen"
    )
    met(held, person_id, next_step_text="Kahvit", next_step_on="2026-11-22")

    async def scenario() -> None:
        async with hand_on(held) as hand:
            await hand.sees("Kettu")
            assert hand.client.shows("Turvallisuus")
            assert not hand.client.shows("veitsellä")
            assert not hand.client.shows("Kuvitteellinen")

    run(scenario())


def test_two_facts_that_disagree_are_marked_on_the_row(run: Run, tmp_path: Path) -> None:
    server = PairServer()
    social, nurse = phone(tmp_path, SOCIAL, server), phone(tmp_path, NURSE, server)
    person_id = add_person(social, "Kettu")
    met(social, person_id, next_step_text="Kahvit", next_step_on="2026-11-22")
    social.sync()
    nurse.sync()
    nurse.device.change(person_id, phone="040 111 1111")
    social.device.change(person_id, phone="040 222 2222")
    nurse.sync()
    social.sync()

    async def scenario() -> None:
        async with hand_on(social) as hand:
            await hand.sees("Kaksi tietoa")

    run(scenario())


def test_an_agency_step_is_named_by_its_label(run: Run, tmp_path: Path) -> None:
    held = phone(tmp_path, SOCIAL)
    person_id = add_person(held, "Kettu", own_worker=SOCIAL)
    held.device.write(
        NavigationStep(
            id=held.device.new_id(),
            kind="application",
            application="deposit",
            status="in_progress",
            due_on="2026-11-20",
        ),
        person_id,
    )

    async def scenario() -> None:
        async with hand_on(held) as hand:
            await hand.sees("2 päivää sitten: Vuokravakuus")

    run(scenario())


def test_a_visit_nobody_came_out_of_is_urgent(run: Run, tmp_path: Path) -> None:
    held = phone(tmp_path, SOCIAL)
    add_person(held, "Kettu")

    async def scenario() -> None:
        async with hand_on(held, "/contact/new-kind-home") as hand:
            await hand.sees("Kettu")
            await hand.tap_row("Kettu")
            await hand.tap("Ulkona klo 12.45")
            await hand.drafts_on_disk()
            held.device.clock.move(minutes=31)
            await hand.client.back()
            await hand.sees("Poistumisaika 12.45 on ohi.")
            texts = hand.client.texts()
            assert texts.index("Kiireelliset ja turvallisuus") < texts.index("Kettu · Kotikäynti")

    run(scenario())


def test_an_acute_intake_is_shown_whoever_works_with_it(run: Run, tmp_path: Path) -> None:
    held = phone(tmp_path, SOCIAL)
    person_id = held.device.new_id()
    held.device.write(Person(id=person_id, name="Vihreä reppu"), person_id, opens={person_id: TEAM})
    held.device.write(
        Matter(
            id=held.device.new_id(),
            opened_on="2026-11-22",
            received_at="2026-11-22T08:00:00.000Z",
            urgency="now",
        ),
        person_id,
    )

    async def scenario() -> None:
        async with hand_on(held) as hand:
            await hand.sees("Vihreä reppu")
            assert hand.client.shows("Kiireelliset ja turvallisuus")

    run(scenario())


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_day_is_shown_in_each_language(run: Run, tmp_path: Path, language: str) -> None:
    held = phone(tmp_path, SOCIAL)
    a_full_day(held)

    async def scenario() -> None:
        async with hand_on(held, language=language) as hand:
            await hand.sees("Professori")
        async with hand_on(held, "/contact/new", language=language) as hand:
            await hand.sees("Professori")

    run(scenario())


def test_a_wide_screen_shows_the_same_day(run: Run, tmp_path: Path) -> None:
    held = phone(tmp_path, SOCIAL)
    a_full_day(held)

    async def scenario() -> None:
        async with hand_on(held, width=1280) as hand:
            await hand.sees("Professori")

    run(scenario())


def test_a_draft_of_another_screen_leads_to_its_own_form(run: Run, tmp_path: Path) -> None:
    held = phone(tmp_path, SOCIAL)
    person_id = add_person(held, "Kettu")
    draft = held.store.new_draft("task", f"person/{person_id}")
    record_id = held.device.new_id()
    held.store.put_draft(replace(draft, content={"record": record_id, "shown": {}}))

    async def scenario() -> None:
        async with hand_on(held) as hand:
            await hand.sees("Kettu · Tehtävä")
            await hand.tap_row("Kettu · Tehtävä")
            assert hand.client.tree["route"] == f"/people/{person_id}/task/new"

    run(scenario())


@pytest.mark.parametrize(
    ("form", "label"),
    [
        ("settle", "Ristiriidan ratkaisu"),
        ("housing", "Asumistilanne"),
        ("person", "Asiakkaan tiedot"),
        ("navigation_step", "Palveluohjauksen vaihe"),
    ],
)
def test_a_draft_says_what_it_was_going_to_be(
    run: Run, tmp_path: Path, form: str, label: str
) -> None:
    held = phone(tmp_path, SOCIAL)
    person_id = add_person(held, "Kettu")
    draft = held.store.new_draft(form, f"person/{person_id}")
    held.store.put_draft(replace(draft, content={"record": person_id, "shown": {}}))

    async def scenario() -> None:
        async with hand_on(held) as hand:
            await hand.sees(f"Kettu · {label}")
            assert not hand.client.shows("Luonnos ")

    run(scenario())


def test_what_is_only_here_says_how_old_the_oldest_is(run: Run, tmp_path: Path) -> None:
    held = phone(tmp_path, SOCIAL)
    add_person(held, "Kettu")
    held.device.clock.move(hours=3)

    async def scenario() -> None:
        async with hand_on(held) as hand:
            await hand.sees("2 kirjausta vain tässä puhelimessa")
            assert hand.client.shows("Vanhin 3 t sitten.")

    run(scenario())


def test_a_very_long_name_and_step_are_shown(run: Run, tmp_path: Path) -> None:
    held = phone(tmp_path, SOCIAL)
    person_id = add_person(held, "Pitkä nimi " * 10)
    met(held, person_id, next_step_text="Pitkä askel " * 20, next_step_on="2026-11-22")

    async def scenario() -> None:
        async with hand_on(held) as hand:
            await hand.sees("Pitkä nimi")
            await hand.sees("Tänään: Pitkä askel")

    run(scenario())
