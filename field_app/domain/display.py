"""What may be read over a shoulder in a street, and what waits for a hold of the thumb.

Never at a glance: a surname together with a status, words of health, substances or violence,
addresses, relatives. Names stay out of notifications and of the app switcher altogether.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from field_app.domain.clock import Instant, plus
from field_app.domain.declaration import Hidden, declaration_of
from field_app.domain.records import RECORD_TYPES, Person
from field_app.domain.summary import PersonSummary
from field_app.domain.vocabularies import SENSITIVE, VOCABULARIES

REVEALED_SECONDS = 30
"""What was revealed by holding is hidden again after this."""


def is_hidden(record_type: str, field_name: str) -> bool:
    """Whether a field is shown only while held; unknown fields are hidden."""
    record = RECORD_TYPES.get(record_type)
    field = declaration_of(record).fields.get(field_name) if record else None
    return field is None or field.register == "health" or field.has(Hidden)


def is_sensitive_code(vocabulary: str, code: str) -> bool:
    """Whether a code's label must not stand in a list; codes nobody declared must not."""
    system = VOCABULARIES.get(vocabulary)
    if system is None or code not in system:
        return True
    return SENSITIVE in system.code(code).marks


def glance_codes(vocabulary: str, codes: Iterable[str]) -> tuple[str, ...]:
    """The codes that may be shown at a glance, in the vocabulary's order."""
    chosen = frozenset(code for code in codes if not is_sensitive_code(vocabulary, code))
    return VOCABULARIES[vocabulary].in_order(chosen) if chosen else ()


def short_name(person: Person | PersonSummary) -> str | None:
    """What the person is called in lists: the name they go by, else an alias, never a surname."""
    return person.name or min(person.aliases, default=None)


def list_names(summaries: Iterable[PersonSummary]) -> dict[str, str | None]:
    """Short names of a list by person id; an alias, if there is one, tells namesakes apart."""
    people = list(summaries)
    counts = Counter(short_name(one) for one in people)
    return {one.person_id: _told_apart(one, counts[short_name(one)]) for one in people}


def hidden_again_at(revealed_at: Instant) -> Instant:
    """When what was revealed by holding is hidden again."""
    return plus(revealed_at, seconds=REVEALED_SECONDS)


def _told_apart(summary: PersonSummary, namesakes: int) -> str | None:
    name = short_name(summary)
    others = [alias for alias in summary.aliases if alias != name]
    if namesakes < 2 or name is None or not others:
        return name
    return f"{name} · {min(others)}"
