"""Waiting changes: why in plain words, what is in them, accepted or set aside with a reason."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from field_app.domain.errors import CannotAccept
from field_app.locale import Translator
from field_app.server.judging import IRREPARABLE
from field_app.views.coordinator.inbox_program import BROKEN
from field_app.views.coordinator.inbox_render import reason_text
from tests.views.conflicts.pair import at
from tests.views.coordinator.cases import NOTE, SET, waiting_case
from tests.views.desk import DeskPhone, desk
from tests.views.phones import LEAD, NURSE, add_person

Run = Callable[[Coroutine[Any, Any, None]], None]
REASONS = (
    "unknown_write",
    "unknown_person",
    "not_author",
    "part_unreadable",
    "invalid",
    "wrong_register",
    "too_large",
    "moved_record",
    "out_of_scope",
    "grant_ended",
    "opens_elsewhere",
    "person_elsewhere",
    "never_written",
    "joins_case",
    "names_set_aside",
    "id_reused",
    "of_tomorrow",
)


@pytest.fixture
def lead(tmp_path: Path) -> DeskPhone:
    made = desk(tmp_path, LEAD)
    person = add_person(made, "Kettu")
    made.office.content = [waiting_case(made, joined=2, person=person)]
    return made


def test_the_list_says_why_who_and_since_when(run: Run, lead: DeskPhone) -> None:
    async def scenario() -> None:
        async with at(lead, "/inbox") as client:
            assert client.shows("Kirjaajalla ei ole oikeutta tähän asiakkaaseen")
            assert client.shows("Outi Testi · odottanut 2 t")
            assert client.shows("3 tallennusta")

    run(scenario())


def test_a_case_shows_what_it_holds_and_that_it_is_decided_as_a_whole(
    run: Run, lead: DeskPhone
) -> None:
    async def scenario() -> None:
        async with at(lead, "/inbox") as client:
            await client.tap_inside(next(o for o in client.texts() if "oikeutta" in o))
            await client.until(lambda: client.shows("Kettu"))
            assert client.shows(NOTE)
            assert client.shows("Mukana 2 tallennusta, jotka jatkavat tätä.")

    run(scenario())


def test_an_accepted_case_is_told_to_the_server_and_synced(run: Run, lead: DeskPhone) -> None:
    async def scenario() -> None:
        async with at(lead, f"/inbox/{SET}") as client:
            await client.type_into("Perustelu", "Pari sopi asiasta.")
            await client.tap("Hyväksy")
            await client.until(lambda: client.shows("Mikään ei odota"))
            assert client.shows("Muutos hyväksyttiin.")

    run(scenario())
    assert lead.office.decisions == [("accept", SET, "Pari sopi asiasta.")]
    assert lead.syncs_asked == 1


def test_setting_aside_needs_a_reason_that_its_author_will_read(run: Run, lead: DeskPhone) -> None:
    async def scenario() -> None:
        async with at(lead, f"/inbox/{SET}") as client:
            await client.tap("Jätä sivuun")
            assert client.shows("Kirjoita, miksi muutos jätetään sivuun.")
            assert not lead.office.decisions
            await client.type_into("Perustelu", "Väärä henkilö.")
            await client.tap("Jätä sivuun")
            await client.until(lambda: client.shows("Mikään ei odota"))

    run(scenario())
    assert lead.office.decisions == [("set aside", SET, "Väärä henkilö.")]


def test_what_the_server_cannot_accept_keeps_the_reason_typed(run: Run, lead: DeskPhone) -> None:
    refusal = CannotAccept("whose it is", reason="unknown_person")
    lead.office.refuses = refusal

    async def scenario() -> None:
        async with at(lead, f"/inbox/{SET}") as client:
            await client.type_into("Perustelu", "Pari sopi asiasta.")
            await client.tap("Hyväksy")
            await client.until(lambda: client.shows(Translator("fi").error(refusal)))
            assert client.find("TextField", "Perustelu")["value"] == "Pari sopi asiasta."

    run(scenario())
    assert lead.syncs_asked == 0


def test_a_faulty_change_can_only_be_set_aside(run: Run, lead: DeskPhone) -> None:
    lead.office.content = [waiting_case(lead, "invalid")]

    async def scenario() -> None:
        async with at(lead, f"/inbox/{SET}") as client:
            assert client.shows("Tätä ei voi hyväksyä sellaisenaan.")
            assert not client.shows("Hyväksy")

    run(scenario())


def test_what_cannot_be_accepted_is_the_server_s_own_list() -> None:
    assert BROKEN == IRREPARABLE


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_has_plain_words(reason: str, language: str) -> None:
    assert reason not in reason_text(Translator(language), reason)


def test_without_the_server_the_inbox_says_so_and_tries_again(run: Run, lead: DeskPhone) -> None:
    lead.office.is_away = True

    async def scenario() -> None:
        async with at(lead, "/inbox") as client:
            await client.until(lambda: client.shows("Palvelimeen ei saada yhteyttä"))
            lead.office.is_away = False
            await client.tap("Yritä uudelleen")
            await client.until(lambda: client.shows("3 tallennusta") or client.shows("oikeutta"))

    run(scenario())


def test_a_health_case_is_a_nurse_s_and_never_shown_to_a_lead(run: Run, tmp_path: Path) -> None:
    health: dict[str, Any] = {
        "register": "health",
        "record_type": "health_note",
        "values": {"note": "Haava."},
    }
    nurse, lead = desk(tmp_path, NURSE), desk(tmp_path, LEAD)
    for made in (nurse, lead):
        made.office.content = [waiting_case(made, **health)]

    async def scenario() -> None:
        async with at(lead, "/inbox") as client:
            await client.until(lambda: client.shows("Mikään ei odota"))
        async with at(lead, f"/inbox/{SET}") as client:
            assert not client.shows("Haava"), "even if the server sent it by mistake"
        async with at(nurse, "/conflicts") as client:
            await client.tap_inside("Odottavat muutokset")
            await client.until(lambda: client.shows("Terveydenhuollon tiedot"))
        async with at(nurse, f"/inbox/{SET}") as client:
            assert not client.shows("Haava"), "words of health wait for a hold"
            hidden = next(e for e in client.walk(client.scope()) if e.get("on_long_press"))
            await client.hold(hidden)
            assert client.shows("Haava")

    run(scenario())


def test_a_change_of_a_newer_version_is_shown_without_a_crash(run: Run, lead: DeskPhone) -> None:
    lead.office.content = [
        waiting_case(lead, record_type="of_tomorrow", values={"mood": {"deep": [1]}}),
    ]

    async def scenario() -> None:
        async with at(lead, f"/inbox/{SET}") as client:
            assert client.shows("Uudemman version tieto")

    run(scenario())
