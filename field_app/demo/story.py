"""`field-app demo --check`: the pair's day without a browser, told by real processes.

A server process, three device processes, HTTP between them, encrypted stores beneath, and the
real scheduler: no step asks for a sync, all of them come by the schedule's own triggers. Each
step is timed; the last line on stdout is a JSON report.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from field_app.demo import (
    story_enrolment,
    story_field,
    story_proof,
    story_review,
    story_settling,
)
from field_app.demo.seeding import make_seed
from field_app.demo.story_device import CheckFailed, Refused
from field_app.demo.story_world import World
from field_app.domain.errors import FieldAppError, FolderNotUsable
from field_app.system_clock import SystemClock

STEPS: tuple[Callable[[World], dict[str, Any]], ...] = (
    story_enrolment.start_server,
    story_enrolment.seed_server,
    story_enrolment.enrol_devices,
    story_field.meet_together,
    story_field.work_offline,
    story_field.die_and_wake,
    story_settling.reconnect,
    story_settling.see_conflicts,
    story_settling.join_occasion,
    story_settling.settle_all,
    story_review.review_caseload,
    story_review.decide_refused,
    story_proof.leave_stores,
    story_proof.compare_exports,
    story_proof.look_for_health,
    story_proof.write_texts,
)


def check(
    seed: int,
    injected: Sequence[str] = (),
    keep: Path | None = None,
    say: Callable[[str], None] = print,
) -> bool:
    """Play the story once.

    Args:
        seed: Whose organisation and past.
        injected: Free texts to be used as notes.
        keep: Folder to leave everything in (made, or empty); None leaves nothing.
        say: Gets a line a step, and the report as the last one.

    Returns:
        Whether every step went as it must.
    """
    began = time.monotonic()
    with ExitStack() as ending:
        folder = _folder(keep, ending)
        world = World.of(folder, make_seed(seed, injected, SystemClock()))
        ending.callback(world.close)
        steps = _play(world, say)
        ok = all(step["ok"] for step in steps)
        seconds = round(time.monotonic() - began, 2)
        report = {"ok": ok, "seconds": seconds, "seed": seed, "steps": steps}
        report["counts"] = {key: step[key] for step in steps for key in _COUNTS if key in step}
        if keep:
            report["kept"] = str(keep)
    say(json.dumps(report, ensure_ascii=False))
    return ok


_COUNTS = ("people", "records", "changes", "conflicts", "refused", "lines", "personal_strings")


def _folder(keep: Path | None, ending: ExitStack) -> Path:
    if keep is not None:
        try:
            keep.mkdir(parents=True, exist_ok=True)
            taken = any(keep.iterdir())
        except OSError as error:
            raise FolderNotUsable(type(error).__name__) from None
        if taken:
            raise FolderNotUsable("not empty")
        return keep
    folder = Path(tempfile.mkdtemp(prefix="rinnalla-check-"))
    ending.callback(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _play(world: World, say: Callable[[str], None]) -> list[dict[str, Any]]:
    steps: list[dict[str, Any]] = []
    for step in STEPS:
        name, began = step.__name__, time.monotonic()
        told: dict[str, Any] = {"name": name, "ok": True}
        try:
            told |= step(world)
        except (CheckFailed, Refused, FieldAppError) as failure:
            told |= {"ok": False, "failure": f"{type(failure).__name__}: {failure}"}
        told["seconds"] = round(time.monotonic() - began, 2)
        steps.append(told)
        mark = "ok" if told["ok"] else "FAILED"
        say(f"{told['seconds']:7.2f} s  {mark:6}  {name}  {told.get('failure', '')}".rstrip())
        if not told["ok"]:
            break
    return steps
