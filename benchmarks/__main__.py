"""`make bench`: ours and the peer in one run, as a table and as `benchmarks/results.json`.

    python -m benchmarks [--rounds N] [--only comparison|growth]

Two parts. The comparison: the peer and ours in turns on SQLite, each round of ours judged beside
the two of the peer around it (`benchmarks.rounds` says why), and ours once on PostgreSQL, told and
not judged. The growth: what must not grow with a caseload.

Exits 1 when a target is missed. The file is deleted first: what stands there is of this run.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import growth, ours, peer
from benchmarks.processes import postgresql
from benchmarks.rounds import Rounds, figures_of, in_turns

RESULTS = Path(__file__).with_name("results.json")
TARGETS = {
    "push_per_s": 2.0,
    "pull_per_s": 3.0,
    "first_per_s": 3.0,
    "push_bytes": 0.35,
    "pull_bytes": 1.1,
}
"""Ratios to the peer: of speeds the least, of bytes the most."""
GROWTH_TARGETS = {"nothing_new_ms": 1.2, "first_sync_mib": 1.3}
ROUNDS = 7
"""Of ours; the peer has one more."""
COMPARISON, GROWTH = "comparison", "growth"

Row = dict[str, Any]
_BEGAN = time.perf_counter()


def main(arguments: Iterable[str] | None = None) -> int:
    """Run, tell, write; 1 on a miss."""
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--rounds", type=_rounds, default=ROUNDS)
    parser.add_argument("--only", choices=(COMPARISON, GROWTH))
    asked = parser.parse_args(None if arguments is None else list(arguments))
    RESULTS.unlink(missing_ok=True)
    rows: dict[str, Row] = {}
    told: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="rinnalla-bench-") as name:
        if asked.only != GROWTH:
            found = _in_turns(Path(name), asked.rounds)
            rows |= _compared(found) | _on_postgresql(Path(name), found)
            told["rounds"] = {"ours": found.ours, "peer": found.peer}
        if asked.only != COMPARISON:
            rows |= _grown(Path(name) / "growth")
    RESULTS.write_text(json.dumps(rows | told | _circumstances(), indent=2) + "\n")
    sys.stdout.write(_table(rows) + "\n")
    return 0 if all(row["ok"] is not False for row in rows.values()) else 1


def _rounds(text: str) -> int:
    if (number := int(text)) < 1:
        raise ValueError(text)
    return number


def _in_turns(folder: Path, rounds: int) -> Rounds:
    packages = folder / "peer"
    packages.mkdir()
    peer.install(packages)
    template = folder / "template"
    ours.prepare(template)
    _say("prepared")
    our_round = partial(ours.measure, template, folder / "round")
    return in_turns(rounds, our_round, partial(peer.measure, packages), _say)


def _compared(found: Rounds) -> dict[str, Row]:
    return {
        measure: _row(
            one.ours, one.peer, one.ratio, TARGETS.get(measure), at_most="bytes" in measure
        )
        for measure, one in found.compared().items()
    }


def _on_postgresql(folder: Path, found: Rounds) -> dict[str, Row]:
    """Ours once on PostgreSQL, beside the peer's medians: told, not judged."""
    template = folder / "template-postgresql"
    with postgresql() as url:
        ours.prepare(template, url)
        figures = figures_of(ours.measure(template, folder / "round", url))
    rows = {}
    for measure, our in figures.items():
        theirs = median(one[measure] for one in found.peer)
        rows[f"postgresql_{measure}"] = _row(our, theirs, our / theirs, None, at_most=False)
    _say("PostgreSQL done")
    return rows


def _grown(folder: Path) -> dict[str, Row]:
    """What must not grow: the small caseload stands in the peer's column."""
    found = growth.measure(folder, _say)
    rows = {}
    for measure, target in GROWTH_TARGETS.items():
        grown: growth.Growth = getattr(found, measure)
        rows[measure] = _row(grown.large, grown.small, grown.ratio, target, at_most=True)
    return rows


def _row(our: float, theirs: float, ratio: float, target: float | None, *, at_most: bool) -> Row:
    ok = None if target is None else (ratio <= target if at_most else ratio >= target)
    return {
        "ours": round(our, 2),
        "peer": round(theirs, 2),
        "ratio": round(ratio, 3),
        "target": target,
        "ok": ok,
    }


def _circumstances() -> dict[str, Any]:
    told = subprocess.run(
        ["git", "rev-parse", "HEAD"],  # the caller's git
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    return {
        "commit": told.stdout.strip(),
        "machine": {
            "system": platform.system(),
            "processor": platform.machine(),
            "cores": os.cpu_count(),
            "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
            "python": platform.python_version(),
            "load_at_the_end": [round(one, 2) for one in os.getloadavg()],
        },
    }


def _table(rows: dict[str, Row]) -> str:
    lines = [f"{'measure':<24}{'ours':>10}{'peer':>10}{'ratio':>8}{'target':>9}"]
    for measure, row in rows.items():
        judged = {True: "", False: "  MISSED", None: ""}[row["ok"]]
        target = "" if row["target"] is None else f"{row['target']:>9}"
        numbers = f"{row['ours']:>10,.1f}{row['peer']:>10,.1f}{row['ratio']:>8.2f}"
        lines.append(f"{measure:<24}{numbers}{target}{judged}")
    return "\n".join(lines)


def _say(text: str) -> None:
    sys.stdout.write(f"{time.perf_counter() - _BEGAN:5.0f} s  {text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
