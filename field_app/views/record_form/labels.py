"""Labels of codes and people, also of those this version or device does not know."""

from __future__ import annotations

from collections.abc import Iterable

from field_app.domain.declaration import declaration_of
from field_app.domain.records import RECORD_TYPES
from field_app.domain.vocabularies import VOCABULARIES
from field_app.locale import Key, Translator
from field_app.sync.protocol import Staff, WorkerEntry


def code_label(words: Translator, vocabulary: str, code: str) -> str:
    """A code's label; a code of a newer version says so."""
    if code not in VOCABULARIES[vocabulary]:
        return words.t("record.newer_code")
    return words.vocabulary(vocabulary, code)


def code_labels(words: Translator, vocabulary: str, codes: Iterable[str]) -> str:
    """Chosen codes in the vocabulary's order, as one line."""
    ordered = VOCABULARIES[vocabulary].in_order(frozenset(codes))
    return ", ".join(code_label(words, vocabulary, code) for code in ordered)


def key_label(words: Translator, key: str) -> str:
    """The text of a catalogue key that travels as data, e.g. "outcome.reached"."""
    name, _, code = key.partition(".")
    if name in VOCABULARIES and code not in VOCABULARIES[name]:
        return words.t("record.newer_code")
    return words.keyed(Key(key))


def key_field(words: Translator, record_type: str, key: str) -> str:
    """The label of the field, or group of fields, that lives under a wire key."""
    known, base = RECORD_TYPES.get(record_type), key.partition("/")[0]
    if known is None or not declaration_of(known).members(key):
        return words.t("record.newer_code")
    return words.field(record_type, base)


def worker_name(words: Translator, staff: Staff, worker: str | None, you: str = "") -> str:
    """A worker by name; "I" for whoever reads."""
    if worker is None:
        return words.t("record.nobody")
    if worker == you:
        return words.t("record.me")
    found = next((each for each in staff.workers if each.id == worker), None)
    return found.name if found else words.t("record.unknown_worker")


def owners(staff: Staff, you: str, teams: frozenset[str], also: str | None) -> list[WorkerEntry]:
    """Who may own a step of a person of these teams: oneself first, then the teams' workers."""
    active = [
        each
        for each in staff.workers
        if each.id in (you, also) or (each.active and teams & set(each.teams))
    ]
    return sorted(active, key=lambda each: (each.id != you, each.name))
