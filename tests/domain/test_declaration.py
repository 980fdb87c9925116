"""One declaration per field: what it says, and what it refuses to leave unsaid."""

from __future__ import annotations

from typing import Annotated, ClassVar

import pytest
from pydantic import Field

from field_app.domain.declaration import (
    Group,
    Hidden,
    Keys,
    LongText,
    Record,
    Register,
    ScopeKind,
    Searchable,
    Vocabulary,
    WireValue,
    declaration_of,
)

ID = "0" * 32


class Visit(Record):
    """A record with one field of every kind."""

    record_type: ClassVar[str] = "visit"
    scope_kind: ClassVar[ScopeKind] = "person"

    place: Annotated[str | None, Register("common"), Vocabulary("place")] = None
    dose: Annotated[int | None, Register("health"), Group("medicine"), Hidden()] = None
    unit: Annotated[str | None, Register("health"), Group("medicine")] = None
    topics: Annotated[frozenset[str], Register("social")] = frozenset()
    scores: Annotated[dict[str, str], Register("social"), Keys("area"), Vocabulary("score")] = (
        Field(default_factory=dict)
    )
    note: Annotated[str | None, Register("social"), LongText(), Searchable()] = None


DECLARED = declaration_of(Visit)


def test_each_kind_of_field_is_told_from_its_type() -> None:
    kinds = {name: field.kind for name, field in DECLARED.fields.items()}
    assert kinds == {
        "place": "scalar",
        "dose": "group",
        "unit": "group",
        "topics": "set",
        "scores": "map",
        "note": "scalar",
    }


def test_a_key_finds_its_field_and_its_element() -> None:
    field, element = DECLARED.locate("topics/housing")
    assert field is DECLARED.fields["topics"]
    assert element == "housing"


def test_the_key_of_a_group_finds_all_its_members() -> None:
    assert [field.name for field in DECLARED.members("medicine")] == ["dose", "unit"]


def test_a_key_of_a_newer_version_is_nobodys() -> None:
    assert DECLARED.locate("weather/rain") == (None, "rain")
    assert DECLARED.members("weather") == ()
    assert DECLARED.register_of("weather") is None


def test_the_registers_are_told_by_key_and_in_order() -> None:
    assert DECLARED.register_of("medicine") == "health"
    assert DECLARED.register_of("topics/housing") == "social"
    assert DECLARED.registers == ("common", "social", "health")


def test_the_vocabularies_of_a_map_are_told_apart() -> None:
    scores = DECLARED.fields["scores"]
    assert (scores.key_vocabulary, scores.vocabulary) == ("area", "score")


def test_marks_are_asked_by_class() -> None:
    assert DECLARED.fields["dose"].has(Hidden)
    assert not DECLARED.fields["unit"].has(Hidden)
    assert DECLARED.fields["note"].has(LongText)


def test_the_label_is_type_and_field() -> None:
    assert DECLARED.fields["dose"].label == "visit.dose"


def test_every_kind_goes_to_the_wire_and_back() -> None:
    keys: dict[str, WireValue] = {
        "place": "street",
        "medicine": {"dose": 5, "unit": "mg"},
        "topics/housing": True,
        "scores/money": "2",
        "note": "Kahvi kelpasi.",
    }
    visit = Visit.from_keys(ID, keys)
    assert visit.dose == 5
    assert visit.topics == {"housing"}
    assert visit.to_keys() == keys


def test_half_a_group_is_half_a_group() -> None:
    assert Visit.from_keys(ID, {"medicine": {"dose": 5}}).unit is None
    assert Visit(id=ID, dose=5).to_keys() == {"medicine": {"dose": 5}}


def test_an_emptied_register_is_unset() -> None:
    visit = Visit.from_keys(ID, {"place": None, "medicine": None, "scores/money": None})
    assert visit == Visit(id=ID)


def test_a_field_without_a_register_is_a_mistake_of_ours() -> None:
    class Nowhere(Record):
        record_type: ClassVar[str] = "nowhere"
        scope_kind: ClassVar[ScopeKind] = "person"
        note: str | None = None

    with pytest.raises(TypeError, match=r"nowhere\.note says no register"):
        declaration_of(Nowhere)


def test_a_group_over_two_registers_is_a_mistake_of_ours() -> None:
    class Torn(Record):
        record_type: ClassVar[str] = "torn"
        scope_kind: ClassVar[ScopeKind] = "person"
        dose: Annotated[int | None, Register("health"), Group("medicine")] = None
        unit: Annotated[str | None, Register("social"), Group("medicine")] = None

    with pytest.raises(TypeError, match="medicine of torn spans two registers"):
        declaration_of(Torn)
