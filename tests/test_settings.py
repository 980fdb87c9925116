"""Settings: which source wins, and what a wrong one is told."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from field_app.domain.errors import InvalidSettings
from field_app.locale import LANGUAGES, Translator
from field_app.settings import AppSettings, ServerSettings, default_data, load

PORT_VARIABLE = "FIELD_APP_SERVER_PORT"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A file with a table for each program."""
    path = tmp_path / "field-app.toml"
    path.write_text('[server]\nport = 1001\nhost = "::1"\n[app]\nlanguage = "sv"\n')
    return path


def test_without_any_source_the_defaults_hold() -> None:
    settings = load(ServerSettings, environment={})
    assert (settings.host, settings.port, settings.database_url) == ("127.0.0.1", 8700, "")


def test_a_flag_beats_the_environment_which_beats_the_file(config: Path) -> None:
    environment = {PORT_VARIABLE: "1002"}
    flags = {"port": "1003", "host": None}
    assert load(ServerSettings, environment={}, config=config).port == 1001
    assert load(ServerSettings, environment=environment, config=config).port == 1002
    settings = load(ServerSettings, flags, environment=environment, config=config)
    assert (settings.port, settings.host) == (1003, "::1")


def test_each_program_reads_its_own_table(config: Path) -> None:
    assert load(AppSettings, environment={}, config=config).language == "sv"


def test_the_environment_may_name_the_file(config: Path) -> None:
    environment = {"FIELD_APP_CONFIG": str(config)}
    assert load(ServerSettings, environment=environment).port == 1001


def test_a_hosting_platforms_database_url_is_taken_after_our_own() -> None:
    theirs = {"DATABASE_URL": "postgresql://db/theirs"}
    ours = {"FIELD_APP_SERVER_DATABASE_URL": "postgresql://db/ours"}
    assert load(ServerSettings, environment=theirs).database_url == "postgresql://db/theirs"
    assert load(ServerSettings, environment=theirs | ours).database_url == "postgresql://db/ours"


def test_an_empty_variable_counts_as_unset() -> None:
    assert load(ServerSettings, environment={PORT_VARIABLE: ""}).port == 8700


def test_the_process_environment_is_read_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIELD_APP_LANGUAGE", "en")
    assert load(AppSettings).language == "en"


@pytest.mark.parametrize("value", ["seventy", "70000", "-1"])
def test_a_value_that_does_not_fit_names_the_setting_and_its_source(value: str) -> None:
    with pytest.raises(InvalidSettings) as caught:
        load(ServerSettings, environment={PORT_VARIABLE: value})
    assert caught.value.values == {"setting": "port", "source": PORT_VARIABLE}


def test_a_value_that_does_not_fit_is_never_repeated() -> None:
    with pytest.raises(InvalidSettings) as caught:
        load(ServerSettings, {"log_level": "secret-in-the-wrong-place"}, environment={})
    told = [str(caught.value), *(Translator(lang).error(caught.value) for lang in LANGUAGES)]
    assert not any("secret" in text for text in told)


def test_a_mistyped_key_in_the_file_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "field-app.toml"
    path.write_text("[server]\nprot = 1\n")
    with pytest.raises(InvalidSettings) as caught:
        load(ServerSettings, environment={}, config=path)
    assert caught.value.values == {"setting": "prot", "source": str(path)}


@pytest.mark.parametrize(
    ("text", "setting"),
    [("[sever]\nport = 1", "sever"), ("server = 1", "server"), ("port = = 1", "config")],
)
def test_a_file_of_another_shape_is_an_error(tmp_path: Path, text: str, setting: str) -> None:
    path = tmp_path / "field-app.toml"
    path.write_text(text)
    with pytest.raises(InvalidSettings) as caught:
        load(ServerSettings, environment={}, config=path)
    assert caught.value.values["setting"] == setting


def test_a_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InvalidSettings):
        load(AppSettings, environment={}, config=tmp_path / "none.toml")


def test_on_a_phone_the_store_lies_where_flet_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLET_APP_STORAGE_DATA", "/data/user/0/app")
    assert load(AppSettings, environment={}).data == Path("/data/user/0/app")


@pytest.mark.parametrize(
    ("platform", "variable", "expected"),
    [
        ("linux", "XDG_DATA_HOME", "/base/field-app"),
        ("win32", "LOCALAPPDATA", "/base/field-app"),
        ("linux", None, "/home/nea/.local/share/field-app"),
        ("darwin", None, "/home/nea/Library/Application Support/field-app"),
    ],
)
def test_on_a_desk_the_store_lies_with_the_users_own_data(
    monkeypatch: pytest.MonkeyPatch, platform: str, variable: str | None, expected: str
) -> None:
    for name in ("FLET_APP_STORAGE_DATA", "XDG_DATA_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(Path, "home", lambda: Path("/home/nea"))
    if variable:
        monkeypatch.setenv(variable, "/base")
    assert default_data() == Path(expected)


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ("", "sqlite:////srv/rinnalla/server.db"),
        ("sqlite:///other.db", "sqlite:///other.db"),
        ("postgresql://u@db/x", "postgresql+psycopg://u@db/x"),
        ("postgres://u@db/x", "postgresql+psycopg://u@db/x"),
        ("postgresql+psycopg://u@db/x", "postgresql+psycopg://u@db/x"),
    ],
)
def test_the_database_is_sqlite_unless_another_is_named(given: str, url: str) -> None:
    flags = {"data": "/srv/rinnalla", "database_url": given}
    assert load(ServerSettings, flags, environment={}).url == url


def test_an_enrolment_code_names_the_address_that_phones_reach() -> None:
    inside = load(ServerSettings, {"port": "8000"}, environment={})
    outside = load(ServerSettings, {"public_address": "rinnalla.example:443"}, environment={})
    assert inside.address == "127.0.0.1:8000"
    assert outside.address == "rinnalla.example:443"


def test_secrets_are_not_in_the_settings_repr() -> None:
    url = "postgresql://rinnalla:hunter2@db/x"
    app = load(AppSettings, {"launch_token": "hunter2"}, environment={})
    server = load(ServerSettings, {"database_url": url}, environment={})
    assert "hunter2" not in repr(app) + repr(server)
