"""`python -m field_app.locale compile`: write the `.mo` files that are missing or stale."""

from __future__ import annotations

import sys
from pathlib import Path

from babel.messages.pofile import PoFileError

from field_app.locale.catalogues import ROOT, compile_all


def main(arguments: list[str], root: Path = ROOT) -> int:
    """Run the command; 0: done, 1: a catalogue is broken, 2: asked for anything else."""
    if arguments != ["compile"]:
        sys.stderr.write("usage: python -m field_app.locale compile\n")
        return 2
    try:
        written = compile_all(root)
    except PoFileError as error:
        sys.stderr.write(f"a catalogue cannot be read: {error}\n")
        return 1
    for path in written:
        sys.stdout.write(f"compiled {path.relative_to(root)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
