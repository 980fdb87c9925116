"""From a key, a code, an error or a date to what a person reads."""

from __future__ import annotations

import os
from typing import Any, NewType

import structlog

from field_app.domain.errors import FieldAppError
from field_app.locale.catalogues import LOCALES, Language, best_language, load
from field_app.locale.dates import DateTexts

Key = NewType("Key", str)
"""A catalogue key that travels as data, made by `key("…")` alone."""

STRICT_VARIABLE = "FIELD_APP_STRICT_TEXTS"
"""When set in the environment, a missing text raises: tests set it."""

_log = structlog.get_logger(__name__)


class MissingText(LookupError):
    """A key is in no catalogue of the language. Raised in tests only."""


def key(literal: str) -> Key:
    """Mark a catalogue key kept in a table, e.g. `label=key("nav.today")`, for `Translator.keyed`.

    The argument is always written out: the test of unused texts finds it here.
    """
    return Key(literal)


class Translator(DateTexts):
    """The texts, dates and times of one language. Immutable and cheap to make."""

    def __init__(self, language: str | None = None, *, strict: bool | None = None) -> None:
        """Choose the language, e.g. "fi", "sv_FI"; Finnish when it is unknown or None.

        `strict` makes a missing text raise; by default the environment decides (tests set it).
        """
        self.language: Language = best_language(language)
        super().__init__(LOCALES[self.language])
        self._strict = bool(os.environ.get(STRICT_VARIABLE)) if strict is None else strict
        self._texts = load(self.language)

    def t(self, key: str, **values: object) -> str:
        """The text of a key, its `{placeholders}` filled with values.

        Raises:
            MissingText: in tests, when the catalogue lacks the key.
        """
        return self._filled(key, self._texts.gettext(key), values)

    def n(self, key: str, count: int, **values: object) -> str:
        """The text of a key in the form that fits a count; `{count}` is filled by itself.

        Raises:
            MissingText: in tests, when the catalogue lacks the key.
        """
        return self._filled(key, self._texts.ngettext(key, key, count), {"count": count, **values})

    def keyed(self, key: Key, **values: object) -> str:
        """As `t`, for a key that was put into a table by `key("…")`."""
        return self.t(key, **values)

    def vocabulary(self, name: str, code: str) -> str:
        """The label of a vocabulary's code, e.g. ("outcome", "reached")."""
        return self.t(f"{name}.{code}")

    def field(self, record_type: str, field: str) -> str:
        """The label of a record's field or group, e.g. ("encounter", "outcome")."""
        return self.t(f"{record_type}.{field}")

    def record_type(self, record_type: str) -> str:
        """What a record of this type is called, e.g. "health_note"."""
        return self.t(f"record_type.{record_type}")

    def error(self, error: FieldAppError) -> str:
        """The one clear sentence for an error of the product; never its developer's detail."""
        return self.error_code(error.code, **error.values)

    def error_code(self, code: str, **values: str | int) -> str:
        """As `error`, for an error that is only known by its code, e.g. a server's answer."""
        return self.t(f"error.{code}", **values)

    def _filled(self, key: str, text: str, values: dict[str, Any]) -> str:
        if text == key:
            return self._missing(key)
        try:
            return text.format_map(values) if "{" in text else text
        except (KeyError, IndexError):
            # Only a text of ours can be wrong here; values are never logged, they may be names.
            if self._strict:
                raise MissingText(
                    f"{key} ({self.language}) wants values it was not given"
                ) from None
            _log.error("text_without_values", key=key, language=self.language)
            return text

    def _missing(self, key: str) -> str:
        if self._strict:
            raise MissingText(f"{key} is not in the catalogue ({self.language})")
        _log.error("text_missing", key=key, language=self.language)
        return key.rpartition(".")[2].replace("_", " ")
