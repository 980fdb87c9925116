"""A device without a screen: the app's own runtime, moved by a control API instead of fingers.

    python -m field_app.demo.device_process DATA [--offline] [--interval SECONDS]

For the demo's check alone. It answers this machine only, and only who knows the token of
`FIELD_APP_CONTROL_TOKEN`. Everything a command does, it does as the screens do: through
`DeviceRuntime`, its encrypted store and its schedule; there is no command that syncs.

    POST /do   {"do": "<command>", …}   →   {"ok": …}, or 409 {"error": "<code>", "values": {…}}
"""

from __future__ import annotations

import argparse
import asyncio
import hmac
import json
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from starlette.requests import Request

from field_app.domain.errors import FieldAppError
from field_app.logs import log_to_stderr
from field_app.store.case_store import CaseStore
from field_app.store.editing import Edit
from field_app.store.record_view import RecordView
from field_app.sync.client import SyncClient
from field_app.sync.pace import PaceSettings
from field_app.system_clock import SystemClock, SystemEntropy
from field_app.views.device_runtime import DeviceRuntime
from field_app.views.serve import HOST, take_port

TOKEN_VARIABLE = "FIELD_APP_CONTROL_TOKEN"

Command = Callable[[Mapping[str, Any]], Awaitable[Any]]


class Commands:
    """What the control API can ask of a device."""

    def __init__(self, runtime: DeviceRuntime) -> None:
        """Move this device."""
        self._runtime = runtime
        self.by_name: dict[str, Command] = {
            "status": self._status,
            "create_keys": self._create_keys,
            "enrol": self._enrol,
            "unlock": self._unlock,
            "lock": self._lock,
            "offline": self._offline,
            "save": self._save,
            "put_draft": self._put_draft,
            "drafts": self._drafts,
            "record": self._record,
            "person": self._person,
            "people": self._people,
            "find": self._find,
            "waiting": self._waiting,
            "devices": self._devices,
            "cases": self._cases,
            "case": self._case,
            "decide": self._decide,
        }

    # -- the lock, enrolment, network ------------------------------------------------------------

    async def _status(self, _: Mapping[str, Any]) -> Any:
        runtime = self._runtime
        status, account = runtime.sync_status, runtime.account
        return {
            "gate": runtime.gate.name,
            "offline": runtime.offline,
            "account": asdict(account) if account else None,
            "sync": asdict(status) if status else None,
        }

    async def _create_keys(self, asked: Mapping[str, Any]) -> Any:
        passphrase = await self._runtime.new_passphrase()
        await self._runtime.create_keys(asked["pin"], passphrase)
        return passphrase

    async def _enrol(self, asked: Mapping[str, Any]) -> Any:
        await self._runtime.enrol(asked["code"])
        return await self._runtime.cases(lambda cases: cases.require_identity().device)

    async def _unlock(self, asked: Mapping[str, Any]) -> Any:
        await self._runtime.unlock(asked["secret"])

    async def _lock(self, _: Mapping[str, Any]) -> Any:
        await self._runtime.lock()

    async def _offline(self, asked: Mapping[str, Any]) -> Any:
        await self._runtime.set_offline(asked["offline"])

    # -- writing ---------------------------------------------------------------------------------

    async def _save(self, asked: Mapping[str, Any]) -> Any:
        """Save edits; each replaces exactly the heads this device shows of its keys."""

        def save(cases: CaseStore) -> int:
            edits = [_edit(cases, wire) for wire in asked["edits"]]
            return cases.save(edits, asked.get("draft"), asked.get("opens")).counter

        return await self._runtime.cases(save)

    async def _put_draft(self, asked: Mapping[str, Any]) -> Any:
        def put(cases: CaseStore) -> str:
            draft = cases.new_draft(asked["form"], asked.get("scope"))
            for count in range(1, len(asked["typed"]) + 1):
                # As the forms do: durable again with every keystroke.
                cases.put_draft(_with_note(draft, asked["typed"][:count]))
            return draft.id

        return await self._runtime.cases(put)

    async def _drafts(self, _: Mapping[str, Any]) -> Any:
        drafts = await self._runtime.cases(lambda cases: cases.drafts())
        return [{"id": one.id, "form": one.form, "content": dict(one.content)} for one in drafts]

    # -- reading ---------------------------------------------------------------------------------

    async def _record(self, asked: Mapping[str, Any]) -> Any:
        view = await self._runtime.cases(lambda cases: cases.record(asked["id"]))
        return None if view is None else _plain(view)

    async def _person(self, asked: Mapping[str, Any]) -> Any:
        found = await self._runtime.cases(lambda cases: cases.person(asked["id"]))
        return {
            "records": [_plain(view) for view in found.records],
            "teams": sorted(found.teams),
            "waiting": len(found.waiting),
        }

    async def _people(self, _: Mapping[str, Any]) -> Any:
        people = await self._runtime.cases(lambda cases: cases.people())
        return [one.to_plain() for one in people]

    async def _find(self, asked: Mapping[str, Any]) -> Any:
        hits = await self._runtime.cases(lambda cases: cases.find(asked["typed"]))
        return [hit.record_id for hit in hits]

    async def _waiting(self, _: Mapping[str, Any]) -> Any:
        saves = await self._runtime.cases(lambda cases: cases.waiting())
        return [
            {"state": one.state, "reason": one.reason, "set": one.change_set.header.id}
            for one in saves
        ]

    # -- what a coordinator asks the server ------------------------------------------------------

    async def _devices(self, _: Mapping[str, Any]) -> Any:
        entries = await self._runtime.ask_server(lambda client: client.devices())
        return [entry.model_dump() for entry in entries]

    async def _cases(self, _: Mapping[str, Any]) -> Any:
        cases = await self._runtime.ask_server(lambda client: client.cases())
        return [one.model_dump() for one in cases]

    async def _case(self, asked: Mapping[str, Any]) -> Any:
        content = await self._runtime.ask_server(lambda client: client.case(asked["id"]))
        return content.model_dump()

    async def _decide(self, asked: Mapping[str, Any]) -> Any:
        def decide(client: SyncClient) -> None:
            settle = client.accept_case if asked["accepts"] else client.set_aside_case
            settle(asked["id"], asked["reason"])

        await self._runtime.ask_server(decide)


def _edit(cases: CaseStore, wire: Mapping[str, Any]) -> Edit:
    shown = cases.record(wire["record"])
    base = shown.base(*wire["values"]) if shown else {}
    return Edit(wire["record"], wire["type"], wire["scope"], wire["values"], base)


def _with_note(draft: Any, note: str) -> Any:
    return type(draft)(
        draft.id, draft.form, draft.scope, draft.started_at, draft.changed_at, {"note": note}
    )


def _plain(view: RecordView) -> dict[str, Any]:
    return {
        "id": view.id,
        "type": view.type,
        "scope": view.scope,
        "values": dict(view.values),
        "heads": {
            key: [{"id": head.write_id, "value": head.value, "author": head.author} for head in of]
            for key, of in view.heads.items()
        },
        "conflicts": list(view.conflicts),
        "only_here": sorted(view.only_here),
    }


def control_app(commands: Commands, token: str) -> FastAPI:
    """The control API."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)

    @app.post("/do")
    async def do(request: Request) -> Response:
        if request.client is None or request.client.host != HOST:
            return PlainTextResponse("", status_code=403)
        given = request.headers.get("authorization", "")
        if not hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
            return PlainTextResponse("", status_code=403)
        asked = await request.json()
        command = commands.by_name.get(asked.get("do", ""))
        if command is None:
            return PlainTextResponse("", status_code=404)
        try:
            return JSONResponse({"ok": await command(asked)})
        except FieldAppError as error:
            return JSONResponse({"error": error.code, "values": error.values}, status_code=409)

    return app


async def run(data: Path, token: str, *, offline: bool, pace: PaceSettings) -> None:
    """Serve one device until the process is told to stop; says first where it is.

    Raises:
        StoreError: the data directory cannot be used.
    """
    runtime = DeviceRuntime(data, SystemClock(), SystemEntropy(), pace=pace)
    await runtime.open()
    await runtime.set_offline(offline)
    listening = take_port(0)
    app = control_app(Commands(runtime), token)
    config = uvicorn.Config(app, log_level="warning", access_log=False, timeout_graceful_shutdown=1)
    sys.stdout.write(json.dumps({"url": f"http://{HOST}:{listening.getsockname()[1]}"}) + "\n")
    sys.stdout.flush()
    # uvicorn raises the signal anew once it has stopped; the store is to be closed after that.
    signal.signal(signal.SIGTERM, lambda *_: None)
    try:
        await uvicorn.Server(config).serve(sockets=[listening])
    finally:
        await runtime.close()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="field_app.demo.device_process")
    parser.add_argument("data", type=Path)
    parser.add_argument("--offline", action="store_true")
    parser.add_argument("--interval", type=float, default=PaceSettings().interval)
    given = parser.parse_args(arguments)
    token = os.environ.get(TOKEN_VARIABLE, "")
    if not token:
        parser.error(f"{TOKEN_VARIABLE} is not set")
    log_to_stderr("info")
    pace = PaceSettings(interval=given.interval, back_off_first=1.0, spacing=1.0)
    asyncio.run(run(given.data, token, offline=given.offline, pace=pace))
    return 0


if __name__ == "__main__":
    sys.exit(main())
