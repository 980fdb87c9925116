"""A page's entries as lines: written, read back, and refused when they are not what they say."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from field_app.domain.errors import Malformed
from field_app.sync.canonical import canonical_bytes, parse
from field_app.sync.changes import ScopedWrite, Write
from field_app.sync.delivery import (
    AccessChange,
    Compacted,
    Entry,
    OwnSet,
    Streamed,
    compact,
    decode_entries,
    encode_entry,
    expand,
)
from field_app.sync.merge import Incoming
from tests.sync.causal_graphs import applied, graphs
from tests.sync.makers import ANNA, AT, PERSON, TEAM, Author, a_write

BUCKETS = [f"team/{TEAM}/common", f"team/{TEAM}/health", "org/directory"]
INDEX = {bucket: number for number, bucket in enumerate(BUCKETS)}
SCOPE = f"person/{PERSON}"


def lines(*entries: Entry) -> list[bytes]:
    return b"\n".join(encode_entry(entry, INDEX) for entry in entries).split(b"\n")


def streamed(depths: dict[str, dict[str, int]] | None = None) -> Streamed:
    saved = Author().save(a_write("040"), a_write("050", "f" * 32 + ":3"))
    return Streamed(8, BUCKETS[1], saved.header.id, ANNA, AT, depths or {}, saved.parts[0].raw)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(graphs(writes_max=5), st.lists(st.sampled_from("csoa"), max_size=8))
def test_any_mixture_of_entries_is_read_back(written: list[Incoming], kinds: list[str]) -> None:
    compacted = compact(applied(written))
    of_kind: dict[str, Entry] = {
        "c": Compacted(7, BUCKETS[0], PERSON, "person", SCOPE, compacted),
        "s": streamed({"1": {"phone": 4}}),
        "o": OwnSet(9, "e" * 32, (BUCKETS[2], BUCKETS[0]), {"1": {"phone": 2}}),
        "a": AccessChange(10, "leave", SCOPE, TEAM),
    }
    entries = [of_kind[kind] for kind in kinds]
    read = decode_entries(lines(*entries) if entries else [], BUCKETS)
    assert [encode_entry(entry, INDEX) for entry in read] == [
        encode_entry(entry, INDEX) for entry in entries
    ]
    for entry in read:
        if isinstance(entry, Compacted):
            assert expand(entry.writes).heads == applied(written).heads
            assert entry.written == canonical_bytes(compacted), "as they came"
        else:
            assert entry in entries


def test_a_streamed_part_gives_its_writes_with_the_servers_depths() -> None:
    entry = streamed({"1": {"phone": 4}})
    stamped = [one for _, one in entry.stamped()]
    assert [one.incoming.write_id for one in stamped] == [
        f"{entry.set_id}:0",
        f"{entry.set_id}:1",
    ]
    assert [dict(one.depths) for one in stamped] == [{}, {"phone": 4}]
    assert {(one.incoming.author, one.incoming.at) for one in stamped} == {(ANNA, AT)}


def test_the_writes_of_a_later_part_count_on_from_the_parts_before_it() -> None:
    health = ScopedWrite(SCOPE, "health", Write(PERSON, "person", {"pain": "4"}))
    saved = Author().save(a_write("040"), a_write("050"), health)
    entry = Streamed(
        8, BUCKETS[1], saved.header.id, ANNA, AT, {"2": {"pain": 5}}, saved.parts[1].raw
    )
    ((_, stamped),) = entry.stamped()
    assert stamped.incoming.write_id == f"{saved.header.id}:2"
    assert stamped.depths == {"pain": 5}


def test_a_parts_bytes_travel_as_they_are_whatever_spaces_they_have() -> None:
    odd = streamed()
    raw = odd.raw.replace(b'{"first":0', b'{ "first" : 0')
    entry = Streamed(odd.seq, odd.bucket, odd.set_id, odd.author, odd.at, {}, raw)
    (read,) = decode_entries(lines(entry), BUCKETS)
    assert isinstance(read, Streamed)
    assert read.raw == raw


@pytest.mark.parametrize(
    "line",
    [
        b'["c",1,0,"r","t","person/p", [["w","a","2026",{"note":"x,[[y"},{}]]]',
        b'["c",1,0,"r","t","person/p",[["w","a","2026",{"note":"x"},{}]] ]',
        b'["c",1,0,"r","t\\"],[","person/p",[["w","a","2026",{"note":"x"},{}]]]',
        b'["c",1,0,"r","t,[[","person/p",[["w","a","2026",{"note":"x"},{}]]]',
        b'["c",1,0,"r","t","person/p",[]]',
    ],
)
def test_heads_are_cut_out_of_a_line_exactly_or_not_at_all(line: bytes) -> None:
    (entry,) = decode_entries([line], BUCKETS)
    assert isinstance(entry, Compacted)
    assert entry.written is None or parse(entry.written) == entry.writes


FAULTS: list[list[bytes]] = [
    [b""],
    [b"{}"],
    [b"5"],
    [b"[]"],
    [b'["c"]'],
    [b'["x",1]'],
    [b'["a",1]'],
    [b'["a",1,"enter","s"]'],
    [b'["a",1,"Enter","s","t"]'],
    [b'["a",-1,"enter","s","t"]'],
    [b'["a",true,"enter","s","t"]'],
    [b'["a","1","enter","s","t"]'],
    [b'["o",1]'],
    [b'["o",1,"id",[]]'],
    [b'["o",1,"id",5,{}]'],
    [b'["o",1,"id",[3],{}]'],
    [b'["o",1,"id",[-1],{}]'],
    [b'["o",1,"id",[true],{}]'],
    [b'["c",1,3,"r","t","s",[]]'],
    [b'["c",1,-1,"r","t","s",[]]'],
    [b'["c",1,false,"r","t","s",[]]'],
    [b'["c",1,"0","r","t","s",[]]'],
    [b'["c",1,0,"r","t","s"]'],
    [b'["s",1,0,"id","author","at",{}]'],
    [b'["s",1,-2,"id","author","at",{}]', b"{}"],
    [b'["s",1.5,0,"id","author","at",{}]', b"{}"],
    [b'["s",1,0,5,"author","at",{}]', b"{}"],
    [b'["s",1,0,"id",null,"at",{}]', b"{}"],
    [b'["s",1,0,"id","author",["at"],{}]', b"{}"],
    [b'["s",1,0,"id","author","at",[1]]', b"{}"],
    [b'["s",1,0,"id","author","at",{"0":2}]', b"{}"],
    [b'["s",1,0,"id","author","at",{"0":{"note":"2"}}]', b"{}"],
    [b'["c",1,0,5,"t","s",[]]'],
    [b'["c",1,0,"r",{},"s",[]]'],
    [b'["c",1,0,"r","t",true,[]]'],
    [b'["c",1,0,"r","t","s",[["w","a","at",{"k":1},{"k":"2"}]]]'],
    [b'["o",1,5,[0],{}]'],
    [b'["o",1,"id",[0],5]'],
    [b'["o",1,"id",[0],{"0":{"note":true}}]'],
    [b'["a",1,"enter",5,"t"]'],
    [b'["a",1,"enter","s",null]'],
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault[0].decode() or "empty")
def test_a_line_that_is_no_entry_refuses_the_page(fault: list[bytes]) -> None:
    with pytest.raises(Malformed):
        decode_entries(fault, BUCKETS)


def test_a_streamed_line_whose_part_is_no_part_is_found_before_anything_is_applied() -> None:
    (entry,) = decode_entries([b'["s",1,0,"id","author","at",{}]', b"{}"], BUCKETS)
    assert isinstance(entry, Streamed)
    with pytest.raises(Malformed):
        list(entry.stamped())


@pytest.mark.parametrize(
    "writes",
    [[1], [[1]], [["id", "author", "at", [], {}]], [["id", "author", "at", {"k": 1}, []]], [None]],
)
def test_compacted_writes_of_another_shape_are_refused(writes: Any) -> None:
    with pytest.raises(Malformed):
        expand(writes)


def test_depths_of_one_are_left_out() -> None:
    first = Author().save(a_write("040"))
    second = Author("b").save(a_write("050", f"{first.header.id}:0"))
    incoming = [
        Incoming(write_id, write, ANNA, AT)
        for saved in (first, second)
        for write_id, _, write in saved.numbered_writes()
    ]
    assert compact(applied(incoming[:1])) == [
        (f"{first.header.id}:0", ANNA, AT, {"phone": "040"}, {})
    ]
    assert canonical_bytes(compact(applied(incoming))).endswith(b'{"phone":"050"},{"phone":2}]]')
