"""An envelope opens where it was sealed and nowhere else, and its format does not drift."""

from __future__ import annotations

import json
import timeit
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from field_app.domain import errors
from field_app.domain.errors import EnvelopeDamaged, InvalidInput, KeyWorn, StoreLocked
from field_app.store.envelope import Header, RegisterKey, encode_header, read_header
from field_app.store.keyring import DataKey, Keyring
from tests.store.makers import SeededEntropy

GOLDEN = json.loads((Path(__file__).parent / "golden" / "envelope-1.json").read_text())
RECORD = "0123456789abcdef0123456789abcdef"
SCOPE = f"person/{RECORD}"
DATA_KEY = DataKey(bytes(range(8)), bytes(range(32)))
ids = st.text(max_size=40)


def a_keyring() -> Keyring:
    return Keyring(DATA_KEY, SeededEntropy("envelope"))


class FixedNonce:
    """An entropy that always says the same, for golden files."""

    def __init__(self, nonce: bytes) -> None:
        self._nonce = nonce

    def bytes(self, count: int) -> bytes:
        assert count == len(self._nonce)
        return self._nonce

    def new_id(self) -> str:
        raise AssertionError("no ids here")


@given(payload=st.binary(max_size=3000), register=ids, record=ids, scope=ids)
def test_what_is_sealed_opens_in_its_row(
    payload: bytes, register: str, record: str, scope: str
) -> None:
    keyring = a_keyring()
    blob = keyring.seal(register, record, scope, payload)
    assert keyring.open(register, record, scope, blob) == payload
    assert read_header(blob)[0] == Header(DATA_KEY.key_id, register, record, scope)


@settings(max_examples=300)
@given(data=st.data())
def test_a_single_bit_changed_anywhere_is_refused(data: st.DataObject) -> None:
    keyring = a_keyring()
    blob = bytearray(keyring.seal("social", RECORD, SCOPE, b"Nukkunut porraskaytavassa."))
    blob[data.draw(st.integers(0, len(blob) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(EnvelopeDamaged):
        keyring.open("social", RECORD, SCOPE, bytes(blob))


def test_every_byte_of_the_header_is_bound() -> None:
    keyring = a_keyring()
    blob = keyring.seal("social", RECORD, SCOPE, b"x")
    for at in range(read_header(blob)[1]):
        altered = bytearray(blob)
        altered[at] ^= 0xFF
        with pytest.raises(EnvelopeDamaged):
            keyring.open("social", RECORD, SCOPE, bytes(altered))


def test_a_header_rewritten_to_suit_another_row_does_not_help() -> None:
    keyring = a_keyring()
    other = "f" * 32
    blob = keyring.seal("social", RECORD, SCOPE, b"x")
    moved = encode_header(Header(DATA_KEY.key_id, "social", other, SCOPE))
    with pytest.raises(EnvelopeDamaged):
        keyring.open("social", other, SCOPE, moved + blob[read_header(blob)[1] :])


@pytest.mark.parametrize(
    ("register", "record", "scope"),
    [
        ("health", RECORD, SCOPE),
        ("social", "f" * 32, SCOPE),
        ("social", RECORD, "team/" + RECORD),
        ("social", RECORD, "person/" + "f" * 32),
    ],
)
def test_an_envelope_swapped_into_another_row_is_refused(
    register: str, record: str, scope: str
) -> None:
    keyring = a_keyring()
    blob = keyring.seal("social", RECORD, SCOPE, b"x")
    with pytest.raises(EnvelopeDamaged):
        keyring.open(register, record, scope, blob)


@given(st.integers(min_value=0))
def test_a_cut_envelope_is_refused(cut: int) -> None:
    keyring = a_keyring()
    blob = keyring.seal("social", RECORD, SCOPE, b"x")
    with pytest.raises(EnvelopeDamaged):
        keyring.open("social", RECORD, SCOPE, blob[: cut % len(blob)])


@given(st.binary(max_size=200))
def test_bytes_of_any_kind_have_a_header_or_are_refused(blob: bytes) -> None:
    try:
        header, end = read_header(blob)
    except EnvelopeDamaged:
        return
    assert blob[:end] == encode_header(header)


def test_another_stores_key_opens_nothing() -> None:
    blob = a_keyring().seal("social", RECORD, SCOPE, b"x")
    same_id = Keyring(DataKey(DATA_KEY.key_id, bytes(32)), SeededEntropy())
    with pytest.raises(EnvelopeDamaged):
        same_id.open("social", RECORD, SCOPE, blob)


def test_each_register_has_a_key_of_its_own() -> None:
    """Were it one key, a header rewritten to another register's would be all that differs."""
    keyring = a_keyring()
    assert len({keyring.derived(f"register/{name}") for name in ("common", "social")}) == 2


def test_the_same_payload_never_looks_the_same_twice() -> None:
    keyring = a_keyring()
    assert len({keyring.seal("social", RECORD, SCOPE, b"x") for _ in range(100)}) == 100


def test_payloads_of_one_class_give_envelopes_of_one_length() -> None:
    keyring = a_keyring()
    assert len({len(keyring.seal("social", RECORD, SCOPE, bytes(n))) for n in range(253)}) == 1


def test_nothing_of_the_payload_is_in_the_envelope() -> None:
    blob = a_keyring().seal("social", RECORD, SCOPE, b"Punapipo" * 20)
    assert b"Punapipo" not in blob


def test_a_key_that_has_sealed_too_much_seals_no_more_but_still_opens() -> None:
    key = RegisterKey(bytes(32), bytes(8), "social", SeededEntropy(), seals=1, seals_max=2)
    blob = key.seal(RECORD, SCOPE, b"the last")
    with pytest.raises(KeyWorn):
        key.seal(RECORD, SCOPE, b"one more")
    assert key.open(RECORD, SCOPE, blob) == b"the last"


def test_a_dropped_key_seals_and_opens_nothing() -> None:
    key = RegisterKey(bytes(32), bytes(8), "social", SeededEntropy())
    blob = key.seal(RECORD, SCOPE, b"x")
    key.drop()
    with pytest.raises(StoreLocked):
        key.open(RECORD, SCOPE, blob)
    with pytest.raises(StoreLocked):
        key.seal(RECORD, SCOPE, b"x")


@pytest.mark.parametrize("where", [("r" * 256, "s"), ("r", "s" * 256)])
def test_an_id_that_does_not_fit_is_refused(where: tuple[str, str]) -> None:
    with pytest.raises(InvalidInput):
        a_keyring().seal("social", *where, b"x")


@pytest.mark.parametrize("vector", GOLDEN["opens"], ids=lambda vector: str(vector["name"]))
def test_format_version_1_is_sealed_and_opened_as_it_was(vector: dict[str, Any]) -> None:
    data_key = DataKey(bytes.fromhex(vector["key_id"]), bytes.fromhex(vector["data_key"]))
    keyring = Keyring(data_key, FixedNonce(bytes.fromhex(vector["nonce"])))
    where = vector["register"], vector["record_id"], vector["scope"]
    payload, blob = vector["payload"].encode(), bytes.fromhex(vector["envelope"])
    assert keyring.open(*where, blob) == payload
    assert keyring.seal(*where, payload) == blob


@pytest.mark.parametrize("vector", GOLDEN["refused"], ids=lambda vector: str(vector["name"]))
def test_format_version_1_refuses_what_it_refused(vector: dict[str, Any]) -> None:
    data_key = DataKey(bytes.fromhex(vector["key_id"]), bytes.fromhex(vector["data_key"]))
    keyring = Keyring(data_key, SeededEntropy())
    where = vector["register"], vector["record_id"], vector["scope"]
    with pytest.raises(getattr(errors, vector["expect"])):
        keyring.open(*where, bytes.fromhex(vector["envelope"]))


def test_two_kilobytes_are_sealed_and_opened_in_microseconds() -> None:
    """A first sync seals 12,000 parts a second. The best round counts: others compute too."""
    keyring, payload, rounds = a_keyring(), bytes(2000), 200
    blob = keyring.seal("social", RECORD, SCOPE, payload)

    def best(work: Callable[[], object]) -> float:
        return min(timeit.repeat(work, number=rounds, repeat=20)) / rounds * 1e6

    nonce = FixedNonce(bytes(12))
    fast = Keyring(DATA_KEY, nonce)
    assert best(lambda: fast.seal("social", RECORD, SCOPE, payload)) < 15
    assert best(lambda: keyring.open("social", RECORD, SCOPE, blob)) < 15
