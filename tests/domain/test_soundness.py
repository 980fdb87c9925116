"""Asking key by key whether a record is sound is asking the record."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from field_app.domain.declaration import Record, declaration_of
from field_app.domain.errors import InvalidRecord
from field_app.domain.records import RECORD_TYPES
from field_app.domain.soundness import key_rule
from tests.domain.strategies import records

odd = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 3000),
    st.text(max_size=4),
    st.sampled_from(["2026-02-30", "36,6", "+", "x" * 25_000, "UPPER", "a" * 32]),
    st.just([]),
    st.dictionaries(st.sampled_from(["signed_at", "signed_by", "dose", "unit"]), st.text()),
)


def takes(kind: type[Record], keys: dict[str, Any]) -> bool:
    try:
        kind.from_keys("0" * 32, keys)
    except InvalidRecord:
        return False
    return True


@given(records())
def test_every_key_of_a_sound_record_is_sound(record: Record) -> None:
    assert all(
        key_rule(type(record), key).is_sound(value) for key, value in record.to_keys().items()
    )


@given(st.data())
def test_a_key_is_sound_exactly_if_the_record_takes_it(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(list(RECORD_TYPES.values())))
    bases = list(declaration_of(kind).by_key)
    element = st.sampled_from(["", "/housing", "/x y", "/", "/" + "x" * 100])
    key = data.draw(st.sampled_from(bases)) + data.draw(element)
    value = data.draw(odd)
    if key_rule(kind, key).is_sound(value):
        assert takes(kind, {key: value})
    else:
        base, _, part = key.partition("/")
        members = declaration_of(kind).members(key)
        shaped = (
            members[0].kind in ("set", "map") if part else members[0].kind in ("scalar", "group")
        )
        if shaped and members[0].kind in ("scalar", "map"):
            assert not takes(kind, {key: value}), base


@given(records(), st.data())
def test_a_record_is_refused_if_and_only_if_one_of_its_keys_is(
    record: Record, data: st.DataObject
) -> None:
    keys = record.to_keys()
    scalars = [
        key
        for key, members in declaration_of(type(record)).by_key.items()
        if members[0].kind == "scalar"
    ]
    keys[data.draw(st.sampled_from(scalars))] = data.draw(odd)
    sound = all(key_rule(type(record), key).is_sound(value) for key, value in keys.items())
    assert sound == takes(type(record), keys)


def test_a_key_of_a_newer_version_is_sound_whatever_it_holds() -> None:
    for kind in RECORD_TYPES.values():
        assert key_rule(kind, "of_a_newer_app").is_sound([{"any": "thing"}])
        assert key_rule(kind, "of_a_newer_app").is_sound(True)


def test_only_a_code_can_be_ticked_and_anything_unticked() -> None:
    encounter = RECORD_TYPES["encounter"]
    for key, may_be_ticked in (("topics/housing", True), ("topics/x y", False), ("topics/", False)):
        rule = key_rule(encounter, key)
        assert rule.is_sound(True) is may_be_ticked
        assert rule.is_sound(False) is (key != "topics/")
        assert not rule.is_sound(1)
