"""Settings: a flag, else an environment variable, else a TOML file, else the default.

Each setting is declared once, as a field with its description; the command line's flags and their
help, the variables and the file's keys are all read from there:

| class            | flag             | variable                  | TOML          |
|------------------|------------------|---------------------------|---------------|
| `AppSettings`    | `--data DIR`     | `FIELD_APP_DATA`          | `[app] data`  |
| `ServerSettings` | `--port NUMBER`  | `FIELD_APP_SERVER_PORT`   | `[server] port` |

The server's database may also come from `DATABASE_URL`, as hosting platforms give it. The file is
named by `--config` or `FIELD_APP_CONFIG`; none is looked for, so that a forgotten one in a home
folder changes nothing.
"""

from __future__ import annotations

import os
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from field_app.domain.errors import InvalidSettings
from field_app.locale.catalogues import Language

LogLevel = Literal["debug", "info", "warning", "error"]

CONFIG_VARIABLE = "FIELD_APP_CONFIG"


class Settings(BaseModel):
    """What the programs' settings have in common; a subclass says its table and variables.

    A field with `repr=False` is a secret: it is never printed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    table: ClassVar[str]
    prefix: ClassVar[str]
    other_variables: ClassVar[Mapping[str, str]] = {}
    """Field → a second variable, asked after the prefixed one."""

    @classmethod
    def variable(cls, field: str) -> str:
        """The environment variable of a field."""
        return cls.prefix + field.upper()


def default_data() -> Path:
    """Where a device keeps its store unless told: Flet's folder on phones, else the user's own.

    On phones it lies in the app's private storage; on desks under the user's data folder.
    """
    if given := os.environ.get("FLET_APP_STORAGE_DATA"):
        return Path(given)
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "field-app"
    base = os.environ.get("LOCALAPPDATA") or os.environ.get("XDG_DATA_HOME")
    return Path(base or Path.home() / ".local" / "share") / "field-app"


class AppSettings(Settings):
    """The app on a phone or a desk: one worker's own process."""

    table: ClassVar[str] = "app"
    prefix: ClassVar[str] = "FIELD_APP_"

    data: Path = Field(
        default_factory=default_data, description="Folder of this device's encrypted store."
    )
    port: int = Field(
        default=0,
        ge=0,
        le=65535,
        description="Port of the page, on this machine only; 0 takes a free one.",
    )
    language: Language = Field(default="fi", description="Language of the screens: fi, sv or en.")
    open_browser: bool = Field(default=True, description="Open the page in the browser.")
    idle_seconds: float = Field(
        default=180.0, ge=15, le=3600, description="The app locks when nobody touched it so long."
    )
    launch_token: str = Field(
        default="", repr=False, description="Secret of the page's link; empty: a new one."
    )
    embed_origin: str = Field(
        default="", description="The one page that may show the app in a frame, e.g. the demo's."
    )
    control_token: str = Field(
        default="", repr=False, description="Secret of the demo's offline switch; empty: none."
    )
    sync_seconds: int = Field(
        default=300, ge=1, description="Seconds between two syncs when nothing asks for one."
    )
    log_level: LogLevel = Field(default="warning", description="debug, info, warning or error.")


class ServerSettings(Settings):
    """The central server: one of any number of processes on one database."""

    table: ClassVar[str] = "server"
    prefix: ClassVar[str] = "FIELD_APP_SERVER_"
    other_variables: ClassVar[Mapping[str, str]] = {"database_url": "DATABASE_URL"}

    data: Path = Field(
        default_factory=lambda: default_data() / "server",
        description="Folder of the server's key, and of its SQLite database.",
    )
    database_url: str = Field(
        default="",
        repr=False,
        description="sqlite:///FILE or postgresql://…; empty: SQLite in the data folder.",
    )
    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: int = Field(default=8700, ge=0, le=65535, description="Port to listen on; 0: a free one.")
    public_address: str = Field(
        default="",
        description="HOST:PORT by which phones reach the server; empty: host and port.",
    )
    authority: Path | None = Field(
        default=None,
        description="Certificate authority (PEM) that phones shall trust alone; codes carry it.",
    )
    wire_log: Path | None = Field(
        default=None, description="Demo only: folder for every body that is sent, in clear."
    )
    minimum_app: str = Field(
        default="",
        pattern=r"^([0-9]+(\.[0-9]+){0,2})?$",
        description="Oldest app version still sent anything; its own work is taken. Empty: any.",
    )
    log_level: LogLevel = Field(default="info", description="debug, info, warning or error.")

    @property
    def data_dir(self) -> Path:
        """The data folder, as the server's modules call it."""
        return self.data

    @property
    def url(self) -> str:
        """The database's SQLAlchemy URL."""
        given = self.database_url
        if not given:
            return f"sqlite:///{self.data / 'server.db'}"
        for scheme in ("postgresql://", "postgres://"):
            if given.startswith(scheme):
                return "postgresql+psycopg://" + given.removeprefix(scheme)
        return given

    @property
    def key_file(self) -> Path:
        """The organisation's signing key: outside the database, and so outside its backups."""
        return self.data / "organisation.key"

    @property
    def revoked_file(self) -> Path:
        """The ids of revoked devices: beside the key, so that no restored backup forgets them."""
        return self.data / "revoked-devices"

    @property
    def address(self) -> str:
        """HOST:PORT as written into enrolment codes."""
        return self.public_address or f"{self.host}:{self.port}"


AnySettings = TypeVar("AnySettings", bound=Settings)


def load(
    kind: type[AnySettings],
    flags: Mapping[str, Any] | None = None,
    *,
    environment: Mapping[str, str] | None = None,
    config: Path | None = None,
) -> AnySettings:
    """Gather a program's settings from flags, environment and file, in that order of weight.

    A flag that is None was not given. `environment` is the process's own by default; `config`
    names the TOML file, else `FIELD_APP_CONFIG` does.

    Raises:
        InvalidSettings: the file cannot be read, a key is unknown, or a value does not fit; its
            values name the setting and where it came from, never what was given.
    """
    environment = os.environ if environment is None else environment
    if config is None and environment.get(CONFIG_VARIABLE):
        config = Path(environment[CONFIG_VARIABLE])
    from_file = _from_file(kind, config)
    from_environment = _from_environment(kind, environment)
    given = {name: value for name, value in (flags or {}).items() if value is not None}
    try:
        return kind.model_validate(from_file | from_environment | given)
    except ValidationError as error:
        name = str(error.errors()[0]["loc"][0])
    if name in given:
        source = "--" + name.replace("_", "-")
    else:
        source = kind.variable(name) if name in from_environment else str(config)
    raise InvalidSettings(f"{name} from {source}", setting=name, source=source)


def _from_environment(kind: type[Settings], environment: Mapping[str, str]) -> dict[str, str]:
    found = {}
    for field in kind.model_fields:
        names = (kind.variable(field), kind.other_variables.get(field, ""))
        given = next((environment[name] for name in names if environment.get(name)), None)
        if given is not None:
            found[field] = given
    return found


def _from_file(kind: type[Settings], config: Path | None) -> dict[str, Any]:
    if config is None:
        return {}
    try:
        tables = tomllib.loads(config.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InvalidSettings(str(error), setting="config", source=str(config)) from None
    known = {settings.table for settings in (AppSettings, ServerSettings)}
    for name in tables:
        if name not in known:
            raise InvalidSettings("unknown table", setting=name, source=str(config))
    table = tables.get(kind.table, {})
    if not isinstance(table, dict):
        raise InvalidSettings("not a table", setting=kind.table, source=str(config))
    return table
