"""The timeline's entries and the lists of the person page as rows that open."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import flet as ft

from field_app.domain.clock import Day
from field_app.domain.deadlines import (
    Deadline,
    deadlines_of_step,
    deadlines_of_task,
    is_open_step,
    is_open_task,
)
from field_app.domain.records import HealthNote, HousingPeriod, Matter, NavigationStep, Task
from field_app.domain.timeline import Piece, TimelineEntry
from field_app.locale import Translator
from field_app.views.kit.rows import Mark, timeline_row
from field_app.views.people.render import ICONS, record_path
from field_app.views.person.program import PersonFacts
from field_app.views.record_form.labels import code_label, key_label, worker_name

Go = Callable[[str], None]


class Rows:
    """Makes the rows of one person's page."""

    def __init__(self, facts: PersonFacts, words: Translator, go: Go) -> None:
        """For this person, in this language; `go` opens a path."""
        self._facts = facts
        self._words = words
        self._go = go

    def timeline(self, entry: TimelineEntry) -> ft.Control:
        """Something that happened."""
        texts = [one.value for one in entry.pieces if one.kind == "text" and not one.is_hidden]
        labels = [self._piece(one) for one in entry.pieces if one.kind == "label"]
        labels = list(dict.fromkeys(label for label in labels if label))
        days = [self._piece(one) for one in entry.pieces if one.kind == "day"]
        title = _capital(key_label(self._words, entry.event))
        if labels:
            title = f"{title}: {labels[0]}"
        lines = [" · ".join(labels[1:]), *self._told(entry, texts, days)]
        return timeline_row(
            ICONS.get(entry.record_type, ft.Icons.CIRCLE_OUTLINED),
            self._when(entry),
            title,
            "\n".join(line for line in lines if line),
            self._marks(entry.record_id),
            self._opener(entry.record_type, entry.record_id),
            key=f"{entry.record_id}-{entry.event}",
        )

    def _told(self, entry: TimelineEntry, texts: list[str], days: list[str]) -> list[str]:
        """The author's words; of a meeting with a day, the last of several is the next step."""
        if entry.record_type != "encounter" or not days:
            return [*texts[:-1], " · ".join([*texts[-1:], *days])]
        told, step = (texts[:-1], texts[-1:]) if len(texts) > 1 else (texts, [])
        return [*told, f"{self._words.t('person.next_step')}: {' · '.join([*days, *step])}"]

    def step(self, step: NavigationStep) -> ft.Control:
        """A navigation step: where it stands, its days, and who owns it."""
        words = self._words
        title = step.title or step_label(words, step)
        about = [
            step_label(words, step) if step.title else "",
            code_label(words, "stage", step.stage) if step.stage else "",
            code_label(words, "step_status", step.status) if step.status else "",
            worker_name(words, self._facts.staff, step.owner, self._facts.you)
            if step.owner
            else "",
        ]
        deadlines = deadlines_of_step(step)
        texts = [deadline_text(words, one, step) for one in deadlines]
        return timeline_row(
            ICONS["navigation_step"] if is_open_step(step) else ft.Icons.CHECK,
            " · ".join(one for one in about if one),
            title,
            "\n".join(texts) or step.outcome or "",
            (*self._late(deadlines), *self._marks(step.id)),
            self._opener("navigation_step", step.id),
            key=step.id,
        )

    def task(self, task: Task) -> ft.Control:
        """A promise: by when, whose, done or not."""
        words = self._words
        status = code_label(words, "task_status", task.status or "open")
        about = [status]
        if task.owner:
            about.append(worker_name(words, self._facts.staff, task.owner, self._facts.you))
        if task.due_on and is_open_task(task):
            due = words.near_date(task.due_on, self._facts.today)
            about.append(words.t("person.by_day", day=due))
        urgent = Mark(words.field("task", "urgent"), ft.Icons.PRIORITY_HIGH, urgent=True)
        marks = (urgent,) if task.urgent and is_open_task(task) else ()
        return timeline_row(
            ft.Icons.RADIO_BUTTON_UNCHECKED if is_open_task(task) else ft.Icons.CHECK_CIRCLE,
            " · ".join(about),
            task.title or words.record_type("task"),
            task.note or "",
            (*marks, *self._late(deadlines_of_task(task)), *self._marks(task.id)),
            self._opener("task", task.id),
            key=task.id,
        )

    def period(self, period: HousingPeriod) -> ft.Control:
        """Where the person lived before."""
        words = self._words
        days = [words.date(one) if one else "" for one in (period.started_on, period.ended_on)]
        situation = period.situation
        title = code_label(words, "housing_situation", situation) if situation else ""
        return timeline_row(
            ICONS["housing_period"],
            " – ".join(days),
            _capital(title),
            period.note or "",
            self._marks(period.id),
            self._opener("housing_period", period.id),
            key=period.id,
        )

    def health(self, note: HealthNote) -> ft.Control:
        """That a nurse wrote something; what, opens."""
        words = self._words
        recheck = ""
        if note.recheck_on:
            recheck = words.t("person.recheck", day=words.weekday_date(note.recheck_on))
        return timeline_row(
            ICONS["health_note"],
            words.datetime(note.at) if note.at else "",
            _capital(words.record_type("health_note")),
            recheck,
            self._marks(note.id),
            self._opener("health_note", note.id),
            key=note.id,
        )

    def matter(self, matter: Matter) -> ft.Control:
        """A matter from its opening to its closing."""
        words = self._words
        days = [words.date(one) if one else "" for one in (matter.opened_on, matter.closed_on)]
        status = "closed" if matter.closed_on else "open"
        return timeline_row(
            ICONS["matter"],
            " – ".join(days),
            _capital(code_label(words, "matter_status", status)),
            matter.reason or "",
            self._marks(matter.id),
            self._opener("matter", matter.id),
            key=matter.id,
        )

    def _piece(self, piece: Piece) -> str:
        if piece.is_hidden:
            return ""
        if piece.kind == "label":
            return key_label(self._words, piece.value)
        return self._words.weekday_date(piece.value)

    def _when(self, entry: TimelineEntry) -> str:
        words = self._words
        if entry.at is not None:
            ago = words.days_ago(entry.at, self._facts.today)
            return f"{words.weekday_date(entry.at)} {words.time(entry.at)} · {ago}"
        return words.date(entry.on) if entry.on else words.t("person.no_day")

    def _marks(self, record_id: str) -> tuple[Mark, ...]:
        view = self._facts.by_id.get(record_id)
        marks: list[Mark] = []
        if any(one.id == record_id for one, _ in self._facts.conflicts):
            marks.append(Mark(self._words.t("conflict.two_facts"), ft.Icons.CALL_SPLIT))
        if view is not None and view.only_here:
            marks.append(Mark(self._words.t("person.only_here"), ft.Icons.SMARTPHONE))
        return tuple(marks)

    def _late(self, deadlines: Sequence[Deadline]) -> tuple[Mark, ...]:
        late = any(one.is_overdue(self._facts.today) for one in deadlines)
        text = self._words.t("person.overdue")
        return (Mark(text, ft.Icons.SCHEDULE, urgent=True),) if late else ()

    def _opener(self, record_type: str, record_id: str) -> Callable[[], None]:
        path = record_path(self._facts.person_id, record_type, record_id)
        return lambda: self._go(path)


def step_label(words: Translator, step: NavigationStep) -> str:
    """What kind of step it is: the application's name, or the kind."""
    if step.application:
        return _capital(code_label(words, "application", step.application))
    if step.kind:
        return _capital(code_label(words, "step_kind", step.kind))
    return _capital(words.record_type("navigation_step"))


def deadline_text(words: Translator, deadline: Deadline, step: NavigationStep) -> str:
    """A deadline as a sentence with its day."""
    day = words.weekday_date(deadline.on)
    if deadline.kind == "decision":
        if deadline.is_statutory:
            return words.t("person.decision_by", day=day)
        return words.t("person.decision_target", day=day)
    if deadline.kind == "exhortation":
        return words.t("person.exhortation_by", day=day)
    if deadline.kind == "info_reply":
        return words.t("person.info_by", day=day)
    return words.t("person.by_day", day=day)


def day_or_none(words: Translator, day: Day | None) -> str:
    """A date, or nothing."""
    return words.date(day) if day else ""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
