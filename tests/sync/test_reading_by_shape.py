"""Most parts and headers are read by their shape; the result is the one of reading them as JSON."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from field_app.domain.errors import Malformed
from field_app.sync.canonical import canonical_bytes, parse
from field_app.sync.changes import Header, Part, ScopedWrite, Write, person_scope
from field_app.sync.delivery import compact, compact_alone, written_alone
from field_app.sync.merge import EMPTY, Incoming, Stamped, overlay
from tests.sync.makers import PERSON, Author

values = st.one_of(
    st.text(), st.booleans(), st.none(), st.integers(-(10**17), 10**17), st.just({"drug": "x"})
)
sets_of_values = st.dictionaries(
    st.one_of(st.sampled_from(["note", "topics/housing", "at"]), st.text(min_size=1)),
    values,
    min_size=1,
    max_size=5,
)
cuts = st.tuples(
    st.integers(0, 2000),
    st.integers(0, 3),
    st.sampled_from(
        [
            b"",
            b" ",
            b'"',
            b"{",
            b"}",
            b",",
            b"\\",
            b"\\u0041",
            b"\\ud800",
            b"1.5",
            b"NaN",
            b"\xff",
            b',"set":{"a":1}',
            b',"type":"task"',
            b"0",
            b"[",
            b"\n",
            b"true",
            b"e5",
        ]
    ),
)


def a_part(values: dict[str, Any]) -> bytes:
    write = ScopedWrite(person_scope(PERSON), "social", Write("e" * 32, "encounter", values))
    return Author().save(write).parts[0].raw


def changed(raw: bytes, cut: tuple[int, int, bytes]) -> bytes:
    at, length, put = cut
    at %= len(raw)
    return raw[:at] + put + raw[at + length :]


def by_json(raw: bytes) -> Part | None:
    try:
        return Part._of_any(raw)
    except Malformed:
        return None


@given(sets_of_values)
def test_a_part_of_one_write_is_read_as_its_json_says(values: dict[str, Any]) -> None:
    raw = a_part(values)
    part = Part.parse(raw)
    assert tuple(part)[:5] == tuple(Part._of_any(raw))[:5]
    if part.written is not None:
        assert parse(part.written) == values


@given(sets_of_values, cuts)
@example({"note": "x"}, (300, 0, b',"set":{"a":1}'))
@example({"note": "x"}, (1, 0, b" "))
def test_whatever_happens_to_a_part_both_readings_agree(
    values: dict[str, Any], cut: tuple[int, int, bytes]
) -> None:
    raw = changed(a_part(values), cut)
    expected = by_json(raw)
    if expected is None:
        with pytest.raises(Malformed):
            Part.parse(raw)
        return
    part = Part.parse(raw)
    assert tuple(part)[:5] == tuple(expected)[:5]
    if part.written is not None:
        assert parse(part.written) == part.writes[0].set
        assert Part.cut(raw) == (str(part.first), part.written)


@pytest.mark.parametrize("half", [rb"\ud800", rb"x\uDFFF", rb"\ude00\ud83d"])
def test_half_a_surrogate_pair_in_a_part_is_refused(half: bytes) -> None:
    with pytest.raises(Malformed):
        Part.parse(a_part({"note": "x"}).replace(b'"x"', b'"%b"' % half))


@pytest.mark.parametrize("said", [rb"\u0041", rb"\ud83d\ude00"])
def test_a_letter_said_by_its_number_is_read_as_json_says_and_its_bytes_are_no_heads(
    said: bytes,
) -> None:
    raw = a_part({"note": "x"}).replace(b'"x"', b'"%b"' % said)
    assert Part.parse(raw).writes == Part._of_any(raw).writes
    assert Part.parse(raw).written is None


@given(sets_of_values)
def test_the_heads_of_a_first_write_are_the_bytes_of_its_part(values: dict[str, Any]) -> None:
    part = Part.parse(a_part(values))
    stamped = Stamped(Incoming("a" * 32 + ":0", part.writes[0], "b" * 32, "2026-11-22"), {})
    if part.written is not None:
        number, cut = Part.cut(part.raw)
        assert (number, cut) == (str(part.first), part.written)
        written = written_alone(f"{'a' * 32}:{number}", "b" * 32, "2026-11-22", cut)
        assert written == canonical_bytes(compact_alone(stamped))
        assert written == canonical_bytes(compact(overlay(EMPTY, stamped)))


def test_nearly_every_part_is_read_by_its_shape() -> None:
    assert Part.parse(a_part({"note": "Tavattiin torilla.", "topics/housing": True})).written


def bare(header: Header) -> bytes:
    wire = parse(header.raw)
    del wire["prev"], wire["parts"]
    return canonical_bytes(wire)


@given(cuts)
def test_whatever_happens_to_a_header_both_readings_agree(cut: tuple[int, int, bytes]) -> None:
    header = (
        Author().save(ScopedWrite("org/directory", "common", Write("e" * 32, "t", {"a": 1}))).header
    )
    raw = changed(bare(header), cut)
    found = Header.of_bare(raw, header.parts, header.prev)
    if found is not None:
        wire = parse(raw) | {"prev": header.prev, "parts": list(header.parts)}
        assert found == Header.from_wire(wire, canonical_bytes(wire))


def test_a_header_is_put_together_again_byte_by_byte() -> None:
    header = (
        Author().save(ScopedWrite("org/directory", "common", Write("e" * 32, "t", {"a": 1}))).header
    )
    assert Header.of_bare(bare(header), header.parts, header.prev) == header
