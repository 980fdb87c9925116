"""A body is gzip whoever packed it, and everybody can unpack it."""

from __future__ import annotations

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from field_app.sync import packing
from field_app.sync.packing import gzipped


@pytest.fixture
def on_a_phone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "_isal", None)


@given(st.binary(max_size=5_000))
def test_what_a_desk_packs_every_phone_unpacks(raw: bytes) -> None:
    assert zlib.decompress(gzipped(raw), wbits=31) == raw


@pytest.mark.usefixtures("on_a_phone")
def test_a_phone_packs_without_the_library_that_has_no_wheel_for_it() -> None:
    raw = b"Tavattu torilla. " * 300
    packed = gzipped(raw)
    assert zlib.decompress(packed, wbits=31) == raw
    assert len(packed) < len(raw) / 10


def test_a_desk_packs_by_the_quick_library_and_no_worse_than_zlib() -> None:
    raw = b"".join(b'{"note":"Sovittiin uusi aika kello %d"}' % n for n in range(2_000))
    quick = gzipped(raw)
    assert packing._isal is not None
    assert len(quick) <= 1.1 * len(zlib.compress(raw, packing.ZLIB_LEVEL, wbits=31))


def test_the_same_body_is_packed_the_same_way_twice() -> None:
    assert gzipped(b"a" * 1_000) == gzipped(b"a" * 1_000)
