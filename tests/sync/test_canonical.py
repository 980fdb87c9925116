"""Canonical bytes: one spelling for each value, and nothing that Python alone understands."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from field_app.domain.errors import Malformed
from field_app.sync.canonical import canonical_bytes, parse, same_value, sha256_hex

json_values = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(2**63), 2**63),
        st.text(st.characters(exclude_categories=["Cs"])),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(
            st.text(st.characters(exclude_categories=["Cs"]), max_size=8), inner, max_size=4
        ),
    ),
    max_leaves=20,
)


@given(json_values)
def test_what_is_written_is_read_back_and_written_the_same(value: Any) -> None:
    written = canonical_bytes(value)
    read = parse(written)
    assert read == value
    assert canonical_bytes(read) == written


@given(json_values)
def test_a_value_has_no_line_breaks_so_that_it_fits_in_a_line(value: Any) -> None:
    assert b"\n" not in canonical_bytes(value)


def test_keys_are_sorted_by_code_point_and_nothing_is_padded() -> None:
    # U+FF5E sorts before U+1F600 by code point; by UTF-16 unit it would not.
    value = {"b": 1, "a": [1, {"d": None, "c": True}], "\U0001f600": 0, "～": 0, "ä": "ö"}
    expected = '{"a":[1,{"c":true,"d":null}],"b":1,"ä":"ö","～":0,"\U0001f600":0}'
    assert canonical_bytes(value) == expected.encode()


@pytest.mark.parametrize(
    "value",
    [1.0, 0.5, -0.0, 1e300, [1.5], {"dose": 2.5}, float("nan"), float("inf"), [[[{"a": 0.1}]]]],
)
def test_a_float_is_not_written(value: Any) -> None:
    with pytest.raises(Malformed):
        canonical_bytes(value)


@pytest.mark.parametrize("raw", [b"1.0", b"1e3", b'{"dose":2.5}', b"[NaN]", b"Infinity", b"-1E1"])
def test_a_float_is_not_read(raw: bytes) -> None:
    with pytest.raises(Malformed):
        parse(raw)


@pytest.mark.parametrize("key", [1, True, None, 1.5, (1, 2)])
def test_an_object_has_text_keys_only(key: Any) -> None:
    # The standard encoder would write {True: 1} as {"true":1}: another value than was meant.
    with pytest.raises(Malformed):
        canonical_bytes({key: "x"})


@pytest.mark.parametrize("value", [b"bytes", {1, 2}, object(), "\ud800", ["\udfff"]])
def test_what_json_cannot_say_is_not_written(value: Any) -> None:
    with pytest.raises(Malformed):
        canonical_bytes(value)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"nul",
        b"{'a':1}",
        b'{"a":1}{"b":2}',
        b"\xef\xbb\xbf{}",
        b'"\xff"',
        b'"\xed\xa0\x80"',
        b'"\xc0\xaf"',
        b'"\t"',
        b"[1,]",
        b"01",
    ],
)
def test_bytes_that_are_not_strict_json_are_refused(raw: bytes) -> None:
    with pytest.raises(Malformed):
        parse(raw)


@pytest.mark.parametrize("raw", [rb'"\ud800"', rb'{"a":"\uDFFF"}', rb'"\ud83dx"', rb'"x\ude00"'])
def test_half_a_surrogate_pair_is_refused_since_it_could_never_be_written_again(raw: bytes) -> None:
    with pytest.raises(Malformed):
        parse(raw)


def test_a_whole_surrogate_pair_is_a_character() -> None:
    assert parse(rb'"\ud83d\ude00"') == "\U0001f600"


@pytest.mark.parametrize("opening", [b"[", b'{"a":'])
def test_nesting_without_end_is_refused_and_not_a_crash(opening: bytes) -> None:
    with pytest.raises(Malformed):
        parse(opening * 100_000)


def test_nesting_without_end_is_not_written_either() -> None:
    value: list[Any] = []
    for _ in range(100_000):
        value = [value]
    with pytest.raises(Malformed):
        canonical_bytes(value)


def test_a_whole_number_of_any_length_is_refused_before_it_costs_time() -> None:
    with pytest.raises(Malformed):
        parse(b"9" * 10_000)


def test_true_one_and_the_text_one_are_three_values() -> None:
    three = [True, 1, "1"]
    for index, one in enumerate(three):
        for other_index, other in enumerate(three):
            assert same_value(one, other) == (index == other_index)
    assert not same_value([True], [1])
    assert not same_value({"a": False}, {"a": 0})
    assert not same_value(None, False)
    assert not same_value("", None)
    assert same_value({"a": 1, "b": [None]}, {"b": [None], "a": 1})


@given(json_values, json_values)
def test_values_are_the_same_exactly_when_their_bytes_are(one: Any, other: Any) -> None:
    assert same_value(one, other) == (canonical_bytes(one) == canonical_bytes(other))
    assert same_value(one, one)


def test_a_hash_is_64_hex_digits_of_sha_256() -> None:
    known = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert sha256_hex(b"") == known
