"""`field-app admin`: look after the server from its own machine.

Whoever can run it can read the database: it asks for no password, and needs none of the devices.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import segno
from sqlalchemy import Connection, func, select

from field_app.domain.errors import NameNotFound, OrganisationExists
from field_app.flags import settings_flags
from field_app.locale import Translator
from field_app.server import enrolment, export, tables
from field_app.server.access import Commander, checked_name
from field_app.server.core import Core, open_core
from field_app.server.devices import list_devices
from field_app.server.organisation import (
    create_organisation,
    only_organisation,
    read_staff_version,
)
from field_app.server.policy import Role
from field_app.server.staff import read_staff
from field_app.settings import ServerSettings, load
from field_app.sync.canonical import canonical_bytes

ROLES = click.Choice([role.value for role in Role])


STEP_BY_STEP = """\b
A new server, step by step:
  field-app admin init "Our outreach work"
  field-app admin team add "Centre"
  field-app admin worker add "Aino Esimerkki" --role lead --team "Centre"
  field-app admin code "Aino Esimerkki"     a code to scan or type on the phone
  field-app serve
"""


@click.group(epilog=STEP_BY_STEP)
@settings_flags(ServerSettings, "data", "database_url", "host", "port", "public_address")
@click.pass_context
def admin(ctx: click.Context, /, config: Path | None, **flags: Any) -> None:
    """Look after the server: set it up, enrol phones, see devices, export."""
    ctx.ensure_object(dict)["settings"] = load(ServerSettings, flags, config=config)


@admin.command()
@click.argument("name")
@click.pass_context
def init(ctx: click.Context, name: str) -> None:
    """Make the organisation NAME in an empty database; prints its id."""
    with _core(ctx) as core, core.database.write() as connection:
        if connection.execute(select(tables.organisations.c.number)).first() is not None:
            raise OrganisationExists("organisation")
        named = checked_name(name)
        number = create_organisation(connection, core.entropy, named, core.clock.now())
        organisations = tables.organisations.c
        made = connection.execute(select(organisations.id).where(organisations.number == number))
        click.echo(made.scalar_one())


@admin.group()
def team() -> None:
    """Teams of outreach workers."""


@team.command("add")
@click.argument("name")
@click.pass_context
def team_add(ctx: click.Context, name: str) -> None:
    """Add the team NAME; prints its id."""
    with _command(ctx) as (_, by):
        click.echo(by.add_team(name))


@admin.group()
def worker() -> None:
    """Workers, their roles and teams."""


@worker.command("add")
@click.argument("name")
@click.option("--role", type=ROLES, required=True, help="What the worker may see and do.")
@click.option("--team", "in_teams", multiple=True, help="A team's name or id; may be repeated.")
@click.pass_context
def worker_add(ctx: click.Context, name: str, role: str, in_teams: tuple[str, ...]) -> None:
    """Add the worker NAME; prints their id."""
    with _command(ctx) as (_, by):
        found = tuple(_find(by, tables.teams, "team", one) for one in in_teams)
        click.echo(by.add_worker(name, role, found))


@worker.command("leave")
@click.argument("who")
@click.pass_context
def worker_leave(ctx: click.Context, who: str) -> None:
    """Mark the worker WHO as one who left: every phone of theirs is refused from now on."""
    with _command(ctx) as (_, by):
        by.set_active(_find(by, tables.workers, "worker", who), False)


@admin.command()
@click.argument("who")
@click.option("--qr/--no-qr", default=True, help="Also draw the code to scan.")
@click.pass_context
def code(ctx: click.Context, who: str, qr: bool) -> None:
    """Make a one-time code that enrols one phone of the worker WHO (a name or an id).

    It works once and for ten minutes. Type it on the phone, or scan the picture.
    """
    with _command(ctx) as (core, by):
        found = _find(by, tables.workers, "worker", who)
        address = core.settings.address
        made = enrolment.make_code(
            by.connection, core.entropy, by.now, by.organisation, found, address, core.pin
        )
    text = made.code.encode()
    click.echo(text)
    if qr:
        picture = io.StringIO()
        segno.make(text, error="m").terminal(picture, border=2, compact=True)
        click.echo(picture.getvalue())
    say = Translator(ctx.ensure_object(dict).get("language"))
    click.echo(say.t("admin.code_valid", minutes=enrolment.CODE_MINUTES), err=True)


@admin.command()
@click.pass_context
def devices(ctx: click.Context) -> None:
    """List devices as JSON lines: who has unsynced work, and since when."""
    with _core(ctx) as core, core.database.read() as connection:
        for entry in list_devices(connection, only_organisation(connection)):
            click.echo(canonical_bytes(entry.model_dump(exclude_none=True)).decode())


@admin.command()
@click.argument("device")
@click.pass_context
def revoke(ctx: click.Context, device: str) -> None:
    """Refuse DEVICE (an id) from now on; unsynced work stays on it."""
    with _command(ctx) as (core, by):
        by.revoke_device(device)
        core.revoked.add(device)


@admin.command("export")
@click.option("--reason", default="operator", help="Why, for the record of readings.")
@click.pass_context
def export_command(ctx: click.Context, reason: str) -> None:
    """Write everything the server holds to stdout, as JSON lines; health content included."""
    with _core(ctx) as core, core.database.read() as connection:
        number = only_organisation(connection)
        for line in export.export_all(connection, number, core.sealer, core.reader, reason):
            sys.stdout.buffer.write(line + b"\n")
        sys.stdout.buffer.flush()


@admin.command()
@click.pass_context
def status(ctx: click.Context) -> None:
    """Say as JSON what the server holds: organisation, teams, workers, devices, changes."""
    with _core(ctx) as core, core.database.read() as connection:
        number = only_organisation(connection)
        click.echo(canonical_bytes(_status(connection, number)).decode())


def _status(connection: Connection, number: int) -> dict[str, Any]:
    organisation = connection.execute(
        select(tables.organisations).where(tables.organisations.c.number == number)
    ).one()
    by_status = connection.execute(
        select(tables.change_sets.c.status, func.count().label("sets"))
        .where(tables.change_sets.c.organisation == number)
        .group_by(tables.change_sets.c.status)
    )
    staff = read_staff(connection, number, read_staff_version(connection, number))
    return {
        "organisation": {"id": organisation.id, "name": organisation.name},
        "sequence": organisation.sequence,
        "epoch": organisation.epoch,
        "teams": [one.model_dump() for one in staff.teams],
        "workers": [one.model_dump() for one in staff.workers],
        "devices": len(list_devices(connection, number)),
        "changes": {row.status: row.sets for row in by_status},
    }


@contextmanager
def _core(ctx: click.Context) -> Iterator[Core]:
    core = open_core(ctx.ensure_object(dict)["settings"])
    try:
        yield core
    finally:
        core.database.close()


@contextmanager
def _command(ctx: click.Context) -> Iterator[tuple[Core, Commander]]:
    with _core(ctx) as core, core.database.write() as connection:
        number = only_organisation(connection)
        yield core, Commander(connection, number, core.clock.now(), core.entropy, core.sealer)


def _find(by: Commander, table: Any, what: str, named: str) -> str:
    """The id of a team or worker given by id or by name.

    Raises:
        NameNotFound: none, or several of that name.
    """
    rows = by.connection.execute(
        select(table.c.id).where(
            table.c.organisation == by.organisation,
            (table.c.id == named) | (table.c.name == named),
        )
    ).all()
    if len(rows) != 1:
        raise NameNotFound(what)
    return str(rows[0].id)
