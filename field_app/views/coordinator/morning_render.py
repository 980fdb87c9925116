"""The morning on screen: sections in the order of the work, each row opens what it is about."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from field_app.domain.morning import Morning, MorningItem
from field_app.locale import Translator
from field_app.views.conflicts.disputes import settle_path
from field_app.views.coordinator.caseload_paths import of_person, of_worker
from field_app.views.coordinator.morning_program import (
    ROWS_FIRST,
    AskAgain,
    Ground,
    MorningPage,
    ShowAll,
)
from field_app.views.kit.buttons import icon_button, quiet
from field_app.views.kit.empty import empty_state
from field_app.views.kit.lists import section_header, section_list
from field_app.views.kit.notice import banner
from field_app.views.kit.rows import timeline_row
from field_app.views.kit.texts import sentence
from field_app.views.pane import Pane
from field_app.views.program import Dispatch
from field_app.views.record_form.labels import worker_name
from field_app.views.record_form.render import opening
from field_app.views.session import Session, use_session
from field_app.views.theme import CALM, GAP

INBOX_PATH, DEVICES_PATH = "/inbox", "/devices"


def render(model: MorningPage, dispatch: Dispatch, words: Translator) -> Pane:
    """The morning's pane."""
    session = use_session()
    again = icon_button(
        ft.Icons.REFRESH, words.t("coordinator.ask_again"), lambda: dispatch(AskAgain())
    )
    title = words.t("nav.morning")
    if model.morning is None or model.ground is None:
        return Pane(title, opening(), tools=(again,))
    rows = _Rows(model, model.morning, model.ground, words, session)
    top: list[ft.Control] = []
    if model.unreachable is not None:
        text = words.t("morning.without_server", why=model.unreachable.text(words))
        top.append(ft.Container(banner(text, CALM, ft.Icons.CLOUD_OFF), padding=GAP))
    if not rows.anything_urgent:
        calm = words.t("morning.calm"), words.t("morning.calm_why")
        top.insert(0, empty_state(ft.Icons.WB_SUNNY_OUTLINED, *calm))
    sections = [_section(model, name, lines, dispatch, words) for name, lines in rows.sections()]
    listing = section_list(sections, wide=session.surroundings.wide, top=top)
    return Pane(title, listing, tools=(again,), edge_to_edge=True, full_width=True)


def _section(
    model: MorningPage,
    section: str,
    lines: list[ft.Control],
    dispatch: Dispatch,
    words: Translator,
) -> list[ft.Control]:
    if not lines:
        return []
    title = f"{sentence(words.vocabulary('morning_section', section))} · {len(lines)}"
    shown = lines if section in model.opened else lines[:ROWS_FIRST]
    controls = [section_header(title), *shown]
    if len(shown) < len(lines):
        more = quiet(
            words.n("list.more", len(lines) - len(shown)), lambda: dispatch(ShowAll(section))
        )
        controls.append(ft.Row([more], alignment=ft.MainAxisAlignment.CENTER))
    return controls


class _Rows:
    """Makes the rows of one frame."""

    def __init__(
        self,
        model: MorningPage,
        morning: Morning,
        ground: Ground,
        words: Translator,
        session: Session,
    ) -> None:
        self._names, self._morning, self._ground = model.names, morning, ground
        self._words, self._session = words, session

    @property
    def anything_urgent(self) -> bool:
        """Whether a section before the load holds a row."""
        return any(lines for section, lines in self.sections() if section != "load")

    def sections(self) -> list[tuple[str, list[ft.Control]]]:
        """Every section by its name, in the order of the work."""
        words, morning = self._words, self._morning
        return [
            (
                "acute_intake",
                self._people(morning.acute_intake, self._opened, "acute"),
            ),
            (
                "placements_ending",
                self._people(morning.placements_ending, self._ends, "placement"),
            ),
            (
                "absent_workers",
                self._people(morning.absent_workers, self._due, "absent"),
            ),
            ("waiting_changes", self._waiting()),
            ("unsynced", self._unsynced()),
            ("conflicts", self._conflicts()),
            ("duplicates", self._duplicates()),
            (
                "unreached",
                self._people(
                    morning.unreached, lambda one: words.n("morning.unreached", one.count), "far"
                ),
            ),
            ("load", self._load()),
        ]

    def _people(
        self, items: tuple[MorningItem, ...], told: Callable[[MorningItem], str], key: str
    ) -> list[ft.Control]:
        return [
            timeline_row(
                ft.Icons.PERSON_OUTLINE,
                told(item),
                self._name(item.person_id),
                on_tap=self._goer(of_person(item.person_id)),
                key=f"{key}-{item.person_id}",
            )
            for item in items
        ]

    def _opened(self, item: MorningItem) -> str:
        if item.on is None:
            return ""
        return self._words.t(
            "morning.opened", when=self._words.days_ago(item.on, self._ground.today)
        )

    def _ends(self, item: MorningItem) -> str:
        day = self._words.weekday_date(item.on) if item.on else ""
        return self._words.t("morning.ends", day=day)

    def _due(self, item: MorningItem) -> str:
        day = self._words.weekday_date(item.on) if item.on else ""
        return self._words.t("morning.due", day=day)

    def _waiting(self) -> list[ft.Control]:
        count = self._morning.waiting_changes
        if not count:
            return []
        row = timeline_row(
            ft.Icons.INBOX_OUTLINED,
            self._words.t("morning.waiting_why"),
            self._words.n("morning.waiting", count),
            on_tap=self._goer(INBOX_PATH),
            key="waiting",
        )
        return [row]

    def _unsynced(self) -> list[ft.Control]:
        words, now = self._words, self._ground.now
        return [
            timeline_row(
                ft.Icons.PHONE_ANDROID,
                words.t("morning.oldest", age=words.age(one.oldest_at or now, now)),
                f"{self._worker(one.worker)} · {words.n('morning.changes', one.changes)}",
                on_tap=self._goer(DEVICES_PATH),
                key=f"unsynced-{one.worker}-{index}",
            )
            for index, one in enumerate(self._morning.unsynced)
        ]

    def _conflicts(self) -> list[ft.Control]:
        records = {one.person_id: one.conflicted for one in self._ground.people}
        return [
            timeline_row(
                ft.Icons.CALL_SPLIT,
                self._words.n("morning.conflicts", item.count),
                self._name(item.person_id),
                on_tap=self._goer(settle_path(records[item.person_id][0][0])),
                key=f"conflict-{item.person_id}",
            )
            for item in self._morning.conflicts
            if records.get(item.person_id)
        ]

    def _duplicates(self) -> list[ft.Control]:
        return [
            timeline_row(
                ft.Icons.PEOPLE_OUTLINE,
                self._words.t("morning.maybe_same"),
                self._words.t(
                    "morning.pair", one=self._name(pair.first), other=self._name(pair.second)
                ),
                on_tap=self._goer(of_person(pair.first)),
                key=f"same-{pair.first}-{pair.second}",
            )
            for pair in self._morning.duplicates
        ]

    def _load(self) -> list[ft.Control]:
        """By name, never by number: this is no ranking."""
        words = self._words
        loads = sorted(self._morning.load, key=lambda one: self._worker(one.worker).casefold())
        return [
            timeline_row(
                ft.Icons.BADGE_OUTLINED,
                words.t("morning.load", overdue=one.overdue, unreached=one.unreached),
                f"{self._worker(one.worker)} · {words.n('morning.people', one.people)}",
                on_tap=self._goer(of_worker(one.worker)),
                key=f"load-{one.worker}",
            )
            for one in loads
        ]

    def _name(self, person_id: str) -> str:
        return self._names.get(person_id) or self._words.t("person.no_name")

    def _worker(self, worker: str) -> str:
        return worker_name(self._words, self._ground.staff, worker)

    def _goer(self, path: str) -> Callable[[], None]:
        return lambda: self._session.go(path)
