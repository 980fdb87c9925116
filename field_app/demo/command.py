"""`field-app demo`: the demo organisation, to look at or to check."""

from __future__ import annotations

from pathlib import Path

import click

from field_app.demo.launcher import DEFAULT_PORT, DemoSettings, launch
from field_app.demo.story import check
from field_app.domain.errors import FolderNotUsable
from field_app.locale import key
from field_app.wrong_arguments import Contradiction


@click.command()
@click.option("--seed", type=int, default=1, show_default=True, help="Which caseload.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=DEFAULT_PORT,
    show_default=True,
    help="Port of the page; 0 takes a free one.",
)
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Keep everything there, and carry on from it next time.",
)
@click.option("--headless", is_flag=True, help="Do not open a browser.")
@click.option(
    "--inject",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Texts to be used as notes, one a line.",
)
@click.option("--check", "checks", is_flag=True, help="Play the pair's day without a browser.")
@click.option(
    "--keep",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="With --check: leave stores, server, logs and wire there.",
)
@click.pass_context
def demo(
    ctx: click.Context,
    seed: int,
    port: int,
    data: Path | None,
    headless: bool,
    inject: Path | None,
    checks: bool,
    keep: Path | None,
) -> int:
    """Show the demo organisation: two phones and a desk in one page.

    Three teams, nine workers, sixty people who never were, eighteen months of work. Each phone is
    a process of its own with its own encrypted store and its own offline switch; all of them talk
    to one real server. An app that dies is started again. Ctrl-C stops everything, and leaves
    nothing behind unless --data was given.

    With --check the same organisation lives one day by itself: codes, offline work, a dead
    battery, conflicts, the coordinator's desk. The last line is a JSON report; exit code 1 when a
    step failed.
    """
    injected = read_lines(inject) if inject else ()
    if checks:
        return 0 if check(seed, injected, keep, click.echo) else 1
    if keep:
        raise Contradiction(key("cli.keep_needs_check"))
    language = ctx.ensure_object(dict).get("language")
    launch(DemoSettings(seed, port, data, headless, injected, language), click.echo)
    return 0


def read_lines(file: Path) -> tuple[str, ...]:
    """The texts of a file, one a line; empty lines are passed over.

    Raises:
        FolderNotUsable: it cannot be read, or is not UTF-8.
    """
    try:
        lines = file.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise FolderNotUsable(type(error).__name__) from None
    return tuple(line.strip() for line in lines if line.strip())
