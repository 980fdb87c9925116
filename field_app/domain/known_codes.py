"""Codes at a save: a form may only choose what its vocabulary has.

Reading is wider: a newer version's code is kept and shown as it is. So this is asked when a
worker saves, and never when a record is read.
"""

from __future__ import annotations

from field_app.domain.declaration import FieldDeclaration, Record, declaration_of
from field_app.domain.errors import UnknownCode
from field_app.domain.vocabularies import VOCABULARIES


def unknown_codes(record: Record) -> tuple[str, ...]:
    """The names of the fields that hold a code their vocabulary does not have."""
    fields = declaration_of(type(record)).fields.values()
    return tuple(field.name for field in fields if not _is_known(record, field))


def require_known_codes(record: Record) -> None:
    """Refuse a save of codes nobody declared.

    Raises:
        UnknownCode: it names the field, never the value.
    """
    unknown = unknown_codes(record)
    if unknown:
        name = f"{record.record_type}.{unknown[0]}"
        raise UnknownCode(name, field=name)


def _is_known(record: Record, field: FieldDeclaration) -> bool:
    value = getattr(record, field.name)
    if value is None:
        return True
    if field.kind == "map":
        return _all_in(field.key_vocabulary, value) and _all_in(field.vocabulary, value.values())
    return _all_in(field.vocabulary, value if field.kind == "set" else (value,))


def _all_in(vocabulary: str | None, codes: object) -> bool:
    assert hasattr(codes, "__iter__")
    return vocabulary is None or all(code in VOCABULARIES[vocabulary] for code in codes)
