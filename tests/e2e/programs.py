"""Programs of ours as processes of their own: started on a free port, stopped by their own id."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
_STOP_S = 10


@contextmanager
def launched(arguments: Sequence[str]) -> Iterator[str]:
    """Run `python ARGUMENTS`; gives the first line it says, which is its launch link.

    Raises:
        AssertionError: it ended without a word.
    """
    process = subprocess.Popen(
        [sys.executable, *arguments],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline().strip()
        assert line, f"{arguments} ended with {process.poll()} and said nothing"
        yield line
    finally:
        process.terminate()
        try:
            process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout is not None:
            process.stdout.close()
