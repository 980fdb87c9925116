"""`field-app demo`: the demo organisation, to look at or to check."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from field_app.demo.story import check

DEFAULT_SEED = 1


@click.command()
@click.option("--seed", type=int, default=DEFAULT_SEED, show_default=True, help="Whose caseload.")
@click.option("--inject", type=click.Path(path_type=Path), metavar="FILE", help="One note a line.")
@click.option("--check", "checks", is_flag=True, help="Play the pair's day without a browser.")
@click.option("--keep", type=click.Path(path_type=Path), metavar="DIR", help="With --check.")
def demo(seed: int, inject: Path | None, checks: bool, keep: Path | None) -> None:
    """The demo organisation."""
    injected = inject.read_text(encoding="utf-8").splitlines() if inject else ()
    ok = check(seed, injected, keep, lambda line: print(line, flush=True))
    sys.exit(0 if ok else 1)
