"""Teams, roles and persons change while phones are offline: what still arrives, what leaves."""

from __future__ import annotations

from typing import Any

import pytest

from field_app.domain.errors import AlreadyThere, DeviceRevoked, InvalidInput, NotFound
from field_app.sync.changes import ChangeSet
from field_app.sync.delivery import AccessChange, Compacted, Streamed
from tests.server.office import Office, Phone, about


def visit(phone: Phone, person: str) -> ChangeSet:
    return phone.save(
        about(person, phone.office.entropy.new_id(), "encounter", {"outcome": "reached"})
    )


def shape(entries: list[Any]) -> list[str]:
    """What kinds of entries, access changes with their kind."""
    return [
        entry.kind if isinstance(entry, AccessChange) else type(entry).__name__ for entry in entries
    ]


@pytest.fixture
def sanna(office: Office) -> Phone:
    phone = office.phone("sanna")
    phone.pull()
    return phone


def test_work_of_one_who_left_the_team_still_arrives_for_three_days(
    office: Office, sanna: Phone
) -> None:
    person, made = sanna.new_person("Punapipo")
    sanna.push(made)
    office.command("leave_team", office.workers["sanna"], office.teams["centre"])
    office.clock.forward(hours=71, minutes=59)
    assert sanna.statuses(visit(sanna, person)) == [("accepted", "")]
    office.clock.forward(minutes=2)
    assert sanna.statuses(visit(sanna, person)) == [("needs-human", "grant_ended")]


def test_work_about_a_person_who_moved_still_arrives_for_three_days(
    office: Office, sanna: Phone
) -> None:
    person, made = sanna.new_person("Punapipo")
    sanna.push(made)
    office.command("move_person", person, office.teams["harbour"])
    office.clock.forward(hours=71)
    assert sanna.statuses(visit(sanna, person)) == [("accepted", "")]
    assert len(office.phone("sampo").entries()) == 2
    office.clock.forward(hours=2)
    assert sanna.statuses(visit(sanna, person)) == [("needs-human", "grant_ended")]


def test_work_in_a_former_role_still_arrives_for_three_days(office: Office) -> None:
    niko = office.phone("niko")
    person, made = niko.new_person("Punapipo")
    niko.push(made)
    office.command("change_role", office.workers["niko"], "social_worker")

    def note() -> ChangeSet:
        record = office.entropy.new_id()
        return niko.save(about(person, record, "health_note", {"note": "haava"}, "health"))

    assert niko.statuses(note()) == [("accepted", "")]
    office.clock.forward(hours=73)
    assert niko.statuses(note()) == [("needs-human", "out_of_scope")]


def test_a_moved_person_leaves_one_teams_phones_and_comes_whole_to_the_others(
    office: Office, sanna: Phone
) -> None:
    sampo = office.phone("sampo")
    sampo.pull()
    person, made = sanna.new_person("Punapipo")
    sanna.push(made, visit(sanna, person))
    sanna.pull()
    office.command("move_person", person, office.teams["harbour"])
    (left,) = sanna.entries()
    assert (left.kind, left.scope, left.team) == (
        "leave",
        f"person/{person}",
        office.teams["centre"],
    )
    assert shape(sampo.entries()) == ["enter", "Compacted", "Compacted"]


def test_a_phone_of_both_teams_is_told_of_the_coming_before_the_leaving(office: Office) -> None:
    leena = office.phone("leena")
    leena.pull()
    person, made = leena.new_person("Punapipo")
    leena.push(made)
    leena.pull()
    office.command("move_person", person, office.teams["harbour"])
    assert shape(leena.entries()) == ["enter", "Compacted", "leave"]


def test_what_was_written_before_a_move_is_not_sent_to_the_team_left_behind(
    office: Office, sanna: Phone
) -> None:
    niko = office.phone("niko")
    niko.pull()
    person, made = sanna.new_person("Punapipo")
    sanna.push(made, visit(sanna, person))
    office.command("move_person", person, office.teams["harbour"])
    assert shape(niko.entries()) == ["leave"]
    assert not any(b"Punapipo" in page for page in niko.pages)


def test_there_and_back_again_equals_never_away(office: Office, sanna: Phone) -> None:
    niko = office.phone("niko")
    niko.pull()
    person, made = sanna.new_person("Punapipo")
    sanna.push(made)
    office.command("move_person", person, office.teams["harbour"])
    sanna.push(visit(sanna, person))
    office.command("move_person", person, office.teams["centre"])
    kinds = shape(niko.entries())
    assert kinds == ["Streamed", "leave", "enter", "Compacted", "Compacted"]
    assert len([e for e in office.phone("niko").entries() if isinstance(e, Compacted)]) == 2


def test_a_team_left_is_lost_and_a_team_joined_again_begins_anew(
    office: Office, sanna: Phone
) -> None:
    _person, made = sanna.new_person("Punapipo")
    sanna.push(made)
    sanna.pull()
    centre = [f"team/{office.teams['centre']}/{r}" for r in ("common", "social")]
    office.command("leave_team", office.workers["sanna"], office.teams["centre"])
    page = sanna.pull_page()
    assert (list(page.head.lost), page.head.done) == (centre, True)
    assert list(sanna.cursors) == ["org/directory"]
    office.command("join_team", office.workers["sanna"], office.teams["centre"])
    assert shape(sanna.entries()) == ["Compacted"]


def test_leaving_and_joining_while_offline_first_clears_what_was_held(
    office: Office, sanna: Phone
) -> None:
    _person, made = sanna.new_person("Punapipo")
    sanna.push(made)
    sanna.pull()
    office.command("leave_team", office.workers["sanna"], office.teams["centre"])
    office.command("join_team", office.workers["sanna"], office.teams["centre"])
    first, *rest = sanna.pull()
    assert (len(first.head.lost), first.entries, first.head.done) == (2, [], False)
    assert sum(len(page.entries) for page in rest) == 1


def test_a_new_role_brings_its_registers_and_takes_them(office: Office) -> None:
    niko, iiris = office.phone("niko"), office.phone("iiris")
    person, made = niko.new_person("Punapipo")
    record = office.entropy.new_id()
    note = niko.save(about(person, record, "health_note", {"note": "haava"}, "health"))
    niko.push(made, note)
    iiris.pull()
    assert not any(b"haava" in page for page in iiris.pages)
    office.command("change_role", office.workers["iiris"], "nurse")
    iiris.pull()
    assert any(b"haava" in page for page in iiris.pages)
    office.command("change_role", office.workers["iiris"], "social_instructor")
    lost = iiris.pull_page().head.lost
    assert f"team/{office.teams['centre']}/health" in lost


def test_the_lead_sees_a_team_made_later(office: Office) -> None:
    leena = office.phone("leena")
    leena.pull()
    office.teams["north"] = office.command("add_team", "north")
    assert leena.pull()[-1].head.you.grants.keys() == set(office.teams.values())
    assert f"team/{office.teams['north']}/social" in leena.cursors


def test_staff_is_told_when_it_changed_and_not_otherwise(office: Office, sanna: Phone) -> None:
    assert sanna.pull_page().head.staff is None
    office.command("set_active", office.workers["sampo"], False)
    staff = sanna.pull_page().head.staff
    assert staff is not None
    assert [one.name for one in staff.workers if not one.active] == ["sampo"]
    assert {one.name for one in staff.teams} == {"centre", "harbour"}
    assert sanna.pull_page().head.staff is None


def test_one_who_left_the_organisation_reaches_nothing(office: Office, sanna: Phone) -> None:
    office.command("set_active", office.workers["sanna"], False)
    with pytest.raises(DeviceRevoked):
        sanna.pull_page()
    with pytest.raises(DeviceRevoked):
        sanna.push(sanna.new_person("Punapipo")[1])


def test_held_work_of_one_who_left_is_still_taken_up(office: Office, sanna: Phone) -> None:
    niko = office.phone("niko")
    person, made = niko.new_person("Punapipo")
    assert sanna.statuses(visit(sanna, person)) == [("held", "unknown_person")]
    office.command("set_active", office.workers["sanna"], False)
    niko.push(made)
    entries = office.phone("niko").entries()
    assert len([entry for entry in entries if isinstance(entry, (Compacted, Streamed))]) == 2


def test_commands_that_make_no_sense_are_refused(office: Office) -> None:
    nobody = "f" * 32
    for command, arguments, error in (
        ("add_team", (" ",), InvalidInput),
        ("add_team", ("x" * 121,), InvalidInput),
        ("add_worker", ("x", "king"), InvalidInput),
        ("add_worker", ("x", "nurse", (nobody,)), NotFound),
        ("join_team", (office.workers["sanna"], office.teams["centre"]), AlreadyThere),
        ("join_team", (nobody, office.teams["centre"]), NotFound),
        ("join_team", (office.workers["sanna"], nobody), NotFound),
        ("leave_team", (office.workers["sanna"], office.teams["harbour"]), NotFound),
        ("change_role", (nobody, "nurse"), NotFound),
        ("change_role", (office.workers["sanna"], "king"), InvalidInput),
        ("set_active", (nobody, False), NotFound),
        ("revoke_device", (nobody,), NotFound),
        ("move_person", (nobody, office.teams["centre"]), NotFound),
        ("move_person", (nobody, nobody), NotFound),
    ):
        with pytest.raises(error):
            office.command(command, *arguments)


def test_a_person_does_not_move_to_where_they_are(office: Office, sanna: Phone) -> None:
    person, made = sanna.new_person("Punapipo")
    sanna.push(made)
    with pytest.raises(AlreadyThere):
        office.command("move_person", person, office.teams["centre"])


def test_a_team_left_while_its_start_is_under_way_is_named_as_lost(office: Office) -> None:
    sanna, niko = office.phone("sanna"), office.phone("niko")
    sanna.push(*(sanna.new_person(f"Koe {number}")[1] for number in range(3)))
    begun = niko.pull_page(limit=1)
    assert begun.entries
    assert begun.head.start is not None
    bucket = begun.entries[0].bucket
    office.command("leave_team", office.workers["niko"], office.teams["centre"])
    after = niko.pull_page(mark=begun.head.mark, start=begun.head.start)
    assert bucket in after.head.lost
    assert after.entries == []
    assert after.head.start is None


def test_a_team_granted_anew_while_its_start_is_under_way_starts_anew(office: Office) -> None:
    sanna, niko = office.phone("sanna"), office.phone("niko")
    people = [sanna.new_person(f"Koe {number}") for number in range(3)]
    sanna.push(*(made for _, made in people))
    begun = niko.pull_page(limit=1)
    for command in ("leave_team", "join_team"):
        office.command(command, office.workers["niko"], office.teams["centre"])
    after = niko.pull_page(mark=begun.head.mark, start=begun.head.start)
    assert begun.entries[0].bucket in after.head.lost
    told = {entry.record for entry in niko.entries(mark=after.head.mark)}
    assert told == {person for person, _ in people}
