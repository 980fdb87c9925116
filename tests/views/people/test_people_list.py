"""The list of people: who is first, what a row says, what a search finds."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any

from field_app.domain.records import Encounter, Task
from field_app.domain.summary import PersonSummary
from field_app.store.case_list import ListedPerson
from field_app.store.search import Hit
from field_app.views.people.program import (
    Alike,
    FindAlike,
    Found,
    Listed,
    People,
    Search,
    Typed,
    WatchPeople,
    attention,
    init,
    people_found,
    texts_found,
    update,
)
from tests.views.case import full_case, health_of, new_case, nurse_phone, on_screen, social_phone

Run = Callable[[Coroutine[Any, Any, None]], None]
TODAY = "2026-11-22"


def someone(person_id: str, **facts: Any) -> ListedPerson:
    return ListedPerson(PersonSummary(person_id, name=person_id, is_open=True, **facts))


def test_the_list_begins_by_reading_the_store() -> None:
    model, effects = init()
    assert model.people is None
    assert effects == (WatchPeople(),)


def test_an_urgent_person_stands_before_everyone_else() -> None:
    calm, urgent = someone("a"), someone("b", urgent_task=True)
    model, _ = update(People(), Listed((calm, urgent), TODAY))
    assert model.people == (urgent, calm)


def test_the_order_is_today_s_sections_then_the_name() -> None:
    conflicted = replace(someone("c"), conflicted=(("r", "person", "phone"),))
    people = (someone("b"), someone("a"), conflicted)
    ordered = sorted(people, key=lambda one: attention(one, TODAY))
    assert [one.person_id for one in ordered] == ["c", "a", "b"]


def test_archived_people_are_not_listed() -> None:
    model, _ = update(People(), Listed((someone("a", archived=True),), TODAY))
    assert model.people == ()


def test_words_typed_are_searched_and_an_empty_field_ends_the_search() -> None:
    model, effects = update(People(), Typed("puna"))
    assert effects == (Search("puna"),)
    model, effects = update(model, Typed("  "))
    assert (model.typed, model.found) == ("", None)
    assert effects == (Search(""),)


def test_an_answer_to_older_words_is_not_shown() -> None:
    model, _ = update(People(), Typed("punapipo"))
    model, _ = update(model, Found("puna", (), True))
    assert model.found is None


def test_a_changed_store_repeats_the_search_that_is_shown() -> None:
    model, _ = update(People(), Typed("kettu"))
    _, effects = update(model, Listed((someone("a"),), TODAY))
    assert Search("kettu") in effects
    assert any(isinstance(effect, FindAlike) for effect in effects)


def test_names_come_before_texts_and_strangers_not_at_all() -> None:
    hits = (
        Hit("n", "encounter", "person/a", "text", "…aseman kulmalla"),
        Hit("a", "person", "person/a", "name", "A"),
        Hit("d", "directory_entry", "org/directory", "name", "Kela"),
        Hit("x", "encounter", "person/unknown", "text", ""),
    )
    found, known = Found("a", hits, True), {"a": someone("a")}
    assert people_found(found, known) == ("a",)
    assert [hit.record_id for hit in texts_found(found, known)] == ["n"]


def test_people_who_may_be_the_same_are_kept_with_the_list() -> None:
    model, _ = update(People(), Alike({"a": "b"}))
    assert model.alike == {"a": "b"}


def test_the_model_shows_no_names_in_its_repr() -> None:
    model, _ = update(People(), Listed((someone("Salainen Nimi"),), TODAY))
    model, _ = update(model, Typed("Salainen Nimi"))
    assert "Salainen" not in repr(model)


def test_a_row_says_the_next_step_the_last_contact_and_what_must_not_be_missed(
    tmp_path: Path, run: Run
) -> None:
    async def scenario() -> None:
        phone = social_phone(tmp_path)
        full_case(phone)
        async with on_screen(phone) as client:
            assert client.shows("Punapipo · Kitaramies")
            assert client.shows("ke 25.11. · Nähdään torstaina")
            assert client.shows("Tavoitettu 2 pv sitten")
            for mark in ("Turvallisuusmerkintä", "Myöhässä", "vain tässä puhelimessa"):
                assert mark in client.texts()
            assert not client.shows("ei kotona"), "the sign's text waits on the person page"
            assert not client.shows("Kuvitteellinen"), "a surname never stands in a list"

    run(scenario())


def test_without_people_the_list_says_what_to_do(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        async with on_screen(social_phone(tmp_path)) as client:
            assert "Ei vielä asiakkaita" in client.texts()
            await client.tap("Kirjaa")
            assert "Muualla" in client.texts()

    run(scenario())


def test_a_search_finds_names_first_and_then_notes(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        phone = social_phone(tmp_path)
        case = full_case(phone)
        other = new_case(phone, "Kettu")
        other.add(
            Encounter(
                id=other.new_id(), at=other.ago(3), note="Kysyi punapiposta aseman kahviossa."
            )
        )
        async with on_screen(phone) as client:
            await client.type_into("Hae nimi, paikka tai teksti", "punapipo")
            await client.until(lambda: client.shows("Nimen mukaan: 1"))
            assert client.shows("Teksteistä: 1")
            assert client.shows("Kysyi punapiposta")
            await client.tap_inside("Punapipo · Kitaramies")
            await client.until(lambda: client.shows("Viimeksi tavoitettu"))
            assert client.tree["route"] == case.path

    run(scenario())


def test_while_the_index_is_built_the_search_says_so(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        phone = social_phone(tmp_path)
        full_case(phone)
        async with on_screen(phone) as client:
            await client.type_into("Hae nimi, paikka tai teksti", "zzz")
            await client.until(lambda: client.shows("Hakua rakennetaan vielä"))
            await phone.cases(lambda store: store.index_filled())
            await client.until(lambda: client.shows("Ei osumia"))

    run(scenario())


def test_a_nurse_finds_a_health_note_but_the_list_does_not_show_its_words(
    tmp_path: Path, run: Run
) -> None:
    async def scenario() -> None:
        phone = nurse_phone(tmp_path)
        health_of(full_case(phone))
        async with on_screen(phone) as client:
            await client.type_into("Hae nimi, paikka tai teksti", "haava")
            await client.until(lambda: "Terveysosa" in client.texts())
            assert not client.shows("puhdistettu")

    run(scenario())


def test_a_social_instructor_finds_no_health_note_even_if_one_were_there(
    tmp_path: Path, run: Run
) -> None:
    async def scenario() -> None:
        phone = social_phone(tmp_path)
        health_of(full_case(phone))
        async with on_screen(phone) as client:
            await client.type_into("Hae nimi, paikka tai teksti", "haava")
            await phone.cases(lambda store: store.index_filled())
            await client.until(lambda: client.shows("Ei osumia"))

    run(scenario())


def test_a_new_urgent_task_moves_a_person_to_the_top_by_itself(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        phone = social_phone(tmp_path)
        new_case(phone, "Aatos")
        last = new_case(phone, "Öljylamppu")
        async with on_screen(phone) as client:
            assert _order(client.texts(), "Aatos", "Öljylamppu")
            task = Task(id=last.new_id(), title="Soita heti", urgent=True)
            await phone.cases(lambda _: last.add(task))
            await client.until(lambda: _order(client.texts(), "Öljylamppu", "Aatos"))
            assert "Kiireellinen" in client.texts()

    run(scenario())


def test_two_who_may_be_one_are_marked(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        phone = social_phone(tmp_path)
        new_case(phone, "Punapipo")
        new_case(phone, "Puna-pipo")
        async with on_screen(phone) as client:
            await client.until(lambda: client.texts().count("ehkä sama henkilö") == 2)

    run(scenario())


def test_on_a_desk_the_person_opens_beside_the_list(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        phone = social_phone(tmp_path)
        case = full_case(phone)
        async with on_screen(phone, case.path, width=1280) as client:
            await client.until(lambda: client.shows("Viimeksi tavoitettu"))
            assert client.shows("Hae nimi, paikka tai teksti")

    run(scenario())


def test_more_than_fifty_people_come_a_page_at_a_time(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        phone = social_phone(tmp_path)
        for number in range(53):
            new_case(phone, f"Testi {number:02}")
        async with on_screen(phone) as client:
            assert not client.shows("Testi 52")
            await client.tap("Näytä lisää (vielä 3)")
            assert client.shows("Testi 52")

    run(scenario())


def _order(texts: list[str], first: str, second: str) -> bool:
    found = [text for text in texts if text in (first, second)]
    return found[:2] == [first, second]
