"""Cases: list, look into, accept, set aside."""

from __future__ import annotations

from fastapi import APIRouter, Request

from field_app.server.calling import caller_of
from field_app.server.cases import CaseDesk
from field_app.server.core import Core
from field_app.server.messages import Acceptance, SettingAside
from field_app.server.standing import read_standing
from field_app.sync.coordination import Case, CaseContent


def router(core: Core) -> APIRouter:
    """The routes of held and refused changes."""
    routes = APIRouter(prefix="/v1/cases")

    @routes.get("")
    def list_cases(request: Request) -> list[Case]:
        caller = caller_of(core, request)
        with core.database.read() as connection:
            standing = read_standing(connection, caller.organisation, caller.worker)
            desk = CaseDesk(connection, caller.organisation, standing, core.sealer, core.reader)
            return desk.cases()

    @routes.get("/{set_id}")
    def look(request: Request, set_id: str) -> CaseContent:
        caller = caller_of(core, request)
        with core.database.read() as connection:
            standing = read_standing(connection, caller.organisation, caller.worker)
            desk = CaseDesk(connection, caller.organisation, standing, core.sealer, core.reader)
            return desk.content(set_id)

    @routes.post("/{set_id}/accept")
    def accept(request: Request, set_id: str, message: Acceptance) -> dict[str, int]:
        return _decide(request, set_id, message.reason, accepts=True)

    @routes.post("/{set_id}/set-aside")
    def set_aside(request: Request, set_id: str, message: SettingAside) -> dict[str, int]:
        return _decide(request, set_id, message.reason, accepts=False)

    def _decide(request: Request, set_id: str, reason: str, *, accepts: bool) -> dict[str, int]:
        caller = caller_of(core, request)
        with core.database.write() as connection:
            standing = read_standing(connection, caller.organisation, caller.worker)
            desk = CaseDesk(connection, caller.organisation, standing, core.sealer, core.reader)
            now = core.clock.now()
            return {"sets": desk.decide(set_id, reason, now, accepts=accepts)}

    return routes
