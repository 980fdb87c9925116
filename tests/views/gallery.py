"""Every widget of the kit on a few screens: for the tests' eyes, never shipped.

`python -m tests.views.gallery --port 8699 --language sv` serves it to a browser.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass, replace
from typing import Any

import flet as ft

from field_app.locale import Translator, key
from field_app.views.app import AppParts
from field_app.views.boundary import keyed, part, program_screen, screen
from field_app.views.kit.buttons import danger, icon_button, primary, quiet, secondary
from field_app.views.kit.chips import Choice, many_of, one_of
from field_app.views.kit.conflict import conflict_badge
from field_app.views.kit.dates import date_choice
from field_app.views.kit.dialogs import confirm
from field_app.views.kit.empty import empty_state
from field_app.views.kit.fields import search_field, text_field
from field_app.views.kit.lists import paged_list, section_header
from field_app.views.kit.notice import banner
from field_app.views.kit.numbers import number_field
from field_app.views.kit.reveal import hold_to_reveal
from field_app.views.kit.rows import Mark, person_row, timeline_row
from field_app.views.pane import Action, Pane
from field_app.views.program import Dispatch, Program
from field_app.views.routes import Detail, Section
from field_app.views.runtime import Gate
from field_app.views.serve import BrowserSettings, serve
from field_app.views.session import use_session, use_words
from field_app.views.theme import ATTENTION, CALM, GAP, GAP_LARGE, GOOD, PROBLEM
from tests.views.fake_runtime import FakeRuntime, FakeSync

TODAY = "2026-11-22"
UNSEEN_S = 3600.0
"""Between two tests nobody looks at the gallery; it shall not lock for that."""
ALIASES = (
    "Punapipo",
    "Kitaramies",
    "Sateenvarjorouva",
    "Kettu",
    "Professori",
    "Turun poika",
    "Kirjaston Nea",
    "Vihreä reppu",
)
PEOPLE = tuple(f"{ALIASES[n % 8]} {n + 1}" for n in range(120))


# A form as a program


@dataclass(frozen=True)
class Form:
    """What the form holds."""

    place: str | None = "street"
    topics: frozenset[str] = frozenset({"housing"})
    day: str | None = None
    systolic: str | None = None
    note: str = ""
    asking: bool = False


@dataclass(frozen=True)
class Put:
    """One field's new value."""

    field: str
    value: object


def update(form: Form, event: Put) -> tuple[Form, tuple[object, ...]]:
    """Keep the value."""
    changed: Any = {event.field: event.value}
    return replace(form, **changed), ()


def render(form: Form, dispatch: Dispatch, words: Translator) -> Pane:
    """Chips, dates, numbers, a note."""
    places = ("street", "stairwell", "day_centre", "home", "office")
    topics = ("housing", "money_debt", "benefits", "basic_needs", "wellbeing", "safety")
    return Pane(
        title=words.t("action.record"),
        footer=primary(words.t("action.save"), lambda: dispatch(Put("asking", True))),
        body=ft.Column(
            [
                one_of(
                    words.field("encounter", "place"),
                    [Choice(code, words.vocabulary("place", code)) for code in places],
                    form.place,
                    lambda code: dispatch(Put("place", code)),
                ),
                many_of(
                    words.field("encounter", "topics"),
                    [Choice(code, words.vocabulary("topic", code)) for code in topics],
                    form.topics,
                    lambda code, on: dispatch(
                        Put("topics", form.topics | {code} if on else form.topics - {code})
                    ),
                ),
                text_field(
                    words.field("encounter", "note"),
                    form.note,
                    lambda text: dispatch(Put("note", text)),
                    lines=3,
                ),
                ft.Row(
                    [
                        number_field(
                            "RR", "mmHg", form.systolic, lambda v: dispatch(Put("systolic", v))
                        ),
                        number_field("°C", "°C", None, lambda v: None, decimals=1),
                    ],
                    wrap=True,
                ),
                date_choice("→", TODAY, form.day, lambda day: dispatch(Put("day", day))),
                _question(form, dispatch),
            ],
            spacing=GAP_LARGE,
            scroll=ft.ScrollMode.AUTO,
            expand=True,
        ),
    )


@part
def _question(form: Form, dispatch: Dispatch) -> ft.Control:
    words = use_words()
    dialog = confirm(
        words.t("action.save"),
        words.t("fallback.safe"),
        ("OK", lambda: dispatch(Put("asking", False))),
        (words.t("action.cancel"), lambda: dispatch(Put("asking", False))),
    )
    ft.use_dialog(dialog if form.asking else None)
    facts = f"{form.place} {sorted(form.topics)} {form.day} {form.systolic}"
    return ft.Text(f"{facts} {len(form.note)} signs")


FORM: Program[Form, Put] = Program("gallery form", lambda: (Form(), ()), update, render)


# Screens


@screen()
def widgets() -> Pane:
    """Notices, buttons, badges."""
    session, words = use_session(), use_words()
    texts = [words.t("sync.all_safe"), words.t("fallback.safe"), words.t("fallback.part")]
    return Pane(
        title=words.t("nav.today"),
        action=Action(words.t("action.record"), ft.Icons.ADD, lambda: session.go("/form")),
        tools=(icon_button(ft.Icons.REFRESH, words.t("fallback.again"), lambda: session.go("/")),),
        body=ft.Column(
            [
                banner(texts[0], GOOD),
                banner(texts[1], CALM),
                banner(texts[2], ATTENTION, action=(words.t("fallback.again"), lambda: None)),
                banner(words.t("error.unexpected"), PROBLEM),
                ft.Row(
                    [
                        primary(words.t("action.save"), lambda: session.notices.say(texts[0])),
                        secondary(words.t("action.cancel"), _broken),
                        quiet("Takaisin", lambda: None),
                        danger(words.t("action.close"), lambda: None),
                    ],
                    wrap=True,
                ),
                ft.Row([conflict_badge(words), conflict_badge(words, 3, lambda: None)], wrap=True),
                hold_to_reveal(words.t("nav.safety"), lambda: "Kuvitteellinen katu 1"),
                ft.Text("SpO₂ ≥ 95 % → 37,1 °C – ”Åsa”, Łódź, Ñandú, Жук"),
                _breaking(),
            ],
            spacing=GAP,
            scroll=ft.ScrollMode.AUTO,
            expand=True,
        ),
    )


def _broken() -> None:
    raise ValueError("Salainen Nimi")


@part
def _breaking() -> ft.Control:
    raise ValueError("Salainen Nimi")


@screen()
def people() -> Pane:
    """A long list with a search above."""
    session, words = use_session(), use_words()
    wanted, set_wanted = ft.use_state("")
    found = [name for name in PEOPLE if wanted.lower() in name.lower()]
    mark = Mark(words.t("conflict.two_facts"), ft.Icons.CALL_SPLIT)

    def row(name: str) -> ft.Control:
        number = PEOPLE.index(name)
        facts = (words.days_ago("2026-11-20", TODAY), words.vocabulary("place", "street"))
        marks = (mark,) if number % 5 == 0 else ()
        return person_row(
            name, facts, marks, lambda: session.go(f"/people/{number}"), key=str(number)
        )

    nothing = empty_state(
        ft.Icons.SEARCH_OFF,
        words.t("shell.nothing_open"),
        words.t("shell.choose_one"),
        (words.t("action.record"), lambda: session.go("/form")),
    )
    return Pane(
        title=words.t("nav.people"),
        edge_to_edge=True,
        body=ft.Column(
            [
                ft.Container(
                    search_field(words.t("nav.people"), "", set_wanted, words.t("search.clear")),
                    padding=ft.Padding.symmetric(horizontal=GAP, vertical=8),
                ),
                keyed(wanted, paged_list, found, row, empty=nothing),
            ],
            expand=True,
            spacing=0,
        ),
    )


@screen("number")
def person(number: str) -> Pane:
    """A timeline."""
    words = use_words()
    rows: list[ft.Control] = [section_header(words.month(TODAY))]
    rows += [
        timeline_row(
            ft.Icons.DIRECTIONS_WALK,
            f"{words.days_ago(TODAY, TODAY)} {words.time('2026-11-22T10:15:00.000Z')}",
            words.vocabulary("outcome", "reached"),
            "Tavattu aseman kulmalla. Nukkunut porraskäytävässä. Kahvi kelpasi.",
            (Mark(words.t("conflict.two_facts"), ft.Icons.CALL_SPLIT, urgent=True),),
        ),
        timeline_row(
            ft.Icons.PHONE, "20.11.", words.vocabulary("outcome", "not_reached"), "Puhelin kiinni."
        ),
    ]
    return Pane(
        title=PEOPLE[int(number)],
        edge_to_edge=True,
        action=Action(words.t("action.record"), ft.Icons.ADD, lambda: None),
        body=ft.ListView(rows, expand=True),
    )


@screen()
def broken() -> Pane:
    """A screen that cannot be drawn."""
    raise ValueError("Salainen Nimi")


@screen()
def enrol() -> Pane:
    """In place of enrolment."""
    return Pane("Enrol", ft.Text("Enrol"))


SECTIONS = (
    Section("/", key("nav.today"), ft.Icons.TODAY_OUTLINED, ft.Icons.TODAY, widgets),
    Section(
        "/people",
        key("nav.people"),
        ft.Icons.PEOPLE_OUTLINE,
        ft.Icons.PEOPLE,
        people,
        (Detail(":number", person),),
        two_panes=True,
    ),
    Section(
        "/form",
        key("action.record"),
        ft.Icons.ADD,
        ft.Icons.ADD,
        program_screen(FORM),
        in_bar=False,
    ),
    Section("/safety", key("nav.safety"), ft.Icons.SHIELD_OUTLINED, ft.Icons.SHIELD, broken),
)


def gallery_parts(runtime: FakeRuntime, language: str = "fi", idle_s: float = 600) -> AppParts:
    """The gallery as an app."""
    return AppParts(runtime, SECTIONS, enrol, language=language, idle_s=idle_s, unseen_s=UNSEEN_S)


def _say(link: str) -> None:
    sys.stdout.write(link + "\n")
    sys.stdout.flush()


def main() -> None:
    """Serve the gallery."""
    options = argparse.ArgumentParser()
    options.add_argument("--port", type=int, default=0)
    options.add_argument("--language", default="fi")
    options.add_argument("--token", default=None)
    options.add_argument("--embed-origin", default=None)
    options.add_argument("--control-token", default=None)
    options.add_argument("--locked", action="store_true")
    given = options.parse_args()
    runtime = FakeRuntime(Gate.LOCKED if given.locked else Gate.UNLOCKED)
    runtime.put(sync=FakeSync(pending=3, oldest_pending="2026-11-22T08:00:00.000Z"))
    settings = BrowserSettings(given.port, given.token, given.embed_origin, given.control_token)
    serve(gallery_parts(runtime, given.language), settings, _say)


if __name__ == "__main__":
    main()
