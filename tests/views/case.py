"""A person with a case, in the voice of the work, and the app of the person's screens."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import flet as ft

from field_app.domain.clock import day_plus, local_day, plus
from field_app.domain.declaration import Record
from field_app.domain.records import (
    Assessment,
    DirectoryEntry,
    Encounter,
    HealthNote,
    HousingPeriod,
    Matter,
    NavigationStep,
    Person,
    Task,
)
from field_app.locale import key
from field_app.store.editing import edit_towards
from field_app.sync.changes import DIRECTORY_SCOPE
from field_app.views.app import AppParts
from field_app.views.people.sections import DIRECTORY, PEOPLE, effects
from field_app.views.person.program import PersonFacts
from field_app.views.routes import Detail, Section
from tests.store.hand_server import TEAM
from tests.views.flet_client import FletClient
from tests.views.phones import NURSE, SOCIAL, PairServer, Phone, app_of, elsewhere, opened, phone

CONTACT = Section(
    "/contact", key("action.record"), ft.Icons.ADD, ft.Icons.ADD, elsewhere, in_bar=False
)
CONFLICTS = Section(
    "/conflicts",
    key("nav.conflicts"),
    ft.Icons.CALL_SPLIT,
    ft.Icons.CALL_SPLIT,
    elsewhere,
    (Detail(":record_id", elsewhere),),
)
TODAY = Section("/", key("nav.today"), ft.Icons.TODAY, ft.Icons.TODAY, elsewhere)
SECTIONS = (TODAY, PEOPLE, DIRECTORY, CONTACT, CONFLICTS)


def case_app(phone_: Phone, language: str = "fi") -> AppParts:
    """The app of these screens on a phone."""
    return app_of(phone_, SECTIONS, effects, language)


@asynccontextmanager
async def on_screen(
    phone_: Phone, route: str = "/people", *, width: float = 412, language: str = "fi"
) -> AsyncIterator[FletClient]:
    """The app of a phone, opened at a path, once it has read the store."""
    async with opened(case_app(phone_, language), route, width) as client:
        await client.until(
            lambda: not any(e["_c"] == "ProgressRing" for e in client.walk(client.scope()))
        )
        yield client


@dataclass(eq=False)
class Case:
    """One person's case on one phone."""

    phone: Phone
    person_id: str

    @property
    def path(self) -> str:
        """The person page."""
        return f"/people/{self.person_id}"

    def add(self, record: Record) -> Record:
        """Save a record of the person."""
        self.phone.device.write(record, self.person_id)
        return record

    def new_id(self) -> str:
        """An id."""
        return self.phone.device.new_id()

    def ago(self, days: int, hours: int = 0) -> str:
        """An instant so long ago."""
        return plus(self.phone.now(), days=-days, hours=-hours)

    def day(self, days: int) -> str:
        """A day counted from today."""
        return day_plus(local_day(self.phone.now()), days)

    def find(self, kind: type[Record]) -> list[Record]:
        """The person's records of a type, as the store holds them."""
        views = self.phone.store.person(self.person_id).of_type(kind.record_type)
        return [view.record for view in views if view.record is not None]

    def person(self) -> Person:
        """The person record."""
        (found,) = self.find(Person)
        assert isinstance(found, Person)
        return found


def new_case(phone_: Phone, name: str = "Punapipo", **facts: object) -> Case:
    """A person with an open matter, as the store of this phone has them."""
    person_id = phone_.device.new_id()
    person = Person.model_validate({"id": person_id, "name": name, **facts})
    phone_.device.write(person, person_id, opens={person_id: TEAM})
    case = Case(phone_, person_id)
    case.add(Matter(id=case.new_id(), opened_on=case.day(-40), intake_channel="street"))
    return case


def social_phone(root: Path, server: PairServer | None = None) -> Phone:
    """The social instructor's phone."""
    return phone(root, SOCIAL, server)


def nurse_phone(root: Path, server: PairServer | None = None) -> Phone:
    """The nurse's phone."""
    return phone(root, NURSE, server)


def full_case(phone_: Phone) -> Case:
    """A case with something of everything."""
    case = new_case(
        phone_,
        "Punapipo",
        aliases=frozenset({"Kitaramies"}),
        surname="Kuvitteellinen",
        phone="040 000 0000",
        phone_kind="prepaid",
        languages=frozenset({"fi", "en"}),
        interpreter=True,
        safety="Tavataan kahden, ei kotona.",
        where_found="Rautatieaseman eteläpää, aamuisin",
        housing_situation="with_others",
        housing_since=None,
        own_worker=SOCIAL,
        postal_address="Poste restante 00000",
    )
    case.add(
        Encounter(
            id=case.new_id(),
            at=case.ago(2),
            channel="in_person",
            place="street",
            outcome="reached",
            participants=frozenset({SOCIAL, NURSE}),
            topics=frozenset({"housing", "benefits"}),
            note="Tavattu aseman kulmalla. Nukkunut porraskäytävässä. Kahvi kelpasi.",
            next_step_text="Nähdään torstaina",
            next_step_on=case.day(3),
            next_step_owner=SOCIAL,
            health_part_recorded=True,
        )
    )
    case.add(
        Encounter(
            id=case.new_id(),
            at=case.ago(12),
            channel="phone",
            outcome="not_reached",
            places_tried="Päiväkeskus ja kirjasto, puhelin kiinni.",
        )
    )
    case.add(
        NavigationStep(
            id=case.new_id(),
            kind="application",
            application="basic_assistance",
            stage="submitted",
            status="waiting",
            owner=SOCIAL,
            submitted_on=case.day(-20),
            complete_on=case.day(-14),
        )
    )
    case.add(
        NavigationStep(
            id=case.new_id(), kind="referral", title="Asumisneuvonta", due_on=case.day(4)
        )
    )
    case.add(Task(id=case.new_id(), title="Tulosta tiliotteet", due_on=case.day(-1), owner=SOCIAL))
    case.add(
        HousingPeriod(
            id=case.new_id(),
            situation="own_home",
            started_on="2024-05-01",
            ended_on="2026-08-31",
            cause_trigger="lease_ended",
        )
    )
    for days, scores, own in ((60, "3", "4"), (5, "2", "3")):
        case.add(
            Assessment(
                id=case.new_id(),
                made_at=case.ago(days),
                worker_score={"housing": "4", "money": scores, "safety": "1"},
                client_score={"housing": "4", "money": own},
                client_goals="Oma avain, vaikka pieneenkin.",
            )
        )
    return case


def health_of(case: Case) -> HealthNote:
    """A nurse's note of the person."""
    note = HealthNote(
        id=case.new_id(),
        at=case.ago(2),
        condition="concern",
        observations=frozenset({"wound"}),
        bp_systolic=162,
        bp_diastolic=98,
        note="Säären haava puhdistettu ja sidottu. Kipu 4/10.",
        done="treated",
        recheck_on=case.day(5),
    )
    case.add(note)
    return note


def add_service(phone_: Phone, name: str, **facts: object) -> str:
    """An entry of the directory."""
    entry = DirectoryEntry.model_validate({"id": phone_.device.new_id(), "name": name, **facts})
    phone_.store.save([edit_towards(entry, DIRECTORY_SCOPE, None)])
    return entry.id


def facts_of(case: Case, role: str) -> PersonFacts:
    """What the person page knows, read by a role."""
    records = case.phone.store.person(case.person_id)
    return PersonFacts(
        case.person_id,
        records.records,
        staff=case.phone.store.staff,
        now=case.phone.now(),
        role=role,
    )


async def open_tab(client: FletClient, name: str) -> None:
    """Open a section of the person page, by the beginning of its name."""
    tabs = client.find("Tabs")
    labels = [each["label"] for each in client.walk(tabs) if each["_c"] == "Tab"]
    index = next(number for number, label in enumerate(labels) if label.startswith(name))
    await client.event(tabs, "change", index, selected_index=index)
