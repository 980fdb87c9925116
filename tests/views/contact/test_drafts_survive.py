"""Drafts: every keystroke is on disk before the next; a killed app goes on where it was."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from field_app.domain.errors import DiskFull, StoreError
from field_app.domain.records import Encounter
from field_app.store.drafts import Draft
from tests.views.contact.flows import hand_on
from tests.views.phones import SOCIAL, Phone, add_person, phone

Run = Callable[[Coroutine[Any, Any, None]], None]
WHO = "Kenen kanssa?"
NOTE = "Tavattu aseman kulmalla. Nukkunut porraskäytävässä."


def reopened_drafts(held: Phone) -> list[Draft]:
    """What a new process finds on the same disk."""
    held.kill()
    return held.store.drafts()


def test_after_a_kill_at_any_keystroke_the_draft_holds_what_was_typed_last(
    run: Run, tmp_path: Path
) -> None:
    held = phone(tmp_path, SOCIAL)
    add_person(held, "Punapipo")

    async def scenario() -> None:
        async with hand_on(held, "/contact/new") as hand:
            await hand.sees("Punapipo")
            await hand.tap_row("Punapipo")
            async for typed in hand.key_by_key("Kirjaus", "Kahvi kelpasi"):
                await hand.drafts_on_disk()
                (draft,) = reopened_drafts(held)
                assert draft.content["form"]["note"] == typed

    run(scenario())


def test_a_killed_app_resumes_text_chips_and_person_exactly(run: Run, tmp_path: Path) -> None:
    held = phone(tmp_path, SOCIAL)
    add_person(held, "Punapipo")

    async def typing() -> None:
        async with hand_on(held, "/contact/new") as hand:
            await hand.sees("Punapipo")
            await hand.tap_row("Punapipo")
            await hand.tap("Asuminen")
            await hand.tap("Vointi")
            await hand.type("Kirjaus", NOTE)
            await hand.drafts_on_disk()

    async def resuming() -> None:
        async with hand_on(held) as hand:
            await hand.sees("Punapipo · Katu")
            await hand.tap_row("Punapipo · Katu")
            await hand.sees("Aiheet")
            assert hand.client.find("TextField", "Kirjaus")["value"] == NOTE
            ticked = {
                text
                for each in hand.client.walk(hand.client.scope())
                if each.get("checked")
                for text in hand.client.texts(each)
            }
            assert {"Asuminen", "Vointi"} <= ticked
            assert hand.client.shows("Vaihda")
            await hand.tap("Tallenna")
            await hand.sees("Tallessa tässä puhelimessa")

    run(typing())
    held.kill()
    run(resuming())
    (listed,) = held.store.people()
    (view,) = held.store.person(listed.person_id).of_type("encounter")
    assert isinstance(view.record, Encounter)
    assert view.record.note == NOTE
    assert held.store.drafts() == []


def test_an_untouched_form_leaves_no_draft(run: Run, tmp_path: Path) -> None:
    held = phone(tmp_path, SOCIAL)

    async def scenario() -> None:
        async with hand_on(held, "/contact/new") as hand:
            await hand.sees("Kenen kanssa?")
            await hand.client.back()
            assert not await hand.drafts_on_disk()
            assert not hand.client.shows("Luonnos on tallessa")

    run(scenario())


def test_several_drafts_stand_side_by_side(run: Run, tmp_path: Path) -> None:
    held = phone(tmp_path, SOCIAL)

    async def scenario() -> None:
        async with hand_on(held) as hand:
            for name in ("Kettu", "Professori"):
                await hand.client.go("/contact/new")
                await hand.sees("Kenen kanssa?")
                await hand.type(WHO, name)
                await hand.tap_row(f"Uusi: {name}")
                await hand.client.back()
                await hand.sees(f"{name} · Katu")
            assert len(await hand.drafts_on_disk()) == 2
            assert hand.client.shows("Kettu · Katu")

    run(scenario())


def test_a_draft_is_discarded_only_after_it_was_asked_for_twice(run: Run, tmp_path: Path) -> None:
    held = phone(tmp_path, SOCIAL)

    async def scenario() -> None:
        async with hand_on(held, "/contact/new") as hand:
            await hand.sees("Kenen kanssa?")
            await hand.type(WHO, "Kettu")
            await hand.tap("Poista luonnos")
            assert hand.client.shows("Poistetaanko luonnos?")
            await hand.tap("Säilytä")
            assert len(await hand.drafts_on_disk()) == 1
            await hand.tap("Poista luonnos")
            await hand.tap("Poista")
            assert not await hand.drafts_on_disk()
            await hand.sees("Ei mitään tälle päivälle")

    run(scenario())


def test_a_full_disk_at_a_keystroke_says_so_and_the_next_one_is_kept(
    run: Run, tmp_path: Path
) -> None:
    held = phone(tmp_path, SOCIAL)

    async def scenario() -> None:
        async with hand_on(held, "/contact/new") as hand:
            await hand.sees("Kenen kanssa?")
            held.fails.append(DiskFull("told to fail"))
            await hand.type(WHO, "Ket")
            await hand.sees("Viimeisimmät muutokset eivät ole vielä tallessa.")
            await hand.sees("Laitteen tallennustila on täynnä")
            await hand.type(WHO, "Kettu")
            await hand.sees_no("Viimeisimmät muutokset eivät ole vielä tallessa.")
            (draft,) = await hand.drafts_on_disk()
            assert draft.content["form"]["who_typed"] == "Kettu"

    run(scenario())


def test_a_save_that_fails_keeps_the_draft_and_can_be_tried_again(run: Run, tmp_path: Path) -> None:
    held = phone(tmp_path, SOCIAL)
    person_id = add_person(held, "Punapipo")

    async def scenario() -> None:
        async with hand_on(held, "/contact/new") as hand:
            await hand.sees("Punapipo")
            await hand.tap_row("Punapipo")
            await hand.type("Kirjaus", NOTE)
            await hand.drafts_on_disk()
            held.fails.append(DiskFull("told to fail"))
            await hand.tap("Tallenna")
            await hand.sees("Laitteen tallennustila on täynnä")
            await hand.sees("Kirjaus on tallessa luonnoksena.")
            assert len(await hand.drafts_on_disk()) == 1
            await hand.tap("Tallenna")
            await hand.sees("Tallessa tässä puhelimessa")
            assert not await hand.drafts_on_disk()

    run(scenario())
    assert len(held.store.person(person_id).of_type("encounter")) == 1


def test_an_unknown_failure_is_told_without_its_text(run: Run, tmp_path: Path) -> None:
    held = phone(tmp_path, SOCIAL)
    add_person(held, "Punapipo")

    async def scenario() -> None:
        async with hand_on(held, "/contact/new") as hand:
            await hand.sees("Punapipo")
            await hand.tap_row("Punapipo")
            await hand.drafts_on_disk()
            held.fails.append(StoreError("Salainen Nimi"))
            await hand.tap("Tallenna")
            await hand.sees("Kirjaus on tallessa luonnoksena.")
            assert not hand.client.shows("Salainen")

    run(scenario())


def test_a_text_that_is_too_long_says_what_to_do_and_stays(run: Run, tmp_path: Path) -> None:
    held = phone(tmp_path, SOCIAL)
    add_person(held, "Punapipo")

    async def scenario() -> None:
        async with hand_on(held, "/contact/new") as hand:
            await hand.sees("Punapipo")
            await hand.tap_row("Punapipo")
            await hand.type("Kirjaus", "Pitkä päivä. " * 2000)
            await hand.tap("Tallenna")
            await hand.sees("Teksti on liian pitkä.")
            (draft,) = await hand.drafts_on_disk()
            assert len(draft.content["form"]["note"]) > 20_000
            await hand.type("Kirjaus", "Pitkä päivä.")
            await hand.tap("Tallenna")
            await hand.sees("Tallessa tässä puhelimessa")

    run(scenario())


def test_a_draft_that_is_gone_says_so(run: Run, tmp_path: Path) -> None:
    held = phone(tmp_path, SOCIAL)

    async def scenario() -> None:
        async with hand_on(held, "/contact/" + "0" * 32) as hand:
            await hand.sees("Luonnosta ei enää ole")

    run(scenario())


def test_after_the_lock_the_form_goes_on_where_it_was(run: Run, tmp_path: Path) -> None:
    held = phone(tmp_path, SOCIAL)
    add_person(held, "Punapipo")

    async def scenario() -> None:
        async with hand_on(held, "/contact/new") as hand:
            await hand.sees("Punapipo")
            await hand.tap_row("Punapipo")
            await hand.type("Kirjaus", NOTE)
            await hand.lock_and_unlock()
            await hand.sees("Vaihda")
            assert hand.client.find("TextField", "Kirjaus")["value"] == NOTE

    run(scenario())


def test_after_leaving_on_purpose_the_next_form_is_empty(run: Run, tmp_path: Path) -> None:
    held = phone(tmp_path, SOCIAL)
    add_person(held, "Punapipo")

    async def scenario() -> None:
        async with hand_on(held, "/contact/new") as hand:
            await hand.sees("Punapipo")
            await hand.tap_row("Punapipo")
            await hand.type("Kirjaus", NOTE)
            await hand.client.back()
            await hand.sees("Luonnos on tallessa.")
            await hand.lock_and_unlock()
            await hand.client.go("/contact/new")
            await hand.sees("Kenen kanssa?")
            assert not hand.client.find("TextField", "Kirjaus").get("value")

    run(scenario())


def test_the_very_last_keystroke_before_a_lock_is_on_disk(run: Run, tmp_path: Path) -> None:
    held = phone(tmp_path, SOCIAL)

    async def scenario() -> None:
        async with hand_on(held, "/contact/new") as hand:
            await hand.sees("Kenen kanssa?")
            for end in range(1, len(NOTE) + 1):
                await hand.type("Kirjaus", NOTE[:end])
            await hand.lock_and_unlock()

    run(scenario())
    (draft,) = reopened_drafts(held)
    assert draft.content["form"]["note"] == NOTE
