"""One Chromium and one running demo for all end-to-end tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.e2e.browser import CHROMIUM_FLAGS
from tests.e2e.demo_world import DemoWorld, OwnPhone


@pytest.fixture(scope="module")
def chromium(chromium_path: str) -> Iterator[Browser]:
    """A started Chromium; tests open their own profiles in it.

    One a module: while Playwright lives, its event loop runs in this thread, and no test that
    follows in the same process could run one of its own.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_path, args=list(CHROMIUM_FLAGS)
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoWorld]:
    """The demo, running."""
    world = DemoWorld.start(tmp_path_factory.mktemp("world") / "demo")
    yield world
    world.stop()


@pytest.fixture(scope="session")
def sannas_directory(demo: DemoWorld, tmp_path_factory: pytest.TempPathFactory) -> OwnPhone:
    """The phone of a social worker of the pair's team, taken into use and not running."""
    root = tmp_path_factory.mktemp("sanna")
    return OwnPhone(root / "device", root).take_into_use(demo.code("Sanna Satumaa"))


@pytest.fixture
def sannas_phone(sannas_directory: OwnPhone) -> Iterator[OwnPhone]:
    """That phone, running; killed at the end, as phones are."""
    yield sannas_directory.start()
    sannas_directory.kill()
