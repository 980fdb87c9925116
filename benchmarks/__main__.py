"""`make bench`: ours and the peer in one run, as a table and as `benchmarks/results.json`.

    python -m benchmarks [--rounds N] [--without-growth]

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
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from benchmarks import growth, ours, peer
from benchmarks.ours import SyncTimes
from benchmarks.processes import postgresql

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
ROUNDS = 2
"""Ours and the peer in turns; of each side the better figure counts, so that a disturbance of
the machine hits neither."""

Row = dict[str, Any]


def main(arguments: Iterable[str] | None = None) -> int:
    """Run, tell, write; 1 on a miss."""
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--without-growth", action="store_true")
    asked = parser.parse_args(None if arguments is None else list(arguments))
    RESULTS.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(prefix="rinnalla-bench-") as name:
        rows = _compared(Path(name), asked.rounds)
        if not asked.without_growth:
            rows |= _grown(Path(name) / "growth")
    RESULTS.write_text(json.dumps(rows | _circumstances(), indent=2) + "\n")
    _say(_table(rows))
    return 0 if all(row["ok"] is not False for row in rows.values()) else 1


def _compared(folder: Path, rounds: int) -> dict[str, Row]:
    """Ours and the peer, in turns, on SQLite; ours once more on PostgreSQL, told and not judged."""
    packages = folder / "peer"
    packages.mkdir()
    peer.install(packages)
    our_times, peer_times = [], []
    for number in range(rounds):
        our_times.append(ours.measure(folder / f"ours-{number}"))
        peer_times.append(peer.measure(packages))
        _say(f"round {number + 1} of {rounds} done")
    theirs = _best(peer_times)
    rows = _rows(_best(our_times), theirs, TARGETS)
    with postgresql() as url:
        on_postgresql = _best([ours.measure(folder / "ours-postgresql", url)])
    told = _rows(on_postgresql, theirs, {})
    return rows | {f"postgresql_{measure}": row for measure, row in told.items()}


def _best(runs: list[SyncTimes]) -> dict[str, float]:
    found: dict[str, float] = {}
    for name in ("push", "pull", "first"):
        found[f"{name}_per_s"] = max(getattr(run, name).per_second for run in runs)
        found[f"{name}_bytes"] = min(getattr(run, name).bytes_per_contact for run in runs)
    return found


def _rows(
    our: dict[str, float], theirs: dict[str, float], targets: dict[str, float]
) -> dict[str, Row]:
    return {
        measure: _row(our[measure], theirs[measure], targets.get(measure), "bytes" in measure)
        for measure in our
    }


def _grown(folder: Path) -> dict[str, Row]:
    """What must not grow: the small caseload stands in the peer's column."""
    found = growth.measure(folder)
    rows = {}
    for measure, target in GROWTH_TARGETS.items():
        grown: growth.Growth = getattr(found, measure)
        rows[measure] = _row(grown.large, grown.small, target, at_most=True)
    return rows


def _row(our: float, theirs: float, target: float | None, at_most: bool) -> Row:
    ratio = our / theirs
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
        numbers = f"{row['ours']:>10,.0f}{row['peer']:>10,.0f}{row['ratio']:>8.2f}"
        lines.append(f"{measure:<24}{numbers}{target}{judged}")
    return "\n".join(lines)


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
