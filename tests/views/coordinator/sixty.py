"""Sixty people of two teams on a coordinator's desk, in the voice of the work."""

from __future__ import annotations

from pathlib import Path

from field_app.domain.clock import day_plus, local_day, plus
from field_app.domain.records import Encounter, HousingPeriod, Matter, Person, Task
from field_app.domain.vocabularies import VOCABULARIES
from field_app.store.editing import Edit, edit_towards
from field_app.sync.changes import person_scope
from tests.store.hand_server import TEAM
from tests.views.desk import DeskPhone, desk
from tests.views.phones import LEAD, NURSE, OTHER_TEAM, SOCIAL

ALIASES = (
    "Punapipo",
    "Kitaramies",
    "Sateenvarjorouva",
    "Kettu",
    "Professori",
    "Turun poika",
    "Kirjaston Nea",
    "Vihreä reppu",
)
ENDINGS = (
    "",
    " asemalta",
    " torilta",
    " rannasta",
    " idästä",
    " lännestä",
    " pohjoisesta",
    " ylhäältä",
)
SIXTY = 60
DUPLICATE = "Puna-pipo"


def sixty_people(root: Path) -> DeskPhone:
    """The desk of the coordinator, with everybody's cases on it."""
    made = desk(root, LEAD)
    for number in range(SIXTY):
        _person(made, number)
    _duplicate_and_conflict(made)
    return made


def _person(made: DeskPhone, number: int) -> None:
    device, today = made.device, local_day(made.now())
    person_id = device.new_id()
    situations = VOCABULARIES["housing_situation"].codes
    name = f"{ALIASES[number % 8]}{ENDINGS[number // 8]}"
    opened_on = day_plus(today, -2 if number % 15 == 0 else -(30 + number))
    records = [
        Person(
            id=person_id,
            name=name,
            surname="Salattu",
            housing_situation=situations[number % len(situations)],
            own_worker=SOCIAL if number % 2 else NURSE,
            safety="Tavataan kahden." if number % 20 == 3 else None,
        ),
        Matter(
            id=device.new_id(),
            opened_on=opened_on,
            urgency="now" if number % 15 == 0 else "agreed",
        ),
    ]
    if number % 15:
        records.append(
            Encounter(
                id=device.new_id(),
                at=plus(made.now(), days=-(number % 40) - 1),
                outcome="reached",
                participants=frozenset({SOCIAL}),
                note="Tavattu aseman kulmalla. Kahvi kelpasi.",
            )
        )
    if number % 6 == 0:
        records.append(
            Task(
                id=device.new_id(),
                title="Tulosta tiliotteet",
                due_on=day_plus(today, -3),
                owner=SOCIAL,
                status="open",
            )
        )
    if number % 10 == 4:
        records.append(
            HousingPeriod(
                id=device.new_id(),
                situation="hostel",
                started_on=day_plus(today, -20),
                ended_on=day_plus(today, 5),
            )
        )
    scope = person_scope(person_id)
    team = OTHER_TEAM if number % 3 == 0 else TEAM
    made.store.save(
        [edit_towards(record, scope, None) for record in records], opens={person_id: team}
    )


def _duplicate_and_conflict(made: DeskPhone) -> None:
    person_id = made.device.new_id()
    made.device.write(Person(id=person_id, name=DUPLICATE), person_id, opens={person_id: TEAM})
    phones = ("040 111 1111", "040 222 2222")
    for number in phones:  # two writes that do not know of each other
        made.store.save([Edit(person_id, "person", person_scope(person_id), {"phone": number})])
