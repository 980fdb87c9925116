"""Histories that broke an invariant once, made small: each stays mended."""

from __future__ import annotations

import pytest

from field_app.simulation.play import play
from field_app.simulation.steps import History, Step

NOBODY: frozenset[int] = frozenset()
KNOWN = {
    "a team given again after a failover has another grant, and the device stayed halted": History(
        44,
        1,
        (
            Step("save", 3, 416699960),
            Step("pull", 3, 3955630119),
            Step("failover", 3, 3729246606),
            Step("access", 2, 1473845503),
        ),
        frozenset({0, 2}),
    ),
    "a round of a restored device ended before its own sets were there": History(
        96,
        0,
        (
            Step("sync", 1, 791650397),
            Step("save", 1, 2027856392),
            Step("sync", 1, 2644646287),
            Step("restore", 1, 103194104),
        ),
        NOBODY,
    ),
    "a restored device took an answer for the save it made while the page was on its way": History(
        29,
        3,
        (
            Step("sync", 0, 2942225853),
            Step("save", 0, 870936896),
            Step("sync", 0, 2027437260),
            Step("restore", 0, 1031623258),
        ),
        frozenset({0}),
    ),
    "a role changed in the middle of a start, and what it had brought stayed": History(
        111,
        2,
        (
            Step("save", 1, 675619417),
            Step("sync", 1, 843590365),
            Step("enrol", 0, 2228916560),
            Step("access", 3, 3716961878),
        ),
        NOBODY,
    ),
    "a record under two scopes was refused twice, and the app crashed": History(
        2151, 2, (Step("poison", 2, 3321823530), Step("poison", 2, 419759819)), NOBODY
    ),
    "a held save was accepted, and what it replaced unseen stood up again when it came": History(
        50978,
        0,
        (
            Step("save", 0, 1971332239),
            Step("save", 1, 3480937490),
            Step("save", 2, 2124519313),
            Step("save", 1, 691443439),
            Step("reuse", 1, 1667763967),
            Step("save", 1, 4184189742),
            Step("sync", 1, 1763124986),
            Step("save", 0, 2107216620),
            Step("reuse", 2, 4121774715),
            Step("save", 0, 2262290890),
            Step("save", 0, 4230478022),
            Step("sync", 2, 2826895040),
        ),
        NOBODY,
    ),
    "a forked device numbered a save behind the one upon it, and showed both": History(
        300429,
        1,
        (
            Step("save", 1, 451184912),
            Step("unseen", 1, 3177674794),
            Step("cross", 2, 3668462266),
            Step("forget", 2, 1554390249),
            Step("access", 0, 1450283344),
            Step("away", 1, 3023422264),
        ),
        frozenset({3}),
    ),
    "a save whose device died before it ever synced: nobody heard what it replaced": History(
        405064,
        1,
        (
            Step("save", 1, 2543335827),
            Step("save", 0, 1313679111),
            Step("save", 3, 2877260933, "device_disk_full"),
            Step("save", 3, 3439895802),
            Step("save", 2, 2998925818),
            Step("save", 2, 3666345042, "device_killed"),
            Step("access", 2, 1697098000, "server_disk_full"),
            Step("time", 0, 2112483979),
        ),
        frozenset({3}),
    ),
    "a fork on the last page: its save was answered, and what had to leave stayed for it": History(
        1002179,
        1,
        (
            Step("save", 0, 4161666299),
            Step("sync", 0, 2406562393),
            Step("access", 0, 701243440),
            Step("save", 0, 3787242028),
            Step("cross", 0, 3296790513),
            Step("time", 2, 648047087),
            Step("forget", 0, 3421701298),
        ),
        NOBODY,
    ),
    "a held save settled a conflict on its author's device, where nobody has accepted it": History(
        1107403,
        1,
        (
            Step("save", 1, 3848945802),
            Step("sync", 1, 2594201404),
            Step("sync", 0, 3451218765),
            Step("gate", 2, 1314287965),
            Step("save", 3, 1388207452),
            Step("gate", 2, 2584068397),
            Step("save", 1, 2568270872),
            Step("unseen", 0, 4294355365),
            Step("restore", 0, 3770280385),
        ),
        NOBODY,
    ),
    "a set took the sequence of a lost one with the same id, and nobody noticed the loss": History(
        2303431,
        2,
        (
            Step("save", 2, 3053762995),
            Step("reuse", 4, 4293691733),
            Step("pull", 4, 1052875075),
            Step("failover", 0, 2653750508),
        ),
        NOBODY,
    ),
    "a full disk met whoever watched, and a fork went unnoticed": History(
        2101414,
        3,
        (
            Step("save", 0, 2332889660),
            Step("sync", 0, 304456082),
            Step("save", 0, 2260530440),
            Step("cross", 0, 114720187),
            Step("restore", 0, 128891618),
            Step("sync", 0, 2990376125, "device_disk_full"),
        ),
        NOBODY,
    ),
}


@pytest.mark.parametrize("history", KNOWN.values(), ids=KNOWN.keys())
def test_it_holds_now(history: History) -> None:
    play(history)
