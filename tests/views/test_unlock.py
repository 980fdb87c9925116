"""Unlocking: a PIN or a passphrase, one try at a time, and no secret left lying about."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from field_app.views.failures import Failure
from field_app.views.runtime import Gate
from field_app.views.unlock import (
    Given,
    Model,
    Open,
    OtherWay,
    Refused,
    Secret,
    failed,
    init,
    update,
)
from tests.views.fake_runtime import FakeRuntime
from tests.views.scenes import gallery

Run = Callable[[Coroutine[Any, Any, None]], None]
PIN = "246810"


def test_a_given_pin_is_tried_once_until_it_is_answered() -> None:
    model, effects = update(Model(), Given(Secret(PIN)))
    assert model.busy
    assert effects == (Open(Secret(PIN)),)
    again, none = update(model, Given(Secret("111111")))
    assert (again, none) == (model, ())


def test_a_refusal_says_why_and_clears_what_was_typed() -> None:
    busy, _ = update(Model(), Given(Secret(PIN)))
    model, effects = update(busy, Refused(Failure("wrong_pin")))
    assert not model.busy
    assert model.attempts == 1
    assert model.failure == Failure("wrong_pin")
    assert effects == ()
    assert failed(Open(Secret(PIN)), Failure("x")) == Refused(Failure("x"))


def test_changing_the_way_forgets_the_old_complaint() -> None:
    refused, _ = update(Model(), Refused(Failure("wrong_pin")))
    model, _ = update(refused, OtherWay())
    assert model.with_passphrase
    assert model.failure is None


def test_no_repr_shows_the_secret() -> None:
    assert init() == (Model(), ())
    for each in (Secret(PIN), Given(Secret(PIN)), Open(Secret(PIN))):
        assert PIN not in repr(each)


def test_the_right_pin_opens(run: Run) -> None:
    async def scenario() -> None:
        async with gallery(FakeRuntime(Gate.LOCKED)) as phone:
            for digit in PIN:
                await phone.tap(digit)
            assert phone.shows("Kaikki tallessa palvelimella")

    run(scenario())


def test_a_wrong_pin_is_told_and_another_can_be_tried(run: Run) -> None:
    async def scenario() -> None:
        async with gallery(FakeRuntime(Gate.LOCKED)) as phone:
            for digit in "111111":
                await phone.tap(digit)
            assert phone.shows("Jokin meni vikaan")
            assert phone.shows("0 numeroa näppäilty")
            for digit in PIN:
                await phone.tap(digit)
            assert phone.shows("Kaikki tallessa palvelimella")

    run(scenario())


def test_the_typed_digits_are_counted_and_can_be_taken_back(run: Run) -> None:
    async def scenario() -> None:
        async with gallery(FakeRuntime(Gate.LOCKED)) as phone:
            await phone.tap("2")
            await phone.tap("2")
            assert phone.shows("2 numeroa näppäilty")
            await phone.tap("Poista numero")
            assert phone.shows("1 numero näppäilty")
            for digit in PIN[1:]:
                await phone.tap(digit)
            assert phone.shows("Kaikki tallessa palvelimella")

    run(scenario())


def test_a_passphrase_opens_as_well(run: Run) -> None:
    async def scenario() -> None:
        phrase = "yksi kaksi kolme neljä viisi kuusi"
        async with gallery(FakeRuntime(Gate.LOCKED, pin=phrase)) as phone:
            await phone.tap("Avaa tunnuslauseella")
            await phone.type_into("Tunnuslause", phrase)
            await phone.tap("Avaa")
            assert phone.shows("Kaikki tallessa palvelimella")
            assert phrase not in str(phone.tree)

    run(scenario())


def test_the_pin_never_reaches_the_client_as_text(run: Run) -> None:
    async def scenario() -> None:
        async with gallery(FakeRuntime(Gate.LOCKED)) as phone:
            for digit in "98765":
                await phone.tap(digit)
            assert "98765" not in str(phone.tree)

    run(scenario())


def test_a_pin_of_unknown_length_ends_with_a_tick_from_six_digits_on(run: Run) -> None:
    class Older(FakeRuntime):
        """A device that was taken into use before the length was kept."""

        @property
        def pin_digits(self) -> int | None:
            return None

    async def scenario() -> None:
        async with gallery(Older(Gate.LOCKED, pin="24681057")) as phone:
            for digit in "24681":
                await phone.tap(digit)
            with pytest.raises(AssertionError, match="disabled"):
                await phone.tap("PIN-koodi valmis")
            assert phone.shows("5 numeroa näppäilty")
            for digit in "057":
                await phone.tap(digit)
            await phone.tap("PIN-koodi valmis")
            assert phone.shows("Kaikki tallessa palvelimella")

    run(scenario())
