"""The proof of the story: exports that agree, and health content that is nowhere it must not be.

The stores are left as a day leaves them: one phone killed while unlocked and writing, one locked,
the desk closed. They are opened from copies, by the commands a stranger would use.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from field_app.demo.organisation import PIN
from field_app.demo.story_device import CheckFailed, expect
from field_app.demo.story_world import World
from field_app.sync.changes import DIRECTORY_SCOPE, person_scope, team_scope

Facts = dict[str, Any]
Lines = dict[tuple[str, str], bytes]
"""{(record, register): exported line}."""

_LAST_WORDS = "Viimeinen luonnos ennen kuin akku loppui"
_SHORTEST = 5
"""Shorter words turn up in any log by chance."""


def leave_stores(world: World) -> Facts:
    """Kill one phone in the middle of a draft, lock the other, close the desk and the server."""
    for device in world.devices.values():
        device.wait_settled()
    world.social.do("put_draft", form="contact", typed=_LAST_WORDS)
    world.texts.retire(_LAST_WORDS)
    world.social.kill()
    world.nurse.do("lock")
    world.nurse.kill()
    world.coordinator.stop()
    world.family.stop()
    wal = world.social.directory / "store.db-wal"
    expect(wal.exists() and wal.stat().st_size > 0, "the killed phone has an open log on disk")
    return {"states": {"social_instructor": "killed", "nurse": "locked", "coordinator": "closed"}}


def compare_exports(world: World) -> Facts:
    """Every line a device holds is the server's; and each holds all that its role may see."""
    exports = _export_all(world)
    server = exports.pop("server")
    for role, lines in exports.items():
        differing = [place for place, line in lines.items() if server.get(place) != line]
        expect(not differing, f"{role} and the server agree on every line, not {differing[:3]}")
    _expect_all_there(world, server, exports)
    _expect_texts(world, server, exports)
    return {"lines": {"server": len(server)} | {role: len(own) for role, own in exports.items()}}


def look_for_health(world: World) -> Facts:
    """No health content at the coordinator's desk, in its wire, nor anybody's words in a log."""
    secret = world.texts.secret_of_health()
    expect(len(secret) > 3, "there is health content to look for")
    bodies = 0
    for device in _device_ids(world, "coordinator", "social_instructor"):
        for body in (world.folder / "wire" / device).iterdir():
            bodies += 1
            _expect_without(body, secret)
            expect(b"health_note" not in body.read_bytes(), "no health record by wire")
    for log in (world.folder / "logs").iterdir():
        words = {one.text for one in world.texts.standing} | set(world.texts.retired)
        _expect_without(log, {word for word in words if len(word) >= _SHORTEST})
    return {"wire_bodies": bodies, "health_texts": len(secret)}


def write_texts(world: World) -> Facts:
    """Leave the names and words for whoever looks into a kept run, one a line."""
    standing = sorted({one.text for one in world.texts.standing})
    (world.folder / "personal-strings.txt").write_text(
        "".join(f"{text}\n" for text in standing), encoding="utf-8"
    )
    retired = "".join(f"{text}\n" for text in world.texts.retired)
    (world.folder / "retired-strings.txt").write_text(retired, encoding="utf-8")
    world.write_secrets()
    return {"personal_strings": len(standing)}


# -- exports ---------------------------------------------------------------------------------------


def _export_all(world: World) -> dict[str, Lines]:
    copies = world.folder / "copies"
    commands: dict[str, list[str]] = {}
    for role, device in world.devices.items():
        shutil.copytree(device.directory, copies / role)
        commands[role] = ["store", "export", str(copies / role), "--pin", PIN]
    commands["server"] = ["admin", "--data", str(world.folder / "server"), "export"]
    try:
        running = {name: _command(arguments) for name, arguments in commands.items()}
        return {name: _lines(name, process) for name, process in running.items()}
    finally:
        shutil.rmtree(copies)


def _command(arguments: list[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "field_app", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def _lines(name: str, process: subprocess.Popen[bytes]) -> Lines:
    out, complaint = process.communicate(timeout=60)
    if process.returncode != 0:
        raise CheckFailed(f"export of {name}: {complaint.decode(errors='replace').strip()}")
    found: Lines = {}
    for line in out.splitlines():
        told = json.loads(line)
        found[told["record"], told["register"]] = line
    return found


def _expect_all_there(world: World, server: Lines, exports: dict[str, Lines]) -> None:
    """Each device has all lines of its role's registers and teams, no fewer and no more."""
    own = {person_scope(one) for one, team in world.opened.items() if team == world.team}
    own |= {team_scope(world.team), DIRECTORY_SCOPE}
    everything = {json.loads(line)["scope"] for line in server.values()}
    seen = {
        "social_instructor": ({"common", "social"}, own),
        "nurse": ({"common", "social", "health"}, own),
        "coordinator": ({"common", "social"}, everything),
    }
    for role, (registers, scopes) in seen.items():
        due = {
            place
            for place, line in server.items()
            if place[1] in registers and json.loads(line)["scope"] in scopes
        }
        missing, extra = due - exports[role].keys(), exports[role].keys() - due
        expect(not missing, f"{role} holds all of its role; missing {sorted(missing)[:3]}")
        expect(not extra, f"{role} holds no more than its role; extra {sorted(extra)[:3]}")


def _expect_texts(world: World, server: Lines, exports: dict[str, Lines]) -> None:
    """Every word stands in the server's export, and in those whose role may see it."""
    of_server = _texts_by_place(server)
    by_role = {role: _texts_by_place(lines) for role, lines in exports.items()}
    scopes = {role: {scope for _, scope in found} for role, found in by_role.items()}
    registers = {role: {register for register, _ in found} for role, found in by_role.items()}
    for one in world.texts.standing:
        place = (one.register, one.scope)
        expect(one.text in of_server.get(place, ""), f"the server's export has {place}'s words")
        for role, found in by_role.items():
            if one.scope in scopes[role] and one.register in registers[role]:
                expect(one.text in found.get(place, ""), f"{role}'s export has {place}'s words")


def _texts_by_place(lines: Lines) -> dict[tuple[str, str], str]:
    """Everything that is said in each (register, scope)."""
    found: dict[tuple[str, str], list[str]] = {}
    for (_, register), line in lines.items():
        told = json.loads(line)
        said = found.setdefault((register, told["scope"]), [])
        for key, heads in told["heads"].items():
            said.append(key.partition("/")[2])
            for _, _, value, *_ in heads:
                said.extend(value.values() if isinstance(value, dict) else (value,))
    return {
        place: "\n".join(one for one in said if isinstance(one, str))
        for place, said in found.items()
    }


# -- bodies and logs -------------------------------------------------------------------------------


def _expect_without(file: Path, words: Iterable[str]) -> None:
    text = file.read_text(encoding="utf-8", errors="replace")
    found = [
        word for word in words if word in text or json.dumps(word, ensure_ascii=False)[1:-1] in text
    ]
    expect(not found, f"{file.parent.name}/{file.name} holds {len(found)} texts it must not")


def _device_ids(world: World, *roles: str) -> list[str]:
    return [world.devices[role].device_id for role in roles]
