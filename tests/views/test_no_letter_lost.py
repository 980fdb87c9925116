"""On every screen that takes words: a screen drawn again never takes a letter back.

The hand is ahead of the app: the next letter stands in the field before the last one's event was
handled. Whatever is drawn meanwhile, the field keeps what the hand wrote.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from field_app.system_clock import SystemClock, SystemEntropy
from field_app.views.app import AppParts
from field_app.views.device_runtime import DeviceRuntime
from field_app.views.enrolment import screen as enrolment
from field_app.views.opening import page_opener
from field_app.views.wiring import SECTIONS, effects_of
from tests.store.makers import CHEAP, MemoryKeystore
from tests.views.case import full_case, on_screen, social_phone
from tests.views.contact.flows import hand_on
from tests.views.flet_client import FletClient
from tests.views.phones import SOCIAL, add_person, phone

Run = Callable[[Coroutine[Any, Any, None]], None]
Opened = Callable[[Path], AbstractAsyncContextManager[FletClient]]


async def type_ahead(client: FletClient, label: str) -> None:
    """Two letters, the second before the first one's event is handled."""
    field = client.find("TextField", label)
    number, before = field["_i"], field.get("value") or ""
    first, both = f"{before}4", f"{before}42"
    client.session.apply_patch(number, {"value": first})
    handled = asyncio.ensure_future(client.session.dispatch_event(number, "change", first))
    client.session.apply_patch(number, {"value": both})
    field["value"] = both
    await handled
    await client.settle()
    assert client.find("TextField", label).get("value") == both
    await client.event(field, "change", both, value=both)
    await client.settle()
    await client.resize(1280, 800)  # the whole screen is drawn anew, from what the app holds
    await client.resize(412, 915)
    assert client.find("TextField", label).get("value") == both


@asynccontextmanager
async def contact(folder: Path, path: str) -> AsyncIterator[FletClient]:
    """A contact being recorded."""
    held = phone(folder, SOCIAL)
    add_person(held, "Kettu")
    async with hand_on(held, path) as hand:
        await hand.sees("Kettu") if "anonymous" not in path else await hand.sees("Alue")
        yield hand.client


@asynccontextmanager
async def of_person(folder: Path, path: str) -> AsyncIterator[FletClient]:
    """A form of somebody's."""
    case = full_case(social_phone(folder))
    async with on_screen(case.phone, path.replace("PERSON", case.path)) as client:
        yield client


@asynccontextmanager
async def new_device(folder: Path) -> AsyncIterator[FletClient]:
    """A device nobody has enrolled."""
    runtime = DeviceRuntime(
        folder, SystemClock(), SystemEntropy(), keystore=MemoryKeystore(), cost=CHEAP
    )
    parts = AppParts(runtime, SECTIONS, enrolment.SCREEN, lambda _: effects_of(runtime))
    try:
        async with FletClient.open(page_opener(parts)) as client:
            await client.until(lambda: client.shows("Ota laite käyttöön"))
            yield client
    finally:
        await runtime.close()


@pytest.mark.parametrize(
    ("opened", "label"),
    [
        (lambda folder: contact(folder, "/contact/new"), "Kirjaus"),
        (lambda folder: contact(folder, "/contact/new"), "Kenen kanssa?"),
        (lambda folder: contact(folder, "/contact/new-kind-not_reached"), "Mistä etsittiin"),
        (lambda folder: contact(folder, "/contact/new-kind-anonymous"), "Alue"),
        (lambda folder: of_person(folder, "PERSON/task/new"), "Tehtävä"),
        (lambda folder: of_person(folder, "PERSON/step/new"), "Mitä"),
        (lambda folder: of_person(folder, "PERSON/edit"), "Puhelin"),
        (lambda folder: of_person(folder, "PERSON/edit"), "Uusi nimi tai lempinimi"),
        (
            lambda folder: of_person(folder, "PERSON/assessment/new"),
            "Asiakkaan ääni ja tavoitteet",
        ),
        (lambda folder: of_person(folder, "/people"), "Hae nimi, paikka tai teksti"),
        (lambda folder: of_person(folder, "/directory"), "Hae palvelua, paikkaa, kuntaa"),
        (lambda folder: of_person(folder, "/directory/new"), "Nimi"),
        (new_device, "Käyttöönottokoodi"),
    ],
)
def test_the_letter_that_came_while_the_screen_was_drawn_stays(
    tmp_path: Path, run: Run, opened: Opened, label: str
) -> None:
    async def scenario() -> None:
        async with opened(tmp_path) as client:
            await type_ahead(client, label)

    run(scenario())
