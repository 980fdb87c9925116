"""Enrol, renew a token, push, pull, health."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import ValidationError

from field_app.domain.errors import Malformed
from field_app.server import enrolment, tokens
from field_app.server.bodies import lines_answer, read_body
from field_app.server.calling import caller_of
from field_app.server.core import Core
from field_app.server.tokens import Refusal
from field_app.sync.admission import Enrolled, EnrolRequest, ForkRequest, Token, TokenRequest
from field_app.sync.protocol import PROTOCOL, PullRequest, PushAnswer, PushBatch

Body = Annotated[bytes, Depends(read_body)]


def router(core: Core) -> APIRouter:
    """The routes of a device's own traffic."""
    routes = APIRouter(prefix="/v1")

    @routes.post("/enrol")
    def enrol(request: Request, message: EnrolRequest) -> Enrolled:
        core.limits.of_address.take(_address(request))
        with core.database.write() as connection:
            return enrolment.redeem(connection, core.entropy, core.clock.now(), core.key, message)

    @routes.post("/token")
    def token(request: Request, message: TokenRequest) -> Token:
        core.limits.of_address.take(_address(request))
        with core.database.write() as connection:
            now = core.clock.now()
            if message.certificate and not message.challenge:
                device = enrolment.readmit(
                    connection, now, core.key, core.revoked, message.certificate
                )
                message = message.model_copy(update={"device": device})
            answer = tokens.renew(connection, core.entropy, now, message)
        if isinstance(answer, Refusal):
            raise answer.error
        return answer

    @routes.post("/fork")
    def fork(request: Request, message: ForkRequest) -> Enrolled:
        caller = caller_of(core, request)
        with core.database.write() as connection:
            now = core.clock.now()
            return enrolment.fork(connection, core.entropy, now, core.key, caller, message)

    @routes.post("/push", response_model=PushAnswer)
    def push(request: Request, body: Body) -> PushAnswer:
        caller = caller_of(core, request)
        batch = PushBatch.decode(body)
        return core.pusher.push(caller, batch, core.clock.now())

    @routes.post("/pull", response_class=Response)
    def pull(request: Request, body: Body) -> Response:
        caller = caller_of(core, request)
        try:
            message = PullRequest.model_validate_json(body)
        except ValidationError:
            raise Malformed("pull request") from None
        page = core.puller.pull(caller, message, core.clock.now())
        return lines_answer(request, page)

    @routes.get("/health")
    def health() -> dict[str, str | int]:
        with core.database.read() as connection:
            connection.exec_driver_sql("SELECT 1")
        return {"status": "ok", "protocol": PROTOCOL}

    return routes


def _address(request: Request) -> str:
    return request.client.host if request.client else "unknown"
