"""Compiling catalogues: fresh ones stay untouched, stale and broken ones are found."""

from __future__ import annotations

from pathlib import Path

import pytest

from field_app.locale.__main__ import main
from field_app.locale.catalogues import compile_all, folder, is_fresh, load, sources

HEADER = """msgid ""
msgstr ""
"Language: fi\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A catalogue of two areas in one language."""
    write(tmp_path, "one", "today.title", "Tänään")
    write(tmp_path, "two", "people.title", "Asiakkaat")
    return tmp_path


def write(root: Path, area: str, msgid: str, msgstr: str) -> Path:
    """Write one area that holds one text."""
    path = folder("fi", root) / f"{area}.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'{HEADER}\nmsgid "{msgid}"\nmsgstr "{msgstr}"\n', encoding="utf-8")
    return path


def test_all_areas_become_one_space_of_keys(root: Path) -> None:
    compile_all(root)
    texts = load("fi", root)
    assert texts.gettext("today.title") == "Tänään"
    assert texts.gettext("people.title") == "Asiakkaat"


def test_compiling_twice_writes_nothing_the_second_time(root: Path) -> None:
    assert [path.name for path in compile_all(root)] == ["one.mo", "two.mo"]
    assert compile_all(root) == []


def test_an_edited_text_makes_only_its_own_area_stale(root: Path) -> None:
    compile_all(root)
    edited = write(root, "two", "people.title", "Ihmiset")
    assert [path for path in sources("fi", root) if not is_fresh(path)] == [edited]
    assert [path.name for path in compile_all(root)] == ["two.mo"]


def test_the_command_compiles_and_says_what_it_wrote(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compile"], root) == 0
    assert capsys.readouterr().out.splitlines() == [
        "compiled fi/LC_MESSAGES/one.mo",
        "compiled fi/LC_MESSAGES/two.mo",
    ]


@pytest.mark.parametrize(
    "broken",
    [
        "msgid",
        'msgid "today.title\nmsgstr "Tänään"',
        'msgid "today.title"\nmsgstr "Tänään"\n\nmsgid "today.title"\nmsgstr "Huomenna"',
    ],
    ids=["half an entry", "an open quote", "a key twice"],
)
def test_a_broken_catalogue_is_an_error_not_a_traceback(
    root: Path, capsys: pytest.CaptureFixture[str], broken: str
) -> None:
    (folder("fi", root) / "one.po").write_text(f"{HEADER}\n{broken}\n", encoding="utf-8")
    assert main(["compile"], root) == 1
    assert "cannot be read" in capsys.readouterr().err


def test_any_other_argument_shows_how_it_is_used(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "usage" in capsys.readouterr().err
