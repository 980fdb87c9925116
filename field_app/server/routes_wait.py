"""The waiting request: kept open until there is something new for the device."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool

from field_app.server.calling import caller_of
from field_app.server.core import Core
from field_app.server.news import Look, look
from field_app.sync.waiting import WaitAnswer, WaitRequest


def router(core: Core) -> APIRouter:
    """The route of waiting devices."""
    routes = APIRouter(prefix="/v1")

    @routes.post("/wait")
    async def wait(request: Request, message: WaitRequest) -> WaitAnswer:
        caller = await run_in_threadpool(caller_of, core, request)

        def look_now() -> Look:
            with core.database.read() as connection:
                return look(connection, core.sealer, caller, message)

        gone = asyncio.ensure_future(_gone(request))
        try:
            return await core.waiting.wait(caller, look_now, message.seconds, gone)
        finally:
            gone.cancel()

    return routes


async def _gone(request: Request) -> None:
    """Return when the device has hung up."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
