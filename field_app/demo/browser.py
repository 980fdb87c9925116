"""Drive the app in a real Chromium, through what a screen reader would be told.

Flutter draws on a canvas; its semantics tree is the page's only DOM. The steps here wait for what
they need, and fail with what is on screen. Learnt the hard way: typing with `.fill()` loses
letters, so fields are clicked, waited for and typed into; lazy lists hold about a dozen rows.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from PIL import Image
from playwright.sync_api import Browser, ConsoleMessage, Frame, Locator, Page, Request, Response
from playwright.sync_api import Error as PlaywrightError

CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PHONE = (412, 915)
DESK = (1280, 800)
TIMEOUT_MS = 20_000
_LOADING_MS = 60_000
_SETTLED_MS = 400
_FOCUSED_MS = 120
_TYPING_TRIES = 4
_STILL_TRIES = 6
_STANDING_LOOKS, _LOOK_MS = 3, 120
_WHEEL_STEP = 600
_PLAIN_COLOURS_MAX = 8


@dataclass
class NetworkWatch:
    """Everything the page asked for, and everything it complained of."""

    own_host: str
    foreign: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    console_errors: list[str] = field(default_factory=list)

    def follow(self, page: Page) -> None:
        """Watch a page from before its first request on."""
        page.on("request", self._request)
        page.on("response", self._response)
        page.on("console", self._console)
        page.on("websocket", lambda socket: self._address(socket.url))
        page.on("pageerror", lambda error: self.console_errors.append(str(error)))

    def assert_quiet(self) -> None:
        """Fail when anything went elsewhere, was not found, or was complained of."""
        assert not self.foreign, f"asked elsewhere: {self.foreign}"
        assert not self.refused, f"not found here: {self.refused}"
        assert not self.console_errors, f"console: {self.console_errors}"

    def _request(self, request: Request) -> None:
        self._address(request.url)

    def _address(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob") and parts.netloc != self.own_host:
            self.foreign.append(url)

    def _response(self, response: Response) -> None:
        if response.status >= 400:
            self.refused.append(f"{response.status} {response.url}")

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.console_errors.append(message.text)


class Screen:
    """One page of the app, as a person meets it."""

    def __init__(self, page: Page, frame: Frame | None = None) -> None:
        """Take a page, or one frame of it."""
        self.page = page
        self._frame = frame or page.main_frame

    def ready(self) -> Self:
        """Wait until the app has drawn, and turn the semantics tree on."""
        placeholder = self._frame.locator("flt-semantics-placeholder")
        placeholder.wait_for(state="attached", timeout=_LOADING_MS)
        placeholder.evaluate("node => node.click()")
        self._frame.locator("flt-semantics").first.wait_for(state="attached")
        self.wait_for_drawing()
        return self

    def wait_for_drawing(self) -> None:
        """Wait until the canvas shows more than one plain colour."""
        for _ in range(60):
            if not _is_blank(self.page.screenshot()):
                return
            self.page.wait_for_timeout(250)
        raise AssertionError("the page stayed blank")

    def texts(self) -> str:
        """All that a screen reader could say, in one string."""
        script = """() => {
          const host = document.querySelector('flt-semantics-host');
          if (!host) return '';
          const said = [...host.querySelectorAll('[aria-label]')]
            .map((node) => node.getAttribute('aria-label'));
          const typed = [...host.querySelectorAll('input, textarea')].map((node) => node.value);
          return [host.innerText, ...said, ...typed].join('\\n');
        }"""
        return str(self._frame.evaluate(script))

    def sees(self, text: str, timeout_ms: int = TIMEOUT_MS) -> Self:
        """Wait for a text."""
        self._until(lambda: text in self.texts(), f"{text!r} did not appear", timeout_ms)
        return self

    def sees_no_more(self, text: str) -> Self:
        """Wait until a text is gone."""
        self._until(lambda: text not in self.texts(), f"{text!r} stayed", TIMEOUT_MS)
        return self

    def tap(self, name: str, *, role: str | None = None) -> Self:
        """Tap the button, row, chip or tab with this name; an exact name wins over a part of it.

        A part of a name is tapped only once the screen has stood still without the exact one: what
        is on its way may be what was meant ("Kirjaa", while "Kirjaa kohtaaminen" goes).
        """
        self._until(lambda: self._aim(name, role) is not None, f"no {name!r}", TIMEOUT_MS)
        target = self._aim(name, role) or self._tappable(name, role, exact=False)
        assert target is not None, f"{name!r} went; on screen: {self.texts()}"
        try:
            target.click()
        except PlaywrightError as error:
            complaint = f"{name!r} cannot be tapped; on screen: {self.texts()}"
            raise AssertionError(complaint) from error
        return self

    def _aim(self, name: str, role: str | None) -> Locator | None:
        exact = self._tappable(name, role, exact=True)
        if exact is not None:
            return exact
        for _ in range(_STANDING_LOOKS):
            said = self.texts()
            self.page.wait_for_timeout(_LOOK_MS)
            if self._tappable(name, role, exact=True) is not None or self.texts() != said:
                return None
        return self._tappable(name, role, exact=False)

    def tap_identified(self, identifier: str) -> Self:
        """Tap what `ft.Semantics(identifier=…)` names."""
        self._frame.locator(f"[flt-semantics-identifier='{identifier}']").click()
        return self

    def hold(self, identifier: str, milliseconds: int = 900) -> Self:
        """Press long on what `ft.Semantics(identifier=…)` names."""
        box = self._frame.locator(f"[flt-semantics-identifier='{identifier}']").bounding_box()
        assert box is not None, f"#{identifier} has no place on screen"
        self.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        self.page.mouse.down()
        self.page.wait_for_timeout(milliseconds)
        self.page.mouse.up()
        return self

    def type_into(self, label: str, text: str) -> Self:
        """Replace the content of the field with this label, as fingers would.

        A field that has just got the focus is given its content once more by the engine, which
        on a busy machine swallows the first letters: then they are typed again.
        """
        for _ in range(_TYPING_TRIES):
            self._focus(label)
            self.page.keyboard.press("Control+A")
            self.page.keyboard.press("Delete")
            self.page.keyboard.type(text, delay=15)
            if self._typed() == text:
                return self
            self.page.wait_for_timeout(_SETTLED_MS)
        raise AssertionError(f"{label!r} did not take {text!r}; it holds {self._typed()!r}")

    def _focus(self, label: str) -> None:
        """Tap the field until it keeps the focus: the engine drops it when the tree changes."""
        # It may also put another element in its place: the name is what stays.
        focused = "name => document.activeElement?.getAttribute('aria-label')?.startsWith(name)"
        for _ in range(TIMEOUT_MS // (2 * _FOCUSED_MS)):
            self._field(label).click()
            self.page.wait_for_timeout(_FOCUSED_MS)
            if self._frame.evaluate(focused, label):
                self.page.wait_for_timeout(_FOCUSED_MS)
                if self._frame.evaluate(focused, label):
                    return
        raise AssertionError(f"{label!r} did not take the focus; on screen: {self.texts()}")

    def _typed(self) -> str:
        return str(self._frame.evaluate("() => document.activeElement?.value ?? ''"))

    def wheel_to(self, text: str, turns: int = 60) -> Self:
        """Wheel through the list under the middle of the page until a text appears.

        Down to its end, and from there up: what was looked for before may lie below.
        """
        size = self.page.viewport_size or {"width": PHONE[0], "height": PHONE[1]}
        self.page.mouse.move(size["width"] / 2, size["height"] / 2)
        step, before = _WHEEL_STEP, ""
        for _ in range(turns):
            seen = self.texts()
            if text in seen:
                return self
            if seen == before:
                step = -step
            before = seen
            self.page.mouse.wheel(0, step)
            self.page.wait_for_timeout(_LOOK_MS)
        raise AssertionError(f"{text!r} is not in the list; on screen: {self.texts()}")

    def picture(self, path: Path | None = None) -> bytes:
        """A screenshot of a settled page; fails when it is blank or an error card."""
        image = self._still()
        if path is not None:
            path.write_bytes(image)
        assert not _is_blank(image), "a blank picture"
        assert "Traceback" not in self.texts(), "an error card"
        return image

    def _still(self) -> bytes:
        """A screenshot that is the same as the one before it: no animation runs."""
        before = b""
        for _ in range(_STILL_TRIES):
            self.page.wait_for_timeout(_SETTLED_MS)
            now = self.page.screenshot(caret="hide")
            if now == before:
                return now
            before = now
        return before  # something moves for good, e.g. a progress ring or a caret

    def _field(self, label: str) -> Locator:
        """The text field of a label; with a unit beside it, its name is longer."""
        boxes = self._frame.locator("input, textarea")
        self._until(lambda: self._labelled(boxes, label) is not None, f"no {label!r}", TIMEOUT_MS)
        found = self._labelled(boxes, label)
        assert found is not None
        return found

    @staticmethod
    def _labelled(boxes: Locator, label: str) -> Locator | None:
        script = "boxes => boxes.map(box => box.getAttribute('aria-label') || '')"
        names: list[str] = boxes.evaluate_all(script)
        for fits in (label.__eq__, lambda name: name.startswith(label)):
            for place, name in enumerate(names):
                if fits(name):
                    return boxes.nth(place)
        return None

    def _tappable(self, name: str, role: str | None, *, exact: bool) -> Locator | None:
        roles = (role,) if role else ("button", "tab", "checkbox", "radio", "switch", "link")
        for each in roles:
            found = self._frame.get_by_role(each, name=name, exact=exact)  # type: ignore[arg-type]
            if found.count():
                return found.first
        return None

    def _until(self, condition: object, complaint: str, timeout_ms: int) -> None:
        assert callable(condition)
        for _ in range(max(1, timeout_ms // 100)):
            try:
                if condition():
                    return
            except PlaywrightError:
                pass  # the tree was redrawn while it was read
            self.page.wait_for_timeout(100)
        raise AssertionError(f"{complaint}; on screen: {self.texts()}")


@contextmanager
def opened(
    browser: Browser,
    link: str,
    size: tuple[int, int] = PHONE,
    *,
    dark: bool = False,
) -> Iterator[tuple[Screen, NetworkWatch]]:
    """A fresh browser profile at a launch link, ready, and its network watched."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if dark else "light",
    )
    try:
        page = context.new_page()
        page.set_default_timeout(TIMEOUT_MS)
        watch = NetworkWatch(urlsplit(link).netloc)
        watch.follow(page)
        page.goto(link)
        yield Screen(page).ready(), watch
    finally:
        context.close()


def _is_blank(png: bytes) -> bool:
    """Whether a picture holds next to nothing: a drawn screen has letters, so many shades."""
    image = Image.open(io.BytesIO(png)).convert("RGB").resize((206, 206))
    colours = image.getcolors(maxcolors=256)
    return colours is not None and len(colours) <= _PLAIN_COLOURS_MAX
