"""Devices as a program: who has unsynced work and since when; taking a device out of use."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import ClassVar

from field_app.domain.clock import Instant
from field_app.sync.coordination import DeviceEntry
from field_app.sync.protocol import Staff
from field_app.views.failures import Failure


@dataclass(frozen=True)
class Devices:
    """The screen; no devices until the server answered."""

    devices: tuple[DeviceEntry, ...] | None = None
    staff: Staff = field(default_factory=lambda: Staff(version=0))
    now: Instant = ""
    own_device: str = ""
    asking: DeviceEntry | None = None
    """The device about to be taken out of use."""
    busy: bool = False
    failure: Failure | None = None

    @property
    def in_use(self) -> tuple[DeviceEntry, ...]:
        """Those with unsynced work first, the oldest in front."""
        found = [one for one in self.devices or () if not one.revoked]
        return tuple(sorted(found, key=lambda one: (not one.unsynced, one.oldest_at or "~")))

    @property
    def out_of_use(self) -> tuple[DeviceEntry, ...]:
        """Those the server refuses."""
        return tuple(one for one in self.devices or () if one.revoked)


@dataclass(frozen=True)
class DevicesRead:
    """The server answered."""

    devices: tuple[DeviceEntry, ...]
    staff: Staff
    now: Instant
    own_device: str = ""


@dataclass(frozen=True)
class NotRead:
    """The server did not answer, or refused."""

    failure: Failure


@dataclass(frozen=True)
class AskAgain:
    """Ask the server again."""


@dataclass(frozen=True)
class AskRevoke:
    """This device is to be taken out of use: ask first."""

    device: DeviceEntry


@dataclass(frozen=True)
class Revoke:
    """Yes, take it out of use."""


@dataclass(frozen=True)
class KeepIt:
    """No, it stays."""


Event = DevicesRead | NotRead | AskAgain | AskRevoke | Revoke | KeepIt


@dataclass(frozen=True)
class AskDevices:
    """Ask the server for the devices, again and again while they are shown."""

    slot: ClassVar[str] = "devices.list"


@dataclass(frozen=True)
class RevokeDevice:
    """Have the server refuse a device, then ask for the list again."""

    device: str


Effect = AskDevices | RevokeDevice
Step = tuple[Devices, tuple[Effect, ...]]


def init() -> Step:
    """Ask the server."""
    return Devices(), (AskDevices(),)


def update(model: Devices, event: Event) -> Step:
    """What an event changes."""
    match event:
        case DevicesRead(devices, staff, now, own_device):
            # A question on screen stays there while the list is read again behind it.
            return Devices(devices, staff, now, own_device, model.asking), ()
        case NotRead(failure):
            return replace(model, failure=failure, busy=False), ()
        case AskAgain():
            return replace(model, failure=None), (AskDevices(),)
        case AskRevoke(device):
            return replace(model, asking=device), ()
        case KeepIt():
            return replace(model, asking=None), ()
        case Revoke():
            asked = model.asking
            if asked is None or model.busy:
                return model, ()
            model = replace(model, busy=True, asking=None, failure=None)
            return model, (RevokeDevice(asked.device),)


def failed(_: object, failure: Failure) -> Event:
    """Told on the screen itself."""
    return NotRead(failure)
