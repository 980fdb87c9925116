"""`python -m field_app.demo.screenshots OUT`: every screen as PNG, from the running app.

The check's story is played until there is something to see on every screen; then the three apps
are started on its stores, in each language, and every path of the route table is visited in two
sizes and two themes. A blank picture, an error card or a page that complains is a failure.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from field_app.demo import story_enrolment, story_field, story_settling
from field_app.demo.browser import CHROMIUM_FLAGS, Screen
from field_app.demo.chromium import NOT_FOUND, find_chromium
from field_app.demo.organisation import PIN
from field_app.demo.screenshot_plan import SIZES, THEMES, Stop, examples, stops
from field_app.demo.seeding import make_seed
from field_app.demo.story_device import wait_until
from field_app.demo.story_review import record_for_other_team
from field_app.demo.story_world import World
from field_app.domain.errors import FieldAppError
from field_app.locale import Translator
from field_app.locale.catalogues import LANGUAGES, Language
from field_app.system_clock import SystemClock
from field_app.views.wiring import SECTIONS

PROLOGUE = (
    story_enrolment.start_server,
    story_enrolment.seed_server,
    story_enrolment.enrol_devices,
    story_field.meet_together,
    story_field.work_offline,
    story_field.die_and_wake,
    story_settling.reconnect,
    story_settling.join_occasion,
)
_IDLE_SECONDS = 3600
_FONT_SIZE = 16
_SETTLED_MS = 350
_RESIZED_MS = 1200
_SETTLE_TRIES = 40
_GO = """path => {
  history.pushState({}, "", path);
  dispatchEvent(new PopStateEvent("popstate", {state: {}}));
}"""


class Photographer:
    """Takes the pictures of one app in one language."""

    def __init__(self, page: Page, language: Language, folder: Path) -> None:
        """Take pictures of this page into a folder."""
        self._page = page
        self._screen = Screen(page)
        self._words = Translator(language)
        self._folder = folder
        self.failures: list[str] = []
        self.taken = 0

    def enter(self, link: str) -> None:
        """Open the app at its launch link; it is locked, or nobody's."""
        self._page.goto(link)
        self._screen.ready()

    def unlock(self) -> None:
        """Type the PIN on the pad."""
        locked = self._settled()
        for digit in PIN:
            self._screen.tap(digit, role="button")
        for _ in range(_SETTLE_TRIES):
            if self._settled() != locked:
                return
        raise AssertionError("the app stayed locked")

    def visit(self, stop: Stop) -> None:
        """Take a screen's pictures in every size and theme."""
        self._resize("phone")
        self._page.evaluate(_GO, stop.path)
        self._page.wait_for_timeout(_SETTLED_MS)
        self.take(stop.name)

    def take(self, name: str) -> None:
        """Take what is on screen in every size and theme."""
        for size, theme in product(SIZES, THEMES):
            self._page.emulate_media(color_scheme=theme)
            self._resize(size)
            said = self._settled()
            file = self._folder / f"{size}-{theme}" / f"{name}.png"
            file.parent.mkdir(parents=True, exist_ok=True)
            try:
                self._screen.picture(file)
            except AssertionError as fault:
                self.failures.append(f"{file}: {fault}"[:200])
            for card in self._error_cards():
                if card in said:
                    self.failures.append(f"{file}: {card}")
            self.taken += 1

    def _resize(self, size: str) -> None:
        width, height = SIZES[size]
        if self._page.viewport_size != {"width": width, "height": height}:
            self._page.set_viewport_size({"width": width, "height": height})
            # The app lays itself out anew from the other side of a socket.
            self._page.wait_for_timeout(_RESIZED_MS)

    def _error_cards(self) -> tuple[str, ...]:
        words = self._words
        return (words.t("fallback.heading"), words.t("fallback.part"), "Working...")

    def _settled(self) -> str:
        """What is said on screen once it has stopped changing."""
        before = None
        for _ in range(_SETTLE_TRIES):
            said = self._screen.texts()
            if said == before and "Working..." not in said:
                break
            before = said
            self._page.wait_for_timeout(_SETTLED_MS)
        return before or ""


def take_all(
    out: Path,
    languages: Sequence[Language] = LANGUAGES,
    say: Callable[[str], None] = print,
    *,
    text_percent: int = 100,
) -> list[str]:
    """Take every picture; returns what is wrong with any of them.

    Args:
        out: Gets `<language>/<device>/<size>-<theme>/<screen>.png`.
        languages: Which languages.
        say: Gets a line an app and language.
        text_percent: How large the system's text is.

    Raises:
        FieldAppError: a process of the demo did not start.
        NoExample: the route table has a screen this does not know how to reach.
    """
    failures: list[str] = []
    with _world() as (world, case), _chromium(text_percent) as browser:
        plan = stops(SECTIONS, examples(world, case))
        for language in languages:
            for device, places in plan.items():
                failures += _one_app(world, browser, out, language, device, places, say)
            failures += _one_app(world, browser, out, language, "new", (), say)
    return failures


def _one_app(
    world: World,
    browser: Browser,
    out: Path,
    language: Language,
    device: str,
    places: Sequence[Stop],
    say: Callable[[str], None],
) -> list[str]:
    began = time.monotonic()
    arguments = ["field_app", "app", "--data", str(world.folder / "devices" / device)]
    arguments += ["--port", "0", "--no-open-browser", "--language", language]
    arguments += ["--idle-seconds", str(_IDLE_SECONDS)]
    app = world.family.start(f"app_{device}_{language}", arguments)
    context = browser.new_context()
    try:
        photographer = Photographer(context.new_page(), language, out / language / device)
        photographer.enter(app.first_line())
        photographer.take("enrolment" if device == "new" else "locked")
        if places:
            photographer.unlock()
        for place in places:
            photographer.visit(place)
    finally:
        context.close()
        app.kill()
    seconds = time.monotonic() - began
    say(f"{language} {device}: {photographer.taken} pictures in {seconds:.0f} s")
    return photographer.failures


@contextmanager
def _world() -> Iterator[tuple[World, str]]:
    """The story up to its conflicts, a refused change, and the server still running."""
    with tempfile.TemporaryDirectory(prefix="rinnalla-screens-") as folder:
        world = World.of(Path(folder), make_seed(1, (), SystemClock()))
        try:
            for step in PROLOGUE:
                step(world)
            record_for_other_team(world, "Kivisillan kulkija")
            wait_until(lambda: world.social.sync()["waiting"] == 1, "a change waits for a person")
            case = world.coordinator.do("cases")[0]["set_id"]
            for device in world.devices.values():
                device.wait_settled()
                device.stop()
            yield world, case
        finally:
            world.close()


@contextmanager
def _chromium(text_percent: int) -> Iterator[Browser]:
    found = find_chromium()
    if not found:
        raise SystemExit(NOT_FOUND)
    with sync_playwright() as playwright:
        # Flutter follows the size of the page's letters as it follows a phone's setting.
        size = f"--blink-settings=defaultFontSize={_FONT_SIZE * text_percent // 100}"
        browser = playwright.chromium.launch(executable_path=found, args=[*CHROMIUM_FLAGS, size])
        try:
            yield browser
        finally:
            browser.close()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line; 1 when a picture is wrong."""
    parser = argparse.ArgumentParser(prog="field_app.demo.screenshots")
    parser.add_argument("out", type=Path, help="folder for the pictures")
    parser.add_argument("--language", choices=LANGUAGES, action="append", dest="languages")
    parser.add_argument(
        "--text", type=int, default=100, metavar="PERCENT", help="the system's text size"
    )
    given = parser.parse_args(arguments)
    try:
        failures = take_all(given.out, given.languages or LANGUAGES, text_percent=given.text)
    except FieldAppError as error:
        print(Translator().error(error), file=sys.stderr)
        return error.exit_code
    for failure in failures:
        print(failure, file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
