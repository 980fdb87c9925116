"""The peer: PouchDB devices against express-pouchdb, as `pouchdb-bench.js` runs them, unchanged."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from benchmarks.contacts import CONTACTS, read_contacts
from benchmarks.ours import SyncTimes, Timed

FOLDER = Path(__file__).parent
SCRIPT = FOLDER / "pouchdb-bench.js"


def install(folder: Path) -> None:
    """Install the packages that `package-lock.json` pins into this folder."""
    for name in ("package.json", "package-lock.json", SCRIPT.name):
        (folder / name).write_bytes((FOLDER / name).read_bytes())
    command = ["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)


def measure(folder: Path) -> SyncTimes:
    """Run the peer once, in the folder it is installed in.

    Raises:
        AssertionError: it did not carry every contact.
    """
    command = ["node", SCRIPT.name, str(CONTACTS)]
    done = subprocess.run(  # the peer's own script
        command, cwd=folder, check=True, stdout=subprocess.PIPE, text=True
    )
    told = json.loads(done.stdout.splitlines()[-1])
    contacts = read_contacts()
    others = sum(1 for one in contacts if one.device != 0)
    counts = {"push": len(contacts), "pull": others, "first": len(contacts)}
    for name, count in counts.items():
        carried = told[name]["per_s"] * told[name]["seconds"]  # it rounds the speed to a whole one
        if abs(carried - count) > told[name]["seconds"]:
            raise AssertionError(f"the peer's {name} carried {carried:.0f} of {count} contacts")
    return SyncTimes(
        **{
            name: Timed(count, told[name]["seconds"], count * told[name]["bytes_per_contact"])
            for name, count in counts.items()
        }
    )
