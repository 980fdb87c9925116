"""Access changes, decisions and old versions, as a worker's own device lives through them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from field_app.domain.errors import SuddenlyEmpty, UpgradeRequired
from field_app.server.core import Core
from tests.server.backups import all_rows, put_back
from tests.server.served import Served
from tests.sync.test_healing_over_http import export_of, settle
from tests.sync.test_with_a_real_server import Worker, enrolled, new_person


def readable(worker: Worker, person: str) -> bool:
    return worker.device.store.record(person) is not None


def test_a_person_who_moves_leaves_one_device_and_comes_to_the_other(
    served: Served, tmp_path: Path
) -> None:
    sanna, sampo = (enrolled(served, name, tmp_path) for name in ("sanna", "sampo"))
    person = new_person(sanna, served.office.teams["centre"])
    settle(sanna, sampo)
    served.office.command("move_person", person, served.office.teams["harbour"])
    settle(sanna, sampo)
    assert not readable(sanna, person)
    assert readable(sampo, person)


def test_work_written_offline_before_the_move_still_arrives(served: Served, tmp_path: Path) -> None:
    sanna, sampo = (enrolled(served, name, tmp_path) for name in ("sanna", "sampo"))
    person = new_person(sanna, served.office.teams["centre"])
    settle(sanna, sampo)
    sanna.device.change(person, phone="045 000 1111")
    served.office.command("move_person", person, served.office.teams["harbour"])
    served.office.clock.forward(hours=71)
    settle(sanna, sampo)
    assert sampo.phones(person) == ["045 000 1111"]
    assert not readable(sanna, person)
    counts = sanna.device.store.counts()
    assert (counts.unsynced, counts.waiting) == (0, 0)
    # What was accepted into a bucket that is not read any more is no longer pending either.
    assert sanna.device.store._pending.in_state("accepted") == []


def test_work_that_comes_after_three_days_waits_for_a_person(
    served: Served, tmp_path: Path
) -> None:
    sanna, leena = (enrolled(served, name, tmp_path) for name in ("sanna", "leena"))
    person = new_person(sanna, served.office.teams["centre"])
    settle(sanna, leena)
    sanna.device.change(person, phone="045 000 1111")
    served.office.command("move_person", person, served.office.teams["harbour"])
    served.office.clock.forward(hours=73)
    settle(sanna)
    (waiting,) = sanna.device.store.waiting()
    assert (waiting.state, waiting.reason) == ("needs-human", "grant_ended")
    (case,) = leena.ask(lambda client: client.cases())
    leena.ask(lambda client: client.accept_case(case.set_id, "It was known before the move."))
    settle(sanna, leena)
    assert sanna.device.store.waiting() == []
    assert sanna.device.store.counts().waiting == 0
    assert leena.phones(person) == ["045 000 1111"]


def test_rows_out_of_scope_stay_until_the_work_on_them_is_answered(
    served: Served, tmp_path: Path
) -> None:
    sanna = enrolled(served, "sanna", tmp_path)
    person = new_person(sanna, served.office.teams["centre"])
    settle(sanna)
    served.office.command("move_person", person, served.office.teams["harbour"])
    store = sanna.device.store
    take_page = store.sync.take_page
    saved: list[object] = []

    def saving_first(page: object) -> None:
        if not saved:  # while the page that takes the person away is on its way
            saved.append(sanna.device.change(person, phone="045 000 1111"))
        take_page(page)  # type: ignore[arg-type]
        if len(saved) == 1:
            saved.append(sanna.device.shown(person))  # readable, whole, until it is answered

    store.sync.take_page = saving_first  # type: ignore[method-assign]
    sanna.sync()
    assert len(saved) == 2
    sanna.sync()
    assert not readable(sanna, person)
    assert store.counts().unsynced == 0


def test_granted_revoked_and_granted_again_equals_fresh(served: Served, tmp_path: Path) -> None:
    sanna, niko = (enrolled(served, name, tmp_path) for name in ("sanna", "niko"))
    centre, harbour = served.office.teams["centre"], served.office.teams["harbour"]
    niko_id = served.office.workers["niko"]
    person = new_person(sanna, centre)
    settle(sanna, niko)
    served.office.command("join_team", niko_id, harbour)
    settle(niko)
    served.office.command("leave_team", niko_id, centre)
    settle(niko)
    assert export_of(niko) == []
    sanna.device.change(person, phone="045 000 1111")
    settle(sanna)
    served.office.command("join_team", niko_id, centre)
    settle(niko)
    fresh = enrolled(served, "niko", tmp_path / "fresh")
    settle(fresh)
    assert export_of(niko) == export_of(fresh) != []


def test_a_worker_who_leaves_their_only_team_keeps_nothing_of_it(
    served: Served, tmp_path: Path
) -> None:
    sanna = enrolled(served, "sanna", tmp_path)
    person = new_person(sanna, served.office.teams["centre"])
    settle(sanna)
    sanna.device.change(person, phone="045 000 1111")
    centre = served.office.teams["centre"]
    served.office.command("leave_team", served.office.workers["sanna"], centre)
    settle(sanna)
    assert export_of(sanna) == []
    assert sanna.device.store.counts().unsynced == 0


def test_another_role_brings_and_takes_a_register_and_leaves_the_rest(
    served: Served, tmp_path: Path
) -> None:
    sanna = enrolled(served, "sanna", tmp_path)
    person = new_person(sanna, served.office.teams["centre"])
    settle(sanna)
    before = export_of(sanna)
    for phone, role in (("045 000 1111", "nurse"), ("050 765 4321", "social_worker")):
        served.office.command("change_role", served.office.workers["sanna"], role)
        sanna.device.change(person, phone=phone)
        settle(sanna)
        assert sanna.phones(person) == [phone]
    assert len(export_of(sanna)) == len(before)


def test_a_restored_server_that_forgot_a_workers_team_takes_nothing_away(
    served: Served, tmp_path: Path
) -> None:
    sanna = enrolled(served, "sanna", tmp_path)
    sanna.sync()
    centre, harbour = served.office.teams["centre"], served.office.teams["harbour"]
    worker = served.office.workers["sanna"]
    served.office.command("leave_team", worker, centre)
    backup = all_rows(served.office.core.database)
    served.office.command("join_team", worker, harbour)
    person = new_person(sanna, harbour)
    sanna.sync()
    put_back(served.office.core.database, backup)
    with pytest.raises(SuddenlyEmpty):
        sanna.sync()
    assert sanna.phones(person) == ["040 123 4567"]
    served.office.command("join_team", worker, harbour)
    settle(sanna)
    assert sanna.phones(person) == ["040 123 4567"]
    assert sanna.device.store.counts().unsynced == 0


def test_a_team_given_again_under_another_grant_lets_the_device_go_on(
    served: Served, tmp_path: Path
) -> None:
    sanna = enrolled(served, "sanna", tmp_path)
    centre, worker = served.office.teams["centre"], served.office.workers["sanna"]
    person = new_person(sanna, centre)
    sanna.sync()
    backup = all_rows(served.office.core.database)
    sanna.device.change(person, phone="045 000 1111")
    sanna.sync()
    put_back(served.office.core.database, backup)
    served.office.command("leave_team", worker, centre)
    with pytest.raises(SuddenlyEmpty):
        sanna.sync()
    served.office.command("join_team", worker, centre)
    settle(sanna)
    assert sanna.phones(person) == ["045 000 1111"]
    assert sanna.device.store.counts().unsynced == 0


def test_the_words_of_a_decision_reach_the_author(served: Served, tmp_path: Path) -> None:
    sanna, leena = (enrolled(served, name, tmp_path) for name in ("sanna", "leena"))
    settle(sanna)
    new_person(sanna, served.office.teams["harbour"])
    settle(sanna)
    (case,) = leena.ask(lambda client: client.cases())
    leena.ask(lambda client: client.set_aside_case(case.set_id, "The harbour knows her."))
    settle(sanna)
    (kept,) = sanna.device.store.waiting()
    assert (kept.state, kept.decision) == ("set-aside", "The harbour knows her.")
    sanna.device.reopen()
    assert sanna.device.store.waiting()[0].decision == "The harbour knows her."
    files = [file.read_bytes() for file in sanna.device._root.rglob("*") if file.is_file()]
    assert files
    assert not any(b"harbour knows" in file for file in files)


def test_an_app_below_the_minimum_still_hands_over_its_work(served: Served, tmp_path: Path) -> None:
    sanna, niko = (enrolled(served, name, tmp_path) for name in ("sanna", "niko"))
    settle(sanna, niko)
    person = new_person(sanna, served.office.teams["centre"])
    core: Core = served.office.core
    open_to_all = core.puller
    core.puller = replace(open_to_all, minimum_app="999.0")
    with pytest.raises(UpgradeRequired):
        sanna.sync()
    assert sanna.device.store.counts().unsynced == 0
    assert sanna.phones(person) == ["040 123 4567"]
    core.puller = open_to_all
    settle(niko, sanna)
    assert niko.phones(person) == ["040 123 4567"]
