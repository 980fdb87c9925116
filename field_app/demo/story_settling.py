"""The story's evening: the network is back, what differs is settled, and all three agree."""

from __future__ import annotations

from functools import partial
from typing import Any

from field_app.demo.story_device import Device, expect, wait_until
from field_app.demo.story_field import (
    DRAFT,
    NOTE_OF_NURSE,
    NOTE_OF_SOCIAL,
    PHONE_OF_NURSE,
    PHONE_OF_SOCIAL,
    SAFETY,
    health_part,
)
from field_app.demo.story_world import World
from field_app.domain.caseload import CaseloadFilter, caseload
from field_app.domain.housing import HousingValue, settle
from field_app.domain.summary import PersonSummary
from field_app.sync.changes import person_scope

Facts = dict[str, Any]

CONFLICTS = {"housing", "phone"}


def reconnect(world: World) -> Facts:
    """The network is back: everything leaves the phones, and what does not differ merges."""
    for phone in (world.social, world.nurse):
        phone.do("offline", offline=False)
    for phone in (world.social, world.nurse):
        phone.wait_settled()
    person, meeting = world.people["shared"], world.records["shared_meeting"]
    world.wait_same(person, meeting, world.people["nickname"], world.records["task"])
    for device in world.devices.values():
        shown = device.record(person)["values"]
        expect(shown["safety"] == SAFETY, f"{device.name} has the safety sign of one half")
        expect(shown["languages/ar"], f"{device.name} has the language of the other half")
    found = world.nurse.do("find", typed="sumulassa")
    expect(world.records["finished_draft"] in found, f"the partner finds {DRAFT[:8]}… by a word")
    return {"merged": ["languages", "safety"]}


def see_conflicts(world: World) -> Facts:
    """Three true conflicts: on the record and in the list, on both phones and at the desk."""
    person, meeting = world.people["shared"], world.records["shared_meeting"]
    for device in world.devices.values():
        record = device.record(person)
        expect(set(record["conflicts"]) == CONFLICTS, f"{device.name}: phone and housing differ")
        values = {head["value"] for head in record["heads"]["phone"]}
        expect(values == {PHONE_OF_SOCIAL, PHONE_OF_NURSE}, f"{device.name} shows both numbers")
        authors = {head["author"] for head in record["heads"]["housing"]}
        expect(len(authors) == 2, f"{device.name} says whose each housing value is")
        expect(device.record(meeting)["conflicts"] == ["note"], f"{device.name}: the note differs")
        listed = _conflicted(device, person)
        expect(len(listed) == 3, f"{device.name} lists three conflicts")
    summaries = _summaries(world.coordinator)
    filtered = caseload(summaries, CaseloadFilter(conflicts=True), world.today)
    expect([one.person_id for one in filtered] == [person], "the filter finds the one person")
    return {"conflicts": 3}


def join_occasion(world: World) -> Facts:
    """The nurse adds her part to the occasion that her partner began."""
    person, meeting = world.people["nickname"], world.records["first_meeting"]
    words = "Varpaat kylmettyneet, lämmitetty ja tarkistettu. Tetanusrokote puuttuu."
    world.nurse.save(*health_part(world, meeting, person, words))
    world.nurse.wait_settled()
    world.wait_same(meeting)
    note = world.records[f"health_part_of_{meeting}"]
    for device in (world.social, world.coordinator):
        expect(device.record(meeting)["values"]["health_part_recorded"], "terveysosa kirjattu")
        expect(not device.holds(note), f"{device.name} has nothing of the health part")
    expect(world.nurse.holds(note), "the nurse has it")
    return {}


def settle_all(world: World) -> Facts:
    """Housing by asking when, the note joined, the phone number chosen; nothing is lost."""
    person, meeting = world.people["shared"], world.records["shared_meeting"]
    periods = _settle_housing(world, person)
    joined = f"{NOTE_OF_SOCIAL}\n\n{NOTE_OF_NURSE}"
    world.social.save(world.change("encounter", meeting, person, note=joined))
    world.nurse.save(world.change("person", person, person, phone=PHONE_OF_NURSE))
    world.texts.retire(PHONE_OF_SOCIAL)
    for device in world.devices.values():
        wait_until(partial(_is_settled, device, person), f"{device.name}: settled")
    world.wait_same(person, meeting, *periods)
    for device in world.devices.values():
        shown = device.record(person)["values"]
        expect(shown["phone"] == PHONE_OF_NURSE, f"{device.name} has the chosen number")
        expect(shown["housing"]["housing_situation"] == "supported", "the later one holds now")
        period = device.record(periods[0])["values"]
        expect(period["situation"] == "with_others", f"{device.name} keeps the earlier one")
        note = device.record(meeting)["values"]["note"]
        expect(NOTE_OF_SOCIAL in note and NOTE_OF_NURSE in note, "both notes stand")
    return {"settled": ["housing", "note", "phone"]}


def _settle_housing(world: World, person: str) -> list[str]:
    """As the screen does: each value has its day, the latest holds, the others are history."""
    heads = world.social.record(person)["heads"]["housing"]
    values = [
        HousingValue(head["value"]["housing_situation"], head["value"]["housing_since"], head["id"])
        for head in heads
    ]
    settled = settle(person, values)
    current = {
        "housing_situation": settled.current.situation,
        "housing_since": settled.current.since,
    }
    scope = person_scope(person)
    edits = [world.new(period, scope) for period in settled.periods]
    world.social.save(world.change("person", person, person, housing=current), *edits)
    return [period.id for period in settled.periods]


def _conflicted(device: Device, person: str) -> list[Any]:
    listed = next(one for one in device.do("people") if one["summary"]["person_id"] == person)
    conflicts: list[Any] = listed["conflicted"]
    return conflicts


def _is_settled(device: Device, person: str) -> bool:
    return not _conflicted(device, person)


def _summaries(device: Device) -> list[PersonSummary]:
    return [PersonSummary.from_plain(one["summary"]) for one in device.do("people")]
