"""What the check's story plays with: folders, processes, devices, people and words."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from field_app.demo.organisation import PIN, DemoOrganisation
from field_app.demo.personal_texts import PersonalTexts
from field_app.demo.processes import Family
from field_app.demo.seeding import Office, Seed
from field_app.demo.story_device import Device, wait_until
from field_app.domain.clock import Day, Instant, local_day
from field_app.domain.declaration import Record
from field_app.domain.records import Person
from field_app.settings import ServerSettings
from field_app.sync.changes import person_scope
from field_app.system_clock import SystemClock, SystemEntropy

ROLES = ("social_instructor", "nurse", "coordinator")
"""The devices of the story, by the folders they are kept in."""


@dataclass
class World:
    """One run of the story."""

    folder: Path
    seed: Seed = field(repr=False)
    family: Family
    texts: PersonalTexts = field(default_factory=PersonalTexts, repr=False)
    devices: dict[str, Device] = field(default_factory=dict)
    server_settings: ServerSettings = field(default_factory=ServerSettings, repr=False)
    people: dict[str, str] = field(default_factory=dict)
    """People of the story by their part in it."""
    records: dict[str, str] = field(default_factory=dict)
    """Records of the story by their part in it."""
    opened: dict[str, str] = field(default_factory=dict)
    """{person: team} of every person there is."""
    entropy: SystemEntropy = field(default_factory=SystemEntropy)
    clock: SystemClock = field(default_factory=SystemClock)

    @classmethod
    def of(cls, folder: Path, seed: Seed) -> World:
        """A world with the seed's people, before anything runs."""
        world = cls(folder, seed, Family(folder / "logs"))
        for role in ROLES:
            directory = folder / "devices" / role
            world.devices[role] = Device(world.family, role, directory)
        for save in seed.caseload.saves:
            world.opened.update(save.opens)
            for record in save.records:
                world.texts.add(record, save.scope)
        return world

    @property
    def organisation(self) -> DemoOrganisation:
        """Who works."""
        return self.seed.organisation

    @property
    def social(self) -> Device:
        """The social instructor's phone."""
        return self.devices["social_instructor"]

    @property
    def nurse(self) -> Device:
        """The nurse's phone."""
        return self.devices["nurse"]

    @property
    def coordinator(self) -> Device:
        """The coordinator's desk."""
        return self.devices["coordinator"]

    @property
    def office(self) -> Office:
        """The server's own side."""
        return Office(self.server_settings)

    @property
    def team(self) -> str:
        """The pair's team."""
        return self.organisation.teams[0].id

    @property
    def now(self) -> Instant:
        """The time of the story: the machine's."""
        return self.clock.now()

    @property
    def today(self) -> Day:
        """The day it is played on."""
        return local_day(self.now)

    def person(self, person_id: str) -> Person:
        """A person as the past left them."""
        found = Person(id=person_id)
        for save in self.seed.caseload.saves:
            for record in save.records:
                if isinstance(record, Person) and record.id == person_id:
                    found = record
        return found

    def close(self) -> None:
        """Stop everything that runs."""
        for device in self.devices.values():
            device.close()
        self.family.stop()

    # -- writing, with every word remembered -----------------------------------------------------

    def new(self, record: Record, scope: str) -> dict[str, Any]:
        """A new record as an edit."""
        self.texts.add(record, scope)
        return {
            "record": record.id,
            "type": record.record_type,
            "scope": scope,
            "values": record.to_keys(),
        }

    def change(self, kind: str, record_id: str, person: str, **values: Any) -> dict[str, Any]:
        """An edit of some keys of a person's record."""
        scope = person_scope(person)
        self.texts.add_values(kind, record_id, scope, values)
        return {"record": record_id, "type": kind, "scope": scope, "values": values}

    # -- all three -------------------------------------------------------------------------------

    def wait_same(self, *record_ids: str) -> None:
        """Wait until all three devices show the same heads of these records."""
        for record_id in record_ids:
            wait_until(partial(self._same, record_id), f"all agree on {record_id}")

    def _same(self, record_id: str) -> bool:
        shown = [device.do("record", id=record_id) for device in self.devices.values()]
        if any(one is None or one["only_here"] for one in shown):
            return False
        heads = [
            {key: sorted(head["id"] for head in of) for key, of in one["heads"].items()}
            for one in shown
            if one is not None
        ]
        return all(one == heads[0] for one in heads)

    def write_secrets(self) -> None:
        """Say how each store is opened, for whoever looks into a kept run."""
        secrets = {
            role: {
                "store": f"devices/{role}",
                "worker": device.worker,
                "device": device.device_id,
                "pin": PIN,
                "passphrase": device.passphrase,
            }
            for role, device in self.devices.items()
        }
        text = json.dumps(secrets, ensure_ascii=False, indent=2)
        (self.folder / "secrets.json").write_text(text + "\n", encoding="utf-8")
