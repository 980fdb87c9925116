"""Hypothesis strategies for records of every type, read from the declarations themselves."""

from __future__ import annotations

import typing
from datetime import UTC, date, datetime
from typing import Any

from hypothesis import strategies as st

from field_app.domain import field_types as types
from field_app.domain.clock import instant_of
from field_app.domain.declaration import FieldDeclaration, Record, declaration_of
from field_app.domain.records import RECORD_TYPES
from field_app.domain.vocabularies import VOCABULARIES

ids = st.text("0123456789abcdef", min_size=32, max_size=32)
days = st.dates(date(2025, 1, 1), date(2027, 12, 31)).map(date.isoformat)
instants = st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)).map(
    instant_of
)
words = st.text(st.characters(categories=["L", "N", "P", "Zs"]), min_size=1, max_size=30).filter(
    lambda text: bool(text.strip())
)
_decimals = st.integers(200, 450).map(lambda tenths: f"{tenths // 10}.{tenths % 10}")

_BY_TYPE: dict[Any, st.SearchStrategy[Any]] = {
    types.Id: ids,
    types.InstantText: instants,
    types.DayText: days,
    types.NameText: words,
    types.LineText: words,
    types.NoteText: words,
    types.PhoneText: words,
    types.YesNo: st.booleans(),
    types.BirthYear: st.integers(1920, 2010),
    types.ChildCount: st.integers(0, 9),
    types.PeopleCount: st.integers(1, 40),
    types.Systolic: st.integers(80, 220),
    types.Diastolic: st.integers(40, 130),
    types.Saturation: st.integers(80, 100),
    types.Temperature: _decimals,
    types.Glucose: _decimals,
}


def records(kind: type[Record] | None = None) -> st.SearchStrategy[Record]:
    """Records of one type, or of any."""
    if kind is None:
        return st.sampled_from(list(RECORD_TYPES.values())).flatmap(records)
    fields = declaration_of(kind).fields
    return st.fixed_dictionaries(
        {"id": ids}, optional={name: _values(kind, field) for name, field in fields.items()}
    ).map(kind.model_validate)


def _values(kind: type[Record], field: FieldDeclaration) -> st.SearchStrategy[Any]:
    inner = typing.get_args(kind.model_fields[field.name].annotation)
    if field.kind == "map":
        keys = _codes(field.key_vocabulary) if field.key_vocabulary else words
        return st.dictionaries(keys, _one(inner[1], field), max_size=4)
    if field.kind == "set":
        return st.frozensets(_one(inner[0], field), max_size=4)
    return _one(inner[0], field)


def _one(inner: Any, field: FieldDeclaration) -> st.SearchStrategy[Any]:
    return _codes(field.vocabulary) if field.vocabulary else _BY_TYPE[inner]


def _codes(vocabulary: str) -> st.SearchStrategy[str]:
    return st.sampled_from(VOCABULARIES[vocabulary].codes)
