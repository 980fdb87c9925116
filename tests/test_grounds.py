"""The grounds the other tests stand on: databases, a browser, and a run without quiet gaps."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import sync_playwright
from sqlalchemy import create_engine, inspect, text

from field_app.demo import chromium
from tests import chromium_setup

pytest_plugins = ["pytester"]


def test_every_test_gets_an_empty_database(server_database_url: str) -> None:
    engine = create_engine(server_database_url)
    try:
        assert inspect(engine).get_table_names() == []
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE left_behind (id INTEGER)"))
    finally:
        engine.dispose()


test_and_the_next_one_gets_another = test_every_test_gets_an_empty_database


def test_postgresql_is_a_real_one(postgresql_url: str) -> None:
    engine = create_engine(postgresql_url)
    try:
        with engine.connect() as connection:
            version = connection.execute(text("SHOW server_version_num")).scalar_one()
    finally:
        engine.dispose()
    assert int(version) >= 160000


def test_the_browser_starts_and_shows_a_page(chromium_path: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=["--no-sandbox"])
        page = browser.new_page()
        page.set_content("<h1>Rinnalla</h1>")
        assert page.inner_text("h1") == "Rinnalla"
        browser.close()


def test_a_browser_that_does_not_start_is_not_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chromium, "_candidates", lambda: iter(["/bin/false", "/nowhere"]))
    assert chromium.find_chromium() is None


def test_without_a_browser_the_set_up_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(chromium_setup, "find_chromium", lambda: None)
    monkeypatch.setattr(chromium_setup, "install_chromium", lambda: None)
    assert chromium_setup.main() == 1
    assert "apt-get install chromium" in capsys.readouterr().err


ONE_ON_EACH_GROUND = """
    import pytest

    @pytest.mark.parametrize("ground", [
        pytest.param(name, marks=getattr(pytest.mark, name))
        for name in ("sqlite", "postgresql", "chromium")
    ])
    def test_ground(ground): pass
"""

RunTests = Callable[..., pytest.RunResult]


@pytest.fixture
def run_tests(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> RunTests:
    """Run a few tests under the plugin, as `make test` does or as a developer does."""

    def run(source: str, *arguments: str, whole: bool = True) -> pytest.RunResult:
        monkeypatch.setenv("FIELD_APP_TEST_WHOLE", "1" if whole else "")
        pytester.makeconftest('pytest_plugins = ["tests.whole_run"]')
        pytester.makepyfile(test_grounds=ONE_ON_EACH_GROUND, test_more=source)
        return pytester.runpytest_inprocess("-p", "no:randomly", *arguments)

    return run


def test_a_whole_run_passes_and_says_what_ran_where(run_tests: RunTests) -> None:
    result = run_tests("def test_plain(): pass")
    assert result.ret == pytest.ExitCode.OK
    result.stdout.fnmatch_lines(["passed on: sqlite 1 · postgresql 1 · chromium 1"])


@pytest.mark.parametrize(
    ("source", "gap"),
    [
        ("import pytest\ndef test_gap(): pytest.skip('later')", "*test_gap: skip"),
        ("import pytest\npytest.skip('later', allow_module_level=True)", "*test_more.py: skip"),
        ("import pytest\n@pytest.mark.xfail\ndef test_gap(): assert False", "*test_gap: xfail"),
        ("import pytest\n@pytest.mark.xfail\ndef test_gap(): assert True", "*test_gap: xfail"),
    ],
)
def test_a_gap_fails_a_whole_run_and_is_named(run_tests: RunTests, source: str, gap: str) -> None:
    result = run_tests(source)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["*this run is not whole*", gap])


def test_deselecting_fails_a_whole_run_and_names_the_empty_grounds(run_tests: RunTests) -> None:
    result = run_tests("def test_plain(): pass", "-k", "plain")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["*test_ground*deselected", "nothing ran on sqlite"])


def test_a_developers_own_selection_may_have_gaps(run_tests: RunTests) -> None:
    result = run_tests("def test_plain(): pass", "-k", "plain", whole=False)
    assert result.ret == pytest.ExitCode.OK
    result.stdout.no_fnmatch_line("*not whole*")


def test_a_failure_on_a_ground_is_not_counted_as_passed(run_tests: RunTests) -> None:
    result = run_tests(
        "import pytest\n@pytest.mark.sqlite\ndef test_broken(): assert False", whole=False
    )
    result.stdout.fnmatch_lines(["passed on: sqlite 1 · *"])


def test_a_run_in_two_processes_counts_and_finds_gaps_as_one_does(run_tests: RunTests) -> None:
    whole = run_tests("def test_plain(): pass", "-p", "xdist", "-n", "2")
    assert whole.ret == pytest.ExitCode.OK
    whole.stdout.fnmatch_lines(["passed on: sqlite 1 · postgresql 1 · chromium 1"])
    gap = run_tests("def test_plain(): pass", "-p", "xdist", "-n", "2", "-k", "plain or sqlite")
    assert gap.ret == pytest.ExitCode.TESTS_FAILED
    gap.stdout.fnmatch_lines(["*this run is not whole*", "*deselected"])
