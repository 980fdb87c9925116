"""What the taking into use asks of the device."""

from __future__ import annotations

from typing import Protocol

from field_app.views.enrolment.program import (
    KeysFound,
    KeysMade,
    LookForKeys,
    MakeKeys,
    MakeWords,
    Redeem,
    WordsMade,
)
from field_app.views.program import Effects
from field_app.views.unlock import Secret


class EnrollingRuntime(Protocol):
    """A device that belongs to nobody yet."""

    @property
    def has_keys(self) -> bool:
        """Whether PIN and words were set here before."""
        ...

    async def new_passphrase(self) -> str:
        """Six generated words."""
        ...

    async def create_keys(self, pin: str, passphrase: str) -> None:
        """Set PIN and words, durably."""
        ...

    async def enrol(self, code_text: str) -> None:
        """Redeem a coordinator's code."""
        ...


def effects(runtime: EnrollingRuntime) -> Effects:
    """The handlers."""

    async def look(_: LookForKeys) -> KeysFound:
        return KeysFound(runtime.has_keys)

    async def make_words(_: MakeWords) -> WordsMade:
        return WordsMade(Secret(await runtime.new_passphrase()))

    async def make_keys(effect: MakeKeys) -> KeysMade:
        if not runtime.has_keys:
            await runtime.create_keys(effect.pin.text, effect.words.text)
        return KeysMade()

    async def redeem(effect: Redeem) -> None:
        await runtime.enrol(effect.code)

    return (
        Effects()
        .on(LookForKeys, look)
        .on(MakeWords, make_words)
        .on(MakeKeys, make_keys)
        .on(Redeem, redeem)
    )
