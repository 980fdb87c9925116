"""A small run of real processes, and that its judge is not blind."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner

from field_app.server.database import Database
from field_app.simulation.violation import Violation
from field_app.simulation_real import command, run
from field_app.simulation_real.device import COST, PIN
from field_app.simulation_real.drafting import typed
from field_app.simulation_real.journal import Journal, entries
from field_app.simulation_real.judge import Judgement, judge
from field_app.simulation_real.places import Office
from field_app.simulation_real.run import Plan, Result, play
from field_app.store.device_store import DeviceStore
from field_app.system_clock import SystemClock, SystemEntropy

Folders = Mapping[str, Path]
Tamper = Callable[[Any, Folders], None]


def sql(statement: str) -> Tamper:
    """Do this to the server's database, behind its back."""

    def tamper(office: Any, _: Folders) -> None:
        with office.core.database.write() as connection:
            connection.exec_driver_sql(statement)

    return tamper


def on_devices(statement: str) -> Tamper:
    """Do this to the stores of all devices, behind their backs."""

    def tamper(_: Any, folders: Folders) -> None:
        for folder in folders.values():
            with closing(sqlite3.connect(folder / "store" / "store.db")) as store, store:
                store.execute(statement)

    return tamper


def made_up_promise(_: Any, folders: Folders) -> None:
    """A device's journal holds a save that its store does not."""
    folder = next(iter(folders.values()))
    header, parts = next(told for kind, *told in entries(folder) if kind == "save")
    Journal(folder).note("save", json.dumps(json.loads(header) | {"id": "f" * 32}), parts)


def shorter_drafts(_: Any, folders: Folders) -> None:
    """Every draft lacks its last letter."""
    for folder in folders.values():
        store = DeviceStore.open(folder / "store", SystemClock(), SystemEntropy(), cost=COST)
        cases = store.call(partial(store.unlock, PIN))
        for draft in cases.drafts():
            cases.put_draft(replace(draft, content={"text": typed(draft)[:-1]}))
        store.close()


def shown_no_more(_: Any, folders: Folders) -> None:
    """For a moment nothing was shown as waiting, on any device."""
    for folder in folders.values():
        Journal(folder).note("waiting", {})


def nobody_reads(office: Any, _: Folders) -> None:
    """Whoever holds anything but the directory holds what is not for them."""
    office.workers = [replace(one, role="administrator") for one in office.workers]


WAITS = "{} IN ('needs-human', 'set-aside')"
LAST = "(SELECT max(seq) FROM change_set)"
TAMPERS: dict[str, tuple[Tamper, set[str]]] = {
    "a promise is broken": (made_up_promise, {"lost"}),
    "what is not for somebody": (nobody_reads, {"scope_violations"}),
    "a set is gone": (sql(f"DELETE FROM chain_link WHERE counter = 1 AND {LAST} > 0"), {"lost"}),
    "an answer is taken back": (
        sql(f"UPDATE change_set SET status = 'held', seq = NULL WHERE seq = {LAST}"),
        {"lost"},
    ),
    "other bytes": (sql("UPDATE part SET raw = CAST(raw || x'20' AS BLOB)"), {"lost"}),
    "a state is gone": (sql("DELETE FROM record_state"), {"diverged"}),
    "a first write is told no more": (sql("UPDATE part SET record = NULL"), {"diverged"}),
    "a new epoch": (sql("UPDATE organisation SET epoch = 'x'"), {"lost"}),
    "a fork": (sql("UPDATE device SET forked_from = 'x'"), {"identity"}),
    "a draft lost its last letter": (shorter_drafts, {"lost"}),
    "a draft is gone": (on_devices("DELETE FROM draft"), {"lost"}),
    "a code is used up and nobody came in": (
        on_devices("DELETE FROM sealed_setting WHERE name = 'identity'"),
        {"enrolment"},
    ),
    "half a store": (on_devices("DELETE FROM slot"), {"enrolment"}),
    "a device on no phone": (sql("UPDATE device SET public_key = 'x'"), {"enrolment"}),
    "a word that waits is gone from its phone": (
        on_devices(
            "DELETE FROM change_set WHERE counter IN"
            f" (SELECT counter FROM answer WHERE {WAITS.format('state')})"
        ),
        {"lost"},
    ),
    "a word that waits is gone from the server": (
        sql(
            "DELETE FROM chain_link WHERE set_key IN"
            f" (SELECT key FROM change_set WHERE {WAITS.format('status')})"
        ),
        {"lost"},
    ),
    "a word that waits could not be read": (shown_no_more, {"lost"}),
    "a sequence is missing": (sql("UPDATE organisation SET sequence = sequence + 1"), {"order"}),
}
"""What is done to a copy of the server or to a journal, and what the judge may call it."""


SHORT: dict[str, Any] = {
    "DELAY_SECONDS": 0.5,
    "DEVICE_LIFE": (0.5, 2.0),
    "SERVER_LIFE": (0.3, 2.0),
    "COMMAND_SECONDS": (0.2, 1.0),
    "NEWCOMER_SECONDS": (0.0, 0.2),
}
"""The waits of a run that is over soon."""


def test_work_under_kills_on_a_bad_network_loses_nothing_and_the_judge_would_see_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    called: dict[str, str] = {}

    def judge_more(office: Office, folders: Folders) -> Judgement:
        judged = judge(office, folders)
        for number, (name, (tamper, _)) in enumerate(TAMPERS.items()):
            copies = {worker: tmp_path / f"{number} {worker}" for worker in folders}
            for worker, folder in copies.items():
                shutil.copytree(folders[worker], folder)
            copy = tmp_path / f"{number}.db"
            original = office.core.settings.url.removeprefix("sqlite:///")
            with (
                closing(sqlite3.connect(original)) as there,
                closing(sqlite3.connect(copy)) as here,
            ):
                there.backup(here)
            core = replace(office.core, database=Database(f"sqlite:///{copy}"))
            other = SimpleNamespace(**vars(office) | {"core": core})
            tamper(other, copies)
            with pytest.raises(Violation) as found:
                judge(other, copies)  # type: ignore[arg-type]
            core.database.close()
            called[name] = found.value.kind
        return judged

    monkeypatch.setattr(run, "judge", judge_more)
    for seconds, short in SHORT.items():
        monkeypatch.setattr(run, seconds, short)
    plan = Plan("sqlite", seed=1, kills=2, seconds=20, saves_per_second=6, devices=3, newcomers=1)
    result = play(plan)
    assert result.violation is None
    assert min(result.kills["device"], result.kills["server"]) >= 2
    assert result.judged.saves > 5
    assert result.enrolments["enrolled"] == 4
    assert min(result.judged.drafts["checked"], result.judged.waiting["shown"]) > 0
    for name, (_, kinds) in TAMPERS.items():
        assert called[name] in kinds, (name, called)


@pytest.mark.parametrize(
    ("kills", "violation", "code"),
    [(4, None, 0), (3, None, 1), (4, Violation("lost", "x"), 1)],
)
def test_the_last_line_is_json_and_a_violation_or_too_few_kills_are_a_failure(
    monkeypatch: pytest.MonkeyPatch, kills: int, violation: Violation | None, code: int
) -> None:
    result = Result(Counter(device=9, server=kills), violation=violation)
    monkeypatch.setattr(command, "play", lambda _: result)
    arguments = ["--kills", "4", "--database", "sqlite"]
    ran = CliRunner().invoke(command.simulate_real, arguments, standalone_mode=False)
    assert ran.return_value == code
    line = json.loads(ran.output.splitlines()[-1])
    assert line["lost"] == (violation is not None)
    assert line["kills"] == {"device": 9, "server": kills}
