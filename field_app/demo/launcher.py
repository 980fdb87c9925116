"""`field-app demo`: one server, three apps, one page; started together and stopped together."""

from __future__ import annotations

import asyncio
import json
import secrets
import shutil
import signal
import tempfile
import webbrowser
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import uvicorn

from field_app.demo.organisation import PIN, DemoWorker
from field_app.demo.page import HOST, Framed, page_app
from field_app.demo.processes import Child, Family
from field_app.demo.seeding import Office, Seed, make_seed, push_history
from field_app.demo.watch import Watch
from field_app.domain.errors import FolderNotUsable
from field_app.locale import Translator
from field_app.settings import ServerSettings
from field_app.system_clock import SystemClock, SystemEntropy
from field_app.views.device_runtime import DeviceRuntime
from field_app.views.serve import take_port

DEFAULT_PORT = 8600
SYNC_SECONDS = 5
"""How often the demo's apps ask the server; a phone in the field does every few minutes."""
_STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""The last is a closed terminal."""
_STATE = "demo.json"
_DEVICES = ("social_instructor", "nurse", "coordinator")


@dataclass(frozen=True, slots=True)
class DemoSettings:
    """What was asked for on the command line."""

    seed: int = 1
    port: int = DEFAULT_PORT
    data: Path | None = None
    """Kept, and used again by the next start; None: a folder that goes with the demo."""
    headless: bool = False
    injected: Sequence[str] = field(default=(), repr=False)
    language: str | None = None


@dataclass(slots=True)
class App:
    """One app of the demo."""

    name: str
    worker: DemoWorker
    launch_token: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    control_token: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    link: str = field(default="", repr=False)
    offline: bool = False
    revivals: int = 0

    @property
    def origin(self) -> str:
        """Where it answers, e.g. `http://127.0.0.1:40123`; empty before its first start."""
        return self.link.partition("/?")[0]

    @property
    def port(self) -> int:
        """Its port, the same one after a restart: the page's frame points there."""
        return int(self.origin.rpartition(":")[2] or 0)


def launch(settings: DemoSettings, say: Callable[[str], None]) -> None:
    """Run the demo until ctrl-C, SIGTERM or a closed terminal; nothing is left behind then.

    An app that dies is started again on the same store, as a phone would be: what was typed into
    it is there. A server that dies ends the demo.

    Args:
        settings: What was asked for.
        say: Gets a line for the person who started it.

    Raises:
        PortBusy: the page's port is in use; nothing was started.
        ChildFailed: the server ended by itself, or an app again and again; the others were
            stopped.
    """
    listening = take_port(settings.port)
    port = listening.getsockname()[1]
    words = Translator(settings.language)
    try:
        with _stopped_by_signals(), _folder(settings) as folder:
            family = Family(folder / "logs")
            try:
                apps = _start(settings, folder, family, port, words, say)
                watch = Watch(
                    family, apps, lambda app: _revive(settings, folder, family, app, port)
                )
                _serve_page(settings, apps, watch, listening, words, say)
            finally:
                with _unhurried():
                    family.stop()
    except KeyboardInterrupt:
        say(words.t("demo.stopped"))
    finally:
        listening.close()


def _start(
    settings: DemoSettings,
    folder: Path,
    family: Family,
    port: int,
    words: Translator,
    say: Callable[[str], None],
) -> list[App]:
    say(words.t("demo.starting"))
    known = _read_state(folder)
    seed_number = known.get("seed", settings.seed)
    seed = make_seed(seed_number, settings.injected, SystemClock())
    people = (*seed.organisation.pair, seed.organisation.lead)
    apps = [App(name, worker) for name, worker in zip(_DEVICES, people, strict=True)]
    server_port = _start_server(folder, family, known.get("server_port", 0))
    if not known:
        say(words.t("demo.seeding"))
        office = Office(ServerSettings(data=folder / "server", port=server_port))
        _fill(seed, office)
        say(words.t("demo.enrolling"))
        codes = office.codes(app.worker.id for app in apps)
        asyncio.run(_prepare_all(folder, [app.name for app in apps], codes))
        state = json.dumps({"seed": seed_number, "server_port": server_port})
        (folder / _STATE).write_text(state + "\n", encoding="utf-8")
    starting = [(app, _start_app(settings, folder, family, app, port)) for app in apps]
    for app, child in starting:
        app.link = child.first_line()
    return apps


# -- the server, and what it holds -----------------------------------------------------------------


def _start_server(folder: Path, family: Family, port: int) -> int:
    """Start the server; devices know its port, so a kept demo uses the same one again."""
    data = str(folder / "server")
    child = family.start("server", ["field_app", "serve", "--data", data, "--port", str(port)])
    return int(json.loads(child.first_line())["url"].rpartition(":")[2])


def _fill(seed: Seed, office: Office) -> None:
    office.found(seed.organisation)
    workers = [worker.id for worker in seed.organisation.workers]
    devices = push_history(seed, dict(zip(workers, office.codes(workers), strict=True)))
    # The three have the demo's own devices; the others keep the phones their past came from.
    own = (*seed.organisation.pair, seed.organisation.lead)
    office.revoke(devices[worker.id] for worker in own)


# -- the devices -----------------------------------------------------------------------------------


async def _prepare_all(folder: Path, names: Sequence[str], codes: Sequence[str]) -> None:
    """Enrol the devices, as the app would, and let them sync for the first time."""
    await asyncio.gather(
        *(
            prepare_device(folder / "devices" / name, code)
            for name, code in zip(names, codes, strict=True)
        )
    )


async def prepare_device(directory: Path, code: str) -> None:
    """Take a device into use with the demo's PIN, and let it sync until it has everything.

    Args:
        directory: An empty folder, or none yet.
        code: A fresh one-time code.

    Raises:
        SyncError: the server cannot be reached, or refuses the code.
    """
    runtime = DeviceRuntime(directory, SystemClock(), SystemEntropy())
    await runtime.open()
    try:
        await runtime.create_keys(PIN, await runtime.new_passphrase())
        synced = asyncio.Event()
        runtime.subscribe(lambda: _note_synced(runtime, synced))
        await runtime.enrol(code)
        await synced.wait()
        while await runtime.cases(lambda cases: cases.catch_up()):
            pass
    finally:
        await runtime.close()


def _note_synced(runtime: DeviceRuntime, synced: asyncio.Event) -> None:
    status = runtime.sync_status
    if status is not None and status.last_success_at and not status.not_complete_yet:
        synced.set()


def _start_app(
    settings: DemoSettings, folder: Path, family: Family, app: App, page_port: int
) -> Child:
    arguments = ["field_app", "app", "--data", str(folder / "devices" / app.name)]
    arguments += [
        "--port",
        str(app.port),
        "--no-open-browser",
        "--embed-origin",
        f"http://{HOST}:{page_port}",
    ]
    arguments += ["--language", Translator(settings.language).language]
    arguments += ["--sync-seconds", str(SYNC_SECONDS)]
    return family.start(
        app.name,
        arguments,
        FIELD_APP_LAUNCH_TOKEN=app.launch_token,
        FIELD_APP_CONTROL_TOKEN=app.control_token,
    )


# -- the page --------------------------------------------------------------------------------------


def _serve_page(
    settings: DemoSettings,
    apps: Sequence[App],
    watch: Watch[App],
    listening: Any,
    words: Translator,
    say: Callable[[str], None],
) -> None:
    """Serve the page until a signal, or until a process of the demo ends for good."""
    port = listening.getsockname()[1]
    by_name = {app.name: app for app in apps}

    async def switch(name: str, offline: bool) -> None:
        app = by_name[name]
        async with httpx.AsyncClient(trust_env=False) as client:
            answer = await client.post(**_switching(app, offline))
            answer.raise_for_status()
        app.offline = offline

    frames = tuple(
        Framed(app.name, app.worker.name, app.worker.role, app.worker.role != "lead", app.link)
        for app in apps
    )
    web = page_app(frames, PIN, port, switch, settings.language)
    config = uvicorn.Config(web, log_level="warning", access_log=False, timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)

    def end() -> None:
        server.should_exit = True

    def revived(app: App) -> None:
        say(words.t("demo.revived", name=app.name))

    url = f"http://{HOST}:{port}/"
    say(words.t("demo.ready", url=url, pin=PIN))
    if not settings.headless:
        webbrowser.open(url)
    with watch.keeping(end, revived), _hang_up_ends(end):
        server.run(sockets=[listening])


def _switching(app: App, offline: bool) -> dict[str, Any]:
    return {
        "url": app.origin + "/control/offline",
        "json": {"offline": offline},
        "headers": {"Authorization": f"Bearer {app.control_token}"},
    }


def _revive(settings: DemoSettings, folder: Path, family: Family, app: App, page_port: int) -> None:
    child = _start_app(settings, folder, family, app, page_port)
    app.link = child.first_line()
    if app.offline:
        try:
            httpx.post(**_switching(app, True), trust_env=False).raise_for_status()
        except httpx.HTTPError:
            raise child.failure() from None


# -- the folder ------------------------------------------------------------------------------------


@contextmanager
def _folder(settings: DemoSettings) -> Iterator[Path]:
    if settings.data is not None:
        try:
            settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise FolderNotUsable(type(error).__name__) from None
        is_demo = (settings.data / _STATE).exists()
        if not is_demo and any(settings.data.iterdir()):
            raise FolderNotUsable("neither empty nor a demo")
        try:
            yield settings.data
        finally:
            if not is_demo:
                _clear_half_made(settings.data)
        return
    folder = Path(tempfile.mkdtemp(prefix="rinnalla-demo-"))
    try:
        yield folder
    finally:
        with _unhurried():
            shutil.rmtree(folder, ignore_errors=True)


def _clear_half_made(folder: Path) -> None:
    """A start that was broken off has made nothing that a next one could go on with."""
    if not (folder / _STATE).exists():
        with _unhurried():
            for child in folder.iterdir():
                shutil.rmtree(child, ignore_errors=True)


def _read_state(folder: Path) -> dict[str, Any]:
    with suppress(FileNotFoundError):
        state: dict[str, Any] = json.loads((folder / _STATE).read_text(encoding="utf-8"))
        return state
    return {}


@contextmanager
def _stopped_by_signals() -> Iterator[None]:
    """Let SIGTERM and a closed terminal end the demo as ctrl-C does.

    SIGINT is taken too: a shell's background job starts with it ignored.
    """

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    before = {one: signal.signal(one, stop) for one in _STOPPING}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


@contextmanager
def _hang_up_ends(end: Callable[[], None]) -> Iterator[None]:
    """While the page is served, a closed terminal ends that first, as the server does on ctrl-C.

    An exception in the middle of the event loop could be lost in whatever task it hits.
    """
    closed: list[int] = []

    def hung_up(number: int, _: object) -> None:
        closed.append(number)
        end()

    before = signal.signal(signal.SIGHUP, hung_up)
    try:
        yield
    finally:
        signal.signal(signal.SIGHUP, before)
    if closed:
        raise KeyboardInterrupt


@contextmanager
def _unhurried() -> Iterator[None]:
    """A second ctrl-C does not break off what cleans up after the first."""
    before = {one: signal.signal(one, signal.SIG_IGN) for one in _STOPPING}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
