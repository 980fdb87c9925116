"""What the settings ask of the device."""

from __future__ import annotations

from typing import Protocol

from field_app.views.preferences.program import KeepLanguage, PinChanged, SetPin
from field_app.views.program import Effects


class PreferringRuntime(Protocol):
    """A device with preferences and a PIN."""

    async def keep_language(self, language: str) -> None:
        """Keep the language on this device."""
        ...

    async def change_pin(self, new_pin: str, secret: str) -> None:
        """Set a new PIN, proved by the old one or the passphrase."""
        ...


def effects(runtime: PreferringRuntime) -> Effects:
    """The handlers."""

    async def keep(effect: KeepLanguage) -> None:
        await runtime.keep_language(effect.language)

    async def set_pin(effect: SetPin) -> PinChanged:
        await runtime.change_pin(effect.new.text, effect.old.text)
        return PinChanged()

    return Effects().on(KeepLanguage, keep).on(SetPin, set_pin)
