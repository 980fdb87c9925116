"""The story's day: the pair works where there is no network, and a phone dies in the middle."""

from __future__ import annotations

from typing import Any

from field_app.demo.organisation import PIN
from field_app.demo.story_device import expect, wait_until
from field_app.demo.story_world import World
from field_app.domain.clock import day_plus, plus
from field_app.domain.records import (
    AnonymousContact,
    Assessment,
    Encounter,
    HealthNote,
    Matter,
    NavigationStep,
    Person,
    Task,
)
from field_app.sync.changes import person_scope, team_scope

Facts = dict[str, Any]
Edit = dict[str, Any]

NOTE = "Tavattu kirjaston portailla. Puhui ensimmäistä kertaa siskostaan."
NOTE_OF_SOCIAL = NOTE + " Sovittiin, että soitetaan siskolle yhdessä maanantaina."
NOTE_OF_NURSE = NOTE + " Kotiavain on kadonnut, huoltoyhtiölle on soitettu."
PHONE_OF_SOCIAL = "0000 111 2001"
PHONE_OF_NURSE = "0000 222 2002"
SAFETY = "Koira vapaana pihalla, soita ennen kuin tulet portista."
DRAFT = "Kesken jäänyt muistiinpano: puhui veljestään Sumulassa"


def meet_together(world: World) -> Facts:
    """A meeting of the morning, not signed yet: both phones have it before the network goes."""
    person = _somebody_with_a_phone(world)
    world.people["shared"] = person.id
    world.texts.retire(person.phone or "")
    encounter = Encounter(
        id=world.entropy.new_id(),
        occasion=world.entropy.new_id(),
        at=world.now,
        channel="in_person",
        place="street",
        outcome="reached",
        participants=frozenset(worker.id for worker in world.organisation.pair),
        author_half="social",
        topics=frozenset({"relations"}),
        methods=frozenset({"guidance"}),
        note=NOTE,
    )
    world.records["shared_meeting"] = encounter.id
    world.social.save(world.new(encounter, person_scope(person.id)))
    world.wait_same(encounter.id)
    return {}


def work_offline(world: World) -> Facts:
    """Both phones lose the network; eleven saves on one, five on the other."""
    for phone in (world.social, world.nurse):
        phone.do("offline", offline=True)
        wait_until(phone.is_away, f"{phone.name} is offline")
    social = _social_half(world)
    nurse = _nurse_half(world)
    expect(world.social.sync()["unsynced"] == social, f"{social} changes only on this phone")
    expect(world.nurse.sync()["unsynced"] == nurse, f"{nurse} changes only on this phone")
    expect(world.social.sync()["oldest_at"], "how old the oldest change is")
    new = world.people["nickname"]
    expect(world.social.record(new)["only_here"], "the new person is marked as only here")
    expect(not world.nurse.holds(new), "the partner's phone has not heard of the new person")
    expect(not world.coordinator.holds(new), "nor has the coordinator's desk")
    return {"only_on_social": social, "only_on_nurse": nurse}


def die_and_wake(world: World) -> Facts:
    """The social half's phone is killed with an open draft and eleven unsent changes."""
    phone = world.social
    before = phone.sync()["unsynced"]
    draft = phone.do("put_draft", form="contact", typed=DRAFT)
    phone.kill()
    phone.launch(offline=True)
    phone.connect()
    expect(phone.do("status")["gate"] == "LOCKED", "a restarted phone is locked")
    phone.do("unlock", secret=PIN)
    expect(phone.sync()["unsynced"] == before, "every unsent change is still there")
    drafts = {one["id"]: one["content"]["note"] for one in phone.do("drafts")}
    expect(drafts.get(draft) == DRAFT, "the draft is there to the last keystroke")
    finished = Encounter(
        id=world.entropy.new_id(),
        occasion=world.entropy.new_id(),
        at=world.now,
        channel="phone",
        outcome="reached",
        participants=frozenset({world.organisation.pair[0].id}),
        author_half="social",
        note=DRAFT,
    )
    world.records["finished_draft"] = finished.id
    edit = world.new(finished, person_scope(world.people["shared"]))
    phone.save(edit, draft=draft)
    expect(not phone.do("drafts"), "the finished draft is gone")
    expect(phone.sync()["unsynced"] == before + 1, "its save is counted")
    return {"unsynced_after_kill": before, "drafts_after_kill": 1}


def _social_half(world: World) -> int:
    """What the social instructor saves offline; returns how many saves."""
    phone, person = world.social, world.people["shared"]
    _street_contact(world)
    phone.save(_home_visit(world, person))
    phone.save(_not_reached(world, _another(world, person)))
    phone.save(_anonymous(world))
    phone.save(_assessment(world))
    phone.save(_step(world))
    phone.save(_task(world))
    phone.save(world.change("person", person, person, phone=PHONE_OF_SOCIAL))
    housing = {"housing_situation": "with_others", "housing_since": day_plus(world.today, -9)}
    phone.save(world.change("person", person, person, housing=housing))
    meeting = world.records["shared_meeting"]
    phone.save(world.change("encounter", meeting, person, note=NOTE_OF_SOCIAL))
    phone.save(world.change("person", person, person, safety=SAFETY))
    return 11


def _nurse_half(world: World) -> int:
    """What the nurse saves offline; returns how many saves."""
    phone, person = world.nurse, world.people["shared"]
    meeting = world.records["shared_meeting"]
    phone.save(world.change("person", person, person, phone=PHONE_OF_NURSE))
    housing = {"housing_situation": "supported", "housing_since": day_plus(world.today, -2)}
    phone.save(world.change("person", person, person, housing=housing))
    phone.save(world.change("encounter", meeting, person, note=NOTE_OF_NURSE))
    phone.save(world.change("person", person, person, **{"languages/ar": True}))
    phone.save(*health_part(world, meeting, person, "Käsien iho halkeillut, rasva annettu."))
    return 5


def health_part(world: World, encounter: str, person: str, words: str) -> list[Edit]:
    """The nurse's part of a meeting: a note in the health register, and that there is one."""
    shown = world.nurse.record(encounter)
    nurse = world.organisation.pair[1].id
    note = HealthNote(
        id=world.entropy.new_id(),
        encounter=encounter,
        occasion=shown["values"]["occasion"],
        at=world.now,
        condition="concern",
        observations=frozenset({"wound"}),
        bp_systolic=148,
        bp_diastolic=93,
        temperature="37.1",
        note=words,
        done="treated",
        recheck_on=day_plus(world.today, 3),
        signed_at=world.now,
        signed_by=nurse,
    )
    world.records[f"health_part_of_{encounter}"] = note.id
    joins = {"health_part_recorded": True, f"participants/{nurse}": True}
    return [
        world.new(note, person_scope(person)),
        world.change("encounter", encounter, person, **joins),
    ]


def _street_contact(world: World) -> None:
    """A nickname is a person, and opens a matter; the first contact comes from a draft."""
    phone, social = world.social, world.organisation.pair[0].id
    person = Person(
        id=world.entropy.new_id(),
        name="Majakkavahti",
        aliases=frozenset({"Majakkavahti", "Sumutorven soittaja"}),
        where_found="Satamaterminaalin odotussali aamuisin",
        housing_situation="outdoors",
        housing_since=day_plus(world.today, -40),
        own_worker=social,
    )
    matter = Matter(
        id=world.entropy.new_id(),
        opened_on=world.today,
        received_at=world.now,
        intake_channel="street",
        intake_by="own_outreach",
        urgency="two_days",
    )
    meeting = Encounter(
        id=world.entropy.new_id(),
        occasion=world.entropy.new_id(),
        at=world.now,
        channel="in_person",
        place="street",
        outcome="reached",
        participants=frozenset({social}),
        author_half="social",
        matter=matter.id,
        topics=frozenset({"basic_needs", "chat"}),
        methods=frozenset({"material_aid"}),
        note="Istui odotussalissa, kertoi laivoista. Eväät ja kuivat hanskat annettu.",
        client_view="Täällä saa olla rauhassa aamuun asti.",
        next_step_text="Tavataan terminaalissa aamukahvilla",
        next_step_on=day_plus(world.today, 2),
        next_step_owner=social,
    )
    world.people["nickname"] = person.id
    world.records |= {"first_meeting": meeting.id, "matter": matter.id}
    world.opened[person.id] = world.team
    draft = phone.do("put_draft", form="contact", typed="Istui odotussalissa, kertoi laivoista.")
    scope = person_scope(person.id)
    edits = [world.new(record, scope) for record in (person, matter, meeting)]
    phone.save(*edits, draft=draft, opens={person.id: world.team})


def _home_visit(world: World, person: str) -> Edit:
    visit = Encounter(
        id=world.entropy.new_id(),
        occasion=world.entropy.new_id(),
        at=world.now,
        channel="in_person",
        place="home",
        outcome="reached",
        participants=frozenset(worker.id for worker in world.organisation.pair),
        author_half="social",
        agreed_beforehand=True,
        present_roles=frozenset({"friend"}),
        check_out_at=plus(world.now, hours=1),
        topics=frozenset({"housing"}),
        methods=frozenset({"navigation"}),
        note="Kotikäynti kaverin luona. Patja keittiössä, toivoo omaa ovea.",
        next_step_text="Viedään tukiasuntohakemus Siltaan",
        next_step_on=day_plus(world.today, 5),
        next_step_owner=world.organisation.pair[0].id,
    )
    world.records["home_visit"] = visit.id
    return world.new(visit, person_scope(person))


def _not_reached(world: World, person: str) -> Edit:
    attempt = Encounter(
        id=world.entropy.new_id(),
        occasion=world.entropy.new_id(),
        at=world.now,
        channel="in_person",
        outcome="not_reached",
        participants=frozenset(worker.id for worker in world.organisation.pair),
        author_half="social",
        places_tried="Satamaterminaali, kalaranta, lehtisali",
        next_try_on=day_plus(world.today, 1),
    )
    world.records["not_reached"] = attempt.id
    return world.new(attempt, person_scope(person))


def _anonymous(world: World) -> Edit:
    contact = AnonymousContact(
        id=world.entropy.new_id(),
        at=world.now,
        people_count=3,
        area="Kalarannan katos",
        place="street",
        channel="in_person",
        participants=frozenset({world.organisation.pair[0].id}),
        topics=frozenset({"basic_needs"}),
        aid=frozenset({"food", "opening_hours"}),
        note="Kolme nuorta kalarannassa, kysyivät yöpaikkaa. Katoksen aukioloajat annettu.",
    )
    world.records["anonymous"] = contact.id
    return world.new(contact, team_scope(world.team))


def _assessment(world: World) -> Edit:
    assessment = Assessment(
        id=world.entropy.new_id(),
        made_at=world.now,
        participants=frozenset({world.organisation.pair[0].id}),
        worker_score={"housing": "4", "money": "2", "participation": "1"},
        client_score={"housing": "3", "money": "declined", "participation": "2"},
        need_note={"housing": "Nukkunut terminaalissa marraskuusta asti"},
        client_goals="Oma ikkuna, josta näkee laivat.",
    )
    world.records["assessment"] = assessment.id
    return world.new(assessment, person_scope(world.people["nickname"]))


def _step(world: World) -> Edit:
    step = NavigationStep(
        id=world.entropy.new_id(),
        matter=world.records["matter"],
        kind="application",
        application="supported_housing",
        stage="preparing",
        status="in_progress",
        title="Hakemus tukiasuntoon, liitteet puuttuvat",
        owner=world.organisation.pair[0].id,
        due_on=day_plus(world.today, 14),
    )
    world.records["step"] = step.id
    return world.new(step, person_scope(world.people["nickname"]))


def _task(world: World) -> Edit:
    task = Task(
        id=world.entropy.new_id(),
        title="Kysytään terminaalin vartijalta säilytyslokero",
        due_on=day_plus(world.today, 1),
        owner=world.organisation.pair[0].id,
        status="open",
    )
    world.records["task"] = task.id
    return world.new(task, person_scope(world.people["nickname"]))


def _somebody_with_a_phone(world: World) -> Person:
    """The first of the team with a phone number, a housing situation and no safety sign."""
    of_team = (one for one in world.seed.caseload.people if world.opened[one] == world.team)
    found = (world.person(one) for one in of_team)
    return next(
        one
        for one in found
        if one.phone and one.safety is None and one.housing_situation not in (None, "with_others")
    )


def _another(world: World, person: str) -> str:
    people = world.seed.caseload.people
    return next(one for one in people if world.opened[one] == world.team and one != person)
