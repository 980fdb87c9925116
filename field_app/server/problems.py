"""Errors over HTTP: RFC 9457 problems with a stable `code`, and nothing of what was sent.

`sync/problems.py` reads them on the device; `values` fill the error's text.
"""

from __future__ import annotations

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from field_app.domain import errors
from field_app.domain.errors import FieldAppError

_STATUS: tuple[tuple[type[FieldAppError], int], ...] = (
    (errors.CodeUsed, 409),
    (errors.CodeExpired, 410),
    (errors.AccessDenied, 403),
    (errors.NotAuthenticated, 401),
    (errors.RateLimited, 429),
    (errors.BadSignature, 403),
    (errors.ChainForked, 409),
    (errors.ChainGap, 409),
    (errors.TooLarge, 413),
    (errors.NotFound, 404),
    (errors.AlreadyThere, 409),
    (errors.CannotAccept, 409),
    (errors.InvalidInput, 422),
    (errors.UpgradeRequired, 426),
    (errors.SyncError, 400),
    (errors.DatabaseFull, 507),
    (errors.DatabaseUnreachable, 503),
)
_log = structlog.get_logger("rinnalla.server")


def status_of(error: FieldAppError) -> int:
    """The HTTP status of an error."""
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 500)


def problem(error: FieldAppError, status: int | None = None) -> JSONResponse:
    """An error as a problem; its values are ids, counts, a challenge."""
    status = status or status_of(error)
    headers: dict[str, str] = {}
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if status == 429:
        headers["Retry-After"] = str(error.values.get("seconds", 1))
    content = {
        "type": f"urn:rinnalla:problem:{error.code}",
        "title": error.code.replace("_", " "),
        "status": status,
        "code": error.code,
        "values": dict(error.values),
    }
    return JSONResponse(content, status, headers, media_type="application/problem+json")


def install(app: FastAPI) -> None:
    """Answer every error of the application as a problem."""

    async def ours(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, FieldAppError)
        return problem(error)

    async def malformed(_: Request, __: Exception) -> JSONResponse:
        return problem(errors.Malformed("request"))

    async def http(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)
        found = errors.NotFound("path") if error.status_code == 404 else errors.Malformed("request")
        answer = problem(found, error.status_code)
        answer.headers.update(error.headers or {})
        return answer

    app.add_exception_handler(FieldAppError, ours)
    app.add_exception_handler(RequestValidationError, malformed)
    app.add_exception_handler(HTTPException, http)
    app.add_middleware(_LastResort)


class _LastResort:
    """Answers what nobody expected; logs where it happened, never what was in it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception as error:  # noqa: BLE001 - the last one there is
            _log.error("unexpected", **_where(error))
            if scope["type"] == "http" and not begun:
                await problem(FieldAppError("unexpected"))(scope, receive, send)


def _where(error: BaseException) -> dict[str, str | int]:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return {"error": type(error).__name__}
    code = trace.tb_frame.f_code
    return {"error": type(error).__name__, "where": code.co_qualname, "line": trace.tb_lineno}
