"""Who this device is to the server, and where its sync stands: sealed settings."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Self, cast

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.dialects.sqlite import insert

from field_app.store.confirmed import PartKey
from field_app.store.keyring import Keyring
from field_app.store.sealed import SealedKind
from field_app.store.tables import SealedSetting
from field_app.sync.protocol import Staff, Start, Witness, You

IDENTITY = "identity"
"""The setting that holds the identity."""

_ROWS = cast("Any", SealedSetting).__table__
_GET = select(_ROWS.c.blob).where(_ROWS.c.name == bindparam("of_name"))
_NEW = insert(_ROWS)
_PUT = _NEW.on_conflict_do_update(index_elements=["name"], set_={"blob": _NEW.excluded.blob})


class SealedSettings:
    """Named JSON facts, readable after unlocking."""

    def __init__(self, keyring: Keyring) -> None:
        """Seal and open by this keyring."""
        self._sealed = SealedKind(keyring, "setting")

    def get(self, connection: Connection, name: str) -> Any:
        """The fact of this name; None when there is none."""
        blob = connection.execute(_GET, {"of_name": name}).scalar()
        return None if blob is None else self._sealed.open_json(name, blob)

    def put(self, connection: Connection, name: str, value: Any) -> None:
        """Write a fact in place of the former one."""
        connection.execute(_PUT, {"name": name, "blob": self._sealed.seal_json(name, value)})


@dataclass(frozen=True, slots=True)
class Identity:
    """What enrolment gave: device, worker, organisation, keys."""

    device: str
    worker: str
    worker_name: str
    role: str
    """Name and role as enrolment told them; the staff list tells them anew."""
    organisation: str
    organisation_name: str
    server: str
    """The server's base URL."""
    instance: str
    private_key: str = field(repr=False)
    """Ed25519, 32 raw bytes as hex."""
    token: str = field(repr=False)
    certificate: str = field(repr=False)
    authority: str = ""
    """The one certificate authority its server is trusted by (PEM), if the code named one."""

    def to_json(self) -> dict[str, str]:
        """The identity as a sealed setting holds it."""
        return asdict(self)

    @classmethod
    def from_json(cls, wire: dict[str, str]) -> Self:
        """Read it back; members a newer app wrote are passed over."""
        known = {member.name for member in fields(cls)}
        return cls(**{name: value for name, value in wire.items() if name in known})


@dataclass(frozen=True, slots=True)
class SyncPlace:
    """Where the sync stands, apart from the buckets' cursors."""

    epoch: str = ""
    """The server's epoch, as last told."""
    mark: int | None = None
    """The high-water mark of a pull under way."""
    start: Start | None = None
    complete: bool = False
    """Whether everything up to some mark has arrived once."""
    with_own: bool = False
    witness: Witness | None = None
    """What was last seen of the server's sequence, brought back at every request."""
    renewing: bool = False
    """The server began a new epoch, and not everything was told anew yet."""
    leaving: tuple[PartKey, ...] = ()
    """Parts the device may no longer read, kept while unanswered work touches their scope."""
    you: You | None = None
    staff: Staff = field(default_factory=lambda: Staff(version=0))

    def to_json(self) -> dict[str, Any]:
        """The place as a sealed setting holds it."""
        return {
            "epoch": self.epoch,
            "mark": self.mark,
            "start": self.start.model_dump() if self.start else None,
            "complete": self.complete,
            "with_own": self.with_own,
            "witness": self.witness.model_dump() if self.witness else None,
            "renewing": self.renewing,
            "leaving": [list(key) for key in self.leaving],
            "you": self.you.model_dump() if self.you else None,
            "staff": self.staff.model_dump(),
        }

    @classmethod
    def from_json(cls, wire: dict[str, Any] | None) -> Self:
        """Read it back; None is a device that has never pulled."""
        if wire is None:
            return cls()
        witness = wire.get("witness")
        return cls(
            epoch=wire["epoch"],
            mark=wire["mark"],
            start=Start.model_validate(wire["start"]) if wire["start"] else None,
            complete=wire["complete"],
            with_own=wire["with_own"],
            witness=Witness.model_validate(witness) if witness else None,
            renewing=wire.get("renewing", False),
            leaving=tuple((record, register) for record, register in wire.get("leaving", ())),
            you=You.model_validate(wire["you"]) if wire["you"] else None,
            staff=Staff.model_validate(wire["staff"]),
        )

    def moved(self, **changes: Any) -> Self:
        """The place with some of it changed."""
        return replace(self, **changes)
