"""What a running server holds: its database, its key, its clock, and its two main works."""

from __future__ import annotations

from dataclasses import dataclass, field

from field_app.domain.clock import Clock, Entropy
from field_app.domain.errors import TokenExpired
from field_app.server import tokens
from field_app.server.credentials import OrganisationKey, authority_pin
from field_app.server.database import Database
from field_app.server.limits import Limits, standard_limits
from field_app.server.pull import Puller
from field_app.server.push import Pusher
from field_app.server.reading import Reader
from field_app.server.revoked import RevokedList
from field_app.server.schema import migrate
from field_app.server.sealing import PlainSealer, Sealer
from field_app.server.tokens import Caller
from field_app.server.waiting import WaitingRoom
from field_app.settings import ServerSettings
from field_app.system_clock import SystemClock, SystemEntropy


@dataclass(slots=True)
class Core:
    """One server process's parts."""

    settings: ServerSettings
    database: Database
    key: OrganisationKey
    clock: Clock = field(default_factory=SystemClock)
    entropy: Entropy = field(default_factory=SystemEntropy)
    sealer: Sealer = field(default_factory=PlainSealer)
    reader: Reader = field(default_factory=Reader)
    pin: str = field(init=False)
    """Of the certificate authority, for codes; "" when phones trust as they do."""
    limits: Limits = field(init=False)
    revoked: RevokedList = field(init=False)
    pusher: Pusher = field(init=False)
    puller: Puller = field(init=False)
    waiting: WaitingRoom = field(init=False)

    def __post_init__(self) -> None:
        """Put the parts together."""
        self.pin = authority_pin(self.settings.authority)
        self.limits = standard_limits(self.clock)
        self.revoked = RevokedList(self.settings.revoked_file)
        self.waiting = WaitingRoom(self.database)
        self.pusher = Pusher(self.database, self.sealer, self.key, self.entropy)
        self.puller = Puller(
            self.database,
            self.sealer,
            self.key,
            self.entropy,
            self.reader,
            self.settings.minimum_app,
        )

    def authenticate(self, token: str) -> Caller:
        """The device behind a token.

        Raises:
            NotAuthenticated: nobody (or DeviceRevoked, or TokenExpired with a challenge).
            RateLimited: too many requests of this device.
        """
        now = self.clock.now()
        try:
            with self.database.read() as connection:
                caller = tokens.authenticate(connection, now, token)
        except TokenExpired as expired:
            with self.database.write() as connection:
                device = str(expired.values["device"])
                refusal = tokens.challenge(connection, self.entropy, now, device)
            raise refusal.error from None
        self.limits.of_device.take(caller.device)
        return caller


def open_core(
    settings: ServerSettings, clock: Clock | None = None, entropy: Entropy | None = None
) -> Core:
    """Open the database, bring it to this version's shape, and read the key.

    Raises:
        DatabaseUnreachable, DatabaseNewer: the database cannot be used.
        ServerError: the key cannot be read.
    """
    database = Database(settings.url)
    try:
        migrate(database)
        key = OrganisationKey.load_or_create(settings.key_file)
    except BaseException:
        database.close()
        raise
    core = Core(settings, database, key, clock or SystemClock(), entropy or SystemEntropy())
    if core.revoked.ids():
        with database.write() as connection:
            core.revoked.enforce(connection, core.clock.now())
    return core
