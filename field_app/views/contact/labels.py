"""The contact form's own words: kinds, problems. Everything with a vocabulary has its own."""

from __future__ import annotations

from collections.abc import Mapping

from field_app.domain.vocabularies import VOCABULARIES
from field_app.locale import Key, Translator, key
from field_app.views.contact.checks import (
    HALF_PRESSURE,
    MISSING,
    NO_ANSWER,
    NOT_A_MEASURE,
    NOT_A_TIME,
    TOO_LONG,
)
from field_app.views.contact.kinds import Kind
from field_app.views.contact.model import Model
from field_app.views.contact.program import problem_at
from field_app.views.kit.chips import Choice

KIND_LABELS: Mapping[Kind, Key] = {
    "street": key("contact.kind_street"),
    "not_reached": key("contact.kind_not_reached"),
    "home": key("contact.kind_home"),
    "anonymous": key("contact.kind_anonymous"),
    "phone": key("contact.kind_phone"),
    "health": key("contact.kind_health"),
}
_PROBLEMS: Mapping[str, Key] = {
    MISSING: key("contact.problem_missing"),
    TOO_LONG: key("contact.problem_too_long"),
    NOT_A_TIME: key("contact.problem_time"),
    NOT_A_MEASURE: key("contact.problem_measure"),
    HALF_PRESSURE: key("contact.problem_half_pressure"),
    NO_ANSWER: key("contact.problem_no_answer"),
}
_MISSING: Mapping[str, Key] = {
    "who": key("contact.problem_who"),
    "condition": key("contact.problem_condition"),
}


def kind_label(kind: Kind, words: Translator) -> str:
    """What a kind of contact is called."""
    return words.keyed(KIND_LABELS[kind])


def problem_text(model: Model, name: str, words: Translator) -> str:
    """What is wrong with a field, as a sentence; empty when nothing is."""
    problem = problem_at(model, name)
    if problem is None:
        return ""
    if problem.what == MISSING and name in _MISSING:
        return words.keyed(_MISSING[name])
    return words.keyed(_PROBLEMS.get(problem.what, _PROBLEMS[NOT_A_MEASURE]))


def first_problem(model: Model, words: Translator) -> str:
    """The first thing to put right, to stand beside the save button."""
    return problem_text(model, model.problems[0].field, words) if model.problems else ""


def choices(vocabulary: str, words: Translator, codes: tuple[str, ...] = ()) -> tuple[Choice, ...]:
    """A vocabulary's codes, or some of them, to choose from."""
    return tuple(
        Choice(code, words.vocabulary(vocabulary, code))
        for code in codes or VOCABULARIES[vocabulary].codes
    )
