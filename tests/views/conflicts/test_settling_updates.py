"""Settling as pure updates: what an answer comes to, and what a change underneath does to it."""

from __future__ import annotations

from typing import Any

import pytest

from field_app.domain.errors import HousingOrderUnknown, InvalidRecord
from field_app.domain.settling import Way
from field_app.store.drafts import Draft
from field_app.store.record_view import RecordView, assemble
from field_app.sync.merge import Head, State, ordered
from field_app.views.conflicts.answers import (
    DATED,
    JOINED,
    OTHER,
    Answer,
    Settler,
    fault_of,
    settled,
)
from field_app.views.conflicts.disputes import Dispute, disputes_of
from field_app.views.conflicts.settle import (
    Changed,
    Choose,
    Dated,
    Discard,
    KeepDraft,
    Opened,
    Saved,
    SaveSettled,
    SettleFacts,
    Settling,
    Submit,
    Typed,
    answers_in,
    update,
)

PERSON, OUTI, NIKO = "ab" * 16, "50c1" * 8, "4e15" * 8
NOW = "2026-11-22T10:15:00.000Z"
EARLIER, LATER = "2026-11-22T09:00:00.000Z", "2026-11-22T09:30:00.000Z"
BY = Settler(PERSON, OUTI, NOW)
HOUSING = (
    {"housing_situation": "with_others", "housing_since": "2026-11-01"},
    {"housing_situation": "outdoors", "housing_since": "2026-11-15"},
)


def write_id(number: int) -> str:
    return f"{number:032x}:0"


def heads(*values: Any, first: int = 1) -> tuple[Head, ...]:
    people, times = (OUTI, NIKO, OUTI), (EARLIER, LATER, NOW)
    return ordered(
        Head(write_id(first + index), 1, value, people[index], times[index])
        for index, value in enumerate(values)
    )


def view_of(record_type: str = "person", register: str = "common", **keys: Any) -> RecordView:
    state = State(keys)
    return assemble(PERSON, record_type, f"person/{PERSON}", {register: state})  # type: ignore[dict-item]


def facts_of(view: RecordView, role: str = "nurse") -> SettleFacts:
    return SettleFacts(view, disputes_of(view, role), "Punapipo", PERSON, you=OUTI, now=NOW)


def only(view: RecordView, role: str = "nurse") -> Dispute:
    (found,) = disputes_of(view, role)
    return found


def opened(view: RecordView) -> Settling:
    draft = Draft("d" * 32, "settle", view.scope, NOW, NOW)
    return update(Settling(PERSON), Opened(facts_of(view), draft))[0]


def test_the_value_shown_now_stands_first_and_equal_values_stand_together() -> None:
    found = only(view_of(phone=heads("040 1", "040 2", "040 1")))
    assert [one.value for one in found.claims] == ["040 1", "040 2"]
    assert len(found.claims[0].heads) == 2
    assert len(found.base) == 3, "settling replaces the equal ones as well"


def test_health_conflicts_are_for_nurses_alone() -> None:
    view = view_of("health_note", "health", temperature=heads("37.1", "38"))
    assert disputes_of(view, "social_instructor") == ()
    assert disputes_of(view, "lead") == ()
    assert only(view, "nurse").is_hidden


def test_conflicts_stand_in_the_order_of_the_record_s_fields() -> None:
    view = view_of(where_found=heads("a", "b"), name=heads("c", "d"), phone=heads("e", "f"))
    assert [one.key for one in disputes_of(view, "lead")] == ["name", "phone", "where_found"]


def test_choosing_a_value_settles_on_that_value() -> None:
    found = only(view_of(phone=heads("040 1", "040 2")))
    chosen = settled(found, Answer(choice=found.claims[1].id), BY)
    assert chosen is not None
    assert chosen.value == found.claims[1].value


def test_an_emptied_value_can_be_chosen_too() -> None:
    found = only(view_of(phone=heads(None, "040 2")))
    empty = next(one for one in found.claims if one.value is None)
    chosen = settled(found, Answer(choice=empty.id), BY)
    assert chosen is not None
    assert chosen.value is None


def test_a_chosen_value_that_stands_no_more_settles_nothing() -> None:
    found = only(view_of(phone=heads("040 1", "040 2")))
    assert settled(found, Answer(choice=write_id(99)), BY) is None


def test_something_else_is_not_complete_before_it_is_said() -> None:
    found = only(view_of(phone=heads("040 1", "040 2")))
    assert settled(found, Answer(choice=OTHER), BY) is None
    assert settled(found, Answer(choice=OTHER, text="  "), BY) is None
    chosen = settled(found, Answer(choice=OTHER, text=" 040  3 "), BY)
    assert chosen is not None
    assert chosen.value == "040 3"


def test_what_a_field_cannot_hold_stands_in_the_way_of_saving() -> None:
    found = only(view_of(birth_year=heads(1980, 1981)))
    answer = Answer(choice=OTHER, text="kauan sitten")
    with pytest.raises(InvalidRecord):
        settled(found, answer, BY)
    assert fault_of(found, answer, BY) == "invalid_record"


def test_housing_is_not_settled_by_choosing_one_of_the_two() -> None:
    found = only(view_of(housing=heads(*HOUSING)))
    assert found.way is Way.WHEN
    assert settled(found, Answer(choice=found.claims[0].id), BY) is None


def test_the_latest_situation_holds_and_the_other_becomes_a_period() -> None:
    found = only(view_of(housing=heads(*HOUSING)))
    chosen = settled(found, Answer(choice=DATED), BY)
    assert chosen is not None
    assert chosen.value == HOUSING[1]
    (period,) = chosen.periods
    assert (period.situation, period.ended_on) == ("with_others", "2026-11-15")


def test_the_days_answered_change_which_one_holds_now() -> None:
    found = only(view_of(housing=heads(*HOUSING)))
    outdoors = next(one for one in found.claims if one.situation == "outdoors")
    answer = Answer(choice=DATED, days={outdoors.id: "2026-10-01"})
    chosen = settled(found, answer, BY)
    assert chosen is not None
    assert chosen.value["housing_situation"] == "with_others"


def test_two_situations_without_a_day_cannot_be_put_in_order() -> None:
    found = only(view_of(housing=heads(*HOUSING)))
    answer = Answer(choice=DATED, days={one.id: None for one in found.claims})
    with pytest.raises(HousingOrderUnknown):
        settled(found, answer, BY)


def test_members_of_a_newer_version_stay_in_a_settled_housing_value() -> None:
    newer = {**HOUSING[1], "housing_mood": "calm"}
    chosen = settled(only(view_of(housing=heads(HOUSING[0], newer))), Answer(choice=DATED), BY)
    assert chosen is not None
    assert chosen.value["housing_mood"] == "calm"


def test_a_housing_value_that_was_emptied_is_no_period() -> None:
    chosen = settled(only(view_of(housing=heads(None, HOUSING[0]))), Answer(choice=DATED), BY)
    assert chosen is not None
    assert (chosen.value, chosen.periods) == (HOUSING[0], ())


def test_a_correction_joined_is_by_its_settler_now() -> None:
    values = [
        {"correction_text": text, "correction_reason": text, "corrected_by": NIKO}
        for text in ("Tiistai.", "Keskiviikko.")
    ]
    found = only(view_of("encounter", "social", correction=heads(*values)))
    chosen = settled(found, Answer(choice=JOINED, text="Molemmat."), BY)
    assert chosen is not None
    assert chosen.value["correction_text"] == "Molemmat."
    assert (chosen.value["corrected_by"], chosen.value["corrected_at"]) == (OUTI, NOW)


def test_a_field_of_a_newer_version_is_not_settled_here() -> None:
    view = view_of(mood=heads("a", "b"))
    found = only(view)
    assert found.way is Way.NEWER
    assert settled(found, Answer(choice=found.claims[0].id), BY) is None


def test_every_answer_goes_to_the_draft_with_the_heads_it_was_given_upon() -> None:
    view = view_of(phone=heads("040 1", "040 2"))
    model, effects = update(opened(view), Typed("phone", "040 3"))
    (keep,) = effects
    assert isinstance(keep, KeepDraft)
    assert answers_in(keep.draft)["phone"].text == "040 3"
    assert {one[0] for one in keep.draft.bases[PERSON]["phone"]} == {write_id(1), write_id(2)}
    assert model.ready == ("phone",)


def test_a_draft_opens_where_it_was_left() -> None:
    view = view_of(phone=heads("040 1", "040 2"))
    model, _ = update(opened(view), Choose("phone", write_id(1)))
    assert model.draft is not None
    again, _ = update(Settling(PERSON), Opened(facts_of(view), model.draft))
    assert (again.answer("phone").choice, again.resumed) == (write_id(1), True)


def test_values_that_changed_since_the_draft_are_asked_again_but_the_text_stays() -> None:
    view = view_of(phone=heads("040 1", "040 2"))
    model, _ = update(opened(view), Choose("phone", OTHER, "040 3"))
    assert model.draft is not None
    newer = view_of(phone=heads("040 1", "040 9", first=2))
    again, _ = update(Settling(PERSON), Opened(facts_of(newer), model.draft))
    assert again.answer("phone") == Answer(choice=None, text="040 3")
    assert again.moved == {"phone"}
    assert again.ready == ()


def test_values_that_change_on_screen_take_the_choice_back_and_say_so() -> None:
    model, _ = update(opened(view_of(phone=heads("040 1", "040 2"))), Choose("phone", write_id(1)))
    model, _ = update(model, Changed(facts_of(view_of(phone=heads("040 1", "040 9", first=2)))))
    assert model.answer("phone").choice is None
    assert model.moved == {"phone"}
    model, _ = update(model, Choose("phone", write_id(2)))
    assert (model.ready, model.moved) == (("phone",), frozenset())


def test_other_days_are_confirmed_again() -> None:
    view = view_of(housing=heads(*HOUSING))
    model, _ = update(opened(view), Choose("housing", DATED))
    assert model.ready == ("housing",)
    model, _ = update(model, Dated("housing", write_id(1), "2026-11-20"))
    assert model.ready == ()


def test_saving_takes_what_is_complete_and_keeps_the_rest_in_the_draft() -> None:
    view = view_of(phone=heads("040 1", "040 2"), where_found=heads("Asema", "Tori"))
    model, _ = update(opened(view), Choose("phone", write_id(1)))
    model, _ = update(model, Choose("where_found", OTHER))
    model, _ = update(model, Typed("where_found", " "))
    model, (save,) = update(model, Submit())
    assert isinstance(save, SaveSettled)
    assert set(save.answers) == {"phone"}
    assert set(answers_in(save.draft)) == {"where_found"}
    assert model.busy
    assert update(model, Submit())[1] == (), "a second tap saves nothing twice"
    settled_view = view_of(phone=heads("040 1"), where_found=heads("Asema", "Tori"))
    model, _ = update(model, Saved(("phone",), facts_of(settled_view)))
    assert (model.done, model.busy, set(model.answers)) == (("phone",), False, {"where_found"})


def test_nothing_is_saved_before_something_is_complete() -> None:
    assert update(opened(view_of(phone=heads("040 1", "040 2"))), Submit())[1] == ()


def test_a_draft_thrown_away_asks_everything_again() -> None:
    model, _ = update(opened(view_of(phone=heads("040 1", "040 2"))), Typed("phone", "040 3"))
    model, (keep,) = update(model, Discard())
    assert isinstance(keep, KeepDraft)
    assert not answers_in(keep.draft)
    assert model.answer("phone") == Answer()


def test_no_repr_shows_what_was_written() -> None:
    model, (keep,) = update(opened(view_of(phone=heads("040 1", "040 2"))), Typed("phone", "040 3"))
    for said in (repr(model), repr(keep), repr(model.facts), repr(model.answers)):
        assert "040" not in said
        assert "Punapipo" not in said
