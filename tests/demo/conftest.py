"""One kept run of the check for all tests of it: it takes half a minute."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

INJECTED = (
    'Lumisade alkoi kesken tapaamisen, "kahvila" auki.',
    "Kenoviiva \\ ja 🌲 sekä åäö mahtuvat muistiinpanoon.",
)


@dataclass(frozen=True)
class KeptRun:
    """What `field-app demo --check --keep DIR` said and left."""

    folder: Path
    exit_code: int
    lines: list[str] = field(repr=False)
    complaints: str = field(repr=False)
    _exports: dict[str, list[bytes]] = field(default_factory=dict, repr=False)

    @property
    def report(self) -> dict[str, Any]:
        """The last line."""
        report: dict[str, Any] = json.loads(self.lines[-1])
        return report

    def step(self, name: str) -> dict[str, Any]:
        """One step of the report."""
        step: dict[str, Any] = next(one for one in self.report["steps"] if one["name"] == name)
        return step

    def words(self) -> list[str]:
        """Every name and free text of the run, the replaced ones too."""
        names = ("personal-strings.txt", "retired-strings.txt")
        return [
            word
            for name in names
            for word in (self.folder / name).read_text(encoding="utf-8").splitlines()
        ]

    def export_of_server(self) -> list[bytes]:
        """What the server holds, by its own command."""
        if "server" not in self._exports:
            done = field_app("admin", "--data", str(self.folder / "server"), "export")
            assert done.returncode == 0, done.stderr
            self._exports["server"] = done.stdout.splitlines()
        return self._exports["server"]

    def export_of_device(self, role: str) -> list[bytes]:
        """What a device holds; from a copy, for opening a killed store tidies its log away."""
        if role not in self._exports:
            secrets = json.loads((self.folder / "secrets.json").read_text(encoding="utf-8"))
            copy = self.folder.parent / f"copy of {role}"
            shutil.copytree(self.folder / secrets[role]["store"], copy)
            done = field_app("store", "export", str(copy), "--pin", secrets[role]["pin"])
            assert done.returncode == 0, done.stderr
            self._exports[role] = done.stdout.splitlines()
        return self._exports[role]

    def device_id(self, role: str) -> str:
        """A device's id, as its own store says."""
        secrets = json.loads((self.folder / "secrets.json").read_text(encoding="utf-8"))
        device: str = secrets[role]["device"]
        return device


def field_app(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Run the command line as a stranger would."""
    return subprocess.run(
        [sys.executable, "-m", "field_app", *arguments],
        capture_output=True,
        check=False,
        timeout=300,
        env={**os.environ, "FIELD_APP_LANGUAGE": "en"},
    )


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> KeptRun:
    """A kept run with injected notes."""
    root = tmp_path_factory.mktemp("check")
    notes = root / "notes.txt"
    notes.write_text("\n".join(INJECTED) + "\n", encoding="utf-8")
    folder = root / "kept"
    done = field_app("demo", "--check", "--keep", str(folder), "--inject", str(notes))
    return KeptRun(folder, done.returncode, done.stdout.decode().splitlines(), done.stderr.decode())
