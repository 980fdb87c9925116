"""How long a record is stays hidden within its class, and nothing of it is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from field_app.domain.errors import EnvelopeDamaged
from field_app.store.padding import pad, padded_length, unpad


@given(st.binary(max_size=6000))
def test_what_is_padded_comes_back(payload: bytes) -> None:
    assert unpad(pad(payload)) == payload


@given(st.integers(min_value=1, max_value=10**7))
def test_a_class_holds_its_payload_and_wastes_little(length: int) -> None:
    padded = padded_length(length)
    assert padded >= length
    assert padded_length(padded) == padded
    assert padded - length < 256 or padded <= length * 1.12


@given(st.integers(min_value=0, max_value=10**6))
def test_a_longer_payload_is_never_in_a_shorter_class(length: int) -> None:
    assert padded_length(length) <= padded_length(length + 1)


def test_everything_up_to_a_short_note_weighs_the_same() -> None:
    assert {len(pad(bytes(length))) for length in range(253)} == {256}


def test_a_megabyte_has_few_possible_lengths() -> None:
    classes = {padded_length(length) for length in range(4097, 2**20, 7)}
    assert len(classes) < 200


@pytest.mark.parametrize(
    "padded",
    [
        b"",
        b"\0\0\0",
        bytes(255),
        bytes(512),
        b"\0\0\0\x05abcde" + bytes(246) + b"\x01",
        b"\xff\xff\xff\xff" + bytes(252),
    ],
    ids=["nothing", "cut", "short", "too long", "not zeros", "length beyond"],
)
def test_what_padding_never_makes_is_refused(padded: bytes) -> None:
    with pytest.raises(EnvelopeDamaged):
        unpad(padded)
