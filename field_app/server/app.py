"""The HTTP application: routes under `/v1`, problems for errors, nothing cached, nothing leaked."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.middleware import Middleware

from field_app.server import problems, routes_cases, routes_staff, routes_sync, routes_wait
from field_app.server.access_log import AccessLog
from field_app.server.bodies import BodyLimit
from field_app.server.core import Core
from field_app.server.headers import SafeHeaders
from field_app.server.wire_log import WireLog


def create_app(core: Core) -> FastAPI:
    """Make the application over a server's parts."""
    app = FastAPI(
        title="Rinnalla",
        version="1",
        docs_url=None,  # its pages load scripts from elsewhere
        redoc_url=None,
        openapi_url="/v1/openapi.json",
        middleware=[Middleware(AccessLog)],
    )
    problems.install(app)
    if core.settings.wire_log is not None:
        app.add_middleware(WireLog, folder=core.settings.wire_log)
    app.add_middleware(BodyLimit)
    app.add_middleware(SafeHeaders)
    app.include_router(routes_sync.router(core))
    app.include_router(routes_wait.router(core))
    app.include_router(routes_staff.router(core))
    app.include_router(routes_cases.router(core))
    return app
