"""`python -m lint`: the house rules that no ready-made tool knows; one line a finding, 1 if any."""

from __future__ import annotations

import sys
from pathlib import Path

from lint.catalogue_keys import keys_made_while_running
from lint.findings import Finding, parsed_files
from lint.primitives import own_cryptography
from lint.purity import impure_calls
from lint.screen_texts import literal_texts
from lint.shape import misshapen
from lint.wire_numbers import floats

RULES = (
    impure_calls,
    own_cryptography,
    literal_texts,
    keys_made_while_running,
    floats,
    misshapen,
)


def findings(root: Path) -> list[Finding]:
    """Every breach of a house rule below a checkout's root."""
    return [finding for file in parsed_files(root) for rule in RULES for finding in rule(file)]


def main(root: Path) -> int:
    """Print the findings; 0 when there are none."""
    found = findings(root)
    for finding in found:
        sys.stdout.write(f"{finding}\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(Path(__file__).parent.parent))
