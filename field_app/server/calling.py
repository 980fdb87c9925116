"""Who calls: the device by its token, and the worker behind it."""

from __future__ import annotations

from fastapi import Request
from sqlalchemy import Connection

from field_app.domain.errors import AccessDenied, NotAuthenticated
from field_app.server import policy
from field_app.server.core import Core
from field_app.server.policy import Purpose, Register, Relation
from field_app.server.standing import Standing, read_standing
from field_app.server.tokens import Caller

_BEARER = "Bearer "


def caller_of(core: Core, request: Request) -> Caller:
    """The device that a request's token belongs to.

    Raises:
        NotAuthenticated: no token, an unknown one, an expired one, or a revoked device.
        RateLimited: too many requests of this device.
    """
    header = request.headers.get("authorization", "")
    if not header.startswith(_BEARER):
        raise NotAuthenticated("no token")
    caller = core.authenticate(header.removeprefix(_BEARER))
    request.state.device = caller.device
    return caller


def require_access(connection: Connection, caller: Caller, purpose: Purpose) -> Standing:
    """The standing of a caller who may read, or administer, access facts.

    Raises:
        AccessDenied: the policy says no.
    """
    standing = read_standing(connection, caller.organisation, caller.worker)
    if not policy.allows(standing.role, Register.ACCESS, Relation.ORGANISATION, purpose):
        raise AccessDenied("access facts")
    return standing
