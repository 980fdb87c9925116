"""Names spelt by ear: alike enough to ask, never joined without a worker."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from field_app.domain.duplicates import (
    ALIKE,
    COMMON_FROM,
    Candidate,
    duplicate_pairs,
    likeness,
    normalised,
    similar_people,
)
from tests.domain.given import an_id
from tests.domain.strategies import words


def somebody(name: str, *aliases: str, **values: object) -> Candidate:
    """A candidate whose id follows from the name."""
    return Candidate(an_id(name), (name, *aliases), **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Punapipo", "Puna-pipo"),
        ("Punapipo", "PUNAPIPPO"),
        ("Kirjaston Nea", "kirjaston  neea"),
        ("Sateenvarjorouva", "Sateenvarjo rouva"),
        ("Päivi", "Paivi"),
        ("Turun poika", "Turunpoika"),
    ],
)
def test_spellings_of_one_name_are_alike(one: str, other: str) -> None:
    assert likeness(one, other) >= ALIKE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kettu", "Kitaramies"),
        ("Punapipo", "Vihreä reppu"),
        ("Turun poika", "Turun tyttö"),
        ("Nea", "Lea"),
        ("Matti", "Mika"),
        ("", "Kettu"),
        ("?!", "?!"),
    ],
)
def test_different_names_are_not(one: str, other: str) -> None:
    assert likeness(one, other) < ALIKE


@given(words, words)
def test_likeness_is_the_same_both_ways_and_within_its_bounds(one: str, other: str) -> None:
    assert likeness(one, other) == likeness(other, one)
    assert 0 <= likeness(one, other) <= 100


@given(words)
def test_a_name_is_wholly_like_itself_unless_it_has_no_letters(name: str) -> None:
    assert likeness(name, name) == (100 if normalised(name) else 0)


def test_typing_a_nickname_finds_people_by_any_of_their_names() -> None:
    people = [somebody("Kettu"), somebody("Eero", "Punapipo"), somebody("Punapippo")]
    found = similar_people("punapipo", people)
    assert [candidate.names[0] for candidate, _ in found] == ["Eero", "Punapippo"]
    assert found[0][1] == 100
    assert similar_people("", people) == ()


def test_pairs_are_proposed_the_likest_first() -> None:
    found = duplicate_pairs(
        [somebody("Punapipo"), somebody("Puna pipo"), somebody("Punapippo"), somebody("Kettu")]
    )
    assert [pair.likeness for pair in found] == sorted(
        (pair.likeness for pair in found), reverse=True
    )
    assert {found[0].first, found[0].second} == {an_id("Punapipo"), an_id("Puna pipo")}
    assert len(found) == 3


def test_pairs_already_joined_are_left_alone() -> None:
    joined = somebody("Puna pipo", same_as=an_id("Punapipo"))
    assert duplicate_pairs([somebody("Punapipo"), joined]) == ()


def test_records_joined_through_a_third_are_left_alone_too() -> None:
    people = [
        Candidate("a" * 32, ("Punapipo",), same_as="c" * 32),
        Candidate("b" * 32, ("Puna pipo",), same_as="c" * 32),
        Candidate("c" * 32, ("Eero",)),
    ]
    assert duplicate_pairs(people) == ()


def test_birth_years_far_apart_tell_namesakes_apart() -> None:
    old = Candidate("a" * 32, ("Jari",), birth_year=1960)
    near = Candidate("b" * 32, ("Jari",), birth_year=1962)
    young = Candidate("c" * 32, ("Jari",), birth_year=1999)
    (pair,) = duplicate_pairs([old, near, young])
    assert (pair.first, pair.second) == (old.person_id, near.person_id)


def test_the_same_number_is_the_same_person_however_it_is_written() -> None:
    one = somebody("Nea", phone="040 123 4567")
    other = somebody("Kettu", phone="+358 40 1234567 (iltaisin)")
    (pair,) = duplicate_pairs([one, other])
    assert pair.likeness == 100


def test_short_numbers_say_nothing() -> None:
    assert duplicate_pairs([somebody("Nea", phone="112"), somebody("Kettu", phone="112")]) == ()


_people = st.lists(words, max_size=8, unique=True).map(
    lambda names: [Candidate(an_id(name), (name,)) for name in names]
)


@given(_people)
def test_looking_only_where_letters_are_shared_misses_no_pair(people: list[Candidate]) -> None:
    found = {(pair.first, pair.second) for pair in duplicate_pairs(people)}
    everything = {
        (one.person_id, other.person_id)
        for one in people
        for other in people
        if one.person_id < other.person_id and likeness(one.names[0], other.names[0]) >= ALIKE
    }
    assert found == everything


@given(_people)
def test_the_order_of_people_makes_no_difference(people: list[Candidate]) -> None:
    assert duplicate_pairs(people[::-1]) == duplicate_pairs(people)


def test_names_stay_out_of_the_repr() -> None:
    assert "Nea" not in repr(somebody("Nea", phone="040 123 4567"))


def test_a_name_that_many_people_share_proposes_nobody() -> None:
    people = [Candidate(f"{number:032x}", ("Mika",)) for number in range(COMMON_FROM)]
    assert duplicate_pairs(people) == ()
    assert duplicate_pairs(people[: COMMON_FROM - 1]) != ()
