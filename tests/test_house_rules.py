"""The house rules find what they ban, and let pass what they should."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from lint.__main__ import findings, main
from lint.findings import Finding, SourceFile
from lint.primitives import own_cryptography
from lint.purity import impure_calls
from lint.screen_texts import literal_texts
from lint.shape import misshapen
from lint.wire_numbers import floats

ROOT = Path(__file__).parent.parent

Rule = Callable[[SourceFile], Iterable[Finding]]


def breaches(rule: Rule, path: str, text: str) -> list[int]:
    """The lines a rule complains about."""
    return [finding.line for finding in rule(SourceFile.of(path, text))]


@pytest.mark.parametrize(
    "text",
    [
        "from datetime import datetime, UTC\nstamp = datetime.now(UTC)",
        "from datetime import datetime as dt\nstamp = dt.utcnow()",
        "import datetime\nday = datetime.date.today()",
        "import datetime as d\nday = d.datetime.today()",
        "import time\nstamp = time.time()",
        "import time\nread_later = time.monotonic",
        "import uuid\nname = uuid.uuid4()",
        "import os\nsalt = os.urandom(16)",
        "\nimport secrets",
        "\nfrom secrets import token_bytes",
        "\nimport random as dice",
        "\nfrom time import time as now",
        "import argon2\nhasher = argon2.PasswordHasher()",
        "from cryptography.hazmat.primitives.ciphers.aead import AESGCM as A\n"
        "key = A.generate_key(256)",
        "from cryptography.hazmat.primitives.asymmetric import ed25519\n"
        "key = ed25519.Ed25519PrivateKey.generate()",
    ],
)
@pytest.mark.parametrize("folder", ["domain", "sync", "store"])
def test_a_clock_or_a_random_source_that_was_not_handed_in_is_found(text: str, folder: str) -> None:
    assert breaches(impure_calls, f"field_app/{folder}/planted.py", text) == [2]


@pytest.mark.parametrize(
    "text",
    [
        "def save(clock): return clock.now()",
        "import time\ntime.sleep(1)",
        "from datetime import datetime\nmoment = datetime.fromisoformat('2026-11-22')",
        "import uuid\nread = uuid.UUID(hex='0' * 32)",
        "random = {}\nrandom.get('x')",
    ],
)
def test_reading_a_handed_in_clock_is_fine(text: str) -> None:
    assert breaches(impure_calls, "field_app/sync/fine.py", text) == []


def test_the_edges_may_read_the_clock() -> None:
    assert breaches(impure_calls, "field_app/system_clock.py", "import time\ntime.time()") == []


@pytest.mark.parametrize(
    "text",
    [
        "\nfrom cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV",
        "from cryptography.hazmat.primitives.ciphers import aead\nbox = aead.AESGCMSIV(b'')",
        "\nfrom cryptography.hazmat.primitives.kdf.argon2 import Argon2id",
        "\nfrom cryptography.hazmat.primitives.kdf.scrypt import Scrypt",
        "\nfrom cryptography.hazmat.primitives.ciphers import Cipher",
        "\nfrom cryptography.hazmat.primitives.ciphers import modes",
        "import hashlib\nkey = hashlib.pbkdf2_hmac('sha256', b'', b'', 1)",
        "import hashlib\nname = hashlib.md5(b'')",
        "\nimport nacl.secret",
    ],
)
@pytest.mark.parametrize("folder", ["store", "sync", "views"])
def test_a_primitive_that_phones_lack_or_people_get_wrong_is_found(text: str, folder: str) -> None:
    assert breaches(own_cryptography, f"field_app/{folder}/planted.py", text) == [2]


@pytest.mark.parametrize(
    "text",
    [
        "from cryptography.hazmat.primitives.ciphers.aead import AESGCM\nAESGCM(key)",
        "from cryptography.hazmat.primitives.kdf.hkdf import HKDF",
        "from argon2.low_level import hash_secret_raw",
        "import hashlib\nhashlib.sha256(b'')",
    ],
)
def test_the_chosen_primitives_are_fine(text: str) -> None:
    assert breaches(own_cryptography, "field_app/store/fine.py", text) == []


@pytest.mark.parametrize(
    "call",
    [
        "ft.Text('Tallenna')",
        "Text(value='Tallenna')",
        "ft.TextField(label='Nimi')",
        "ft.IconButton(icon, tooltip='Sulje')",
        "ft.Button(content='Tallenna')",
        "ft.Text(f'{count} muutosta')",
        "ft.Text('yksi' if count == 1 else say.t('x'))",
        "ft.Text(name or 'nimetön')",
        "ft.Text('Nimi: ' + name)",
        "ft.Icon(icon, semantics_label='varoitus')",
    ],
)
def test_a_literal_text_on_a_screen_is_found(call: str) -> None:
    assert breaches(literal_texts, "field_app/views/planted.py", call) == [1]


@pytest.mark.parametrize(
    "call",
    [
        "ft.Text(say.t('unlock.title'))",
        "ft.Text(person.name)",
        "ft.Text(f'{place} · {day}')",
        "ft.Text('–')",
        "ft.TextField(label=say.field('person', 'name'))",
        "ft.Container(key='outcome', content=ft.Row([]))",
        "ft.Semantics(identifier='save')",
        "ft.Text(labels['name'])",
    ],
)
def test_texts_of_the_catalogue_data_and_signs_are_fine(call: str) -> None:
    assert breaches(literal_texts, "field_app/views/fine.py", call) == []


@pytest.mark.parametrize(
    "text",
    [
        "scale = 1.5",
        "def weigh(value: float) -> str: ...",
        "def weigh(value: str) -> float | None: ...",
        "temperature: dict[str, float] = {}",
    ],
)
@pytest.mark.parametrize("path", ["domain/records/note.py", "sync/canonical.py"])
def test_a_float_in_what_is_sent_is_found(text: str, path: str) -> None:
    assert breaches(floats, f"field_app/{path}", text)


def test_refusing_a_float_is_fine() -> None:
    text = "def plain(value: object) -> bool: return not isinstance(value, float)"
    assert breaches(floats, "field_app/sync/canonical.py", text) == []


def test_a_file_that_is_too_long_is_found() -> None:
    assert breaches(misshapen, "field_app/long.py", "x = 1\n" * 401) == [400]
    assert breaches(misshapen, "field_app/long.py", "x = 1\n" * 400) == []


@pytest.mark.parametrize(
    "path", ["field_app/utils.py", "field_app/common/x.py", "tests/merge_helpers.py"]
)
def test_a_name_that_says_nothing_is_found(path: str) -> None:
    assert breaches(misshapen, path, "") == [1]


def test_a_planted_breach_fails_the_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    planted = tmp_path / "field_app" / "store" / "utils.py"
    planted.parent.mkdir(parents=True)
    planted.write_text("import random\n")
    assert main(tmp_path) == 1
    shown = capsys.readouterr().out
    assert "field_app/store/utils.py:1: random is banned here" in shown
    assert "'utils' in a module's name" in shown


def test_the_project_itself_breaks_no_rule() -> None:
    assert findings(ROOT) == []


def test_every_module_of_sync_has_its_place_in_the_layers() -> None:
    """A module that no contract names could import anything, unseen."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    layers = " ".join(
        layer for contract in contracts["contracts"] for layer in contract.get("layers", ())
    )
    placed = set(layers.replace("(", " ").replace(")", " ").replace(":", " ").split())
    modules = {f"field_app.sync.{path.stem}" for path in (ROOT / "field_app/sync").glob("*.py")}
    assert modules - placed == {"field_app.sync.__init__"}
