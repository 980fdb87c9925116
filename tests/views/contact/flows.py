"""What the tests of Today and the contact share: the app of both screens on a phone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import flet as ft

from field_app.locale import key
from field_app.store.drafts import Draft
from field_app.views.app import AppParts
from field_app.views.contact import effects as contact
from field_app.views.contact.screen import DOORWAY, FORM
from field_app.views.program import Effects
from field_app.views.routes import Detail, Section
from field_app.views.runtime import Gate
from field_app.views.today import effects as today
from field_app.views.today.screen import SCREEN
from tests.views.flet_client import FletClient
from tests.views.phones import Phone, app_of, opened

SECTIONS = (
    Section("/", key("nav.today"), ft.Icons.TODAY_OUTLINED, ft.Icons.TODAY, SCREEN),
    Section(
        "/contact",
        key("action.record"),
        ft.Icons.EDIT_NOTE,
        ft.Icons.EDIT_NOTE,
        DOORWAY,
        (Detail(":draft_id", FORM),),
        in_bar=False,
    ),
)


def effects(runtime: Any) -> Effects:
    """Both screens' handlers."""
    return today.effects(runtime).with_all(contact.effects(runtime))


def app(phone: Phone, language: str = "fi") -> AppParts:
    """The app of both screens."""
    return app_of(phone, SECTIONS, effects, language)


@dataclass
class Hand:
    """A worker's hand on the phone: it taps and types, and the taps are counted."""

    client: FletClient
    phone: Phone
    taps: int = 0

    async def tap(self, text: str) -> None:
        """Tap the one thing with this text, once it is in sight."""
        self.taps += 1
        await self.client.until(lambda: text in self.client.texts())
        await self.client.tap(text)

    async def tap_row(self, text: str) -> None:
        """Tap a row that holds this text."""
        self.taps += 1
        await self.client.tap_inside(text)

    async def type(self, label: str, text: str) -> None:
        """Leave this text in a field."""
        await self.client.type_into(label, text)

    async def key_by_key(self, label: str, text: str) -> AsyncIterator[str]:
        """Type one key after the other; yields what the field holds after each."""
        for end in range(1, len(text) + 1):
            await self.client.type_into(label, text[:end])
            yield text[:end]

    async def sees(self, text: str) -> None:
        """Wait until a text is in sight."""
        await self.client.until(lambda: self.client.shows(text))

    async def sees_no(self, text: str) -> None:
        """Wait until a text is out of sight."""
        await self.client.until(lambda: not self.client.shows(text))

    async def lock_and_unlock(self) -> None:
        """The app locks, in a pocket, and is opened again."""
        self.phone.turn(Gate.LOCKED)
        await self.sees("Anna PIN-koodi")
        self.phone.turn(Gate.UNLOCKED)
        await self.sees_no("Anna PIN-koodi")

    async def drafts_on_disk(self) -> list[Draft]:
        """Every draft, once all that was asked of the store's thread is done."""
        await self.client.settle()
        return await self.phone.cases(lambda store: store.drafts())


@asynccontextmanager
async def hand_on(
    phone: Phone, route: str = "/", language: str = "fi", width: float = 412
) -> AsyncIterator[Hand]:
    """The app, open on a phone, and a hand on it."""
    async with opened(app(phone, language), route, width) as client:
        yield Hand(client, phone)
