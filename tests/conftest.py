"""What every test shares; the parts live in modules of their own."""

from __future__ import annotations

import os

from field_app.locale.translator import STRICT_VARIABLE

# In the environment, not by argument: the processes that tests start shall be strict as well.
os.environ[STRICT_VARIABLE] = "1"

pytest_plugins = [
    "tests.whole_run",
    "tests.longest_first",
    "tests.databases",
    "tests.chromium_setup",
    "tests.server.served",
]
