"""A worker's hand on a phone or desk in Chromium: it unlocks, taps, types; its taps are counted."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser

from tests.e2e.browser import PHONE, Screen, opened
from tests.e2e.demo_world import DEMO_PIN

OPENING_MS = 60_000


class Hand(Screen):
    """The screen, under a hand."""

    taps = 0

    def tap(self, name: str, *, role: str | None = None) -> Hand:
        """Tap, and count it."""
        self.taps += 1
        super().tap(name, role=role)
        return self

    def pin(self, digits: str) -> Hand:
        """Tap a PIN."""
        for digit in digits:
            self.tap(digit)
        return self

    def unlock(self, then: str = "Tänään") -> Hand:
        """Open the app with the demo's PIN."""
        self.sees("Anna PIN-koodi", OPENING_MS)
        self.pin(DEMO_PIN).sees(then, OPENING_MS)
        return self

    def find(self, typed: str, name: str) -> Hand:
        """Go to the people, type into the search, open the person."""
        self.tap("Asiakkaat").type_into("Hae nimi", typed)
        self.sees("Nimen mukaan").tap(name).sees("Seuraava askel")
        return self

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
