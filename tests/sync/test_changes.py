"""What a save is: composed once, kept as exact bytes, chained, and read strictly."""

from __future__ import annotations

from typing import Any

import pytest

from field_app.domain.errors import Malformed, TooLarge
from field_app.sync.canonical import canonical_bytes, parse, sha256_hex
from field_app.sync.changes import (
    CHANGE_SET_BYTES_MAX,
    DIRECTORY_SCOPE,
    NO_PREVIOUS,
    VALUE_NESTING_MAX,
    ChangeSet,
    Header,
    Part,
    ScopedWrite,
    Write,
    is_id,
    person_scope,
    team_scope,
)
from field_app.sync.composing import Authorship, compose, reissue
from tests.sync.makers import ANNA, AT, PERSON, TEAM, Author, SeededEntropy, a_write

OTHER = "6" * 32
ENCOUNTER = "e" * 32


def encounter(register: Any, values: dict[str, Any]) -> ScopedWrite:
    return ScopedWrite(person_scope(PERSON), register, Write(ENCOUNTER, "encounter", values))


def test_a_save_has_one_part_for_each_scope_and_register_in_the_order_first_seen() -> None:
    saved = Author().save(
        encounter("common", {"outcome": "reached"}),
        encounter("health", {"bp": {"bp_systolic": "162"}}),
        a_write("040 000 0000"),
        ScopedWrite(DIRECTORY_SCOPE, "common", Write(OTHER, "directory_entry", {"name": "x"})),
    )
    assert [(part.scope, part.register, part.first) for part in saved.parts] == [
        (person_scope(PERSON), "common", 0),
        (person_scope(PERSON), "health", 2),
        (DIRECTORY_SCOPE, "common", 3),
    ]
    assert saved.fault == ""


def test_write_ids_count_over_the_whole_save() -> None:
    saved = Author().save(
        a_write("1"), encounter("health", {"pain": "4"}), encounter("common", {"outcome": "x"})
    )
    numbered = [
        (write_id, part.register, write.type) for write_id, part, write in saved.numbered_writes()
    ]
    set_id = saved.header.id
    assert numbered == [
        (f"{set_id}:0", "common", "person"),
        (f"{set_id}:1", "common", "encounter"),
        (f"{set_id}:2", "health", "encounter"),
    ]


def test_a_part_and_a_header_are_read_back_from_their_exact_bytes() -> None:
    saved = Author().save(a_write("040 000 0000", "f" * 32 + ":0"), opens={PERSON: TEAM})
    assert Header.parse(saved.header.raw) == saved.header
    assert tuple(Part.parse(part.raw) for part in saved.parts) == saved.parts
    assert saved.header.parts == tuple(sha256_hex(part.raw) for part in saved.parts)
    assert saved.header.opens == {PERSON: TEAM}
    assert saved.header.raw == canonical_bytes(parse(saved.header.raw))


def test_each_header_names_the_one_before_it_by_its_hash() -> None:
    author = Author()
    first, second, third = (author.save(a_write(text)) for text in "123")
    assert first.header.prev == NO_PREVIOUS
    assert second.header.prev == sha256_hex(first.header.raw)
    assert third.header.prev == sha256_hex(second.header.raw)
    assert [one.header.counter for one in (first, second, third)] == [1, 2, 3]


def test_equal_contents_have_different_bytes_since_a_part_is_salted() -> None:
    author = Author()
    one, other = author.save(a_write("same")), author.save(a_write("same"))
    assert one.parts[0].writes == other.parts[0].writes
    assert one.parts[0].hash != other.parts[0].hash
    assert len(bytes.fromhex(parse(one.parts[0].raw)["salt"])) == 16


def test_personal_data_is_in_no_repr() -> None:
    saved = Author().save(a_write("040 123 4567", "f" * 32 + ":0"))
    assert "040 123" not in repr(saved) + repr(saved.parts[0].writes[0])


def test_a_forked_device_gives_its_saves_new_headers_but_the_same_parts() -> None:
    saved = Author("a").save(a_write("1"), opens={PERSON: TEAM})
    moved = reissue(saved.header, "d" * 32, 7, "9" * 64)
    assert (moved.device, moved.counter, moved.prev) == ("d" * 32, 7, "9" * 64)
    assert moved.identity == saved.header.identity
    assert (moved.author, moved.at, moved.opens) == (
        saved.header.author,
        saved.header.at,
        saved.header.opens,
    )
    assert moved.hash != saved.header.hash
    assert Header.parse(moved.raw) == moved


def test_members_of_a_newer_version_stay_in_the_exact_bytes() -> None:
    saved = Author().save(a_write("1"))
    part = parse(saved.parts[0].raw) | {"mood": ["new"]}
    part["writes"][0]["why"] = "new too"
    raw = canonical_bytes(part)
    assert Part.parse(raw).raw == raw
    header = parse(saved.header.raw) | {"weather": {"rain": True}}
    read = Header.parse(canonical_bytes(header))
    assert parse(read.raw)["weather"] == {"rain": True}
    assert parse(reissue(read, "d" * 32, 2, "9" * 64).raw)["weather"] == {"rain": True}


def test_a_save_just_within_the_limit_is_made_and_one_just_over_it_is_not() -> None:
    by = Authorship(ANNA, ANNA, AT, 1, NO_PREVIOUS, {TEAM: 1})
    overhead = compose(SeededEntropy(), by, [a_write("")]).size
    fits = compose(SeededEntropy(), by, [a_write("x" * (CHANGE_SET_BYTES_MAX - overhead))])
    assert fits.size == CHANGE_SET_BYTES_MAX
    with pytest.raises(TooLarge) as refused:
        compose(SeededEntropy(), by, [a_write("x" * (CHANGE_SET_BYTES_MAX - overhead + 1))])
    assert refused.value.values == {"kib_max": 256}


def test_the_limit_counts_bytes_and_not_characters() -> None:
    by = Authorship(ANNA, ANNA, AT, 1, NO_PREVIOUS, {TEAM: 1})
    with pytest.raises(TooLarge):
        compose(SeededEntropy(), by, [a_write("ä" * (CHANGE_SET_BYTES_MAX // 2 + 1))])


@pytest.mark.parametrize("value", [1.5, float("nan"), {1: "x"}, b"raw", "\ud800"])
def test_what_could_never_be_pushed_is_refused_at_the_save(value: Any) -> None:
    with pytest.raises(Malformed):
        Author().save(a_write(value))


def nested(levels: int) -> Any:
    value: Any = "x"
    for _ in range(levels):
        value = [value]
    return value


def test_a_value_is_nested_so_far_and_no_further() -> None:
    saved = Author().save(a_write(nested(VALUE_NESTING_MAX)))
    assert Part.parse(saved.parts[0].raw) == saved.parts[0]
    with pytest.raises(Malformed):
        Author().save(a_write(nested(VALUE_NESTING_MAX + 1)))
    wire = parse(saved.parts[0].raw)
    wire["writes"][0]["set"]["phone"] = nested(VALUE_NESTING_MAX + 1)
    with pytest.raises(Malformed):
        Part.parse(canonical_bytes(wire))


WRITE_FAULTS: list[dict[str, Any]] = [
    {"record": None},
    {"record": "A" * 32},
    {"record": "5" * 31},
    {"record": PERSON + "\n"},
    {"type": 1},
    {"set": {}},
    {"set": []},
    {"set": None},
    {"replaces": []},
    {"replaces": {"name": ["x:0"]}},
    {"replaces": {"phone": "x:0"}},
    {"replaces": {"phone": [1]}},
]


@pytest.mark.parametrize("fault", WRITE_FAULTS, ids=str)
def test_a_write_of_another_shape_is_refused(fault: dict[str, Any]) -> None:
    sound = {"record": PERSON, "type": "person", "set": {"phone": "1"}}
    Write.from_wire(sound)
    with pytest.raises(Malformed):
        Write.from_wire(sound | fault)


@pytest.mark.parametrize("wire", [None, [], "text", 1, {}])
def test_something_that_is_no_object_is_neither_write_part_nor_header(wire: Any) -> None:
    with pytest.raises(Malformed):
        Write.from_wire(wire)
    with pytest.raises(Malformed):
        Part.parse(canonical_bytes(wire))
    with pytest.raises(Malformed):
        Header.parse(canonical_bytes(wire))


PART_FAULTS: list[dict[str, Any]] = [
    {"scope": None},
    {"register": "all"},
    {"register": ["common"]},
    {"first": -1},
    {"first": True},
    {"first": "0"},
    {"first": 2**53},
    {"salt": "00"},
    {"salt": None},
    {"writes": []},
    {"writes": {}},
    {"writes": "x"},
    {"writes": [None]},
    {"writes": None},
]


@pytest.mark.parametrize("fault", PART_FAULTS, ids=str)
def test_a_part_of_another_shape_is_refused(fault: dict[str, Any]) -> None:
    sound = parse(Author().save(a_write("1")).parts[0].raw)
    with pytest.raises(Malformed):
        Part.parse(canonical_bytes(sound | fault))


HEADER_FAULTS: list[dict[str, Any]] = [
    {"id": "1"},
    {"id": None},
    {"device": "A" * 32},
    {"author": 5},
    {"counter": 0},
    {"counter": True},
    {"counter": 2**63},
    {"schema": "1"},
    {"prev": ""},
    {"prev": "g" * 64},
    {"prev": None},
    {"parts": []},
    {"parts": ["0"]},
    {"parts": {"0" * 64: 1}},
    {"parts": "0" * 64},
    {"grants": []},
    {"grants": {TEAM: "1"}},
    {"grants": {TEAM: -1}},
    {"opens": {"x": TEAM}},
    {"opens": [PERSON]},
    {"at": None},
    {"at": "yesterday"},
    {"at": "2026-11-22"},
    {"at": "2026-11-22T10:15:00Z"},
    {"at": "2026-13-22T10:15:00.000Z"},
    {"at": "2026-11-22T10:15:00.000+02:00"},
    {"at": "2026-11-22T10:15:00.000Z\n"},
    {"at": "２026-11-22T10:15:00.000Z"},
]


@pytest.mark.parametrize("fault", HEADER_FAULTS, ids=str)
def test_a_header_of_another_shape_is_refused(fault: dict[str, Any]) -> None:
    sound = parse(Author().save(a_write("1")).header.raw)
    with pytest.raises(Malformed):
        Header.parse(canonical_bytes(sound | fault))


@pytest.mark.parametrize(
    "member", ["at", "author", "counter", "device", "grants", "id", "parts", "prev", "schema"]
)
def test_a_header_without_one_of_its_members_is_refused(member: str) -> None:
    sound = parse(Author().save(a_write("1")).header.raw)
    del sound[member]
    with pytest.raises(Malformed):
        Header.parse(canonical_bytes(sound))


def refit(saved: ChangeSet, *parts: Part) -> ChangeSet:
    return ChangeSet(saved.header, parts)


def test_two_writes_can_never_have_the_same_id() -> None:
    saved = Author().save(a_write("1"), encounter("health", {"pain": "4"}))
    common, health = saved.parts
    wire = parse(health.raw)
    for first in (0, 2, 7):
        moved = Part.parse(canonical_bytes(wire | {"first": first}))
        assert refit(saved, common, moved).fault == "part_numbering"
    assert refit(saved, health, common).fault == "part_numbering"
    assert refit(saved, common, health).fault == ""


def test_a_save_with_two_parts_of_one_register_is_at_fault() -> None:
    saved = Author().save(a_write("1"))
    again = Part.parse(canonical_bytes(parse(saved.parts[0].raw) | {"first": 1}))
    assert refit(saved, saved.parts[0], again).fault == "part_twice"


def test_bytes_that_are_no_part_are_kept_and_the_save_is_at_fault() -> None:
    saved = Author().save(a_write("1"))
    kept = Part.unreadable(b'{"not":"a part"}')
    assert kept.raw == b'{"not":"a part"}'
    assert refit(saved, kept).fault == "part_unreadable"
    assert list(refit(saved, kept).numbered_writes()) == []


def test_scopes_say_what_they_are_about() -> None:
    assert person_scope(PERSON) == f"person/{PERSON}"
    assert team_scope(TEAM) == f"team/{TEAM}"
    assert is_id(PERSON)
    assert not is_id(PERSON.upper().replace("5", "A"))
    assert not is_id(5)
