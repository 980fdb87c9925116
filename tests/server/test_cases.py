"""Held and refused changes before the right person: accepted or set aside, whole, with a reason."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from field_app.domain.errors import AlreadyThere, CannotAccept, NotFound
from field_app.server.cases import CaseDesk
from field_app.server.standing import read_standing
from field_app.sync.changes import ChangeSet
from field_app.sync.coordination import Case, CaseContent
from field_app.sync.delivery import Compacted, OwnSet, Streamed
from tests.server.office import Office, Phone, Wire, about


def cases(office: Office, worker: str) -> list[Case]:
    with office.core.database.read() as connection:
        return desk(office, connection, worker).cases()


def look(office: Office, worker: str, key: str) -> CaseContent:
    with office.core.database.read() as connection:
        return desk(office, connection, worker).content(key)


def decide(office: Office, worker: str, key: str, *, accepts: bool, reason: str = "x") -> int:
    with office.core.database.write() as connection:
        return desk(office, connection, worker).decide(
            key, reason, office.clock.now(), accepts=accepts
        )


def desk(office: Office, connection: Any, worker: str) -> CaseDesk:
    standing = read_standing(connection, office.number, office.workers[worker])
    return CaseDesk(connection, office.number, standing, office.core.sealer, office.core.reader)


def keys_seen_by(office: Office) -> dict[str, list[str]]:
    found = {worker: [case.set_id for case in cases(office, worker)] for worker in office.workers}
    return {worker: keys for worker, keys in found.items() if keys}


def set_key(made: ChangeSet) -> str:
    return made.header.id


@pytest.fixture
def sanna(office: Office) -> Phone:
    phone = office.phone("sanna")
    phone.pull()
    return phone


@pytest.fixture
def late(office: Office, sanna: Phone) -> tuple[str, ChangeSet]:
    """A person, and a visit written after Sanna's right ended more than three days ago."""
    person, made = sanna.new_person("Punapipo")
    sanna.push(made)
    office.command("leave_team", office.workers["sanna"], office.teams["centre"])
    office.clock.forward(hours=100)
    visit = sanna.save(
        about(person, office.entropy.new_id(), "encounter", {"outcome": "reached"}),
        about(
            person, person, "person", {"name": "Kettu"}, replaces={"name": [f"{set_key(made)}:0"]}
        ),
    )
    assert sanna.statuses(visit) == [("needs-human", "grant_ended")]
    return person, visit


def test_a_refused_change_is_seen_by_the_lead_alone(
    office: Office, late: tuple[str, ChangeSet]
) -> None:
    assert keys_seen_by(office) == {"leena": [set_key(late[1])]}
    (case,) = cases(office, "leena")
    assert (case.status, case.reason, case.register_name) == (
        "needs-human",
        "grant_ended",
        "common",
    )
    assert case.author == office.workers["sanna"]


def test_its_content_is_readable_for_who_decides_and_nobody_else(
    office: Office, late: tuple[str, ChangeSet]
) -> None:
    content = look(office, "leena", set_key(late[1]))
    (one,) = content.sets
    assert [write["type"] for write in one.parts[0]["writes"]] == ["encounter", "person"]
    for worker in ("sanna", "niko", "aatu", "sampo"):
        with pytest.raises(NotFound):
            look(office, worker, set_key(late[1]))
        with pytest.raises(NotFound):
            decide(office, worker, set_key(late[1]), accepts=True)


def test_an_accepted_case_flows_to_the_team(office: Office, late: tuple[str, ChangeSet]) -> None:
    niko = office.phone("niko")
    niko.pull()
    assert decide(office, "leena", set_key(late[1]), accepts=True) == 1
    assert cases(office, "leena") == []
    (entry,) = niko.entries()
    assert isinstance(entry, Streamed)
    assert entry.raw == late[1].parts[0].raw
    assert entry.depths == {"1": {"name": 2}}


def test_its_author_is_told_of_it_and_gets_the_receipt(
    office: Office, sanna: Phone, late: tuple[str, ChangeSet]
) -> None:
    office.command("join_team", office.workers["sanna"], office.teams["centre"])
    sanna.pull()
    decide(office, "leena", set_key(late[1]), accepts=True)
    first, *_ = pages = sanna.pull(receipts_of=(late[1].header.counter,))
    assert [(run.status, run.reason) for run in first.head.receipts] == [("accepted", "")]
    (entry,) = (entry for page in pages for entry in page.entries)
    assert isinstance(entry, OwnSet)
    assert entry.set_id == late[1].header.id


def test_a_case_set_aside_is_kept_and_told_with_its_reason(
    office: Office, sanna: Phone, late: tuple[str, ChangeSet]
) -> None:
    decide(office, "leena", set_key(late[1]), accepts=False, reason="Kirjattu kahteen kertaan")
    assert cases(office, "leena") == []
    (run,) = sanna.pull_page(receipts_of=(late[1].header.counter,)).head.receipts
    assert run.status == "set-aside"
    assert len(office.phone("niko").entries()) == 1
    assert sanna.statuses(late[1]) == [("set-aside", "grant_ended")]


def test_a_case_is_decided_once(office: Office, late: tuple[str, ChangeSet]) -> None:
    decide(office, "leena", set_key(late[1]), accepts=False)
    for accepts in (True, False):
        with pytest.raises(AlreadyThere):
            decide(office, "leena", set_key(late[1]), accepts=accepts)


def test_what_names_its_writes_is_decided_with_it(
    office: Office, late: tuple[str, ChangeSet]
) -> None:
    person, visit = late
    niko = office.phone("niko")
    follow = niko.save(
        about(person, person, "person", {"name": "Pro"}, replaces={"name": [f"{set_key(visit)}:1"]})
    )
    assert niko.statuses(follow) == [("needs-human", "joins_case")]
    (case,) = cases(office, "leena")
    assert (case.set_id, case.joined) == (set_key(visit), (set_key(follow),))
    assert len(look(office, "leena", set_key(visit)).sets) == 2
    assert decide(office, "leena", set_key(follow), accepts=True) == 2
    entries = office.phone("niko").entries()
    names = [write[3] for e in entries if e.type == "person" for write in e.writes]
    assert names == [{"name": "Pro"}]


def test_a_case_whose_follower_came_first_is_applied_in_the_order_of_cause(
    office: Office, sanna: Phone
) -> None:
    niko = office.phone("niko")
    person, made = niko.new_person("Punapipo")
    niko.push(made)
    office.command("leave_team", office.workers["sanna"], office.teams["centre"])
    office.clock.forward(hours=100)
    refused = sanna.save(
        about(person, person, "person", {"name": "A"}, replaces={"name": [f"{set_key(made)}:0"]})
    )
    names = [set_key(refused)]
    followers = []
    for name in ("B", "C"):
        follower = niko.save(
            about(person, person, "person", {"name": name}, replaces={"name": [f"{names[-1]}:0"]})
        )
        names.append(set_key(follower))
        followers.append(follower)
    assert niko.statuses(*followers) == [("held", "unknown_write")] * 2
    assert sanna.statuses(refused) == [("needs-human", "grant_ended")]
    (case,) = cases(office, "leena")
    assert (case.set_id, set(case.joined)) == (names[0], set(names[1:]))
    assert decide(office, "leena", names[0], accepts=True) == 3
    (found,) = office.phone("niko").entries()
    assert [write[3] for write in found.writes] == [{"name": "C"}]


def test_what_later_names_a_set_aside_write_is_a_case_of_its_own(
    office: Office, late: tuple[str, ChangeSet]
) -> None:
    person, visit = late
    decide(office, "leena", set_key(visit), accepts=False)
    niko = office.phone("niko")
    follow = niko.save(
        about(person, person, "person", {"name": "Pro"}, replaces={"name": [f"{set_key(visit)}:1"]})
    )
    assert niko.statuses(follow) == [("needs-human", "names_set_aside")]
    assert decide(office, "leena", set_key(follow), accepts=True) == 1
    (found,) = [e for e in office.phone("niko").entries() if isinstance(e, Compacted)]
    assert sorted(write[3]["name"] for write in found.writes) == ["Pro", "Punapipo"]


def test_what_waited_for_an_accepted_case_follows(office: Office, sanna: Phone) -> None:
    person, elsewhere = sanna.new_person("Kettu", "harbour")
    sampo = office.phone("sampo")
    visit = sampo.save(about(person, office.entropy.new_id(), "encounter", {"outcome": "reached"}))
    assert sampo.statuses(visit) == [("held", "unknown_person")]
    assert sanna.statuses(elsewhere) == [("needs-human", "opens_elsewhere")]
    assert {who: set(keys) for who, keys in keys_seen_by(office).items()} == {
        "leena": {set_key(visit), set_key(elsewhere)}
    }
    with pytest.raises(CannotAccept):
        decide(office, "leena", set_key(visit), accepts=True)
    decide(office, "leena", set_key(elsewhere), accepts=True)
    assert sampo.statuses(visit) == [("accepted", "")]
    assert len(office.phone("noora").entries()) == 2


def test_a_held_set_can_be_accepted_without_what_it_waits_for(office: Office, sanna: Phone) -> None:
    niko = office.phone("niko")
    person, made = sanna.new_person("Punapipo")
    unseen = niko.save(
        about(person, person, "person", {"name": "A"}, replaces={"name": [f"{set_key(made)}:0"]})
    )
    later = sanna.save(
        about(person, person, "person", {"name": "B"}, replaces={"name": [f"{set_key(unseen)}:0"]})
    )
    assert sanna.statuses(made, later)[1] == ("held", "unknown_write")
    decide(office, "leena", set_key(later), accepts=True)
    assert niko.statuses(unseen) == [("accepted", "")]
    (found,) = office.phone("niko").entries()
    assert [write[3]["name"] for write in found.writes if "name" in write[3]] == ["B"]


def test_held_sets_that_wait_for_each_other_are_one_case(office: Office, sanna: Phone) -> None:
    niko = office.phone("niko")
    person, made = sanna.new_person("Punapipo")
    sanna.push(made)
    names = ["ab" * 16]  # of a save that nobody has any more
    for phone, name in ((niko, "A"), (sanna, "B"), (niko, "C")):
        replaced = {"name": [f"{names[-1]}:0"]}
        one = phone.save(about(person, person, "person", {"name": name}, replaces=replaced))
        assert phone.statuses(one) == [("held", "unknown_write")]
        names.append(set_key(one))
    (case,) = cases(office, "leena")
    assert (case.set_id, set(case.joined)) == (names[1], set(names[2:]))
    assert decide(office, "leena", names[2], accepts=True) == 3
    (found,) = office.phone("niko").entries()
    assert {write[3]["name"] for write in found.writes} == {"Punapipo", "C"}


def test_health_goes_to_a_nurse_of_the_team_never_to_the_lead(office: Office) -> None:
    niko = office.phone("niko")
    person, made = niko.new_person("Punapipo")
    record = office.entropy.new_id()
    bad = niko.save(
        about(person, record, "health_note", {"note": 7}, "health"),
        about(person, person, "person", {"phone": "050"}),
    )
    assert niko.statuses(made, bad)[1] == ("needs-human", "invalid")
    assert keys_seen_by(office) == {"niko": [set_key(bad)]}
    content = look(office, "niko", set_key(bad))
    assert content.case.register_name == "health"


def test_health_content_in_the_wrong_part_goes_to_a_nurse_too(office: Office, sanna: Phone) -> None:
    person, made = sanna.new_person("Punapipo")
    smuggled = sanna.save(
        about(person, office.entropy.new_id(), "health_note", {"note": "haava"}, "social")
    )
    assert sanna.statuses(made, smuggled)[1] == ("needs-human", "wrong_register")
    assert keys_seen_by(office) == {"niko": [set_key(smuggled)]}
    with pytest.raises(CannotAccept):
        decide(office, "niko", set_key(smuggled), accepts=True)
    decide(office, "niko", set_key(smuggled), accepts=False)


def test_where_a_team_has_no_nurse_any_nurse_stands_in(office: Office) -> None:
    niko = office.phone("niko")
    person, made = niko.new_person("Punapipo")
    bad = niko.save(about(person, office.entropy.new_id(), "health_note", {"note": 7}, "health"))
    niko.push(made, bad)
    office.command("set_active", office.workers["niko"], False)
    office.workers.pop("niko")
    assert keys_seen_by(office) == {"noora": [set_key(bad)]}


def test_what_would_break_a_record_can_only_be_set_aside(office: Office, sanna: Phone) -> None:
    person, made = sanna.new_person("Punapipo")
    broken = sanna.save(about(person, person, "person", {"name": 7}))
    sanna.push(made, broken)
    with pytest.raises(CannotAccept):
        decide(office, "leena", set_key(broken), accepts=True)
    assert [case.set_id for case in cases(office, "leena")] == [set_key(broken)]
    assert decide(office, "leena", set_key(broken), accepts=False) == 1


def test_cases_over_http(office: Office, http: httpx.Client, late: tuple[str, ChangeSet]) -> None:
    leena = {"authorization": f"Bearer {office.phone('leena').enrolled.token}"}
    (case,) = http.get("/v1/cases", headers=leena).json()
    key = case["set_id"]
    assert case["register"] == "common"
    content = http.get(f"/v1/cases/{key}", headers=leena).json()
    assert content["sets"][0]["parts"][0]["writes"][0]["set"] == {"outcome": "reached"}
    empty = http.post(f"/v1/cases/{key}/set-aside", headers=leena, json={"reason": ""})
    assert empty.status_code == 400
    answer = http.post(f"/v1/cases/{key}/accept", headers=leena, json={})
    assert (answer.status_code, answer.json()) == (200, {"sets": 1})
    again = http.post(f"/v1/cases/{key}/accept", headers=leena, json={})
    assert (again.status_code, again.json()["code"]) == (409, "already_there")
    niko = Wire(http, office.phone("niko"))
    assert len(niko.phone.take(niko.pull().content).entries) == 2
