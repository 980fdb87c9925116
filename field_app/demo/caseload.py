"""The demo's caseload: 60 people and about 2,000 records over 18 months, the same for a seed.

Each person's story is written by `demo.journey`; here is who they are, which team meets them and
when it began, the anonymous contacts and the directory.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random

from field_app.demo.history import PastSave
from field_app.demo.journey import Journey, Plan, journey
from field_app.demo.names import ALIASES, FIRST_NAMES, SERVICES, SURNAMES
from field_app.demo.organisation import DemoOrganisation, new_id
from field_app.demo.voice import ANONYMOUS
from field_app.domain.clock import Day, Instant, day_plus
from field_app.domain.records import AnonymousContact, DirectoryEntry
from field_app.sync.changes import DIRECTORY_SCOPE, team_scope

PEOPLE = 60
MONTHS = 18
DAYS = MONTHS * 30
_RETURNERS = 6
_DUPLICATES = 2
_ANONYMOUS = 90


@dataclass(frozen=True, slots=True)
class Caseload:
    """The saves of the past, oldest first."""

    saves: tuple[PastSave, ...] = field(repr=False)
    people: tuple[str, ...]
    duplicates: tuple[tuple[str, str], ...]
    """Two pairs of person records that are one human each."""


def demo_caseload(
    organisation: DemoOrganisation, seed: int, today: Day, injected: Sequence[str] = ()
) -> Caseload:
    """The caseload of a seed, ending yesterday.

    Args:
        organisation: Who works.
        seed: The same seed and day give the same caseload.
        today: The day the demo is started.
        injected: Free texts to be used as notes, each at least once, in their order.
    """
    random = Random(f"caseload {seed}")
    texts = list(injected)
    saves: list[PastSave] = list(_directory(organisation, random, today))
    people: list[str] = []
    known: list[Journey] = []
    for number in range(PEOPLE - _DUPLICATES):
        plan = _plan(organisation, random, number)
        told = journey(organisation, random, today, plan, texts)
        known.append(told)
        people.append(told.person)
        saves.extend(told.saves)
    duplicates = []
    for original in known[3 : 3 + _DUPLICATES]:
        told = journey(organisation, random, today, _again(original.plan), texts)
        people.append(told.person)
        saves.extend(told.saves)
        duplicates.append((original.person, told.person))
    saves.extend(_anonymous(organisation, random, today, texts))
    saves.sort(key=lambda save: save.at)
    return Caseload(tuple(saves), tuple(people), tuple(duplicates))


def _plan(organisation: DemoOrganisation, random: Random, number: int) -> Plan:
    known_by_name = random.random() < 0.75
    return Plan(
        team=number % len(organisation.teams),
        alias=ALIASES[number],
        first_name=FIRST_NAMES[number] if known_by_name else None,
        surname=random.choice(SURNAMES) if known_by_name and random.random() < 0.6 else None,
        began_days_ago=random.randint(20, DAYS - 2),
        returner=number % (PEOPLE // _RETURNERS) == 4,
    )


def _again(plan: Plan) -> Plan:
    """The same human, met by another team under nearly the same name."""
    return Plan(
        team=plan.team + 1,
        alias=plan.alias + "n" if not plan.alias.endswith("n") else plan.alias[:-1],
        first_name=plan.first_name,
        began_days_ago=25,
        brief=True,
    )


def _at(today: Day, days_ago: int, random: Random, first: int = 7, last: int = 13) -> Instant:
    """A moment of a past day's working hours, in UTC."""
    hour, minute, second = random.randint(first, last), random.randint(0, 59), random.randint(0, 59)
    return f"{day_plus(today, -days_ago)}T{hour:02}:{minute:02}:{second:02}.000Z"


def _directory(organisation: DemoOrganisation, random: Random, today: Day) -> Iterator[PastSave]:
    lead = organisation.lead
    for name, services, municipality, address, hours in SERVICES:
        days_ago = random.choice((20, 45, 90, 200, 400))
        entry = DirectoryEntry(
            id=new_id(random),
            name=name,
            services=frozenset(services),
            municipality=municipality,
            address=address or None,
            phone=f"0000 {random.randint(100, 999)} {random.randint(100, 999)}",
            opening_hours=hours,
            walk_in=random.random() < 0.6,
            verified_by=lead.id,
            verified_on=day_plus(today, -days_ago),
        )
        at = _at(today, DAYS, random)
        yield PastSave(lead.id, at, DIRECTORY_SCOPE, (entry,))


def _anonymous(
    organisation: DemoOrganisation, random: Random, today: Day, texts: list[str]
) -> Iterator[PastSave]:
    for number in range(_ANONYMOUS):
        team = organisation.teams[number % len(organisation.teams)]
        pair = random.sample(organisation.of_team(team.id), 2)
        at = _at(today, random.randint(1, DAYS), random, 6, 18)
        contact = AnonymousContact(
            id=new_id(random),
            at=at,
            people_count=random.choice((1, 1, 1, 2, 2, 3, 5)),
            area=random.choice(("Asema", "Kauppatori", "Ranta", "Silta", "Kauppakeskus")),
            place=random.choice(("street", "street", "day_centre", "shelter")),
            channel="in_person",
            participants=frozenset(worker.id for worker in pair),
            topics=frozenset(random.sample(("housing", "basic_needs", "chat", "safety"), 1)),
            aid=frozenset(random.sample(("advice", "opening_hours", "food", "clothes"), 2)),
            note=texts.pop(0) if texts else random.choice(ANONYMOUS),
        )
        social = next((worker for worker in pair if not worker.is_nurse), pair[0])
        yield PastSave(social.id, at, team_scope(team.id), (contact,))
