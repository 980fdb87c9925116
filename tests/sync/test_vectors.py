"""The vectors: bytes, and what must come of them, for this implementation and any other.

Each file says what reads its bytes (`value`, `part`, `header`, `push`, `page`; `merge` has writes
instead of bytes), and what is expected: "ok" with some of what was read, or the class of error.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from field_app.domain import errors
from field_app.domain.errors import BadSignature
from field_app.sync.canonical import canonical_bytes, parse
from field_app.sync.changes import Header, Part, Write
from field_app.sync.delivery import Streamed
from field_app.sync.merge import Incoming
from field_app.sync.protocol import PullPage, PushBatch
from tests.sync.causal_graphs import AT, RECORD, fed, oracle_of, picture, shown_bytes
from tests.sync.oracle import said

FOLDER = Path(__file__).parent / "vectors"
Vector = dict[str, Any]
VECTORS: list[Vector] = [json.loads(path.read_text()) for path in sorted(FOLDER.glob("*.json"))]


def bytes_of(vector: Vector) -> bytes:
    if "base64" in vector:
        return base64.b64decode(vector["base64"])
    return str(vector["text"]).encode()


def read_value(vector: Vector) -> None:
    assert canonical_bytes(parse(bytes_of(vector))).decode() == vector["canonical"]


def read_part(vector: Vector) -> None:
    part = Part.parse(bytes_of(vector))
    assert (part.hash, part.first, len(part.writes)) == (
        vector["hash"],
        vector["first"],
        vector["writes"],
    )


def read_header(vector: Vector) -> None:
    header = Header.parse(bytes_of(vector))
    assert header.hash == vector["hash"]
    assert header.prev == vector.get("prev", "0" * 64)


def read_push(vector: Vector) -> None:
    batch = PushBatch.decode(bytes_of(vector))
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(vector["public_key"]))
    try:
        key.verify(batch.signature, PushBatch.signed_bytes(batch.head_hash))
    except InvalidSignature:
        raise BadSignature("vector") from None
    assert [one.header.hash for one in batch.sets] == vector["header_hashes"]
    numbered = [write_id for one in batch.sets for write_id, _, _ in one.numbered_writes()]
    assert numbered == vector["write_ids"]
    assert batch.encode() == bytes_of(vector)


def read_page(vector: Vector) -> None:
    page = PullPage.decode(bytes_of(vector))
    for entry in page.entries:
        if isinstance(entry, Streamed):
            list(entry.stamped())
    kinds = {"Compacted": "c", "Streamed": "s", "OwnSet": "o", "AccessChange": "a"}
    assert [kinds[type(entry).__name__] for entry in page.entries] == vector["entries"]
    assert [entry.seq for entry in page.entries] == vector["sequences"]
    assert {name: list(at) for name, at in page.head.cursors.items()} == vector["cursors"]
    assert page.encode() == bytes_of(vector)


def read_merge(vector: Vector) -> None:
    writes = [
        Incoming(one["id"], Write(RECORD, "person", one["set"], one["replaces"]), "a" * 32, AT)
        for one in vector["writes"]
    ]
    for order in (writes, writes[::-1]):
        state, held = fed(order)
        assert {
            key: [[head.write_id, head.depth] for head in heads]
            for key, heads in state.heads.items()
        } == vector["heads"]
        assert list(state.conflicts()) == vector["conflicts"]
        assert shown_bytes(state) == {key: said(value) for key, value in vector["shown"].items()}
        assert [one.write_id for one in held] == vector["held"]
        assert picture(state) == oracle_of(order).picture()


READERS: dict[str, Callable[[Vector], None]] = {
    "value": read_value,
    "part": read_part,
    "header": read_header,
    "push": read_push,
    "page": read_page,
    "merge": read_merge,
}


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_a_vector_comes_out_as_it_says(vector: Vector) -> None:
    read = READERS[vector["reads"]]
    if vector["expects"] == "ok":
        read(vector)
        return
    expected = getattr(errors, vector["expects"])
    with pytest.raises(expected) as raised:
        read(vector)
    assert type(raised.value) is expected


def test_each_vector_has_its_own_file_and_says_what_it_is_about() -> None:
    names = [path.stem for path in sorted(FOLDER.glob("*.json"))]
    assert [vector["name"] for vector in VECTORS] == names
    assert all(vector["about"].endswith(".") for vector in VECTORS)
    assert {vector["reads"] for vector in VECTORS} == set(READERS)
