"""The fictional past: the same for a seed, of a real caseload's size and shape, and sound."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import TypeVar

import pytest

from field_app.demo import voice
from field_app.demo.caseload import DAYS, Caseload, demo_caseload
from field_app.demo.history import Chain, Scribe
from field_app.demo.organisation import DemoOrganisation, demo_organisation
from field_app.domain.clock import day_plus, local_day
from field_app.domain.declaration import Record
from field_app.domain.known_codes import require_known_codes
from field_app.domain.records import Encounter, HealthNote, Matter, NavigationStep, Person
from field_app.sync.changes import NO_PREVIOUS, ChangeSet
from tests.store.makers import SeededEntropy

TODAY = "2026-11-22"
Kind = TypeVar("Kind", bound=Record)


@cache
def organisation(seed: int = 1) -> DemoOrganisation:
    return demo_organisation(seed)


@cache
def caseload(seed: int = 1, injected: tuple[str, ...] = ()) -> Caseload:
    return demo_caseload(organisation(seed), seed, TODAY, injected)


def records(seed: int = 1) -> dict[str, Record]:
    """Every record as it stands at the end."""
    return {one.id: one for save in caseload(seed).saves for one in save.records}


def of_type(kind: type[Kind]) -> list[Kind]:
    return [one for one in records().values() if isinstance(one, kind)]


def written(seed: int = 1) -> list[ChangeSet]:
    workers = organisation(seed).workers
    chains = {one.id: Chain(one.id, dict.fromkeys(one.teams, 1)) for one in workers}
    scribe = Scribe(SeededEntropy("scribe"), chains)
    sets = (scribe.write(save) for save in caseload(seed).saves)
    return [one for one in sets if one is not None]


def test_a_seed_always_tells_the_same_story() -> None:
    assert demo_caseload(demo_organisation(7), 7, TODAY).saves == caseload(7).saves


def test_another_seed_tells_another_one() -> None:
    assert caseload(1).people != caseload(2).people


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_it_has_the_size_that_was_promised(seed: int) -> None:
    assert len(organisation(seed).teams) == 3
    assert len(organisation(seed).workers) == 9
    assert len(caseload(seed).people) == len(set(caseload(seed).people)) == 60
    assert 1_600 <= len(records(seed)) <= 2_600


def test_it_goes_over_eighteen_months_and_ends_before_today() -> None:
    days = [local_day(save.at) for save in caseload().saves]
    assert days == sorted(days)
    assert days[-1] < TODAY
    assert day_plus(TODAY, -DAYS - 1) <= days[0] < day_plus(TODAY, -400)


def test_every_team_has_people_and_every_person_a_team() -> None:
    opened = {person: team for save in caseload().saves for person, team in save.opens.items()}
    assert opened.keys() == set(caseload().people)
    assert set(Counter(opened.values())) == {team.id for team in organisation().teams}


def test_every_person_goes_by_a_name_and_an_alias() -> None:
    people = of_type(Person)
    assert len(people) == 60
    assert all(one.name and one.aliases for one in people)


def test_there_are_returners_overdue_steps_and_two_duplicates() -> None:
    assert sum(1 for one in of_type(Matter) if one.returner) >= 4
    overdue = [
        one
        for one in of_type(NavigationStep)
        if one.status != "done" and one.due_on and one.due_on < TODAY
    ]
    assert overdue
    assert len(caseload().duplicates) == 2
    for one, other in caseload().duplicates:
        assert one != other
        assert {one, other} <= set(caseload().people)


def test_the_pair_of_the_phones_is_one_teams_two_halves() -> None:
    social, nurse = organisation().pair
    assert (social.role, nurse.role) == ("social_instructor", "nurse")
    assert social.teams == nurse.teams == (organisation().teams[0].id,)
    assert len(organisation().lead.teams) == 3


def test_only_nurses_write_of_health_and_each_note_has_its_meeting() -> None:
    nurses = {worker.id for worker in organisation().workers if worker.is_nurse}
    for save in caseload().saves:
        for record in save.records:
            if isinstance(record, HealthNote):
                assert save.author in nurses
                meeting = records()[record.encounter or ""]
                assert isinstance(meeting, Encounter)
                assert meeting.health_part_recorded
                assert meeting.occasion == record.occasion


def test_every_code_is_of_its_vocabulary() -> None:
    for record in records().values():
        require_known_codes(record)


def test_the_scribe_writes_what_changed_and_replaces_what_stood() -> None:
    heads: dict[tuple[str, str], str] = {}
    for change_set in written():
        assert change_set.fault == ""
        for write_id, _, write in change_set.numbered_writes():
            for key in write.set:
                before = heads.get((write.record, key))
                assert list(write.replaces.get(key, ())) == ([before] if before else [])
                heads[write.record, key] = write_id


def test_each_author_has_a_chain_without_gaps() -> None:
    last: dict[str, tuple[int, str]] = {}
    for change_set in written():
        header = change_set.header
        counter, head = last.get(header.device, (0, NO_PREVIOUS))
        assert (header.counter, header.prev) == (counter + 1, head)
        last[header.device] = header.counter, header.hash


def test_a_later_save_of_a_record_is_its_first_authors() -> None:
    """So authors can push one after the other: what a save replaces is in their own chain."""
    author: dict[str, str] = {}
    for save in caseload().saves:
        for record in save.records:
            assert author.setdefault(record.id, save.author) == save.author


def test_injected_texts_are_used_as_notes_each_of_them() -> None:
    texts = tuple(f"Injektoitu muistiinpano numero {number}" for number in range(40))
    notes = {
        getattr(record, "note", None)
        for save in caseload(1, texts).saves
        for record in save.records
    }
    assert set(texts) <= notes


def test_the_nurses_words_are_never_the_others() -> None:
    others = {*voice.STREET, *voice.OFFICES, *voice.VIEWINGS, *voice.HOME, *voice.PHONE}
    assert not others & set(voice.HEALTH)
