"""`field-app store`: look into a device's own encrypted store, on the device.

It asks for the PIN or the passphrase as the app does: each wrong try counts, and the store must
not be open elsewhere.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from field_app.domain.errors import StoreMissing
from field_app.locale import key
from field_app.store.case_store import CaseStore
from field_app.store.database import DATABASE_NAME
from field_app.store.device_store import DeviceStore
from field_app.store.export import export_store
from field_app.sync.canonical import canonical_bytes
from field_app.system_clock import SystemClock, SystemEntropy
from field_app.wrong_arguments import Contradiction

Function = Callable[..., Any]


def secret_options(function: Function) -> Function:
    """Give a command the folder and the two ways to unlock it."""
    options = (
        click.argument("directory", type=click.Path(path_type=Path), metavar="DIR"),
        click.option(
            "--pin",
            envvar="FIELD_APP_PIN",
            help="The PIN; asked for when neither is given. [FIELD_APP_PIN]",
        ),
        click.option(
            "--passphrase",
            envvar="FIELD_APP_PASSPHRASE",
            help="The six words instead. [FIELD_APP_PASSPHRASE]",
        ),
    )
    for option in reversed(options):
        function = option(function)
    return function


@click.group()
def store() -> None:
    """Look into a device's own encrypted store.

    DIR is the folder given to `field-app app --data DIR`. Close the app first.
    """


@store.command()
@secret_options
def export(directory: Path, pin: str | None, passphrase: str | None) -> None:
    """Write everything the device holds to stdout, as JSON lines.

    One line a record and register, with every value that stands; what was saved and not yet sent
    is in it. The server's export has the same lines for what both hold.
    """
    with unlocked(directory, _secret(pin, passphrase)) as cases:
        for line in export_store(cases):
            sys.stdout.buffer.write(line + b"\n")
        sys.stdout.buffer.flush()


@store.command()
@secret_options
def status(directory: Path, pin: str | None, passphrase: str | None) -> None:
    """Say as JSON whose the store is and what of it is only here."""
    with unlocked(directory, _secret(pin, passphrase)) as cases:
        click.echo(canonical_bytes(_status(cases)).decode())


@contextmanager
def unlocked(directory: Path, secret: str) -> Iterator[CaseStore]:
    """A device's store, unlocked for a block.

    Raises:
        StoreMissing: there is none in this folder; none is made.
        StoreInUse: the app has it open.
        StoreFromNewerVersion: a newer app wrote it; it stays untouched.
        WrongSecret: the PIN or the passphrase is wrong, or has to wait.
    """
    if not (directory / DATABASE_NAME).is_file():
        raise StoreMissing("no database in this folder")
    device = DeviceStore.open(directory, SystemClock(), SystemEntropy())
    try:
        device.call(lambda: device.unlock(secret))
        yield device.call(device.require_cases)
    finally:
        device.close()


def _secret(pin: str | None, passphrase: str | None) -> str:
    if pin and passphrase:
        raise Contradiction(key("cli.pin_or_passphrase"))
    return pin or passphrase or str(click.prompt("PIN", hide_input=True, err=True))


def _status(cases: CaseStore) -> dict[str, Any]:
    counts, identity, you = cases.counts(), cases.identity, cases.you
    return {
        "complete": counts.complete,
        "device": identity.device if identity else None,
        "drafts": len(cases.drafts()),
        "oldest_unsynced_at": counts.oldest_at,
        "organisation": identity.organisation_name if identity else None,
        "people": len(cases.people()),
        "role": you.role if you else (identity.role if identity else None),
        "unsynced": counts.unsynced,
        "waiting": counts.waiting,
        "worker": identity.worker if identity else None,
    }
