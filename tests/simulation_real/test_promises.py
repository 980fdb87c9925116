"""What a journal promises is held against what was there: no loss passes, and no kill is blamed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from field_app.simulation.violation import Violation
from field_app.simulation_real.drafting import text_of
from field_app.simulation_real.enrolments import Found, judge_enrolments
from field_app.simulation_real.promises import Drafts, judge_waiting

A, B = "a1" * 16, "b2" * 16
WHOLE = text_of(A, 9)
TYPED = ["typed", A, WHOLE]
SAVING, DISCARDING, LEFT = ["saving", A], ["discarding", A], ["left", A]
Noted = list[list[Any]]


@pytest.mark.parametrize(
    ("noted", "at_the_end", "words"),
    [
        ([TYPED], {A: WHOLE}, ()),
        ([TYPED], {A: text_of(A, 11)}, ()),
        ([TYPED, ["drafts", {A: text_of(A, 10)}]], {A: text_of(A, 10)}, ()),
        ([], {B: text_of(B, 1)}, ()),
        ([TYPED, SAVING, LEFT], {}, (WHOLE,)),
        ([TYPED, SAVING, ["drafts", {}]], {}, (WHOLE,)),
        ([TYPED, SAVING], {A: WHOLE}, ()),
        ([TYPED, DISCARDING, ["drafts", {}]], {}, ()),
        ([TYPED, DISCARDING, LEFT], {}, ()),
    ],
    ids=str,
)
def test_what_a_kill_may_leave_of_a_draft_is_no_loss(
    noted: Noted, at_the_end: Mapping[str, str], words: tuple[str, ...]
) -> None:
    Drafts("whose").judge(noted, at_the_end, words)


@pytest.mark.parametrize(
    ("noted", "at_the_end", "words", "kind"),
    [
        ([TYPED], {A: WHOLE[:-1]}, (), "lost"),
        ([TYPED], {A: WHOLE[:-1] + "?"}, (), "lost"),
        ([TYPED], {}, (WHOLE,), "lost"),
        ([TYPED, ["drafts", {A: WHOLE[:-1]}]], {A: WHOLE}, (), "lost"),
        ([TYPED, ["drafts", {A: text_of(A, 10)}]], {A: WHOLE}, (), "lost"),
        ([TYPED, SAVING, LEFT], {}, (WHOLE[:-1],), "lost"),
        ([TYPED, SAVING, ["drafts", {}]], {}, (), "lost"),
        ([TYPED, SAVING, TYPED], {}, (WHOLE,), "lost"),
        ([TYPED, SAVING, LEFT], {A: WHOLE}, (WHOLE,), "duplicated"),
        ([TYPED, DISCARDING, LEFT], {A: WHOLE}, (), "duplicated"),
    ],
    ids=str,
)
def test_a_letter_lost_and_a_draft_that_came_back_are_seen(
    noted: Noted, at_the_end: Mapping[str, str], words: tuple[str, ...], kind: str
) -> None:
    with pytest.raises(Violation) as found:
        Drafts("whose").judge(noted, at_the_end, words)
    assert found.value.kind == kind


def test_what_waited_may_go_only_when_it_was_accepted() -> None:
    noted: Noted = [["waiting", {A: "held", B: "needs-human"}], ["waiting", {B: "set-aside"}]]
    judge_waiting("whose", noted, {A: "passed", B: "set-aside"})
    with pytest.raises(Violation):
        judge_waiting("whose", noted, {A: "held", B: "set-aside"})
    with pytest.raises(Violation):
        judge_waiting("whose", [*noted, ["waiting", {}]], {A: "passed", B: "set-aside"})


PHONE = Found("phone", "d1", "w1", "k1")
CODE = ("w1", "now")
DEVICE = ("d1", "w1", "now", "k1")


@pytest.mark.parametrize(
    ("found", "codes", "devices"),
    [
        ([Found("phone", "", "", "")], [CODE], [DEVICE]),
        ([Found("phone", "d1", "w1", "k2")], [CODE], [DEVICE]),
        ([], [CODE], [DEVICE]),
        ([PHONE, PHONE], [CODE, CODE], [DEVICE]),
        ([PHONE], [CODE, ("w1", "later")], [DEVICE]),
        ([PHONE], [], [DEVICE]),
    ],
    ids=str,
)
def test_a_code_without_a_device_and_a_device_without_a_phone_are_seen(
    found: list[Found], codes: list[Any], devices: list[Any]
) -> None:
    judge_enrolments([PHONE], [CODE], [DEVICE])
    with pytest.raises(Violation):
        judge_enrolments(found, codes, devices)
