"""One person in the list: what is next, when last reached, and what must not be missed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import flet as ft

from field_app.domain.clock import Day, days_between, local_day
from field_app.domain.summary import PersonSummary
from field_app.locale import Translator
from field_app.store.case_list import ListedPerson
from field_app.views.boundary import part
from field_app.views.kit.rows import Mark, person_row
from field_app.views.record_form.labels import key_label
from field_app.views.session import use_session, use_words


@dataclass(frozen=True)
class RowFacts:
    """What one row shows; equal facts draw nothing again."""

    listed: ListedPerson = field(repr=False)
    name: str = field(repr=False)
    today: Day
    alike: bool = False
    chosen: bool = False


def person_title(words: Translator, summary: PersonSummary, name: str | None) -> str:
    """The name they go by and an alias beside it, as far as there are any."""
    if not name:
        return words.t("person.no_name")
    others = [alias for alias in summary.aliases if alias not in name]
    return f"{name} · {others[0]}" if others and " · " not in name else name


def next_step_text(words: Translator, summary: PersonSummary, today: Day) -> str:
    """The next step in words and its day; that there is none says so."""
    step = summary.next_step(today)
    if step is None:
        if summary.nothing_further:
            return words.field("encounter", "next_step_none")
        return words.t("person.no_next_step")
    text = step.text or (key_label(words, step.label) if step.label else "")
    day = words.near_date(step.on, today) if step.on else ""
    return " · ".join(piece for piece in (day, text) if piece) or words.t("person.next_step")


def reached_text(words: Translator, summary: PersonSummary, today: Day) -> str:
    """When the person was last reached, and how often tried since."""
    reach = summary.reach
    if reach.last_reached_at is None:
        said = words.t("person.never_reached")
    else:
        said = words.t("person.reached", when=words.days_ago(reach.last_reached_at, today))
    if reach.is_paused(today):
        until = words.short_date(reach.paused_until or today)
        return f"{said} · {words.t('person.reach_paused', day=until)}"
    if reach.failed_attempts:
        return f"{said} · {words.n('person.attempts', reach.failed_attempts)}"
    return said


def reached_short(words: Translator, summary: PersonSummary, today: Day) -> str:
    """When the person was last reached, as short as a row wants it."""
    at = summary.reach.last_reached_at
    days = days_between(local_day(at), today) if at else 0
    if at is None or days < 2:  # "today" and "yesterday" are short enough
        return reached_text(words, summary, today)
    return words.t("person.reached_days", count=days)


def marks_of(words: Translator, facts: RowFacts) -> tuple[Mark, ...]:
    """What must not be missed, each an icon with words."""
    listed, summary = facts.listed, facts.listed.summary
    found = [
        (summary.is_urgent, Mark(words.t("person.urgent"), ft.Icons.PRIORITY_HIGH, urgent=True)),
        (
            summary.safety is not None,
            Mark(words.t("person.safety_sign"), ft.Icons.SHIELD, urgent=True),
        ),
        (bool(summary.overdue(facts.today)), Mark(words.t("person.overdue"), ft.Icons.SCHEDULE)),
        (
            bool(listed.conflicted),
            Mark(words.t("conflict.two_facts"), ft.Icons.CALL_SPLIT),
        ),
        (listed.only_here, Mark(words.t("person.only_here"), ft.Icons.SMARTPHONE)),
        (facts.alike, Mark(words.t("person.maybe_same"), ft.Icons.PEOPLE_OUTLINE)),
    ]
    return tuple(mark for is_so, mark in found if is_so)


@part
def listed_row(facts: RowFacts) -> ft.Control:
    """The row; a tap opens the person."""
    session, words = use_session(), use_words()
    summary, today = facts.listed.summary, facts.today
    return person_row(
        person_title(words, summary, facts.name),
        (next_step_text(words, summary, today), reached_short(words, summary, today)),
        marks_of(words, facts),
        lambda: session.go(f"/people/{summary.person_id}"),
        chosen=facts.chosen,
    )


memo_row: Callable[[RowFacts], ft.Control] = ft.memo(listed_row)  # type: ignore[no-untyped-call]
"""The row, drawn again only when its facts changed."""
