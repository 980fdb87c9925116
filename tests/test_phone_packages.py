"""What ships to phones: versions that phones have, and nothing of the server."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

from lint.phone import CONSTRAINTS, DESK_ONLY, device_modules

ROOT = Path(__file__).parent.parent


@cache
def pyproject() -> dict[str, Any]:
    """The project's declaration."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


@cache
def pinned() -> dict[str, str]:
    """The phones' versions by package."""
    lines = (line.partition("#")[0].strip() for line in CONSTRAINTS.read_text("utf-8").splitlines())
    pairs = (
        (name, version) for name, _, version in (line.partition("==") for line in lines) if name
    )
    return dict(pairs)


@cache
def locked() -> dict[str, Any]:
    """The lock's packages by name."""
    lock = tomllib.loads((ROOT / "uv.lock").read_text("utf-8"))
    return {package["name"]: package for package in lock["package"]}


def shipped() -> set[str]:
    """Every package below `[project].dependencies`."""
    seen: set[str] = set()
    waiting = [Requirement(line).name.lower() for line in pyproject()["project"]["dependencies"]]
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting += [each["name"] for each in locked()[name].get("dependencies", ())]
    return seen


def test_every_dependency_allows_the_version_that_phones_have() -> None:
    requirements = [Requirement(line) for line in pyproject()["project"]["dependencies"]]
    refused = [
        f"{requirement} refuses {pinned()[requirement.name]}"
        for requirement in requirements
        if requirement.name in pinned()
        and not requirement.specifier.contains(pinned()[requirement.name])
    ]
    assert refused == []


def test_every_package_with_compiled_parts_is_pinned_to_a_phones_wheel() -> None:
    compiled = {
        name
        for name in shipped()
        if not any(wheel["url"].endswith("-none-any.whl") for wheel in locked()[name]["wheels"])
    }
    # pydantic fixes its own core's version.
    assert compiled - {"pydantic-core"} <= set(pinned())
    assert "pydantic" in pinned()


@pytest.mark.parametrize("platform", ["android", "ios"])
def test_a_build_for_phones_takes_the_pinned_versions(platform: str) -> None:
    given = pyproject()["tool"]["flet"][platform]["dependencies"]
    assert sorted(given) == sorted(f"{name}=={version}" for name, version in pinned().items())


@pytest.mark.parametrize("package", ["fastapi", "uvicorn", "alembic", "psycopg", "flet-web"])
def test_no_package_of_the_server_ships_to_phones(package: str) -> None:
    assert package not in shipped()


def test_what_a_build_leaves_out_exists_and_what_it_needs_stays_in() -> None:
    excluded = pyproject()["tool"]["flet"]["app"]["exclude"]
    ours = [path for path in excluded if path.startswith("field_app/")]
    assert [path for path in ours if not (ROOT / path).exists()] == []
    assert set(ours) >= {"field_app/server", "field_app/demo", "field_app/simulation"}
    needed = [f"{name.replace('.', '/')}.py" for name in device_modules()]
    kept_out = [path for path in needed for out in ours if path.startswith(out)]
    assert kept_out == []


def test_what_needs_the_servers_packages_is_left_out_of_the_build() -> None:
    excluded = pyproject()["tool"]["flet"]["app"]["exclude"]
    assert {f"{name.replace('.', '/')}.py" for name in DESK_ONLY} <= set(excluded)
    contracts = pyproject()["tool"]["importlinter"]["contracts"]
    allowed = {each.split(" -> ")[0] for c in contracts for each in c.get("ignore_imports", ())}
    assert allowed <= set(DESK_ONLY)


def test_no_phone_is_backed_up_to_somebodys_cloud() -> None:
    manifest = pyproject()["tool"]["flet"]["android"]["manifest_application"]
    assert manifest["allowBackup"] == "false"
    assert manifest["usesCleartextTraffic"] == "false"


def test_the_phones_entry_lies_where_a_build_looks_for_it() -> None:
    app = pyproject()["tool"]["flet"]["app"]
    entry = ROOT / app["path"] / f"{app['module']}.py"
    imported = set(_imported(ast.parse(entry.read_text("utf-8"))))
    assert imported <= {"field_app.settings", "field_app.views.main"}


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
