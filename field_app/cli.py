"""The command `field-app`.

    field-app serve     the central server          field-app demo     the demo organisation
    field-app app       the app, as one worker      field-app store    a device's own store
    field-app admin     enrol, list, export         field-app simulate faults, by the thousand

Each command's implementation is imported when it is called: `app` and `store` work without the
server's packages, as on a phone. An error of the product becomes one sentence in the person's
language on stderr and the exit code its class names (`domain/errors.py`).
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from field_app import __version__
from field_app.domain.errors import FieldAppError, PackagesMissing
from field_app.flags import settings_flags
from field_app.foreign_errors import as_ours
from field_app.locale import Translator
from field_app.logs import log_to_stderr
from field_app.settings import AppSettings, ServerSettings, load
from field_app.wrong_arguments import sentence

ELSEWHERE = {
    "admin": ("field_app.server.admin", "admin", "Look after the server: enrol, list, export."),
    "demo": ("field_app.demo.command", "demo", "The demo organisation: two phones and a desk."),
    "simulate": ("field_app.simulation.command", "simulate", "Histories of faults, each judged."),
    "simulate-real": (
        "field_app.simulation_real.command",
        "simulate_real",
        "Real processes, killed and judged.",
    ),
    "store": ("field_app.store.command", "store", "Look into a device's own encrypted store."),
}
"""Commands that live beside what they command: module, its click command, one line of help."""

INTERRUPTED = 130
BROKEN_PIPE = 141

EXIT_CODES = """\b
Exit codes: 0 done · 1 unexpected · 2 wrong arguments or settings ·
3 the device's store · 4 the server cannot be reached or disagrees ·
5 no right · 6 cannot start (busy port, folder, packages) · 7 the server's database"""


class LazyGroup(click.Group):
    """A group that imports a command when it is called, not when it is listed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command by name, imported or not."""
        return sorted({*super().list_commands(ctx), *ELSEWHERE})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command itself.

        Raises:
            PackagesMissing: its packages are not installed, as the server's on a phone.
        """
        if cmd_name not in ELSEWHERE:
            return super().get_command(ctx, cmd_name)
        module, attribute, _ = ELSEWHERE[cmd_name]
        command: click.Command = getattr(import_command(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list in `--help`, without importing anything."""
        own = {name: command.get_short_help_str(72) for name, command in self.commands.items()}
        rows = own | {name: line for name, (_, _, line) in ELSEWHERE.items()}
        with formatter.section("Commands"):
            formatter.write_dl(sorted(rows.items()))


def import_command(module: str) -> Any:
    """Import a command's implementation.

    Raises:
        PackagesMissing: a package it needs is not installed; a module of ours that is missing is
            a fault and stays one.
    """
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] == "field_app":
            raise
        raise PackagesMissing(str(error), package=error.name or "?") from error


def _speak(ctx: click.Context, _: click.Parameter, language: str | None) -> None:
    # Noted while arguments are read: what is wrong with the others is said in it already.
    if language:
        ctx.ensure_object(dict)["language"] = language


@click.group(
    cls=LazyGroup, epilog=EXIT_CODES, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(__version__, prog_name="field-app")
@click.option(
    "--language",
    callback=_speak,
    expose_value=False,
    is_eager=True,
    help="Language of messages: fi, sv or en. [FIELD_APP_LANGUAGE]",
)
def cli() -> None:
    """Rinnalla, the field app for outreach pairs: offline first, nothing written is lost."""


@cli.command()
@settings_flags(ServerSettings)
def serve(config: Path | None, **flags: Any) -> None:
    """Run the central server.

    Devices push what was recorded and pull what their teams recorded. Without a database URL it
    keeps everything in one SQLite file in its data folder.
    """
    settings = load(ServerSettings, flags, config=config)
    log_to_stderr(settings.log_level)
    import_command("field_app.server.main").serve(settings)


@cli.command()
@settings_flags(AppSettings)
def app(config: Path | None, **flags: Any) -> None:
    """Run the app as one worker, in a browser on this machine.

    Its store is encrypted and belongs to one worker; the page answers this machine alone.
    """
    settings = load(AppSettings, flags, config=config)
    log_to_stderr(settings.log_level)
    import_command("field_app.views.main").run_app(settings)


def run(arguments: Sequence[str]) -> int:
    """Run a command line and return its exit code; errors become sentences on stderr."""
    spoken: dict[str, str] = {"language": _language_around()}
    try:
        result = cli.main(list(arguments), "field-app", standalone_mode=False, obj=spoken)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return error.exit_code
    except click.ClickException as error:
        click.echo(sentence(error, Translator(spoken["language"])), err=True)
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except BrokenPipeError:
        # `… | head` closed the pipe; the interpreter must not try to flush into it again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except Exception as error:  # noqa: BLE001 - the last resort of a command: a sentence, not a trace
        return _say(error, spoken["language"])
    return result if isinstance(result, int) and not isinstance(result, bool) else 0


def main() -> None:
    """Entry point of `field-app`."""
    sys.exit(run(sys.argv[1:]))


def _say(error: Exception, language: str) -> int:
    ours = as_ours(error)
    click.echo(Translator(language).error(ours), err=True)
    if type(ours) is FieldAppError:
        # Where, but never what: a foreign error's text may quote what somebody wrote.
        click.echo(f"({_where(error)})", err=True)
        if os.environ.get("FIELD_APP_TRACEBACK"):
            raise error
    return ours.exit_code


def _where(error: Exception) -> str:
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    if trace is None:
        return type(error).__name__
    file = Path(trace.tb_frame.f_code.co_filename)
    return f"{type(error).__name__}, {file.parent.name}/{file.name}:{trace.tb_lineno}"


def _language_around() -> str:
    names = ("FIELD_APP_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
    return next((os.environ[name] for name in names if os.environ.get(name)), "fi")
