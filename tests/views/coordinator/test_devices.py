"""Devices: who has unsynced work and since when, a one-time code, taking a device out of use."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from field_app.sync.coordination import DeviceEntry
from field_app.sync.enrolment_code import EnrolmentCode
from field_app.views.coordinator.code_program import (
    CodeMade,
    CountDown,
    MakeCode,
    NewDevice,
    Tick,
    update,
)
from field_app.views.coordinator.code_render import clock_text, picture_of
from tests.views.conflicts.pair import at
from tests.views.desk import CODE, DeskPhone, desk
from tests.views.phones import LEAD, NURSE, SOCIAL

Run = Callable[[Coroutine[Any, Any, None]], None]
OLD, NEW = "de01" * 8, "de02" * 8


def entry(device: str, worker: str, **facts: Any) -> DeviceEntry:
    known = {"enrolled_at": "2026-10-01T08:00:00.000Z", "app": "0.1.0", **facts}
    return DeviceEntry(device=device, worker=worker, **known)


@pytest.fixture
def lead(tmp_path: Path) -> DeskPhone:
    made = desk(tmp_path, LEAD)
    made.office.entries = [
        entry(NEW, NURSE, last_seen_at="2026-11-22T10:10:00.000Z"),
        entry(
            OLD,
            SOCIAL,
            last_seen_at="2026-11-20T10:10:00.000Z",
            unsynced=4,
            oldest_at="2026-11-19T10:10:00.000Z",
        ),
        entry(made.store.require_identity().device, LEAD, last_seen_at=made.now()),
    ]
    return made


def test_whoever_has_the_oldest_unsynced_work_stands_first(run: Run, lead: DeskPhone) -> None:
    async def scenario() -> None:
        async with at(lead, "/devices") as client:
            said = client.texts()
            assert said.index("Outi Testi") < said.index("Niko Koe")
            assert client.shows("4 muutosta vain laitteessa, vanhin 3 päivää")
            assert client.shows("Yhteydessä viimeksi 2 päivää sitten · versio 0.1.0")
            assert client.shows("tämä laite")

    run(scenario())


def test_taking_a_device_out_of_use_asks_first_and_says_what_stays_on_it(
    run: Run, lead: DeskPhone
) -> None:
    async def scenario() -> None:
        async with at(lead, "/devices") as client:
            buttons = [
                e for e in client.walk(client.scope()) if e.get("content") == "Poista käytöstä"
            ]
            assert len(buttons) == 2, "never one's own device"
            await client.event(buttons[0], "click")
            assert client.shows("Poistetaanko laite käytöstä: Outi Testi?")
            assert client.shows("4 muutosta on vain tässä laitteessa ja jää siihen.")
            await client.tap("Peruuta")
            assert not any(one.revoked for one in lead.office.entries)
            await client.event(
                next(
                    e for e in client.walk(client.scope()) if e.get("content") == "Poista käytöstä"
                ),
                "click",
            )
            await client.tap("Poista käytöstä")
            await client.until(lambda: client.shows("Poistettu käytöstä"))

    run(scenario())
    assert [one.device for one in lead.office.entries if one.revoked] == [OLD]


def test_without_the_server_the_devices_say_so(run: Run, lead: DeskPhone) -> None:
    lead.office.is_away = True

    async def scenario() -> None:
        async with at(lead, "/devices") as client:
            await client.until(lambda: client.shows("Palvelimeen ei saada yhteyttä"))

    run(scenario())


def test_a_code_for_a_worker_is_shown_in_groups_as_a_picture_and_with_its_time(
    run: Run, lead: DeskPhone
) -> None:
    async def scenario() -> None:
        async with at(lead, "/devices") as client:
            await client.tap("Uusi laite")
            await client.until(lambda: client.shows("Kenelle?"))
            await client.tap("Niko Koe")
            await client.tap("Tee koodi")
            await client.until(lambda: client.shows("K7QD"))
            for group in ("2M4X", "0JZ8", "9TRN", "5W3C", "HF6Y", "1B8E"):
                assert client.shows(group)
            assert client.shows("Palvelin 127.0.0.1:8700")
            assert client.shows("Voimassa vielä 10:00") or client.shows("Voimassa vielä 9:")
            assert client.count("Image") == 1
            lead.device.clock.move(minutes=11)
            await client.until(lambda: client.shows("Koodin aika päättyi"), 5)
            assert not client.shows("K7QD")
            assert client.count("Image") == 0

    run(scenario())
    assert lead.office.codes_for == [NURSE]


def test_no_code_without_the_server(run: Run, lead: DeskPhone) -> None:
    async def scenario() -> None:
        async with at(lead, "/devices/code") as client:
            await client.tap("Niko Koe")
            lead.office.is_away = True
            await client.tap("Tee koodi")
            await client.until(lambda: client.shows("verkko") or client.shows("Ei verkkoa"))
            assert client.count("Image") == 0

    run(scenario())


def test_the_countdown_ends_with_the_code_off_the_screen() -> None:
    model, effects = update(
        NewDevice(worker=NURSE, busy=True),
        CodeMade(CODE, "2026-11-22T10:25:00.000Z", "2026-11-22T10:15:00.000Z"),
    )
    assert effects == (CountDown("2026-11-22T10:25:00.000Z"),)
    assert model.seconds_left == 600
    model, _ = update(model, Tick("2026-11-22T10:24:59.000Z"))
    assert (model.seconds_left, model.shown is not None) == (1, True)
    model, _ = update(model, Tick("2026-11-22T10:25:00.000Z"))
    assert (model.shown, model.ended) == (None, True)


def test_nobody_s_code_is_made() -> None:
    from field_app.views.coordinator.code_program import Make

    assert update(NewDevice(), Make())[1] == ()
    assert update(NewDevice(worker=NURSE), Make())[1] == (MakeCode(NURSE),)


def test_the_code_is_in_no_repr() -> None:
    event = CodeMade(CODE, "2026-11-22T10:25:00.000Z", "2026-11-22T10:15:00.000Z")
    assert "K7QD" not in repr(event)
    assert "K7QD" not in repr(update(NewDevice(), event)[0])


def test_the_picture_is_a_square_png_with_a_quiet_zone(tmp_path: Path) -> None:
    path = tmp_path / "code.png"
    path.write_bytes(picture_of(EnrolmentCode("127.0.0.1:8700", b"\x01" * 16).encode()))
    with Image.open(path) as picture:
        assert picture.size[0] == picture.size[1] > 150
        assert picture.convert("L").getpixel((0, 0)) == 255


@pytest.mark.parametrize(("seconds", "text"), [(600, "10:00"), (65, "1:05"), (0, "0:00")])
def test_the_time_left_is_minutes_and_seconds(seconds: int, text: str) -> None:
    assert clock_text(seconds) == text
