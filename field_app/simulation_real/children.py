"""The processes of a run: a server as it ships, and a device without a screen.

Both are functions for `multiprocessing`'s fork server, which has their modules read already: a
process is new every time, and only its start is cheaper. They may be killed at any statement; what
a device was promised it writes down, in a journal of its own.
"""

from __future__ import annotations

import asyncio
import os
import random
from pathlib import Path

from field_app.logs import log_to_stderr
from field_app.server.main import serve
from field_app.settings import ServerSettings
from field_app.simulation_real.device import Device


def run_server(data: str, url: str, port: int, log: str) -> None:
    """Serve until killed or told to stop."""
    _say_into(log)
    log_to_stderr("warning")
    serve(ServerSettings(data=Path(data), database_url=url, port=port))


def run_device(folder: str, code: str, seed: int, saves_per_second: float) -> None:
    """Be one worker's device until killed or told to stop; with a code, enrol it and end."""
    _say_into(str(Path(folder) / "log"))
    device = Device(Path(folder), random.Random(seed), saves_per_second)
    asyncio.run(device.enrol(code) if code else device.live())


def _say_into(log: str) -> None:
    file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(file, 1)
    os.dup2(file, 2)
