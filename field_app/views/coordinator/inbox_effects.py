"""What the inbox asks of the server."""

from __future__ import annotations

from collections.abc import AsyncIterator

from field_app.domain.display import list_names
from field_app.store.case_store import CaseStore
from field_app.sync.client import SyncClient
from field_app.sync.coordination import Case
from field_app.sync.protocol import Staff
from field_app.views.coordinator.inbox_program import (
    AskCase,
    AskCases,
    CaseFacts,
    CaseRead,
    CasesRead,
    Decide,
    Decided,
    NotRead,
)
from field_app.views.coordinator.office import OfficeRuntime, asked_while_shown
from field_app.views.program import Effects
from field_app.views.rights import may_read_health


def effects(runtime: OfficeRuntime) -> Effects:
    """The handlers of both inbox screens."""

    def ask_cases(_: AskCases) -> AsyncIterator[object]:
        return asked_while_shown(runtime, read_cases, NotRead)

    async def read_cases() -> object:
        cases = await runtime.ask_server(lambda client: client.cases())
        staff = await runtime.cases(_staff)
        return CasesRead(tuple(_readable(cases, _reads_health(runtime))), staff, runtime.now())

    async def ask_case(effect: AskCase) -> object:
        content = await runtime.ask_server(lambda client: client.case(effect.set_id))
        staff, names = await runtime.cases(_surroundings)
        account = runtime.account
        return CaseRead(
            CaseFacts(
                content,
                staff,
                names,
                reads_health=_reads_health(runtime),
                you=account.worker if account else "",
            )
        )

    async def decide(effect: Decide) -> object:
        def tell(client: SyncClient) -> None:
            if effect.accepts:
                client.accept_case(effect.set_id, effect.reason)
            else:
                client.set_aside_case(effect.set_id, effect.reason)

        await runtime.ask_server(tell)
        await runtime.sync_now()
        return Decided("accepted" if effect.accepts else "set_aside")

    return Effects().on(AskCases, ask_cases).on(AskCase, ask_case).on(Decide, decide)


def _reads_health(runtime: OfficeRuntime) -> bool:
    account = runtime.account
    return account is not None and may_read_health(account.role)


def _readable(cases: list[Case], reads_health: bool) -> list[Case]:
    """The server sends health cases to nurses alone; here it is asked once more."""
    return [one for one in cases if reads_health or one.register_name != "health"]


def _staff(store: CaseStore) -> Staff:
    return store.staff


def _surroundings(store: CaseStore) -> tuple[Staff, tuple[tuple[str, str], ...]]:
    names = list_names(one.summary for one in store.people())
    return store.staff, tuple((person, name or "") for person, name in names.items())
