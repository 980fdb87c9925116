"""How each change set is answered: accepted, held, or put before a person; never dropped."""

from __future__ import annotations

import pytest

from field_app.sync.canonical import canonical_bytes
from field_app.sync.changes import ChangeSet, Header, Part, ScopedWrite, Write, team_scope
from field_app.sync.composing import reissue
from field_app.sync.delivery import Streamed
from tests.server.office import Office, Phone, about


@pytest.fixture
def sanna(office: Office) -> Phone:
    phone = office.phone("sanna")
    phone.pull()
    return phone


def first_write(made: ChangeSet) -> str:
    return f"{made.header.id}:0"


def encounter(office: Office, phone: Phone, person: str, **values: object) -> ChangeSet:
    record = office.entropy.new_id()
    return phone.save(about(person, record, "encounter", values or {"outcome": "reached"}))


def rename(phone: Phone, person: str, name: str, *replaces: str) -> ChangeSet:
    named = {"name": list(replaces)} if replaces else {}
    return phone.save(about(person, person, "person", {"name": name}, replaces=named))


def test_a_set_that_names_an_unseen_write_is_held_until_it_comes(
    office: Office, sanna: Phone
) -> None:
    niko = office.phone("niko")
    person, made = sanna.new_person("Punapipo")
    sanna.push(made)
    unseen = rename(niko, person, "Kettu", first_write(made))
    later = rename(sanna, person, "Professori", first_write(unseen))
    assert sanna.statuses(later) == [("held", "unknown_write")]
    niko.push(unseen)
    (run,) = sanna.pull_page(receipts_of=(later.header.counter,)).head.receipts
    assert (run.status, run.first_counter) == ("accepted", later.header.counter)


def test_what_is_held_for_held_ones_follows_them(office: Office, sanna: Phone) -> None:
    niko = office.phone("niko")
    person, made = sanna.new_person("Punapipo")
    sanna.push(made)
    first = rename(niko, person, "A", first_write(made))
    second = rename(sanna, person, "B", first_write(first))
    third = rename(sanna, person, "C", first_write(second))
    assert sanna.statuses(second, third) == [("held", "unknown_write")] * 2
    niko.push(first)
    (run,) = sanna.pull_page(receipts_after=1).head.receipts
    assert (run.status, run.count) == ("accepted", 2)
    fresh = office.phone("niko").entries()
    assert [write[3]["name"] for write in fresh[0].writes] == ["C"]


def test_writing_about_a_person_nobody_has_opened_waits_for_the_opening(
    office: Office, sanna: Phone
) -> None:
    niko = office.phone("niko")
    person, made = niko.new_person("Punapipo")
    assert sanna.statuses(encounter(office, sanna, person)) == [("held", "unknown_person")]
    niko.push(made)
    (run,) = sanna.pull_page(receipts_after=0).head.receipts
    assert run.status == "accepted"


def test_what_waited_for_a_later_set_of_its_own_batch_is_answered_as_it_ended(
    office: Office, sanna: Phone
) -> None:
    person = office.entropy.new_id()
    early = encounter(office, sanna, person)
    opening = sanna.save(
        about(person, person, "person", {"name": "Punapipo"}),
        opens={person: office.teams["centre"]},
    )
    assert sanna.statuses(early, opening) == [("accepted", "")] * 2


@pytest.mark.parametrize(
    ("values", "register", "reason"),
    [
        ({"name": 7}, "common", "invalid"),
        ({"languages/fi": "yes"}, "common", "invalid"),
        ({"languages": True}, "common", "invalid"),
        ({"name/first": "x"}, "common", "invalid"),
        ({"strengths": "kitara"}, "common", "wrong_register"),
        ({"name": "Punapipo"}, "health", "out_of_scope"),
        ({"name": "Punapipo"}, "social", "wrong_register"),
    ],
)
def test_what_a_record_does_not_allow_goes_to_a_person(
    office: Office, sanna: Phone, values: dict[str, object], register: str, reason: str
) -> None:
    person, made = sanna.new_person("Punapipo")
    bad = sanna.save(about(person, person, "person", values, register))  # type: ignore[arg-type]
    good = rename(sanna, person, "Kettu", first_write(made))
    expected = "wrong_register" if register == "health" else reason
    assert sanna.statuses(made, bad, good) == [
        ("accepted", ""),
        ("needs-human", expected),
        ("accepted", ""),
    ]


def test_types_and_keys_of_a_newer_app_pass_as_they_are(office: Office, sanna: Phone) -> None:
    niko = office.phone("niko")
    niko.pull()
    person, made = sanna.new_person("Punapipo")
    record = office.entropy.new_id()
    newer = sanna.save(
        about(person, record, "drone_flight", {"height": "120", "crew/x": True}, "social"),
        about(person, person, "person", {"favourite_song": "Maamme"}),
    )
    assert sanna.statuses(made, newer) == [("accepted", "")] * 2
    raws = [entry.raw for entry in niko.entries() if isinstance(entry, Streamed)]
    assert raws == [part.raw for one in (made, newer) for part in one.parts]


def test_a_record_stays_where_and_what_it_is(office: Office, sanna: Phone) -> None:
    one, opened = sanna.new_person("Punapipo")
    other, opened_too = sanna.new_person("Kettu")
    visit = encounter(office, sanna, one)
    record = visit.parts[0].writes[0].record
    elsewhere = sanna.save(about(other, record, "encounter", {"outcome": "no_show"}))
    otherwise = sanna.save(about(one, record, "task", {"title": "Soita"}))
    assert (
        sanna.statuses(opened, opened_too, visit, elsewhere, otherwise)[3:]
        == [("needs-human", "moved_record")] * 2
    )


def test_only_the_devices_own_worker_writes_from_it(office: Office, sanna: Phone) -> None:
    person, made = sanna.new_person("Punapipo")
    forged = sanna.save(
        about(person, person, "person", {"phone": "050"}), author=office.workers["niko"]
    )
    assert sanna.statuses(made, forged)[1] == ("needs-human", "not_author")


def test_a_social_worker_cannot_write_health_content(office: Office, sanna: Phone) -> None:
    person, made = sanna.new_person("Punapipo")
    record = office.entropy.new_id()
    note = sanna.save(about(person, record, "health_note", {"note": "haava"}, "health"))
    assert sanna.statuses(made, note)[1] == ("needs-human", "out_of_scope")


def test_another_teams_person_is_out_of_scope_but_not_for_the_lead(office: Office) -> None:
    sanna, sampo, leena = (office.phone(name) for name in ("sanna", "sampo", "leena"))
    person, made = sanna.new_person("Punapipo")
    sanna.push(made)
    assert sampo.statuses(encounter(office, sampo, person)) == [("needs-human", "out_of_scope")]
    assert leena.statuses(encounter(office, leena, person)) == [("accepted", "")]


def test_the_directory_is_everybodys_but_the_administrators_do_not_write_it(
    office: Office,
) -> None:
    def entry(phone: Phone) -> ChangeSet:
        write = Write(office.entropy.new_id(), "directory_entry", {"name": "Päiväkeskus"})
        return phone.save(ScopedWrite("org/directory", "common", write))

    for name in ("sanna", "niko", "sampo", "leena"):
        phone = office.phone(name)
        assert phone.statuses(entry(phone)) == [("accepted", "")]
    aatu = office.phone("aatu")
    assert aatu.statuses(entry(aatu)) == [("needs-human", "out_of_scope")]
    assert len(aatu.entries()) == 4


def test_an_anonymous_contact_belongs_to_the_team(office: Office, sanna: Phone) -> None:
    def contact(team: str) -> ChangeSet:
        write = Write(office.entropy.new_id(), "anonymous_contact", {"people": 2})
        return sanna.save(ScopedWrite(team_scope(team), "common", write))

    assert sanna.statuses(contact(office.teams["centre"])) == [("accepted", "")]
    assert sanna.statuses(contact(office.teams["harbour"])) == [("needs-human", "out_of_scope")]
    assert sanna.statuses(contact("f" * 32)) == [("needs-human", "out_of_scope")]


def test_a_person_is_opened_in_ones_own_team_alone(office: Office, sanna: Phone) -> None:
    _, elsewhere = sanna.new_person("Punapipo", "harbour")
    assert sanna.statuses(elsewhere) == [("needs-human", "opens_elsewhere")]
    leena = office.phone("leena")
    assert leena.statuses(leena.new_person("Kettu", "harbour")[1]) == [("accepted", "")]


def test_a_person_is_not_opened_a_second_time_in_another_team(office: Office, sanna: Phone) -> None:
    person, made = sanna.new_person("Punapipo")
    sanna.push(made)
    leena = office.phone("leena")
    again = leena.save(
        about(person, person, "person", {"name": "Kettu"}),
        opens={person: office.teams["harbour"]},
    )
    assert leena.statuses(again) == [("needs-human", "person_elsewhere")]


def test_the_same_id_with_other_parts_is_kept_beside_and_the_first_stays(
    office: Office, sanna: Phone
) -> None:
    niko = office.phone("niko")
    niko.pull()
    person, made = sanna.new_person("Punapipo")
    sanna.push(made)
    other = niko.save(about(person, person, "person", {"name": "Väärä"}))
    twin = _with_id(niko, other, made.header.id)
    assert niko.statuses(twin) == [("needs-human", "id_reused")]
    assert niko.statuses(twin) == [("needs-human", "id_reused")]
    assert [entry.raw for entry in niko.entries()] == [made.parts[0].raw]


def _with_id(phone: Phone, change_set: ChangeSet, set_id: str) -> ChangeSet:
    wire = {
        "at": change_set.header.at,
        "author": change_set.header.author,
        "counter": change_set.header.counter,
        "device": change_set.header.device,
        "grants": {},
        "id": set_id,
        "parts": list(change_set.header.parts),
        "prev": change_set.header.prev,
        "schema": 1,
    }
    header = Header.from_wire(wire, canonical_bytes(wire))
    phone.prev = header.hash
    return ChangeSet(header, change_set.parts)


def test_a_forked_device_re_issues_headers_and_its_sets_stay_one(
    office: Office, sanna: Phone
) -> None:
    person, made = sanna.new_person("Punapipo")
    sanna.push(made)
    forked = office.phone("sanna")
    again = ChangeSet(reissue(made.header, forked.id, 1, "0" * 64), made.parts)
    answer = forked.push(again)
    assert [(run.status, run.first_seq) for run in answer.receipts] == [
        (run.status, run.first_seq) for run in sanna.push(made).receipts
    ]
    assert len(office.phone("niko").entries()) == 1
    assert person


def test_a_part_that_cannot_be_read_waits_and_blocks_nothing(office: Office, sanna: Phone) -> None:
    person, made = sanna.new_person("Punapipo")
    broken = sanna.save(about(person, person, "person", {"phone": "050"}))
    part = Part.unreadable(b'{"half": ')
    wire = {
        "at": broken.header.at,
        "author": broken.header.author,
        "counter": broken.header.counter,
        "device": broken.header.device,
        "grants": {},
        "id": broken.header.id,
        "parts": [part.hash],
        "prev": broken.header.prev,
        "schema": 1,
    }
    header = Header.from_wire(wire, canonical_bytes(wire))
    sanna.prev = header.hash
    after = rename(sanna, person, "Kettu", first_write(made))
    assert sanna.statuses(made, ChangeSet(header, (part,)), after) == [
        ("accepted", ""),
        ("needs-human", "part_unreadable"),
        ("accepted", ""),
    ]


def test_what_names_a_refused_set_joins_its_case(office: Office, sanna: Phone) -> None:
    person, made = sanna.new_person("Punapipo")
    refused = sanna.save(
        about(person, person, "person", {"phone": 7}),
        about(person, person, "person", {"name": "Kettu"}, replaces={"name": [first_write(made)]}),
    )
    names_it = rename(sanna, person, "Professori", f"{refused.header.id}:1")
    assert sanna.statuses(made, refused, names_it) == [
        ("accepted", ""),
        ("needs-human", "invalid"),
        ("needs-human", "joins_case"),
    ]


def test_what_was_held_joins_the_case_when_the_awaited_set_is_refused(
    office: Office, sanna: Phone
) -> None:
    niko = office.phone("niko")
    person, made = sanna.new_person("Punapipo")
    sanna.push(made)
    refused = niko.save(about(person, person, "person", {"name": 7}))
    waits = rename(sanna, person, "Kettu", first_write(refused))
    assert sanna.statuses(waits) == [("held", "unknown_write")]
    assert niko.statuses(refused) == [("needs-human", "invalid")]
    assert sanna.statuses(waits) == [("needs-human", "joins_case")]


def test_a_write_that_its_set_never_held_is_for_a_person(office: Office, sanna: Phone) -> None:
    person, made = sanna.new_person("Punapipo")
    wrong = rename(sanna, person, "Kettu", f"{made.header.id}:9")
    nonsense = rename(sanna, person, "Kettu", "not an id")
    assert sanna.statuses(made, wrong, nonsense)[1:] == [("needs-human", "never_written")] * 2


def test_a_right_is_not_guessed_from_before_the_person_was_opened(
    office: Office, sanna: Phone
) -> None:
    person = office.entropy.new_id()

    def health() -> ChangeSet:
        record = office.entropy.new_id()
        return sanna.save(about(person, record, "health_note", {"note": "haava"}, "health"))

    before = health()
    opening = sanna.save(
        about(person, person, "person", {"name": "Punapipo"}),
        opens={person: office.teams["centre"]},
    )
    after = health()
    refused = ("needs-human", "out_of_scope")
    assert sanna.statuses(before, opening, after)[1:] == [("accepted", ""), refused]
    assert sanna.statuses(before, opening, after) == [refused, ("accepted", ""), refused]


@pytest.mark.parametrize(
    ("scope", "type_"),
    [
        ("person/\0", "person"),
        ("elsewhere", "person"),
        ("", "person"),
        ("org/secrets", "directory_entry"),
        ("x" * 5000, "person"),
        ("org/directory", "Bad\0Type"),
        ("org/directory", ""),
        ("org/directory", "x" * 61),
    ],
)
def test_words_no_column_takes_are_kept_for_a_person_and_block_nothing(
    office: Office, sanna: Phone, scope: str, type_: str
) -> None:
    write = Write(office.entropy.new_id(), type_, {"name\0": "\0"})
    bad = sanna.save(ScopedWrite(scope, "common", write))
    person, made = sanna.new_person("Punapipo")
    assert sanna.statuses(bad, made) == [("needs-human", "invalid"), ("accepted", "")]
    assert sanna.statuses(bad, made) == [("needs-human", "invalid"), ("accepted", "")]
    assert person
