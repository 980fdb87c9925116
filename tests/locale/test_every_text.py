"""Every text that is asked for is there, in each language, translated; and none is left over."""

from __future__ import annotations

import string
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message

from field_app.domain.declaration import declaration_of
from field_app.domain.errors import FieldAppError
from field_app.domain.records import RECORD_TYPES
from field_app.domain.vocabularies import VOCABULARIES
from field_app.locale.catalogues import LANGUAGES, Language, is_fresh, read_source, sources
from lint.catalogue_keys import Asked, asked_keys, errors_made
from lint.findings import parsed_files

ROOT = Path(__file__).parent.parent.parent
OTHER_LANGUAGES = [language for language in LANGUAGES if language != "fi"]


@cache
def catalogue(language: Language) -> dict[str, Message]:
    """Every text of a language by its key, as its `.po` files say."""
    return {
        _key(message): message
        for path in sources(language)
        for message in _texts(read_source(path))
    }


@cache
def asked() -> tuple[Asked, ...]:
    """Every key the source asks for by name."""
    return tuple(key for file in parsed_files(ROOT) for key in asked_keys(file))


@cache
def declared() -> frozenset[str]:
    """Every key that a declaration asks for: vocabularies, fields, errors."""
    codes = {f"{name}.{code}" for name, system in VOCABULARIES.items() for code in system.codes}
    fields = {
        field.label
        for record in RECORD_TYPES.values()
        for field in declaration_of(record).fields.values()
    }
    errors = {f"error.{error.code}" for error in error_classes().values()}
    return frozenset(codes | fields | errors)


@cache
def error_classes() -> dict[str, type[FieldAppError]]:
    """Every error of ours by its class's name."""
    found: dict[str, type[FieldAppError]] = {}
    waiting: list[type[FieldAppError]] = [FieldAppError]
    while waiting:
        error = waiting.pop()
        found[error.__name__] = error
        # Tests make errors of their own; those have no text.
        waiting += [e for e in error.__subclasses__() if e.__module__ == FieldAppError.__module__]
    return found


@cache
def groups() -> frozenset[str]:
    """The keys of groups' own labels, which a group may have beside those of its members."""
    return frozenset(
        f"{record.record_type}.{field.key}"
        for record in RECORD_TYPES.values()
        for field in declaration_of(record).fields.values()
        if field.kind == "group"
    )


def none_of(findings: Iterable[str]) -> None:
    """Fail with every finding on a line of its own."""
    found = sorted(findings)
    assert not found, "\n" + "\n".join(found)


def _key(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _texts(source: Catalog) -> Iterator[Message]:
    return (message for message in source if message.id)


def _forms(message: Message) -> tuple[str, ...]:
    texts = message.string
    return (texts,) if isinstance(texts, str) else tuple(texts or ())


def _placeholders(message: Message) -> frozenset[str]:
    return frozenset(
        name
        for form in _forms(message)
        for _, name, _, _ in string.Formatter().parse(form)
        if name is not None
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_asked_for_is_in_the_catalogue(language: Language) -> None:
    known = catalogue(language)
    missing = {f"{item.key} ({item.where})" for item in asked() if item.key not in known}
    missing |= {key for key in declared() if key not in known}
    none_of(missing)


def test_no_text_is_left_over() -> None:
    used = {item.key for item in asked()} | declared() | groups()
    none_of(key for key in catalogue("fi") if key not in used)


@pytest.mark.parametrize("language", OTHER_LANGUAGES)
def test_all_languages_hold_the_same_texts(language: Language) -> None:
    none_of(set(catalogue(language)) ^ set(catalogue("fi")))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated(language: Language) -> None:
    untranslated = [
        key
        for key, message in catalogue(language).items()
        if message.fuzzy or any(not form.strip() or form == key for form in _forms(message))
    ]
    none_of(untranslated)


@pytest.mark.parametrize("language", OTHER_LANGUAGES)
def test_a_text_has_the_same_placeholders_in_all_languages(language: Language) -> None:
    other = catalogue(language)
    differing = [
        key
        for key, message in catalogue("fi").items()
        if key in other and _placeholders(message) != _placeholders(other[key])
    ]
    none_of(differing)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_has_forms_exactly_when_it_is_counted(language: Language) -> None:
    known = catalogue(language)
    wrong = [
        f"{item.key} ({item.where})"
        for item in asked()
        if item.key in known
        and item.how != "key"
        and known[item.key].pluralizable != (item.how == "n")
    ]
    none_of(wrong)


def test_every_call_fills_the_placeholders_of_its_text() -> None:
    known = catalogue("fi")
    wanting = [
        f"{item.key} ({item.where}) wants {sorted(_placeholders(known[item.key]) - item.values)}"
        for item in asked()
        if item.key in known
        and item.values is not None
        and not _placeholders(known[item.key]) <= item.values
    ]
    none_of(wanting)


def test_every_error_is_raised_with_the_values_its_text_wants() -> None:
    known, classes = catalogue("fi"), error_classes()
    wanting = [
        f"{made.name} at {made.where} wants {sorted(_placeholders(text) - made.values)}"
        for file in parsed_files(ROOT)
        for made in errors_made(file, frozenset(classes))
        if (text := known.get(f"error.{classes[made.name].code}"))
        and made.values is not None
        and not _placeholders(text) <= made.values
    ]
    none_of(wanting)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_key_stands_in_one_area_only(language: Language) -> None:
    seen: dict[str, str] = {}
    twice = []
    for path in sources(language):
        for message in _texts(read_source(path)):
            if (key := _key(message)) in seen:
                twice.append(f"{key} in {seen[key]} and {path.stem}")
            seen[key] = path.stem
    none_of(twice)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_catalogue_is_compiled(language: Language) -> None:
    """`python -m field_app.locale compile` after an edit."""
    none_of([path.name for path in sources(language) if not is_fresh(path)])
