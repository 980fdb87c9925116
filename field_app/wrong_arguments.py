"""Wrong arguments of a command as one sentence in the person's language; click's are English."""

from __future__ import annotations

import click

from field_app.locale import Key, Translator


class Contradiction(click.UsageError):
    """Flags that do not go together, said by a text of the catalogue."""

    def __init__(self, text: Key) -> None:
        """Say this; the place is the command that is running."""
        super().__init__(str(text), click.get_current_context())
        self.text = text


def sentence(error: click.ClickException, say: Translator) -> str:
    """What is wrong, and where the help is; one line."""
    command = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else ""
    ask = say.t("cli.ask_for_help", command=command or "field-app")
    return f"{_what(error, say)} {ask}"


def _what(error: click.ClickException, say: Translator) -> str:
    if isinstance(error, Contradiction):
        return say.keyed(error.text)
    if isinstance(error, click.NoSuchOption):
        return say.t("cli.no_such_option", given=error.option_name)
    if isinstance(error, click.exceptions.NoSuchCommand):
        return say.t("cli.no_such_command", given=error.command_name)
    if isinstance(error, click.BadOptionUsage):
        return say.t("cli.value_missing", named=error.option_name)
    if isinstance(error, click.MissingParameter):
        return say.t("cli.argument_missing", named=_named(error.param))
    if isinstance(error, click.BadParameter):
        return _about_value(error.param, say)
    if "extra argument" in error.message:
        return say.t("cli.too_many_arguments")
    return say.t("cli.not_understood")


def _about_value(parameter: click.Parameter | None, say: Translator) -> str:
    named, kind = _named(parameter), parameter.type if parameter else None
    if isinstance(kind, click.Choice):
        return say.t("cli.value_not_listed", named=named, listed=", ".join(kind.choices))
    if isinstance(kind, click.IntRange) and None not in (kind.min, kind.max):
        return say.t("cli.value_out_of_range", named=named, least=kind.min, most=kind.max)
    if isinstance(kind, click.types.IntParamType):
        return say.t("cli.value_no_number", named=named)
    return say.t("cli.value_wrong", named=named)


def _named(parameter: click.Parameter | None) -> str:
    if isinstance(parameter, click.Option):
        return parameter.opts[0]
    return parameter.make_metavar(click.Context(click.Command(""))) if parameter else "?"
