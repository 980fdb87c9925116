"""The command line: help for newcomers, lazy commands, one sentence and one code per error."""

from __future__ import annotations

import errno
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import click
import pytest

from field_app import __version__
from field_app.cli import ELSEWHERE, cli, run
from field_app.domain import errors
from field_app.settings import AppSettings, ServerSettings

Captured = pytest.CaptureFixture[str]
Standing = Callable[..., None]


@pytest.fixture(autouse=True)
def finnish_around(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests' own language, whatever the machine speaks."""
    for name in ("FIELD_APP_LANGUAGE", "LC_ALL", "LC_MESSAGES", "FIELD_APP_TRACEBACK"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setattr("field_app.cli.log_to_stderr", lambda _: None)


@pytest.fixture
def standing_in(monkeypatch: pytest.MonkeyPatch) -> Standing:
    """Put a small module in place of a command's implementation."""

    def put(name: str, **attributes: object) -> None:
        module = ModuleType(name)
        module.__dict__.update(attributes)
        monkeypatch.setitem(sys.modules, name, module)

    return put


def raising(error: BaseException) -> Callable[[object], None]:
    """A `serve` or `run_app` that fails."""

    def fail(_: object) -> None:
        raise error

    return fail


def families() -> list[type[errors.FieldAppError]]:
    """The tree's first branches."""
    below = errors.FieldAppError.__subclasses__()
    return [family for family in below if family.__module__ == errors.__name__]


@pytest.mark.parametrize("arguments", [["--help"], ["serve", "--help"], ["app", "-h"]])
def test_help_is_there_and_nobody_is_greeted_by_an_error(
    arguments: list[str], capsys: Captured
) -> None:
    assert run(arguments) == 0
    assert "Usage: field-app" in capsys.readouterr().out


def test_help_lists_every_command_with_what_it_is_for(capsys: Captured) -> None:
    run(["--help"])
    shown = capsys.readouterr().out
    for name in ("serve", "app", "admin", "demo", "store"):
        assert any(line.split(maxsplit=1)[:1] == [name] for line in shown.splitlines()), name


def test_help_says_what_the_exit_codes_mean(capsys: Captured) -> None:
    run(["--help"])
    shown = capsys.readouterr().out
    for code in {0, 1, *(family.exit_code for family in families())}:
        assert f"{code} " in shown


def test_each_family_of_errors_has_an_exit_code_of_its_own() -> None:
    codes = [family.exit_code for family in families()]
    assert len(set(codes)) == len(codes)
    assert 1 not in codes


@pytest.mark.parametrize(("command", "kind"), [("serve", ServerSettings), ("app", AppSettings)])
def test_every_setting_has_a_flag_with_help_that_names_its_variable(
    command: str, kind: type[ServerSettings | AppSettings]
) -> None:
    options = {option.name: option for option in cli.commands[command].params}
    for name in kind.model_fields:
        if name.endswith("_token"):
            assert name not in options, "anyone may read a program's command line"
            continue
        option = options[name]
        assert isinstance(option, click.Option)
        assert option.help
        assert kind.variable(name) in option.help


def test_the_version_is_told(capsys: Captured) -> None:
    assert run(["--version"]) == 0
    assert __version__ in capsys.readouterr().out


def test_flags_reach_the_server_as_settings(standing_in: Standing) -> None:
    seen: list[ServerSettings] = []
    standing_in("field_app.server.main", serve=seen.append)
    assert run(["serve", "--port", "8999", "--host", "0.0.0.0"]) == 0
    assert (seen[0].port, seen[0].host) == (8999, "0.0.0.0")


def test_flags_reach_the_app_as_settings(standing_in: Standing, tmp_path: Path) -> None:
    seen: list[AppSettings] = []
    standing_in("field_app.views.main", run_app=seen.append)
    assert run(["app", "--data", str(tmp_path), "--no-open-browser"]) == 0
    assert (seen[0].data, seen[0].open_browser) == (tmp_path, False)


@pytest.mark.parametrize("name", sorted(ELSEWHERE))
def test_a_command_that_lives_elsewhere_is_mounted(
    name: str, standing_in: Standing, capsys: Captured
) -> None:
    module, attribute, _ = ELSEWHERE[name]
    command = click.Command(name, callback=lambda: click.echo("here"))
    standing_in(module, **{attribute: command})
    assert run([name]) == 0
    assert capsys.readouterr().out == "here\n"


def test_a_commands_own_exit_code_is_kept(standing_in: Standing) -> None:
    def leave() -> None:
        click.get_current_context().exit(7)

    standing_in("field_app.demo.command", demo=click.Command("demo", callback=leave))
    assert run(["demo"]) == 7


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["serve", "--colour"], "--colour"),
        (["sreve"], "sreve"),
        (["serve", "--port"], "--port"),
    ],
)
def test_wrong_arguments_are_named(arguments: list[str], says: str, capsys: Captured) -> None:
    assert run(arguments) == 2
    assert says in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["sreve"], "Kommandot sreve finns inte. Hjälp: field-app --help"),
        (["serve", "--colour"], "Flaggan --colour finns inte. Hjälp: field-app serve --help"),
        (["serve", "--port"], "Flaggan --port saknar värde. Hjälp: field-app --help"),
        (["serve", "now"], "Det finns för många uppgifter. Hjälp: field-app serve --help"),
        (["store", "export"], "Uppgiften DIR saknas. Hjälp: field-app store export --help"),
        (["demo", "--port", "70000"], "Värdet för --port ska vara ett heltal mellan 0 och 65535."),
        (["demo", "--seed", "x"], "Värdet för --seed ska vara ett heltal."),
        (["demo", "--keep", "x"], "Flaggan --keep hör ihop med --check"),
        (["demo", "--inject", "/"], "Värdet för --inject duger inte."),
        (["store", "export", "x", "--pin", "1", "--passphrase", "a"], "antingen --pin eller"),
        (["admin", "worker", "add", "A", "--role", "king"], "Tillåtna: social_instructor, "),
    ],
)
def test_wrong_arguments_are_one_sentence_in_the_persons_language(
    arguments: list[str], says: str, capsys: Captured
) -> None:
    assert run(["--language", "sv", *arguments]) == 2
    told = capsys.readouterr().err
    assert says in told
    assert told.count("\n") == 1


@pytest.mark.parametrize("command", ["", "admin", "app", "demo", "serve", "simulate", "store"])
def test_no_mark_of_the_layout_is_left_in_a_help(command: str, capsys: Captured) -> None:
    assert run([*command.split(), "--help"]) == 0
    assert "\\b" not in capsys.readouterr().out


def test_a_wrong_setting_is_one_sentence(capsys: Captured) -> None:
    assert run(["--language", "en", "serve", "--port", "many"]) == 2
    assert capsys.readouterr().err == "The setting port cannot be used (--port).\n"


@pytest.mark.parametrize(
    ("error", "code", "says"),
    [
        (OSError(errno.EADDRINUSE, "in use"), 6, "--port"),
        (OSError(errno.ENOSPC, "no space"), 3, "tila"),
        (errors.AccessDenied("who"), 5, "oikeutta"),
        (errors.DatabaseUnreachable("dsn"), 7, "ietokanta"),
    ],
)
def test_an_error_is_one_sentence_and_a_code(
    error: Exception, code: int, says: str, standing_in: Standing, capsys: Captured
) -> None:
    standing_in("field_app.server.main", serve=raising(error))
    assert run(["serve"]) == code
    told = capsys.readouterr().err
    assert says in told
    assert told.count("\n") == 1


def test_what_nobody_foresaw_says_where_but_not_what(
    standing_in: Standing, capsys: Captured
) -> None:
    standing_in("field_app.views.main", run_app=raising(ValueError("Matti Esimerkki")))
    assert run(["app"]) == 1
    told = capsys.readouterr().err
    assert "ValueError" in told
    assert "test_cli.py" in told
    assert "Matti" not in told


def test_a_developer_may_ask_for_the_whole_trace(
    standing_in: Standing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIELD_APP_TRACEBACK", "1")
    standing_in("field_app.views.main", run_app=raising(ValueError("wrong")))
    with pytest.raises(ValueError, match="wrong"):
        run(["app"])


@pytest.mark.parametrize(
    ("language", "says"), [("fi", "Sinulla ei"), ("sv", "Du har inte"), ("en", "You have no")]
)
@pytest.mark.parametrize("how", ["flag", "variable", "locale"])
def test_errors_speak_the_persons_language(
    how: str,
    language: str,
    says: str,
    standing_in: Standing,
    capsys: Captured,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    standing_in("field_app.server.main", serve=raising(errors.AccessDenied()))
    if how == "variable":
        monkeypatch.setenv("FIELD_APP_LANGUAGE", language)
    if how == "locale":
        monkeypatch.setenv("LANG", f"{language}_FI.UTF-8")
    run([*(["--language", language] if how == "flag" else []), "serve"])
    assert says in capsys.readouterr().err


def test_interrupting_is_no_error(standing_in: Standing, capsys: Captured) -> None:
    standing_in("field_app.server.main", serve=raising(KeyboardInterrupt()))
    assert run(["serve"]) == 130
    assert capsys.readouterr().err.strip() == ""


def test_missing_packages_are_named(
    standing_in: Standing, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    monkeypatch.delitem(sys.modules, "field_app.server.main", raising=False)
    missing = ModuleNotFoundError("No module named 'uvicorn'", name="uvicorn")
    monkeypatch.setattr("importlib.import_module", raising(missing))
    assert run(["serve"]) == 6
    assert "uvicorn" in capsys.readouterr().err


def test_help_imports_no_servers_packages() -> None:
    script = (
        "import sys; from field_app.cli import run; run(['--help'])\n"
        "servers = {'fastapi', 'uvicorn', 'alembic', 'psycopg', 'flet', 'sqlalchemy'}\n"
        "bad = servers & set(sys.modules)\n"
        "sys.exit(f'imported: {bad}' if bad else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def test_a_closed_pipe_is_quiet() -> None:
    command = f"{sys.executable} -m field_app --help | true"
    done = subprocess.run(command, shell=True, check=False, capture_output=True, text=True)
    assert done.stderr == ""
