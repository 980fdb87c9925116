"""A pair whose two phones disagree, and a coordinator's, all on one server at hand."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from field_app.domain.records import Encounter
from field_app.views.app import AppParts
from field_app.views.conflicts import effects as conflicts
from field_app.views.coordinator import sections as coordinator
from field_app.views.people import sections as people
from field_app.views.program import Effects
from field_app.views.wiring import CONFLICTS, CONFLICTS_OF_A_PERSON
from tests.views.desk import DeskPhone, desk
from tests.views.flet_client import FletClient
from tests.views.phones import LEAD, NURSE, SOCIAL, PairServer, add_person, app_of, opened

NOTE = "Tavattu aseman kulmalla."
MINE = f"{NOTE}\nNukkunut porraskäytävässä."
THEIRS = f"{NOTE}\nKahvi kelpasi."
MINUTE = "2026-11-21T12:00:00.000Z"


class Pair:
    """Two phones and a desk that know one person, met once."""

    def __init__(self, root: Path) -> None:
        self.server = PairServer()
        self.social = desk(root, SOCIAL, self.server)
        self.nurse = desk(root, NURSE, self.server)
        self.lead = desk(root, LEAD, self.server)
        self.person = add_person(self.social, "Punapipo", phone="040 000 0000")
        self.meeting = self.social.device.new_id()
        met = Encounter(id=self.meeting, at=MINUTE, outcome="reached", place="street", note=NOTE)
        self.social.device.write(met, self.person)
        self.sync_all()

    @property
    def all(self) -> tuple[DeskPhone, DeskPhone, DeskPhone]:
        """Every device."""
        return self.social, self.nurse, self.lead

    def sync_all(self) -> None:
        """Everybody has everything: what the last one pushes, the first one pulls as well."""
        for _ in range(2):
            for one in self.all:
                one.sync()

    def disagree_about(self, record: str = "", **values: tuple[object, object]) -> None:
        """Both change the same fields offline, the social half first; then all sync."""
        record = record or self.person
        for index, one in enumerate((self.social, self.nurse)):
            one.device.clock.move(minutes=5 + index)
            changes: dict[str, Any] = {name: pair[index] for name, pair in values.items()}
            one.device.change(record, None, **changes)
        self.sync_all()

    def shown(self, record: str = "") -> list[dict[str, object]]:
        """What each device shows of a record."""
        return [dict(one.device.shown(record or self.person).values) for one in self.all]

    def conflicts(self, record: str = "") -> list[tuple[str, ...]]:
        """The keys in conflict on each device."""
        return [one.device.shown(record or self.person).conflicts for one in self.all]

    def everything_written(self, record: str, key: str) -> list[object]:
        """Every value anybody ever gave a key, as the server keeps it."""
        return [
            write.set[key]
            for change_set in self.server.sets
            for _, _, write in change_set.numbered_writes()
            if write.record == record and key in write.set
        ]


def desk_app(runtime: DeskPhone, language: str = "fi") -> AppParts:
    """The app of the coordinator's and the conflicts' screens."""

    def handlers(asked: DeskPhone) -> Effects:
        found = conflicts.effects(asked).with_all(coordinator.effects(asked))
        return found.with_all(people.effects(asked))

    sections = (
        coordinator.MORNING,
        coordinator.CASELOAD,
        coordinator.INBOX,
        coordinator.INBOX_OF_NURSES,
        coordinator.DEVICES,
        CONFLICTS,
        CONFLICTS_OF_A_PERSON,
    )
    return app_of(runtime, sections, handlers, language)


@asynccontextmanager
async def at(
    runtime: DeskPhone, route: str, *, width: float = 412, language: str = "fi"
) -> AsyncIterator[FletClient]:
    """The app of a device, opened at a path, once it has read what it shows."""
    async with opened(desk_app(runtime, language), route, width) as client:
        await client.until(
            lambda: not any(e["_c"] == "ProgressRing" for e in client.walk(client.scope()))
        )
        yield client
