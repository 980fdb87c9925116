"""One device's first sync, and the memory it took.

    python -m benchmarks.first_sync FOLDER CODE

Last word on stdout: the peak during the sync, beyond what the process held before it, in MiB.
Linux only: the peak is the kernel's own (`VmHWM`).
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from benchmarks.devices import BenchDevice
from field_app.collector import collect_seldom

_STATUS = Path("/proc/self/status")
_FORGET_PEAK = Path("/proc/self/clear_refs")


def main(folder: str, code: str) -> None:
    """Enrol, sync, say."""
    device = BenchDevice.enrolled(Path(folder), code)
    collect_seldom()
    _FORGET_PEAK.write_text("5")
    before = _kib("VmRSS")
    device.sync()
    sys.stdout.write(f"{(_kib('VmHWM') - before) / 1024:.1f}\n")
    device.close()


def _kib(name: str) -> int:
    found = re.search(rf"^{name}:\s+(\d+) kB$", _STATUS.read_text(), re.MULTILINE)
    assert found is not None
    return int(found[1])


if __name__ == "__main__":
    main(*sys.argv[1:])
