"""The line that says where the work is: words and an icon, never a colour alone."""

from __future__ import annotations

import pytest

from field_app.locale import LANGUAGES, Translator
from field_app.views.sync_strip import Strip, strip_of
from field_app.views.theme import ATTENTION, CALM, GOOD, PROBLEM
from tests.views.fake_runtime import NOW, FakeSync

TWO_HOURS_AGO = "2026-11-22T08:10:00.000Z"


def strip(status: FakeSync | None, language: str = "fi") -> Strip:
    """The line of a status."""
    return strip_of(status, NOW, Translator(language))


def test_all_safe_is_said_plainly() -> None:
    line = strip(FakeSync())
    assert (line.text, line.tone) == ("Kaikki tallessa palvelimella", GOOD)


def test_what_is_only_here_is_counted_and_its_oldest_dated() -> None:
    line = strip(FakeSync(pending=3, oldest_pending=TWO_HOURS_AGO))
    assert line.text == "3 vain tässä laitteessa, vanhin 2 t"
    assert line.tone == ATTENTION


def test_offline_says_both_that_and_what_is_only_here() -> None:
    line = strip(FakeSync(pending=3, oldest_pending=TWO_HOURS_AGO, online=False))
    assert line.text.startswith("Ei verkkoa. 3 vain tässä laitteessa")


def test_offline_with_nothing_pending_is_calm() -> None:
    line = strip(FakeSync(online=False))
    assert line.tone == CALM
    assert "Ei verkkoa" in line.text


def test_a_running_sync_shows_how_far_it_is() -> None:
    line = strip(FakeSync(pending=3, oldest_pending=TWO_HOURS_AGO, percent=40))
    assert (line.text, line.percent) == ("Synkronoidaan 40 %", 40)


def test_a_problem_comes_before_everything_and_says_what_to_do() -> None:
    line = strip(FakeSync(pending=9, percent=10, waiting_for_human=2, problem="bad_signature"))
    assert line.tone == PROBLEM
    assert line.text == Translator("fi").t("error.bad_signature")


def test_changes_kept_aside_are_never_hidden_by_a_running_sync() -> None:
    line = strip(FakeSync(waiting_for_human=2, percent=10))
    assert line.tone == ATTENTION
    assert line.text.startswith("2 muutosta odottaa")


def test_before_the_store_is_open_nothing_is_promised() -> None:
    assert "tallessa" not in strip(None).text


def test_a_clock_that_was_set_back_gives_no_negative_age() -> None:
    line = strip(FakeSync(pending=1, oldest_pending="2026-11-22T12:00:00.000Z"))
    assert line.text == "1 vain tässä laitteessa, vanhin juuri nyt"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_has_words_and_an_icon_of_its_own(language: str) -> None:
    states = (
        FakeSync(),
        FakeSync(pending=1, oldest_pending=NOW),
        FakeSync(online=False),
        FakeSync(percent=1),
        FakeSync(waiting_for_human=1),
        FakeSync(problem="sync"),
    )
    lines = [strip(state, language) for state in states]
    assert len({line.text for line in lines}) == len(states)
    assert len({line.icon for line in lines}) == len(states)


@pytest.mark.parametrize(
    "status",
    [
        FakeSync(pending=3, oldest_pending=TWO_HOURS_AGO, problem="bad_signature"),
        FakeSync(pending=3, oldest_pending=TWO_HOURS_AGO, waiting_for_human=1),
        FakeSync(pending=3, oldest_pending=TWO_HOURS_AGO, percent=40),
    ],
)
def test_what_is_only_here_is_said_beside_whatever_has_to_be_said_first(status: FakeSync) -> None:
    assert strip(status).also == "3 vain tässä laitteessa, vanhin 2 t"


@pytest.mark.parametrize("code", ["not_authenticated", "device_revoked", "bad_signature"])
@pytest.mark.parametrize(("language", "whom"), [("fi", "koordinaattoriin"), ("en", "coordinator")])
def test_a_device_that_is_refused_is_told_whom_to_turn_to_and_that_nothing_is_lost(
    code: str, language: str, whom: str
) -> None:
    line = strip(FakeSync(pending=1, oldest_pending=TWO_HOURS_AGO, problem=code), language)
    assert whom in line.text
    assert line.also
