"""The kit in a real Chromium: every language, light and dark, phone and desk; nothing elsewhere."""

from __future__ import annotations

import io
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from PIL import Image
from playwright.sync_api import Browser

from field_app.locale import LANGUAGES, Translator
from tests.e2e.browser import DESK, NetworkWatch, Screen, opened
from tests.e2e.programs import launched

LIGHT_FROM, DARK_BELOW = 160, 90
"""Mean greys of a picture, 0 to 255."""


@pytest.fixture(scope="module")
def links() -> Iterator[dict[str, str]]:
    """A gallery per language."""
    with (
        launched(["-m", "tests.views.gallery", "--language", "fi"]) as fi,
        launched(["-m", "tests.views.gallery", "--language", "sv"]) as sv,
        launched(["-m", "tests.views.gallery", "--language", "en"]) as en,
    ):
        yield {"fi": fi, "sv": sv, "en": en}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_gallery_draws_on_phone_and_desk_by_day_and_night_and_asks_nobody_else(
    chromium: Browser, links: dict[str, str], language: str
) -> None:
    words = Translator(language)
    with opened(chromium, links[language]) as (screen, network):
        page = screen.page
        assert brightness(screen.sees(words.t("nav.people")).picture()) > LIGHT_FROM
        page.emulate_media(color_scheme="dark")
        assert brightness(screen.picture()) < DARK_BELOW
        page.set_viewport_size({"width": DESK[0], "height": DESK[1]})
        screen.picture()
        screen.tap(words.t("nav.people")).sees("Punapipo 1").sees(words.t("shell.nothing_open"))
        assert brightness(screen.picture()) < DARK_BELOW
        page.emulate_media(color_scheme="light")
        assert brightness(screen.picture()) > LIGHT_FROM
        network.assert_quiet()


def brightness(png: bytes) -> float:
    """The mean of a picture's greys, 0 to 255."""
    grey = Image.open(io.BytesIO(png)).convert("L").resize((64, 64))
    return sum(grey.tobytes()) / (64 * 64)


def test_a_contact_is_typed_chosen_and_asked_about(
    chromium: Browser, links: dict[str, str]
) -> None:
    with opened(chromium, links["fi"]) as (screen, network):
        screen.tap("Kirjaa").sees("Aiheet")
        note = "Tavattu aseman kulmalla, Ömer & Åsa; kahvi kelpasi. Nähdään torstaina!"
        screen.type_into("Kirjaus", note).sees(note)
        screen.tap("Porraskäytävä").tap("Etuudet").sees("stairwell ['benefits', 'housing']")
        screen.type_into("RR", "162").sees("162")
        screen.tap("Tallenna").sees("Peruuta").tap("Peruuta")
        screen.sees(f"{len(note)} signs")
        network.assert_quiet()


def test_a_screen_reader_can_choose_a_chip(chromium: Browser, links: dict[str, str]) -> None:
    with opened(chromium, links["fi"]) as (screen, _):
        screen.tap("Kirjaa").sees("Aiheet")
        chip = screen.page.get_by_role("checkbox", name="Porraskäytävä", exact=True)
        assert chip.get_attribute("aria-checked") == "false"
        chip.dispatch_event("click")
        screen.sees("stairwell")


def test_a_long_list_is_wheeled_through_and_a_search_narrows_it(
    chromium: Browser, links: dict[str, str]
) -> None:
    with opened(chromium, links["fi"]) as (screen, _):
        screen.tap("Asiakkaat").sees("Punapipo 1")
        screen.wheel_to("Näytä lisää")
        screen.type_into("Asiakkaat", "reppu 16").sees("Vihreä reppu 16").sees_no_more("Kettu 4")


def test_a_hidden_value_is_shown_by_holding(chromium: Browser, links: dict[str, str]) -> None:
    with opened(chromium, links["fi"]) as (screen, _):
        assert "Kuvitteellinen" not in screen.texts()
        screen.hold("hold-to-reveal").sees("Kuvitteellinen katu 1")


def test_the_text_of_an_exception_is_nowhere(chromium: Browser, links: dict[str, str]) -> None:
    with opened(chromium, links["fi"]) as (screen, _):
        screen.tap("Peruuta").sees("Mitään kirjattua ei ole kadonnut")
        assert "Salainen" not in screen.texts()


def test_large_text_keeps_everything_in_reach(
    chromium: Browser, chromium_path: str, links: dict[str, str]
) -> None:
    flag = "--blink-settings=defaultFontSize=26"
    large = chromium.browser_type.launch(executable_path=chromium_path, args=["--no-sandbox", flag])
    try:
        with opened(large, links["fi"]) as (screen, _):
            screen.tap("Kirjaa").sees("Aiheet").picture()
            screen.tap("Tallenna").sees("Peruuta")
    finally:
        large.close()


def test_without_its_link_the_app_says_where_to_find_it(
    chromium: Browser, links: dict[str, str]
) -> None:
    page = chromium.new_page()
    try:
        parts = urlsplit(links["fi"])
        answer = page.goto(f"http://{parts.netloc}/")
        assert answer is not None
        assert answer.status == 403
        assert "käynnistyslinkistä" in page.content()
    finally:
        page.close()


def test_two_apps_live_in_one_page_on_another_port(chromium: Browser) -> None:
    """Cookies are strict, and other ports of one host are the same site: this must work."""
    with launched(["-m", "tests.e2e.embedding_page"]) as page_link:
        origin = "http://" + urlsplit(page_link).netloc
        arguments = ["-m", "tests.views.gallery", "--embed-origin", origin]
        with launched(arguments) as one, launched(arguments) as two:
            context = chromium.new_context(viewport={"width": 860, "height": 800})
            page = context.new_page()
            page.goto(f"{page_link}?one={one}&two={two}")
            for link in (one, two):
                home = f"http://{urlsplit(link).netloc}/"
                page.wait_for_function("count => window.frames.length === count", arg=2)
                frame = next(each for each in page.frames if each.url.startswith(home))
                Screen(page, frame).ready().sees("Kaikki tallessa")
            context.close()


def test_no_other_page_may_frame_the_app(chromium: Browser, links: dict[str, str]) -> None:
    with launched(["-m", "tests.e2e.embedding_page"]) as page_link:
        context = chromium.new_context()
        page = context.new_page()
        watch = NetworkWatch(urlsplit(page_link).netloc)
        watch.follow(page)
        page.goto(f"{page_link}?one={links['fi']}&two={links['sv']}")
        page.wait_for_timeout(1500)
        assert any("frame-ancestors" in each for each in watch.console_errors)
        context.close()
