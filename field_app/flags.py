"""Command-line flags from the settings' declarations, for every command that takes them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click
from pydantic.fields import FieldInfo

from field_app.settings import Settings

Function = TypeVar("Function", bound=Callable[..., Any])

CONFIG_OPTION = click.option(
    "--config",
    type=click.Path(dir_okay=False, path_type=Path),
    help="TOML file with the settings; its keys are the flags' names. [FIELD_APP_CONFIG]",
)


def settings_flags(kind: type[Settings], *only: str) -> Callable[[Function], Function]:
    """Give a command a flag for each setting of a class (or only those named), and `--config`.

    Tokens have no flag: everyone on a machine can read its programs' command lines.

    The flags reach the function as keyword arguments, None when not given: pass them on to
    `settings.load(kind, flags, config=config)`, which knows the other sources.
    """

    def add(function: Function) -> Function:
        for name, field in reversed(kind.model_fields.items()):
            if (not only or name in only) and not name.endswith("_token"):
                function = _flag(kind, name, field)(function)
        return CONFIG_OPTION(function)

    return add


def _flag(kind: type[Settings], name: str, field: FieldInfo) -> Callable[[Function], Function]:
    flag = "--" + name.replace("_", "-")
    worth_saying = isinstance(field.default, str | int) and field.default not in ("", 0, True)
    default = f"; default {field.default}" if worth_saying else ""
    help_text = f"{field.description} [{kind.variable(name)}{default}]"
    if field.annotation is bool:
        return click.option(f"{flag}/--no-{flag[2:]}", name, default=None, help=help_text)
    return click.option(flag, name, metavar=_metavar(field), default=None, help=help_text)


def _metavar(field: FieldInfo) -> str:
    if field.annotation is int:
        return "NUMBER"
    return "DIR" if field.annotation in (Path, Path | None) else "TEXT"
