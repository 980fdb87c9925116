"""Fields of a record as lines of text: a label and what stands, by the field's declaration."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from field_app.domain.clock import is_instant
from field_app.domain.declaration import (
    FieldDeclaration,
    Hidden,
    Record,
    References,
    declaration_of,
)
from field_app.domain.display import is_sensitive_code
from field_app.domain.records import RECORD_TYPES
from field_app.locale import Translator
from field_app.sync.protocol import Staff
from field_app.views.record_form.labels import code_label, worker_name

_DAY_LENGTH = 10
_PRESSURE = ("bp_systolic", "bp_diastolic")


@dataclass(frozen=True)
class Line:
    """A label, its text, and whether it waits for a hold."""

    label: str
    text: str = field(repr=False)
    hidden: bool = False


class Lines:
    """Writes lines in one language, with the names of one organisation's workers."""

    def __init__(self, words: Translator, staff: Staff, you: str) -> None:
        """Write for this reader."""
        self._words = words
        self._staff = staff
        self._you = you

    def of_record(
        self, record: Record, names: Iterable[str], *, guarded: bool = True
    ) -> tuple[Line, ...]:
        """The fields that hold something, in the order given.

        `guarded` hides fields and codes that must not be read at a glance.
        """
        declared = declaration_of(type(record)).fields
        found = []
        for name in names:
            if name in _PRESSURE:
                found += self._pressure(record, name, guarded)
                continue
            value = getattr(record, name)
            text = self.text(declared[name], value)
            if text:
                label = self._words.field(record.record_type, name)
                found.append(Line(label, text, guarded and _waits(declared[name], value)))
        return tuple(found)

    def _pressure(self, record: Record, name: str, guarded: bool) -> list[Line]:
        """Both numbers of a blood pressure in one line, as they are said: "162/98"."""
        if name != _PRESSURE[0] or getattr(record, name) is None:
            return []
        text = "/".join(str(getattr(record, one)) for one in _PRESSURE)
        return [Line(self._words.field(record.record_type, "blood_pressure"), text, guarded)]

    def of_keys(self, record_type: str, keys: dict[str, Any]) -> tuple[Line, ...]:
        """Wire keys and values, as a save holds them."""
        known = RECORD_TYPES.get(record_type)
        if known is None:
            return ()
        lines: list[Line] = []
        for key, value in keys.items():
            lines += self._of_key(known, key, value)
        return tuple(lines)

    def text(self, declared: FieldDeclaration, value: Any) -> str:
        """One field's value in words; empty for none, and for ids of other records."""
        if value is None or value in (frozenset(), {}):
            return ""
        reference = next((mark for mark in declared.marks if isinstance(mark, References)), None)
        if isinstance(value, frozenset | list):
            return ", ".join(self._one(declared, reference, one) for one in sorted(value))
        if isinstance(value, dict):
            return ", ".join(self._pair(declared, area, one) for area, one in value.items())
        return self._one(declared, reference, value)

    def _of_key(self, known: type[Record], key: str, value: Any) -> list[Line]:
        element = key.partition("/")[2]
        lines = []
        for declared in declaration_of(known).members(key):
            if declared.kind == "group":
                held = value.get(declared.name) if isinstance(value, dict) else None
            elif declared.kind == "set":
                held = [element] if value else None
            elif declared.kind == "map":
                held = {element: value} if value else None
            else:
                held = value
            text = self.text(declared, held)
            if text or declared.kind == "scalar":
                label = self._words.field(known.record_type, declared.name)
                said = text or self._words.t("record.emptied")
                lines.append(Line(label, said, _waits(declared, held)))
        return lines

    def _one(self, declared: FieldDeclaration, reference: References | None, value: Any) -> str:
        if reference is not None:
            is_worker = reference.record_type == "worker"
            return worker_name(self._words, self._staff, value, self._you) if is_worker else ""
        if declared.vocabulary is not None:
            return code_label(self._words, declared.vocabulary, value)
        if isinstance(value, bool):
            return self._words.t("record.yes" if value else "record.no")
        text = str(value)
        if is_instant(text):
            return self._words.datetime(text)
        if len(text) == _DAY_LENGTH and declared.name.endswith(("_on", "_since", "_until")):
            return self._words.date(text)
        return "" if declared.name == "occasion" else text

    def _pair(self, declared: FieldDeclaration, area: str, value: str) -> str:
        label = code_label(self._words, declared.key_vocabulary or "", area)
        said = code_label(self._words, declared.vocabulary, value) if declared.vocabulary else value
        return f"{label}: {said}"


def _waits(declared: FieldDeclaration, value: Any) -> bool:
    if declared.has(Hidden) or declared.register == "health":
        return True
    if declared.vocabulary is None or declared.kind == "map" or value is None:
        return False
    codes = value if isinstance(value, frozenset | list) else (value,)
    return any(is_sensitive_code(declared.vocabulary, code) for code in codes)
