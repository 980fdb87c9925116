"""`docs/records.md` says what the declarations say."""

from __future__ import annotations

from lint.records_doc import DOCUMENT, written


def test_the_document_is_what_the_declarations_make() -> None:
    assert DOCUMENT.read_text("utf-8") == written(), "run: python -m lint.records_doc"
