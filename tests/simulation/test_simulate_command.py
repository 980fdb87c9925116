"""`field-app simulate`: what it prints, writes and ends with."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner, Result

from field_app.simulation.command import simulate

TOLD = {
    "histories",
    "writes",
    "acknowledged",
    "lost",
    "duplicated",
    "diverged",
    "conflicts_planted",
    "conflicts_surfaced",
    "scope_violations",
    "stuck",
    "faults",
}


def ran(*arguments: str) -> Result:
    return CliRunner().invoke(simulate, arguments, standalone_mode=False)


def test_the_last_line_is_json_with_every_count_and_the_end_is_good() -> None:
    result = ran("--histories", "3", "--seed", "5")
    assert result.return_value == 0
    told = json.loads(result.output.splitlines()[-1])
    assert told.keys() >= TOLD
    assert told["histories"] == 3
    assert told["writes"] >= told["acknowledged"] > 0
    assert told["faults"]
    assert not any(told[name] for name in ("lost", "duplicated", "diverged", "stuck"))


def test_json_alone_is_one_line() -> None:
    assert len(ran("--histories", "1", "--json").output.splitlines()) == 1


def test_a_violation_is_told_with_its_seed_and_a_smaller_history_and_the_end_is_bad() -> None:
    result = ran("--seed", "1", "--histories", "9", "--sabotage", "drop_a_head", "--shrink", "40")
    assert result.return_value == 1
    told = json.loads(result.output.splitlines()[-1])
    assert told["broken"]
    assert result.output.startswith("seed ")
    steps = [line for line in result.output.splitlines() if line.startswith("  ")]
    assert 0 < len(steps) < 25


def test_the_same_seed_gives_the_same_trace_and_another_seed_another(tmp_path: Path) -> None:
    traces = []
    for number, seed in enumerate(("11", "11", "12")):
        path = tmp_path / f"{number}.jsonl"
        assert ran("--histories", "2", "--seed", seed, "--trace", str(path)).return_value == 0
        traces.append(path.read_bytes())
    assert traces[0] == traces[1] != traces[2]


def test_a_trace_lets_a_foreign_checker_judge(tmp_path: Path) -> None:
    path = tmp_path / "trace.jsonl"
    ran("--histories", "2", "--seed", "21", "--trace", str(path))
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    kinds = {line["event"] for line in lines}
    assert {"history", "save", "answer", "accepted", "state"} <= kinds
    for seed in (21, 22):
        of_seed = [line for line in lines if line["seed"] == seed]
        saved = {json.loads(line["header"])["id"] for line in of_seed if line["event"] == "save"}
        accepted = {line["set"] for line in of_seed if line["event"] == "accepted"}
        assert accepted <= saved
        (server,) = [line for line in of_seed if line.get("who") == "server"]
        shown = {json.loads(line)["record"] for line in server["lines"]}
        for line in of_seed:
            if line["event"] == "state":
                assert {json.loads(one)["record"] for one in line["lines"]} - shown <= set()
