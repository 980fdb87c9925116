"""The list of conflicts on screen: a row a record, a tap to settle it."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from field_app.locale import Translator
from field_app.views.boundary import keyed
from field_app.views.conflicts.disputes import settle_path
from field_app.views.conflicts.listing import Conflicted, ConflictList
from field_app.views.conflicts.render import context_line
from field_app.views.conflicts.wording import key_label
from field_app.views.kit.empty import empty_state
from field_app.views.kit.lists import paged_list, section_header
from field_app.views.kit.rows import Mark, timeline_row
from field_app.views.pane import Pane
from field_app.views.people.render import ICONS
from field_app.views.program import Dispatch
from field_app.views.record_form.render import opening
from field_app.views.session import Session, use_session

INBOX_PATH = "/inbox"


def render(model: ConflictList, _: Dispatch, words: Translator) -> Pane:
    """The list's pane."""
    session, title = use_session(), words.t("nav.conflicts")
    if model.rows is None:
        return Pane(title, opening())
    empty = empty_state(
        ft.Icons.HANDSHAKE_OUTLINED, words.t("conflict.none"), words.t("conflict.none_why")
    )
    header = section_header(words.n("conflict.waiting", len(model.rows))) if model.rows else None
    listing = keyed(
        "conflicts",
        paged_list,
        model.rows,
        lambda row: _row(row, words, session),
        empty=empty,
        header=header,
    )
    return Pane(
        title,
        ft.Column([*_inbox(model, words, session), listing], expand=True, spacing=0),
        edge_to_edge=True,
    )


def _inbox(model: ConflictList, words: Translator, session: Session) -> list[ft.Control]:
    """A nurse decides about health changes that wait: the way there."""
    if not model.decides_health:
        return []
    row = timeline_row(
        ft.Icons.INBOX_OUTLINED,
        words.t("inbox.of_health"),
        words.t("inbox.title"),
        on_tap=_goer(session, INBOX_PATH),
        key="inbox",
    )
    return [row]


def _row(row: Conflicted, words: Translator, session: Session) -> ft.Control:
    title = row.name or words.t("person.no_name")
    if not row.of_person:
        title = words.t("conflict.shared")
    marks: tuple[Mark, ...] = ()
    if not row.is_health:
        marks = tuple(
            Mark(_field_and_count(words, row.record_type, key, count), ft.Icons.CALL_SPLIT)
            for key, count in row.keys
        )
    return timeline_row(
        ICONS.get(row.record_type, ft.Icons.DESCRIPTION_OUTLINED),
        context_line(words, row.record_type, row.moment),
        title,
        marks=marks,
        on_tap=_goer(session, settle_path(row.record_id)),
        key=row.record_id,
    )


def _field_and_count(words: Translator, record_type: str, key: str, count: int) -> str:
    return f"{key_label(words, record_type, key)} · {words.n('conflict.facts', count)}"


def _goer(session: Session, path: str) -> Callable[[], None]:
    return lambda: session.go(path)
