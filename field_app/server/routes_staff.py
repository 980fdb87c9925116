"""Access facts: staff, devices, codes, commands."""

from __future__ import annotations

from fastapi import APIRouter, Request
from sqlalchemy import Connection

from field_app.server import devices, enrolment
from field_app.server.access import Commander
from field_app.server.calling import caller_of, require_access
from field_app.server.core import Core
from field_app.server.messages import (
    AddTeam,
    AddWorker,
    ChangeRole,
    CodeMade,
    MakeCode,
    Membership,
    MovePerson,
    SetActive,
)
from field_app.server.organisation import read_staff_version
from field_app.server.policy import Purpose
from field_app.server.staff import read_staff
from field_app.server.tokens import Caller
from field_app.sync.coordination import DeviceEntry
from field_app.sync.protocol import Staff

Done = dict[str, str]


def router(core: Core) -> APIRouter:
    """The routes of access facts."""
    routes = APIRouter(prefix="/v1")

    def commander(connection: Connection, caller: Caller) -> Commander:
        standing = require_access(connection, caller, Purpose.ADMINISTER)
        return Commander(
            connection,
            caller.organisation,
            core.clock.now(),
            core.entropy,
            core.sealer,
            standing.worker,
        )

    @routes.get("/staff")
    def staff(request: Request) -> Staff:
        caller = caller_of(core, request)
        with core.database.read() as connection:
            require_access(connection, caller, Purpose.READ)
            version = read_staff_version(connection, caller.organisation)
            return read_staff(connection, caller.organisation, version)

    @routes.get("/devices")
    def list_devices(request: Request) -> list[DeviceEntry]:
        caller = caller_of(core, request)
        with core.database.read() as connection:
            require_access(connection, caller, Purpose.ADMINISTER)
            return devices.list_devices(connection, caller.organisation)

    @routes.post("/access/code")
    def make_code(request: Request, message: MakeCode) -> CodeMade:
        caller = caller_of(core, request)
        core.limits.of_code.take(caller.worker)
        with core.database.write() as connection:
            require_access(connection, caller, Purpose.ADMINISTER)
            made = enrolment.make_code(
                connection,
                core.entropy,
                core.clock.now(),
                caller.organisation,
                message.worker,
                core.settings.address,
                core.pin,
            )
        return CodeMade(code=made.code.encode(), expires_at=made.expires_at)

    @routes.post("/access/team")
    def add_team(request: Request, message: AddTeam) -> Done:
        caller = caller_of(core, request)
        with core.database.write() as connection:
            return {"team": commander(connection, caller).add_team(message.name)}

    @routes.post("/access/worker")
    def add_worker(request: Request, message: AddWorker) -> Done:
        caller = caller_of(core, request)
        with core.database.write() as connection:
            by = commander(connection, caller)
            return {"worker": by.add_worker(message.name, message.role, message.teams)}

    @routes.post("/access/join")
    def join(request: Request, message: Membership) -> Done:
        caller = caller_of(core, request)
        with core.database.write() as connection:
            commander(connection, caller).join_team(message.worker, message.team)
        return {}

    @routes.post("/access/leave")
    def leave(request: Request, message: Membership) -> Done:
        caller = caller_of(core, request)
        with core.database.write() as connection:
            commander(connection, caller).leave_team(message.worker, message.team)
        return {}

    @routes.post("/access/role")
    def change_role(request: Request, message: ChangeRole) -> Done:
        caller = caller_of(core, request)
        with core.database.write() as connection:
            commander(connection, caller).change_role(message.worker, message.role)
        return {}

    @routes.post("/access/active")
    def set_active(request: Request, message: SetActive) -> Done:
        caller = caller_of(core, request)
        with core.database.write() as connection:
            commander(connection, caller).set_active(message.worker, message.active)
        return {}

    @routes.post("/devices/{device}/revoke")
    def revoke(request: Request, device: str) -> Done:
        with core.database.write() as connection:
            commander(connection, caller_of(core, request)).revoke_device(device)
            core.revoked.add(device)
        return {}

    @routes.post("/access/move")
    def move(request: Request, message: MovePerson) -> Done:
        caller = caller_of(core, request)
        with core.database.write() as connection:
            commander(connection, caller).move_person(message.person, message.team)
        return {}

    return routes
