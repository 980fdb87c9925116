"""A worker saves, is killed, syncs and settles; what they wrote is there every time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from field_app.domain.errors import DiskFull, NothingToSave, SignedAlready, StoreError
from field_app.domain.records import Encounter, HealthNote, Person
from field_app.store.editing import Edit, edit_towards
from field_app.store.saving import signed
from field_app.sync.changes import person_scope
from tests.store.devices import DeviceOnDisk, two_devices
from tests.store.hand_server import TEAM, HandServer

Pair = tuple[DeviceOnDisk, DeviceOnDisk]


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    """Both halves of a pair, never synced."""
    with two_devices(tmp_path) as devices:
        yield devices


@pytest.fixture
def server() -> HandServer:
    """A server nobody has pushed to."""
    return HandServer()


def met(device: DeviceOnDisk, **facts: object) -> str:
    """Somebody is met for the first time; returns the person's id."""
    person = device.new_id()
    record = Person(id=person, name="Kettu", phone="040 111", **facts)
    device.write(record, person, opens={person: TEAM})
    return person


def test_a_saved_contact_survives_a_kill_of_the_app(pair: Pair) -> None:
    device, _ = pair
    person = met(device)
    encounter = Encounter(id=device.new_id(), note="Tavattu aseman kulmalla.", outcome="reached")
    device.write(encounter, person)
    device.reopen()
    assert device.shown(encounter.id).record == encounter
    assert [one.summary.name for one in device.store.people()] == ["Kettu"]
    assert device.store.counts().unsynced == 2


def test_every_keystroke_of_a_draft_survives_a_kill(pair: Pair) -> None:
    device, _ = pair
    draft = device.store.new_draft("contact")
    typed = ""
    for letter in "Nähdään torstaina":
        typed += letter
        device.store.put_draft(
            type(draft)(
                draft.id, draft.form, None, draft.started_at, draft.changed_at, {"note": typed}
            )
        )
        device.reopen()
        kept = device.store.draft(draft.id)
        assert kept is not None
        assert kept.content == {"note": typed}


def test_a_save_takes_its_draft_away_in_the_same_moment(pair: Pair) -> None:
    device, _ = pair
    person = device.new_id()
    draft = device.store.new_draft("contact", person_scope(person))
    device.store.put_draft(draft)
    edit = edit_towards(Person(id=person, name="Kettu"), person_scope(person), None)
    device.store.save([edit], draft_id=draft.id, opens={person: TEAM})
    assert device.store.drafts() == []


def test_a_refused_save_changes_nothing_and_keeps_the_draft(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    device, _ = pair
    person = met(device)
    draft = device.store.new_draft("contact", person_scope(person))
    device.store.put_draft(draft)
    edit = edit_towards(
        Person(id=person, name="Toinen"), person_scope(person), device.shown(person)
    )

    def full(*_: object) -> None:
        raise DiskFull("no room")

    monkeypatch.setattr(device.store._summaries, "put", full)
    with pytest.raises(DiskFull):
        device.store.save([edit], draft_id=draft.id)
    monkeypatch.undo()
    assert device.shown(person).values["name"] == "Kettu"
    assert [one.id for one in device.store.drafts()] == [draft.id]
    assert device.store.counts().unsynced == 1
    device.reopen()
    assert device.shown(person).values["name"] == "Kettu"


def test_a_save_that_changes_nothing_says_so(pair: Pair) -> None:
    device, _ = pair
    person = met(device)
    with pytest.raises(NothingToSave):
        device.change(person, name="Kettu")


def test_only_changed_fields_are_written(pair: Pair) -> None:
    device, _ = pair
    person = met(device)
    saved = device.change(person, phone="040 222")
    writes = [write.stamped.incoming.write for write in saved.writes()]
    assert [dict(write.set) for write in writes] == [{"phone": "040 222"}]
    assert list(writes[0].replaces) == ["phone"]


def test_both_halves_edit_other_fields_and_no_conflict_arises(
    pair: Pair, server: HandServer
) -> None:
    one, other = pair
    person = met(one)
    server.sync(one.store)
    server.sync(other.store)
    one.change(person, phone="040 222")
    other.change(person, where_found="Kirjaston aula")
    for device in (one, other, one):
        server.sync(device.store)
    for device in pair:
        view = device.shown(person)
        assert (view.values["phone"], view.values["where_found"]) == ("040 222", "Kirjaston aula")
        assert view.conflicts == ()


def test_the_same_field_edited_apart_keeps_both_values_until_settled(
    pair: Pair, server: HandServer
) -> None:
    one, other = pair
    person = met(one)
    server.sync(one.store)
    server.sync(other.store)
    one.change(person, phone="040 222")
    other.change(person, phone="050 333")
    for device in (one, other, one):
        server.sync(device.store)
    for device in pair:
        view = device.shown(person)
        assert view.conflicts == ("phone",)
        assert {head.value for head in view.heads["phone"]} == {"040 222", "050 333"}
        assert device.store.people()[0].conflicted == ((person, "person", "phone"),)
    assert one.shown(person).values == other.shown(person).values

    before = other.shown(person)
    target = before.record
    assert isinstance(target, Person)
    chosen = target.model_copy(update={"phone": "050 333"})
    settle = edit_towards(chosen, before.scope, before, keys=["phone"])
    other.store.save([settle])
    for device in (other, one):
        server.sync(device.store)
        assert device.shown(person).conflicts == ()
        assert device.shown(person).values["phone"] == "050 333"
        assert device.store.people()[0].conflicted == ()


def test_a_draft_replaces_what_its_author_was_shown_and_not_what_came_since(
    pair: Pair, server: HandServer
) -> None:
    one, other = pair
    person = met(one)
    server.sync(one.store)
    server.sync(other.store)
    shown = other.shown(person)
    one.change(person, phone="040 222")
    server.sync(one.store)
    server.sync(other.store)
    other.change(person, shown=shown, phone="050 333")
    assert other.shown(person).conflicts == ("phone",)


def test_what_is_only_on_this_phone_is_counted_until_the_server_answers(
    pair: Pair, server: HandServer
) -> None:
    device, _ = pair
    person = met(device)
    device.clock.move(hours=2)
    device.change(person, phone="040 222")
    counts = device.store.counts()
    assert (counts.unsynced, counts.oldest_at) == (2, "2026-11-22T10:15:00.000Z")
    assert device.shown(person).only_here == {"name", "phone"}
    server.sync(device.store)
    assert device.store.counts().unsynced == 0
    assert device.store.counts().complete
    assert device.shown(person).only_here == frozenset()
    assert not device.store.people()[0].only_here


def test_a_lost_answer_neither_loses_nor_doubles_a_save(pair: Pair, server: HandServer) -> None:
    one, other = pair
    person = met(one)
    server.lose_answers = True
    with pytest.raises(ConnectionError):
        server.sync(one.store)
    one.reopen()
    assert one.store.counts().unsynced == 1
    server.lose_answers = False
    server.sync(one.store)
    server.sync(other.store)
    assert len(server.sets) == 1
    assert other.shown(person).values == one.shown(person).values


def test_the_state_is_the_same_before_and_after_the_stream_shows_the_own_saves(
    pair: Pair, server: HandServer
) -> None:
    one, other = pair
    person = met(one)
    server.sync(one.store)
    server.sync(other.store)
    for number in range(5):
        one.change(person, phone=f"040 {number}")
        other.change(person, where_found=f"paikka {number}")
    for device in (one, other, one, other):
        server.sync(device.store)
    heads = one.shown(person).heads
    assert heads == other.shown(person).heads
    one.reopen()
    assert one.shown(person).heads == heads
    third = DeviceOnDisk(one.disk.root.parent, "coordinator")
    server.sync(third.store)
    assert third.shown(person).heads == heads
    third.disk.close()


def test_a_refused_save_leaves_the_state_and_stays_readable(pair: Pair, server: HandServer) -> None:
    device, _ = pair
    person = met(device)
    server.sync(device.store)
    saved = device.change(person, phone="040 222")
    server.refuse[saved.change_set.header.id] = "needs-human"
    server.sync(device.store)
    assert device.shown(person).values["phone"] == "040 111"
    waiting = device.store.person(person).waiting
    assert [one.state for one in waiting] == ["needs-human"]
    assert [dict(w.stamped.incoming.write.set) for w in waiting[0].writes()] == [
        {"phone": "040 222"}
    ]
    device.reopen()
    assert [one.state for one in device.store.waiting()] == ["needs-human"]


def test_a_signed_note_takes_a_correction_and_nothing_else(pair: Pair) -> None:
    device, _ = pair
    person = met(device)
    encounter = Encounter(
        id=device.new_id(), at=device.clock.now(), note="Tavattu.", outcome="reached"
    )
    edit = edit_towards(encounter, person_scope(person), None)
    device.store.save([signed(edit, device.worker, device.clock.now())])
    with pytest.raises(SignedAlready):
        device.change(encounter.id, note="Ei tavattu.")
    device.change(
        encounter.id,
        correction_text="Tavattu iltapäivällä.",
        correction_reason="Kellonaika puuttui",
        corrected_at=device.clock.now(),
        corrected_by=device.worker,
    )
    view = device.shown(encounter.id)
    assert view.values["note"] == "Tavattu."
    assert view.values["correction"]["correction_text"] == "Tavattu iltapäivällä."


def test_an_unsigned_note_of_yesterday_is_signed_by_time(pair: Pair) -> None:
    device, _ = pair
    person = met(device)
    encounter = Encounter(id=device.new_id(), at=device.clock.now(), note="Tavattu.")
    device.write(encounter, person)
    device.clock.move(hours=23)
    device.change(encounter.id, note="Tavattu kahvilla.")
    device.clock.move(hours=2)
    # 24 hours count from the first words that still stand, so the clock of `note` began anew;
    # the other fields are a day old.
    with pytest.raises(SignedAlready):
        device.change(encounter.id, note="Ei tavattu.")


def test_a_health_part_and_a_social_part_travel_apart(pair: Pair) -> None:
    device, _ = pair
    person = met(device)
    encounter = Encounter(id=device.new_id(), health_part_recorded=True)
    note = HealthNote(id=device.new_id(), encounter=encounter.id, note="Haava sidottu.")
    saved = device.store.save(
        [
            edit_towards(encounter, person_scope(person), None),
            edit_towards(note, person_scope(person), None),
        ]
    )
    parts = {part.register: part.raw for part in saved.change_set.parts}
    assert set(parts) == {"common", "health"}
    assert b"Haava" not in parts["common"]


def test_a_field_of_a_newer_version_survives_a_save_on_this_one(
    pair: Pair, server: HandServer
) -> None:
    one, other = pair
    person = met(one)
    scope = person_scope(person)
    newer = Edit(person, "person", scope, {"pronoun": "hän"}, {}, {"pronoun": "common"})
    one.store._saving._check = lambda *_: None  # type: ignore[method-assign]
    one.store.save([newer])
    server.sync(one.store)
    server.sync(other.store)
    view = other.shown(person)
    assert view.newer
    assert view.values["pronoun"] == "hän"
    other.change(person, phone="050 333")
    server.sync(other.store)
    server.sync(one.store)
    assert one.shown(person).values["pronoun"] == "hän"
    assert one.shown(person).values["phone"] == "050 333"


def test_a_page_applied_twice_changes_nothing(pair: Pair, server: HandServer) -> None:
    one, other = pair
    person = met(one)
    server.sync(one.store)
    server.sync(other.store)
    one.change(person, phone="040 222")
    server.sync(one.store)
    request = other.store.sync.pull_request()
    page = server.pull(request, other.store.require_identity().device)
    other.store.sync.take_page(page)
    heads = other.shown(person).heads
    other.store.sync.take_page(page)
    assert other.shown(person).heads == heads


def test_search_finds_names_aliases_places_and_words_of_notes(pair: Pair) -> None:
    device, _ = pair
    person = met(device, aliases=frozenset({"Punapipo"}))
    device.write(Encounter(id=device.new_id(), note="Nukkunut PORRASKÄYTÄVÄSSÄ."), person)
    assert [hit.where for hit in device.store.find("puna ket")] == ["name"]
    hit = device.store.find("porraskaytava")[0]
    assert (hit.where, hit.type, hit.scope) == ("text", "encounter", person_scope(person))
    assert device.store.find("ei tällaista") == []


def test_a_locked_store_reads_nothing(pair: Pair, server: HandServer) -> None:
    device, _ = pair
    person = met(device)
    server.sync(device.store)
    cases = device.store
    cases.close()
    device.disk.vault.lock()
    with pytest.raises(StoreError):
        cases.scope(person_scope(person))
    assert cases.people() == []
    assert cases.find("kettu") == []
