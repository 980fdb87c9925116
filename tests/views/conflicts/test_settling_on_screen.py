"""Both halves wrote apart: what they see, how they settle it, and that all devices converge."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from field_app.domain.records import HealthNote, HousingPeriod, Person
from field_app.store.drafts import Draft
from tests.views.conflicts.pair import MINE, MINUTE, NOTE, THEIRS, Pair, at
from tests.views.desk import DeskPhone
from tests.views.flet_client import FletClient

Run = Callable[[Coroutine[Any, Any, None]], None]


@pytest.fixture
def pair(tmp_path: Path) -> Pair:
    return Pair(tmp_path)


async def choose(client: FletClient, key: str, number: int = 0, *, choice: str = "") -> None:
    """Tap a choice of a card: the number of a value, or the name of another answer."""
    prefix = f"choice {key} "
    named = [
        e["identifier"]
        for e in client.walk(client.scope())
        if str(e.get("identifier", "")).startswith(prefix)
    ]
    wanted = prefix + choice if choice else named[number]
    node = client.identified(wanted)
    await client.event(next(e for e in client.walk(node) if e.get("on_click")), "click")


async def save(client: FletClient, text: str = "Tallenna ratkaisu") -> None:
    await client.tap(text)
    await client.until(lambda: client.shows("Ratkaistu:"))


def drafts(device: DeskPhone) -> list[Draft]:
    return device.store.drafts()


def test_the_list_names_the_person_the_field_and_how_many_values(run: Run, pair: Pair) -> None:
    pair.disagree_about(phone=("040 111 1111", "040 222 2222"))

    async def scenario() -> None:
        async with at(pair.social, "/conflicts") as client:
            assert client.shows("1 kirjaus odottaa ratkaisua")
            assert client.shows("Punapipo")
            assert client.shows("Puhelin · 2 tietoa")
            await client.tap_inside("Punapipo")
            await client.until(lambda: client.shows("Kumpi pitää paikkansa?"))

    run(scenario())


def test_without_conflicts_the_list_says_what_would_come_there(run: Run, pair: Pair) -> None:
    async def scenario() -> None:
        async with at(pair.social, "/conflicts") as client:
            assert client.shows("Ei ristiriitoja")

    run(scenario())


def test_both_values_are_shown_with_who_wrote_each_and_when(run: Run, pair: Pair) -> None:
    pair.disagree_about(phone=("040 111 1111", "040 222 2222"))

    async def scenario() -> None:
        async with at(pair.lead, f"/conflicts/{pair.person}") as client:
            for text in ("040 111 1111", "040 222 2222", "näytetään nyt", "Punapipo"):
                assert client.shows(text), text
            assert client.shows("Outi Testi · 22.11.2026 klo 12.20")
            assert client.shows("Niko Koe · 22.11.2026 klo 12.21")

    run(scenario())


def test_a_phone_number_is_settled_by_one_of_the_two_and_all_converge(run: Run, pair: Pair) -> None:
    pair.disagree_about(phone=("040 111 1111", "040 222 2222"))
    assert pair.conflicts() == [("phone",)] * 3
    losing = next(head.value for head in pair.social.device.shown(pair.person).heads["phone"][1:])

    async def scenario() -> None:
        async with at(pair.social, f"/conflicts/{pair.person}") as client:
            await choose(client, "phone", 1)
            await save(client)
            assert client.shows("Vain tässä laitteessa")
            await pair.social.sync_now()
            await client.until(lambda: client.shows("Tallessa palvelimella."))
            assert client.shows("Ei ristiriitoja")

    run(scenario())
    pair.sync_all()
    assert pair.conflicts() == [()] * 3
    assert {one["phone"] for one in pair.shown()} == {losing}
    written = pair.everything_written(pair.person, "phone")
    assert {"040 111 1111", "040 222 2222"} <= set(written), "nothing was lost"
    assert not drafts(pair.social)


def test_a_third_number_can_be_said_instead(run: Run, pair: Pair) -> None:
    pair.disagree_about(phone=("040 111 1111", "040 222 2222"))

    async def scenario() -> None:
        async with at(pair.nurse, f"/conflicts/{pair.person}") as client:
            await choose(client, "phone", choice="other")
            await client.type_into("Puhelin", "040 333 3333")
            await save(client)

    run(scenario())
    pair.sync_all()
    assert {one["phone"] for one in pair.shown()} == {"040 333 3333"}


def test_two_notes_are_joined_and_no_line_of_either_is_lost(run: Run, pair: Pair) -> None:
    pair.disagree_about(pair.meeting, note=(MINE, THEIRS))

    async def scenario() -> None:
        async with at(pair.social, f"/conflicts/{pair.meeting}") as client:
            await choose(client, "note", choice="joined")
            joined = client.find("TextField")["value"]
            await client.type_into("Kirjaus", f"{joined}\nSovittu yhdessä.")
            await save(client)

    run(scenario())
    pair.sync_all()
    notes = {str(one["note"]) for one in pair.shown(pair.meeting)}
    (note,) = notes
    assert {*MINE.split("\n"), *THEIRS.split("\n"), "Sovittu yhdessä."} <= set(note.split("\n"))
    assert "Outi Testi, 22.11.2026 klo 12.20:" in note
    assert note.count(NOTE) == 1, "what both began with stands once"
    assert pair.conflicts(pair.meeting) == [()] * 3


def test_a_signed_note_in_conflict_can_be_settled(run: Run, pair: Pair) -> None:
    pair.disagree_about(pair.meeting, note=(MINE, THEIRS))
    for one in pair.all:
        one.device.clock.move(hours=30)

    async def scenario() -> None:
        async with at(pair.nurse, f"/conflicts/{pair.meeting}") as client:
            await choose(client, "note", 0)
            await save(client)

    run(scenario())
    pair.sync_all()
    assert pair.conflicts(pair.meeting) == [()] * 3


def test_housing_is_never_settled_by_one_tap_but_asked_when(run: Run, pair: Pair) -> None:
    pair.disagree_about(
        housing_situation=("with_others", "outdoors"),
        housing_since=("2026-11-01", "2026-11-15"),
    )

    async def scenario() -> None:
        async with at(pair.social, f"/conflicts/{pair.person}") as client:
            assert client.shows("Milloin alkoi?")
            assert client.find("FilledButton")["disabled"]
            assert client.shows("15.11.2026 alkaen")
            await choose(client, "housing", choice="dated")
            await save(client)

    run(scenario())
    pair.sync_all()
    for one in pair.all:
        person = one.device.shown(pair.person).record
        assert isinstance(person, Person)
        assert (person.housing_situation, person.housing_since) == ("outdoors", "2026-11-15")
        (period,) = [
            view.record for view in one.store.person(pair.person).of_type("housing_period")
        ]
        assert isinstance(period, HousingPeriod)
        assert period.situation == "with_others"
        assert (period.started_on, period.ended_on) == ("2026-11-01", "2026-11-15")


def test_two_situations_of_one_day_wait_for_a_better_answer(run: Run, pair: Pair) -> None:
    pair.disagree_about(
        housing_situation=("with_others", "outdoors"),
        housing_since=("2026-11-15", "2026-11-15"),
    )

    async def scenario() -> None:
        async with at(pair.social, f"/conflicts/{pair.person}") as client:
            assert client.shows("Anna päivät, jotta järjestys selviää")
            assert client.find("FilledButton")["disabled"]

    run(scenario())


def test_settled_on_both_phones_apart_the_housing_history_has_one_period(
    run: Run, pair: Pair
) -> None:
    pair.disagree_about(
        housing_situation=("with_others", "outdoors"),
        housing_since=("2026-11-01", "2026-11-15"),
    )

    async def settle(device: DeskPhone) -> None:
        async with at(device, f"/conflicts/{pair.person}") as client:
            await choose(client, "housing", choice="dated")
            await save(client)

    run(settle(pair.social))
    run(settle(pair.nurse))
    pair.sync_all()
    assert pair.conflicts() == [()] * 3
    for one in pair.all:
        assert len(one.store.person(pair.person).of_type("housing_period")) == 1


def test_a_note_in_the_health_register_is_the_nurses_alone(run: Run, pair: Pair) -> None:
    note = HealthNote(id=pair.nurse.device.new_id(), at=MINUTE, note="Haava puhdistettu.")
    pair.nurse.device.write(note, pair.person)
    pair.sync_all()
    shown = pair.nurse.device.shown(note.id)
    pair.nurse.device.change(note.id, shown, note="Haava sidottu.")
    pair.nurse.device.change(note.id, shown, note="Haava avoin.")
    pair.sync_all()

    async def scenario() -> None:
        async with at(pair.nurse, "/conflicts") as client:
            assert client.shows("1 kirjaus odottaa ratkaisua")
            assert not client.shows("Kirjaus · 2 tietoa"), "health fields are not named in a list"
            await client.tap_inside("Punapipo")
            await client.until(lambda: client.shows("näytetään nyt"))
            assert not client.shows("Haava"), "health words wait for a hold"
            hidden = [e for e in client.walk(client.scope()) if e.get("on_long_press")]
            await client.hold(hidden[0])
            assert client.shows("Haava")
        for other in (pair.social, pair.lead):
            async with at(other, "/conflicts") as client:
                assert client.shows("Ei ristiriitoja")

    run(scenario())


def test_several_fields_are_settled_together_and_the_others_wait(run: Run, pair: Pair) -> None:
    pair.disagree_about(phone=("040 111 1111", "040 222 2222"), where_found=("Asema", "Kirjasto"))

    async def scenario() -> None:
        async with at(pair.social, f"/conflicts/{pair.person}") as client:
            await choose(client, "phone", 0)
            await save(client, "Tallenna ratkaistut (1/2)")
            assert not client.shows("040 222 2222"), "its card is gone"
            assert client.shows("Kirjasto")
            await choose(client, "where_found", 0)
            await save(client)
            await client.until(lambda: pair.conflicts()[0] == ())

    run(scenario())
    pair.sync_all()
    assert pair.conflicts() == [()] * 3


def test_every_keystroke_of_a_settlement_survives_a_kill(run: Run, pair: Pair) -> None:
    pair.disagree_about(pair.meeting, note=(MINE, THEIRS))

    async def typing() -> None:
        async with at(pair.social, f"/conflicts/{pair.meeting}") as client:
            await choose(client, "note", choice="joined")
            await client.type_into("Kirjaus", "Molemmat olivat oikeassa.")
            await client.until(lambda: bool(drafts(pair.social)))
            await pair.social.cases(lambda _: None)  # the store's line is empty

    async def again() -> None:
        async with at(pair.social, f"/conflicts/{pair.meeting}") as client:
            assert client.shows("Jatkat siitä, mihin jäit")
            assert client.find("TextField")["value"] == "Molemmat olivat oikeassa."
            await save(client)

    run(typing())
    pair.social.kill()
    run(again())
    assert not drafts(pair.social)
    assert pair.social.device.shown(pair.meeting).values["note"] == "Molemmat olivat oikeassa."


def test_values_that_change_underneath_are_shown_again_and_asked_again(
    run: Run, pair: Pair
) -> None:
    pair.disagree_about(phone=("040 111 1111", "040 222 2222"))
    third = pair.nurse.device.shown(pair.person)

    async def scenario() -> None:
        async with at(pair.social, f"/conflicts/{pair.person}") as client:
            await choose(client, "phone", 0)
            assert not client.find("FilledButton")["disabled"]
            pair.nurse.device.change(pair.person, third, phone="040 444 4444")
            pair.nurse.sync()
            await pair.social.sync_now()
            await client.until(
                lambda: (
                    client.shows("Joku muu ehti ratkaista tämän")
                    or client.shows("Katso tiedot uudelleen")
                )
            )

    run(scenario())


def test_a_draft_upon_older_values_does_not_settle_newer_ones(run: Run, pair: Pair) -> None:
    pair.disagree_about(phone=("040 111 1111", "040 222 2222"))
    base = pair.lead.device.shown(pair.person)

    async def begin() -> None:
        async with at(pair.social, f"/conflicts/{pair.person}") as client:
            await choose(client, "phone", 0)
            await client.until(lambda: bool(drafts(pair.social)))
            await pair.social.cases(lambda _: None)  # the store's line is empty

    async def again() -> None:
        async with at(pair.social, f"/conflicts/{pair.person}") as client:
            assert client.shows("Katso tiedot uudelleen")
            assert client.find("FilledButton")["disabled"]
            assert client.shows("040 555 5555")

    run(begin())
    # Somebody who saw only one of the two wrote over that one.
    one_head = {"phone": base.base("phone")["phone"][:1]}
    from dataclasses import replace

    from field_app.store.editing import Edit

    edit = Edit(pair.person, "person", base.scope, {"phone": "040 555 5555"}, one_head)
    pair.lead.store.save([replace(edit)])
    pair.sync_all()
    run(again())


def test_what_was_typed_is_still_there_when_others_settled_first(run: Run, pair: Pair) -> None:
    pair.disagree_about(pair.meeting, note=(MINE, THEIRS))

    async def scenario() -> None:
        async with at(pair.social, f"/conflicts/{pair.meeting}") as client:
            await choose(client, "note", choice="joined")
            await client.type_into("Kirjaus", "Oma tekstini.")
            await client.until(lambda: bool(drafts(pair.social)))
            await pair.social.cases(lambda _: None)  # the store's line is empty
            view = pair.nurse.device.shown(pair.meeting)
            pair.nurse.device.change(pair.meeting, view, note="Sovittu.")
            pair.nurse.sync()
            await pair.social.sync_now()
            await client.until(lambda: client.shows("Joku muu ehti ratkaista tämän"))
            assert client.shows("Oma tekstini.")

    run(scenario())
    assert drafts(pair.social), "the draft stays until its author throws it away"


def test_a_record_that_is_not_here_says_so(run: Run, pair: Pair) -> None:
    async def scenario() -> None:
        async with at(pair.social, f"/conflicts/{'0' * 32}") as client:
            await client.until(lambda: client.shows("Takaisin") or len(client.texts()) > 2)

    run(scenario())


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_every_kind_of_conflict_is_drawn_in_every_language(
    run: Run, pair: Pair, language: str
) -> None:
    pair.disagree_about(
        phone=("040 1", "040 2"),
        phone_kind=("prepaid", "shared"),
        birth_year=(1980, 1981),
        interpreter=(True, False),
        safety=("Kahden", "Ei kotona"),
        own_worker=(pair.social.account.worker, pair.nurse.account.worker),
        housing_situation=("outdoors", "own_home"),
        eviction_stage=(None, None),
        strengths=("Soittaa kitaraa.\n" * 400, "Pitää kirjoista."),
    )
    pair.disagree_about(pair.meeting, next_try_on=("2026-11-25", "2026-11-26"), note=(MINE, THEIRS))

    async def scenario() -> None:
        for record in (pair.person, pair.meeting):
            async with at(pair.social, f"/conflicts/{record}", language=language) as client:
                assert client.count("FilledButton") == 1
            async with at(pair.social, "/conflicts", language=language, width=1280) as client:
                assert client.shows("Punapipo")

    run(scenario())
