"""The settling screen: whose record, each conflict as a card, what is saved and what comes next."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from field_app.locale import Translator
from field_app.views.conflicts.cards import Card
from field_app.views.conflicts.disputes import moment_of, settle_path
from field_app.views.conflicts.settle import Discard, SettleFacts, Settling, Submit
from field_app.views.conflicts.wording import key_label
from field_app.views.kit.buttons import primary, quiet, secondary
from field_app.views.kit.empty import empty_state
from field_app.views.kit.notice import banner
from field_app.views.kit.texts import body, sentence
from field_app.views.kit.texts import quiet as quiet_text
from field_app.views.pane import Pane
from field_app.views.people.render import record_path
from field_app.views.program import Dispatch
from field_app.views.record_form.render import nothing_here, opening
from field_app.views.session import Session, use_session
from field_app.views.theme import ATTENTION, CALM, CORNER, GAP, GOOD, PROBLEM

LIST_PATH = "/conflicts"


def render(model: Settling, dispatch: Dispatch, words: Translator) -> Pane:
    """The screen's pane."""
    session = use_session()
    title = words.t("conflict.settle_title")
    if model.nothing_here:
        return Pane(title, nothing_here(words))
    facts = model.facts
    if facts is None:
        return Pane(title, opening())
    rows = [_context(facts, words, session), *_notices(model, facts, dispatch, words)]
    if facts.disputes:
        rows += [
            _card(model, facts, index, dispatch, words) for index in range(len(facts.disputes))
        ]
    else:
        rows += _nothing_left(model, facts, words, session)
    rows += _left_over(model, facts, words)
    scrolling = ft.Column(
        [*rows, ft.Container(height=GAP)], spacing=GAP, scroll=ft.ScrollMode.AUTO, expand=True
    )
    footer = _footer(model, dispatch, words) if facts.disputes else None
    return Pane(title, scrolling, footer=footer)


def context_line(words: Translator, record_type: str, moment: str | None) -> str:
    """Which record it is: its kind, and when what it tells happened."""
    kind = sentence(words.record_type(record_type))
    return f"{kind} · {words.date(moment)}" if moment else kind


def _context(facts: SettleFacts, words: Translator, session: Session) -> ft.Control:
    view = facts.view
    lines: list[ft.Control] = []
    if facts.person_id:
        lines.append(body(facts.name or words.t("person.no_name"), strong=True))
    lines.append(quiet_text(context_line(words, view.type, moment_of(view))))
    row: list[ft.Control] = [ft.Column(lines, spacing=0, tight=True)]
    if facts.person_id:
        path = record_path(facts.person_id, view.type, view.id)
        row.append(quiet(words.t("conflict.open_record"), lambda: session.go(path)))
    return ft.Row(row, wrap=True, alignment=ft.MainAxisAlignment.SPACE_BETWEEN)


def _notices(
    model: Settling, facts: SettleFacts, dispatch: Dispatch, words: Translator
) -> list[ft.Control]:
    shown: list[ft.Control] = []
    if model.failure is not None:
        shown.append(banner(model.failure.text(words), PROBLEM))
    if model.resumed and facts.disputes:
        discard = (words.t("conflict.discard"), lambda: dispatch(Discard()))
        shown.append(banner(words.t("conflict.resumed"), CALM, ft.Icons.EDIT_NOTE, discard))
    if model.done:
        shown.append(_where(model, facts, words))
    elif facts.disputes:
        shown.append(quiet_text(words.t("conflict.nothing_lost")))
    return shown


def _where(model: Settling, facts: SettleFacts, words: Translator) -> ft.Control:
    """What was settled here, and where it is now."""
    what = ", ".join(key_label(words, facts.view.type, key) for key in model.done)
    if facts.view.only_here & frozenset(model.done):
        text = words.t("conflict.done_only_here", what=what)
        return banner(text, ATTENTION, ft.Icons.SMARTPHONE)
    return banner(words.t("conflict.done_safe", what=what), GOOD, ft.Icons.CLOUD_DONE_OUTLINED)


def _card(
    model: Settling, facts: SettleFacts, index: int, dispatch: Dispatch, words: Translator
) -> ft.Control:
    return Card(model, facts, facts.disputes[index], dispatch, words).control()


def _nothing_left(
    model: Settling, facts: SettleFacts, words: Translator, session: Session
) -> list[ft.Control]:
    """This record is settled: on to the next one, or all done."""
    rows: list[ft.Control] = []
    if not model.done:
        text = words.t("conflict.settled_elsewhere")
        rows.append(banner(text, CALM, ft.Icons.HANDSHAKE_OUTLINED))
    following = facts.next_record
    if following is not None:
        rows.append(
            primary(
                words.n("conflict.next", facts.waiting),
                _goer(session, settle_path(following)),
                ft.Icons.ARROW_FORWARD,
            )
        )
        rows.append(secondary(words.t("conflict.to_list"), _goer(session, LIST_PATH)))
        return rows
    to_list = (words.t("conflict.to_list"), _goer(session, LIST_PATH))
    all_done = words.t("conflict.none"), words.t("conflict.none_why")
    rows.append(empty_state(ft.Icons.HANDSHAKE_OUTLINED, *all_done, to_list))
    return rows


def _left_over(model: Settling, facts: SettleFacts, words: Translator) -> list[ft.Control]:
    """What was typed for conflicts that others settled meanwhile: still there to copy."""
    rows: list[ft.Control] = []
    for key, text in model.left_over:
        label = key_label(words, facts.view.type, key)
        shown = ft.Text(text, selectable=True)
        lines: list[ft.Control] = [body(words.t("conflict.left_over", what=label), strong=True)]
        rows.append(
            ft.Container(
                content=ft.Column([*lines, shown], spacing=8, tight=True),
                border=ft.Border.all(1, ft.Colors.OUTLINE),
                border_radius=CORNER,
                padding=GAP,
            )
        )
    return rows


def _footer(model: Settling, dispatch: Dispatch, words: Translator) -> ft.Control:
    ready, total = len(model.ready), len(model.facts.disputes) if model.facts else 0
    text = (
        words.t("conflict.save")
        if total == 1
        else words.t("conflict.save_some", ready=ready, total=total)
    )
    button = primary(
        text, lambda: dispatch(Submit()), ft.Icons.CHECK, disabled=model.busy or not ready
    )
    return ft.Row([ft.Container(button, expand=True)])


def _goer(session: Session, path: str) -> Callable[[], None]:
    return lambda: session.go(path)
