"""Today on screen."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import flet as ft

from field_app.domain.clock import Day, days_between
from field_app.domain.vocabularies import VOCABULARIES
from field_app.locale import Translator, key
from field_app.views.contact.labels import KIND_LABELS
from field_app.views.contact.paths import new_contact, own_part_of
from field_app.views.kit.buttons import quiet, secondary
from field_app.views.kit.empty import empty_state
from field_app.views.kit.lists import section_header, section_list
from field_app.views.kit.rows import Mark, person_row
from field_app.views.kit.texts import sentence
from field_app.views.pane import Action, Pane
from field_app.views.paths import SAFETY_PATH
from field_app.views.program import Dispatch, Program
from field_app.views.session import Session, use_session
from field_app.views.theme import GAP
from field_app.views.today.lines import Line, lines_of, today_of
from field_app.views.today.model import (
    AdditionOpened,
    DraftLine,
    Event,
    Model,
    ShowAll,
    Shown,
)
from field_app.views.today.program import init, update

TODAY_PATH = "/"
ROWS_FIRST = 5
"""Rows of a section until one asks for the rest."""


def render(model: Model, dispatch: Dispatch, words: Translator) -> Pane:
    """The day's rows under their headings; *Kirjaa* above the thumb."""
    session = use_session()
    # Today stands beneath every other screen: it hears when it is the one in sight again.
    in_sight = session.page.route == TODAY_PATH
    ft.use_effect(lambda: dispatch(Shown()) if in_sight else None, [in_sight], lambda: None)
    record = Action(words.t("action.record"), ft.Icons.EDIT_NOTE, lambda: session.go(new_contact()))
    return Pane(
        title=words.t("nav.today"),
        body=_body(model, dispatch, words, session),
        action=record,
        edge_to_edge=True,
        full_width=True,
    )


def _body(model: Model, dispatch: Dispatch, words: Translator, session: Session) -> ft.Control:
    if model.facts is None:
        return ft.Column(
            [ft.ProgressRing(), ft.Text(words.t("today.loading"))],
            horizontal_alignment=ft.CrossAxisAlignment.CENTER,
            alignment=ft.MainAxisAlignment.CENTER,
        )
    sections = lines_of(model)
    rows = _Rows(model, dispatch, words, session)
    if not sections:
        return empty_state(
            ft.Icons.WB_SUNNY_OUTLINED, words.t("today.empty_title"), words.t("today.empty_text")
        )
    shown = [_section(section, lines, model, rows, dispatch) for section, lines in sections]
    return section_list(shown, wide=session.surroundings.wide)


def _section(
    section: str, lines: tuple[Line, ...], model: Model, rows: _Rows, dispatch: Dispatch
) -> list[ft.Control]:
    words = rows.words
    shown = lines if section in model.opened else lines[:ROWS_FIRST]
    controls: list[ft.Control] = [
        section_header(sentence(words.vocabulary("today_section", section)))
    ]
    for line in shown:
        controls += rows.of(line)
    if len(shown) < len(lines):
        more = words.n("list.more", len(lines) - len(shown))
        controls.append(_more(more, partial(dispatch, ShowAll(section))))
    return controls


def _more(text: str, on_tap: Callable[[], None]) -> ft.Control:
    """A long section keeps what comes after it within reach."""
    return ft.Container(
        ft.Row([quiet(text, on_tap)], alignment=ft.MainAxisAlignment.CENTER),
        padding=ft.Padding.symmetric(vertical=4),
    )


class _Rows:
    """Makes rows of one frame."""

    def __init__(
        self, model: Model, dispatch: Dispatch, words: Translator, session: Session
    ) -> None:
        assert model.facts is not None
        self._facts, self._today = model.facts, today_of(model)
        self._dispatch, self._session = dispatch, session
        self.words = words

    def of(self, line: Line) -> list[ft.Control]:
        """The controls of one line."""
        if line.section == "only_here":
            return [self._only_here(line)]
        if line.addition is not None:
            return self._addition(line)
        if line.draft is not None:
            return [self._draft(line)]
        return [self._person(line)]

    def _name(self, line: Line) -> str:
        return line.name or self.words.t("today.no_name")

    def _person(self, line: Line) -> ft.Control:
        path = f"/people/{line.item.person_id}"
        return person_row(
            self._name(line),
            tuple(self._facts_of(line)),
            tuple(self._marks(line)),
            partial(self._session.go, path),
            key=line.key,
        )

    def _facts_of(self, line: Line) -> list[str]:
        text = step_text(line, self._today, self.words)
        facts = [text] if text else []
        if line.section == "unreached" and line.summary is not None:
            facts.insert(0, self._last_met(line))
        if line.section == "urgent" and line.summary is not None and line.summary.is_acute_intake:
            facts.insert(0, self.words.t("today.acute_intake"))
        return facts

    def _last_met(self, line: Line) -> str:
        assert line.summary is not None
        at = line.summary.reach.last_reached_at
        if at is None:
            return self.words.t("today.never")
        return self.words.t("today.since", when=self.words.days_ago(at, self._today))

    def _marks(self, line: Line) -> list[Mark]:
        words = self.words
        marks = []
        if line.item.has_safety_sign:
            marks.append(Mark(words.t("today.safety_sign"), ft.Icons.SHIELD, urgent=True))
        if "overdue" in line.item.reasons and line.section != "overdue":
            marks.append(Mark(words.t("today.also_overdue"), ft.Icons.EVENT_BUSY))
        if line.conflicts:
            marks.append(Mark(words.t("conflict.two_facts"), ft.Icons.CALL_SPLIT))
        return marks

    def _only_here(self, line: Line) -> ft.Control:
        now = self._facts.now
        oldest = self._facts.oldest_here or now
        return _fact_row(
            ft.Icons.PHONE_ANDROID,
            self.words.n("today.only_here", line.item.count),
            self.words.t("today.oldest_here", ago=self.words.ago(oldest, now)),
            partial(self._session.go, SAFETY_PATH),
            key_=line.key,
        )

    def _draft(self, line: Line) -> ft.Control:
        draft, words = line.draft, self.words
        assert draft is not None
        what = _draft_kind(draft, words)
        changed = draft.facts.changed_at
        text = words.t(
            "today.draft_changed",
            when=words.days_ago(changed, self._today),
            time=words.time(changed),
        )
        title = f"{line.name} · {what}" if line.name else what
        is_urgent = line.section == "urgent"
        if is_urgent and draft.facts.check_out_at is not None:
            text = words.t("today.overstayed", time=words.time(draft.facts.check_out_at))
        return _fact_row(
            ft.Icons.SHIELD if is_urgent else ft.Icons.EDIT_OUTLINED,
            title,
            text,
            partial(self._session.go, draft.path),
            key_=line.key,
            urgent=is_urgent,
        )

    def _addition(self, line: Line) -> list[ft.Control]:
        addition, words = line.addition, self.words
        assert addition is not None
        at = addition.facts.at
        text = words.t(
            "today.partner_added",
            name=self._facts.names.get(addition.by) or words.t("today.no_name"),
            when=words.days_ago(at, self._today),
            time=words.time(at),
        )
        person = f"/people/{addition.facts.person_id}"
        rows = [
            person_row(
                self._name(line),
                (text,),
                (),
                partial(self._open_addition, addition.facts.record_id, person),
                key=line.key,
            )
        ]
        if addition.own_part_missing:
            path = own_part_of(addition.facts.record_id)
            add = secondary(
                words.t("today.add_own_part"), partial(self._session.go, path), ft.Icons.GROUP_ADD
            )
            rows.append(
                ft.Container(
                    ft.Row([add]),
                    padding=ft.Padding.only(left=GAP, right=GAP, top=8, bottom=12),
                    key=f"{line.key}-add",
                )
            )
        return rows

    def _open_addition(self, record_id: str, path: str) -> None:
        self._dispatch(AdditionOpened(record_id))
        self._session.go(path)


_FORM_LABELS = {"settle": key("today.draft_settle"), "housing": key("housing.title")}
"""What drafts of forms are called that are no record's own."""


def _draft_kind(draft: DraftLine, words: Translator) -> str:
    asked = draft.kind or draft.facts.record_type
    known = (*KIND_LABELS.items(), *_FORM_LABELS.items())
    kind = next((label for code, label in known if code == asked), None)
    if kind is not None:
        return words.keyed(kind)
    if draft.facts.record_type in VOCABULARIES["record_type"]:
        label = words.record_type(draft.facts.record_type)
        return label[:1].upper() + label[1:]
    return words.t("today.draft")


def step_text(line: Line, today: Day, words: Translator) -> str:
    """The next step and its day, as a row says it."""
    if line.deadline is not None:
        what = words.vocabulary("deadline", line.deadline.kind)
        return _dated(line.deadline.on, what, today, words)
    step = line.step
    if step is None:
        ended = line.summary is not None and line.summary.nothing_further
        return "" if ended else words.t("today.no_step")
    what = step.text or _labelled(step.label, words)
    return what if step.on is None else _dated(step.on, what, today, words)


def _dated(day: Day, what: str, today: Day, words: Translator) -> str:
    """A near day in words ("Huomenna: tiliotteet"), one further away as a date."""
    when = words.days_ago(day, today) if _is_near(day, today) else words.near_date(day, today)
    return words.t("today.due", when=when[:1].upper() + when[1:], what=what)


def _is_near(day: Day, today: Day) -> bool:
    return abs(days_between(day, today)) <= 7


def _labelled(label: str | None, words: Translator) -> str:
    vocabulary, _, code = (label or "step_source.encounter").partition(".")
    text = words.vocabulary(vocabulary, code)
    return text[:1].upper() + text[1:]


def _fact_row(
    icon: ft.IconData,
    title: str,
    text: str,
    on_tap: Callable[[], None],
    *,
    key_: str,
    urgent: bool = False,
) -> ft.Control:
    colour = ft.Colors.ERROR if urgent else ft.Colors.ON_SURFACE_VARIANT
    lines: list[ft.Control] = [ft.Text(title, size=16, weight=ft.FontWeight.W_600)]
    if text:
        lines.append(ft.Text(text, size=16, color=colour))
    return ft.Container(
        content=ft.Row(
            [
                ft.Container(
                    content=ft.Icon(icon, color=colour), width=44, alignment=ft.Alignment.CENTER
                ),
                ft.Column(lines, spacing=2, tight=True, expand=True),
                ft.Icon(ft.Icons.CHEVRON_RIGHT, color=ft.Colors.ON_SURFACE_VARIANT),
            ],
            spacing=12,
        ),
        padding=ft.Padding.symmetric(horizontal=GAP, vertical=12),
        border=ft.Border.only(bottom=ft.BorderSide(1, ft.Colors.OUTLINE_VARIANT)),
        ink=True,
        on_click=lambda _: on_tap(),
        key=key_,
    )


TODAY: Program[Model, Event] = Program("today", init, update, render)
