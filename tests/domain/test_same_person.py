"""Records of one human: joined both ways, cycles are safe, taken back at will."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from field_app.domain.same_person import joined, shown_first

_people = st.sampled_from("abcdef")
_links = st.dictionaries(_people, st.none() | _people)


def test_a_chain_of_records_is_one_person() -> None:
    assert joined({"a": "b", "b": "c", "c": None, "d": None}) == {
        "a": frozenset("abc"),
        "b": frozenset("abc"),
        "c": frozenset("abc"),
        "d": frozenset("d"),
    }


def test_a_circle_is_one_person_too() -> None:
    assert joined({"a": "b", "b": "a"})["a"] == frozenset("ab")
    assert joined({"a": "a"}) == {"a": frozenset("a")}


def test_a_link_to_a_record_that_is_not_here_joins_nothing() -> None:
    assert joined({"a": "x", "b": "x"}) == {"a": frozenset("a"), "b": frozenset("b")}


def test_taking_the_link_back_parts_them_again() -> None:
    assert joined({"a": None, "b": None})["a"] == frozenset("a")


def test_the_record_the_others_point_at_is_shown_first() -> None:
    links = {"a": "c", "b": "c", "c": None}
    assert shown_first(frozenset("abc"), links) == "c"
    assert shown_first(frozenset("ab"), {"a": "b", "b": "a"}) == "a"
    assert shown_first(frozenset("d"), {"d": None}) == "d"


@given(_links)
def test_everybody_is_in_exactly_one_group_with_all_of_its_members(
    links: dict[str, str | None],
) -> None:
    groups = joined(links)
    assert groups.keys() == links.keys()
    for person, group in groups.items():
        assert person in group
        assert all(groups[member] == group for member in group)
        assert shown_first(group, links) in group


@given(_links)
def test_the_order_of_the_links_makes_no_difference(links: dict[str, str | None]) -> None:
    assert joined(dict(reversed(links.items()))) == joined(links)
