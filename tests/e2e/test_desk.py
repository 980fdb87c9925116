"""The coordinator's desk, and the demo page that shows two phones and a desk side by side."""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page

from tests.e2e.browser import DESK, TIMEOUT_MS, NetworkWatch
from tests.e2e.demo_world import DemoWorld, name_of
from tests.e2e.hand import Hand, hand


def test_the_coordinator_narrows_the_caseload_and_reads_a_person_beside_it(
    chromium: Browser, demo: DemoWorld
) -> None:
    with hand(chromium, demo.links["coordinator"], DESK) as desk:
        desk.unlock("Aamu").go_to("Työtilanne", "60 asiakasta").tap("Rajaa", role="button")
        desk.tap("Rannan tiimi", role="checkbox").sees("20 / 60 asiakasta")
        desk.tap("Myöhässä", role="checkbox").sees("2 rajausta")
        desk.tap("Leena Tarinainen", role="checkbox").tap("30 päivää", role="checkbox")
        desk.tap("Näytä kaikki", role="button").sees("60 asiakasta")
        desk.tap("Rajaa", role="button").sees("Mitään ei ole auki").tap("Tavoitettu")
        desk.sees("Aikajana").sees("60 asiakasta").sees_no_more("Mitään ei ole auki")
        desk.go_to("Odottavat", "Mikään ei odota")


def test_the_desk_lists_the_devices_and_says_when_each_was_last_heard_from(
    chromium: Browser, demo: DemoWorld
) -> None:
    with (
        hand(chromium, demo.links["nurse"]) as nurse,
        hand(chromium, demo.links["coordinator"], DESK) as desk,
    ):
        name = name_of(demo.someone())
        demo.offline("nurse", True)
        try:
            nurse.unlock().sees("Ei verkkoa").tap("Kirjaa", role="button").tap(
                "Puhelin", role="checkbox"
            )
            nurse.type_into("Kenen kanssa?", name.lower()).tap(name)
            nurse.type_into("Kirjaus", "Soitettu.").tap("Ei jatkoa", role="checkbox").tap(
                "Tallenna", role="button"
            )
            nurse.sees("1 vain tässä laitteessa")
            desk.unlock("Aamu").tap("Laitteet").wheel_to("Veikko Harjoitus")
            desk.sees("Yhteydessä viimeksi").wheel_to("tämä laite")
        finally:
            demo.offline("nurse", False)


def test_the_demo_page_shows_three_apps_that_unlock_sync_and_go_offline_asking_nobody_else(
    chromium: Browser, demo: DemoWorld
) -> None:
    context = chromium.new_context(viewport={"width": 1960, "height": 1000})
    try:
        page = context.new_page()
        page.set_default_timeout(TIMEOUT_MS)
        hosts = {urlsplit(link).netloc for link in (demo.page, *demo.links.values())}
        watches = [NetworkWatch(host) for host in hosts]
        for watch in watches:
            watch.follow(page)
        page.goto(demo.page)
        apps = _apps(page, demo)
        for app in apps:
            app.ready().unlock("Kaikki tallessa palvelimella")
        switch = page.locator("button[data-device=nurse]")
        switch.click()
        apps[1].sees("Ei verkkoa")
        assert "Ei verkkoa" not in apps[0].texts()
        switch.click()
        apps[1].sees("Kaikki tallessa palvelimella")
        foreign = set.intersection(*(set(watch.foreign) for watch in watches))
        assert not foreign, f"asked elsewhere: {foreign}"
        assert not watches[0].console_errors
        assert not watches[0].refused
    finally:
        context.close()


def _apps(page: Page, demo: DemoWorld) -> list[Hand]:
    page.wait_for_function("() => window.frames.length === 3")
    found = []
    for link in demo.links.values():
        home = f"http://{urlsplit(link).netloc}/"
        page.wait_for_timeout(500)
        frame = next(frame for frame in page.frames if frame.url.startswith(home))
        found.append(Hand(page, frame))
    return found
