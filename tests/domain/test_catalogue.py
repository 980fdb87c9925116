"""The catalogue of the domain says exactly what is declared, in three languages."""

from __future__ import annotations

import pytest

from field_app.domain.declaration import declaration_of
from field_app.domain.records import RECORD_TYPES
from field_app.domain.vocabularies import VOCABULARIES
from tests.domain.catalogue import LANGUAGES, texts


def declared_keys() -> set[str]:
    """Every key a declaration asks a text for: fields, groups, items of vocabularies."""
    keys: set[str] = set()
    for record in RECORD_TYPES.values():
        declaration = declaration_of(record)
        keys.update(field.label for field in declaration.fields.values())
        keys.update(f"{record.record_type}.{key}" for key in declaration.by_key)
    for system in VOCABULARIES.values():
        keys.update(system.label(item.code) for item in system)
    return keys


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_declared_field_and_code_has_its_text_and_nothing_else_is_there(
    language: str,
) -> None:
    assert set(texts(language)) == declared_keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_empty_or_only_its_key(language: str) -> None:
    assert [key for key, text in texts(language).items() if not text.strip() or text == key] == []


def test_the_finnish_catalogue_says_the_term_beside_the_code() -> None:
    finnish = texts("fi")
    for system in VOCABULARIES.values():
        for item in system:
            assert finnish[system.label(item.code)] == item.fi


def test_two_items_of_one_vocabulary_never_read_the_same() -> None:
    for language in LANGUAGES:
        for system in VOCABULARIES.values():
            labels = [texts(language)[system.label(code)] for code in system.codes]
            assert len(set(labels)) == len(labels), (language, system.name)


def test_needs_mapping_is_never_called_the_statutory_assessment() -> None:
    for text in texts("fi").values():
        assert "palvelutarpeen arviointi" not in text.lower()


def test_the_swedish_and_english_texts_are_translated() -> None:
    shared_words = {"112", "chat", "prepaid", "Kela", "romani"}
    for key, finnish in texts("fi").items():
        if finnish not in shared_words:
            assert texts("sv")[key] != finnish, key
            assert texts("en")[key] != finnish, key


def test_no_vocabulary_shares_its_name_with_a_record_type() -> None:
    assert set(VOCABULARIES) & set(RECORD_TYPES) == set()
