"""A worker's hand on a phone or desk in Chromium: it unlocks, taps, types; its taps are counted."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Self

from playwright.sync_api import Browser, Locator

from tests.e2e.browser import PHONE, TIMEOUT_MS, Screen, opened
from tests.e2e.demo_world import DEMO_PIN

OPENING_MS = 60_000
_ANSWER_MS = 6_000
Measured = Callable[[str, object], None]
"""pytest's `record_property`: what was measured stands in the report."""


class Hand(Screen):
    """The screen, under a hand."""

    taps = 0

    def tap(self, name: str, *, role: str | None = None) -> Self:
        """Tap, and count it."""
        self.taps += 1
        super().tap(name, role=role)
        return self

    def pin(self, digits: str) -> Self:
        """Tap a PIN."""
        for digit in digits:
            self.tap(digit, role="button")
        return self

    def choose_pin(self, digits: str) -> Self:
        """Tap a new PIN, and the tick that ends it."""
        return self.pin(digits).tap("PIN-koodi valmis", role="button")

    def unlock(self, then: str = "Tänään") -> Self:
        """Open the app with the demo's PIN, if another window has not just done so."""
        asked = "Anna PIN-koodi"
        self._until(
            lambda: any(text in self.texts() for text in (asked, then)), "no app", OPENING_MS
        )
        if asked in self.texts():
            self.pin(DEMO_PIN)
        self.sees(then, OPENING_MS)
        return self

    def go_to(self, place: str, sight: str) -> Self:
        """Tap a place of the app until it is there, as a thumb would: a drawing may eat a tap."""
        for _ in range(2):
            with suppress(AssertionError):
                return self.tap(place).sees(sight, _ANSWER_MS)
        return self.tap(place).sees(sight)

    def find(self, name: str) -> Self:
        """Go to the people, type into the search, open the person."""
        self.go_to("Asiakkaat", "Hae nimi").search("Hae nimi", name.lower(), "Nimen mukaan")
        self.tap(name).sees("Seuraava askel")
        return self

    def search(self, label: str, typed: str, answer: str) -> Self:
        """Type into a search until the app answers.

        On a busy machine the engine may show letters in the page's own field that its text input
        has let go of: no event leaves the browser. The focus is given anew then, as a hand would.
        """
        for last in (False, False, True):
            self.type_into(label, typed)
            try:
                return self.sees(answer, TIMEOUT_MS if last else _ANSWER_MS)
            except AssertionError:
                if last:
                    raise
                self.page.keyboard.press("Tab")
        return self

    def turn_to(self, section: str) -> Self:
        """Turn to a section of the page; its tab may lie beyond the edge, a swipe away."""
        self.taps += 1
        for _ in range(10):
            self._until(
                lambda: self._tappable(section, "tab", exact=False) is not None, section, TIMEOUT_MS
            )
            tab = self._tappable(section, "tab", exact=False)
            if tab is not None and tab.get_attribute("aria-selected") == "true":
                return self
            if tab is not None:
                tab.dispatch_event("click")
            self.page.wait_for_timeout(500)  # two turns at once would answer each other
        raise AssertionError(f"{section!r} was not turned to; on screen: {self.texts()}")

    def back_to_bar(self) -> Self:
        """Go up, a screen at a time, until the places of the app are in sight."""
        for _ in range(4):
            self._until(lambda: self._place("Asiakkaat") or self._way_back(), "no way", TIMEOUT_MS)
            name = self._way_back()
            if self._place("Asiakkaat") is not None or name is None:
                break
            left = self.texts()
            self.tap(name, role="button")
            self._until(lambda left=left: self.texts() != left, f"{name!r} did nothing", TIMEOUT_MS)
            self.picture()  # the way back has been gone to its end
        self._until(lambda: self._place("Asiakkaat") is not None, "no bar", TIMEOUT_MS)
        return self

    def _way_back(self) -> str | None:
        """What closes the screen in sight."""
        for name in ("Sulje", "Takaisin"):
            if self._tappable(name, "button", exact=False) is not None:
                return name
        return None

    def _place(self, name: str) -> Locator | None:
        """A place of the bar or the rail."""
        tab = self._tappable(name, "tab", exact=False)
        return tab or self._tappable(name, "button", exact=False)

    def holds(self, label: str) -> str:
        """What stands in the field with this label; the engine tells it once it has the focus."""
        self._focus(label)
        self.page.wait_for_timeout(300)
        return self._typed()


@contextmanager
def hand(browser: Browser, link: str, size: tuple[int, int] = PHONE) -> Iterator[Hand]:
    """A hand on the app behind a launch link; in the end nothing was asked of anybody else."""
    with opened(browser, link, size) as (screen, network):
        yield Hand(screen.page)
        network.assert_quiet()


class Watch:
    """Seconds since it was made."""

    def __init__(self) -> None:
        """Start."""
        self._began = time.monotonic()

    @property
    def seconds(self) -> float:
        """Seconds since then."""
        return time.monotonic() - self._began
