"""`field-app simulate-real`: real processes, real HTTP, real kills, on both databases."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import click

from field_app.simulation_real.places import KINDS
from field_app.simulation_real.run import Plan, Result, play

COUNTED = ("lost", "duplicated", "diverged", "scope_violations", "stuck")
"""Violations with a count of their own in the last line; any other is named in `broken`."""


@click.command("simulate-real")
@click.option(
    "--kills", type=click.IntRange(1), default=200, show_default=True,
    help="Of devices, and as many of servers, over all databases together.",
)  # fmt: skip
@click.option("--seed", type=int, default=1, show_default=True, help="Of the network and the work.")
@click.option("--database", type=click.Choice((*KINDS, "both")), default="both", show_default=True)
@click.option(
    "--minutes", type=click.FloatRange(min=0.1), default=12.0, show_default=True,
    help="The kills end after so long, enough of them or not.",
)  # fmt: skip
@click.option("--json", "only_json", is_flag=True, help="Print the last line alone.")
def simulate_real(kills: int, seed: int, database: str, minutes: float, only_json: bool) -> int:
    """Kill real servers and devices while they work over a bad network, and judge what is left.

    Two server processes and a device for each of six workers, each a process with the product's
    own store, talk over HTTP through a proxy that drops, cuts, delays, repeats and garbles; some
    workers take a second device into use, and devices are killed over that too. Leads and nurses
    decide what the server put before them. Then the faults stop, all drains and is decided, and
    the simulator's oracle compares every device, and the server, with every save, every letter of
    a draft, every decision and every code.
    Everything is on this machine and gone afterwards. Exits 1 when an invariant does not hold, or
    there were fewer kills than asked for. The last line is JSON.
    """
    kinds = KINDS if database == "both" else (database,)
    share = -(-kills // len(kinds))
    results: dict[str, Result] = {}
    for number, kind in enumerate(kinds):
        plan = Plan(kind, seed + number, share, 60 * minutes / len(kinds))
        results[kind] = play(plan)
        if not only_json:
            _tell(kind, results[kind])
        if results[kind].violation is not None:
            break
    line = last_line(results)
    print(json.dumps(line))
    enough = min(line["kills"]["device"], line["kills"]["server"]) >= kills
    return 0 if enough and not line["broken"] else 1


def last_line(results: dict[str, Result]) -> dict[str, Any]:
    """What all runs came to, as the simulator's last line has it."""
    broken = Counter(one.violation.kind for one in results.values() if one.violation is not None)
    judged = [one.judged for one in results.values()]
    kills, faults, enrolments = (
        sum((getattr(one, name) for one in results.values()), Counter[str]())
        for name in ("kills", "faults", "enrolments")
    )
    drafts, decided, waiting = (
        sum((getattr(one, name) for one in judged), Counter[str]())
        for name in ("drafts", "decided", "waiting")
    )
    return {
        "databases": list(results),
        "kills": {"device": kills["device"], "server": kills["server"]},
        "writes": sum(one.writes for one in judged),
        "acknowledged": sum(one.acknowledged for one in judged),
        **{name: broken[name] for name in COUNTED},
        "conflicts_planted": sum(one.conflicts_planted for one in judged),
        "conflicts_surfaced": sum(one.conflicts_surfaced for one in judged),
        "faults": dict(sorted(faults.items())),
        "saves": sum(one.saves for one in judged),
        "enrolled": enrolments["enrolled"],
        "enrolments_killed": enrolments["killed"],
        "enrolments_killed_over_the_answer": enrolments["killed_over_the_answer"],
        "drafts_checked": drafts["checked"],
        "drafts_saved": drafts["saved"],
        "shown_as_waiting": waiting["shown"],
        "waited_then_accepted": waiting["accepted"],
        "decided_accepted": decided["accepted"],
        "decided_set_aside": decided["set-aside"],
        "needs_human": sum(one.needs_human for one in judged),
        "access_commands": sum(one.commands for one in results.values()),
        "requests": sum(one.requests for one in results.values()),
        "broken": dict(sorted(broken.items())),
        "seconds": round(sum(one.seconds for one in results.values())),
    }


def _tell(kind: str, result: Result) -> None:
    kills = result.kills
    print(
        f"{kind}: {kills['device']} devices and {kills['server']} servers killed,"
        f" {result.judged.saves} saves, drained in {result.drain_seconds:.1f} s,"
        f" {result.seconds:.0f} s in all"
    )
    if result.violation is not None:
        print(f"{kind}: {result.violation}")
