"""A form and its draft: whatever was typed comes back exactly, through JSON."""

from __future__ import annotations

import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from field_app.views.contact.form import SETS, Form, Ids, Who, blank_form, toggled
from field_app.views.contact.kinds import KINDS, default_kind, kind_of, kinds_for
from field_app.views.contact.paths import (
    Start,
    new_contact,
    own_part_of,
    resumed,
    start_of,
)

IDS = Ids(*(f"{number:032x}" for number in range(6)))
NOW = "2026-11-22T10:15:00.000Z"
texts = st.text(max_size=40)
codes = st.frozensets(st.sampled_from(["housing", "wellbeing", "x1"]))


@st.composite
def forms(draw: st.DrawFn) -> Form:
    """Any form a person could leave behind."""
    form = replace(
        blank_form(IDS, NOW, draw(st.sampled_from(KINDS))),
        who=draw(st.none() | st.builds(Who, texts, texts, st.booleans())),
        agreed=draw(st.none() | st.booleans()),
        people_count=draw(st.integers(1, 500)),
        note=draw(texts),
        temperature=draw(texts),
        time_typed=draw(texts),
        next_on=draw(st.none() | st.sampled_from(["none", "2026-11-23"])),
    )
    for name in SETS:
        for code in draw(codes):
            form = toggled(form, name, code, True)
    return form


@given(forms())
def test_a_form_comes_back_from_its_draft_exactly(form: Form) -> None:
    assert Form.from_plain(json.loads(json.dumps(form.to_plain()))) == form


def test_a_draft_of_a_newer_version_opens_without_what_is_not_known() -> None:
    plain = {**blank_form(IDS, NOW).to_plain(), "brand_new": ["a", "b"]}
    assert Form.from_plain(plain) == blank_form(IDS, NOW)


def test_a_form_never_shows_its_content_in_its_repr() -> None:
    form = replace(
        blank_form(IDS, NOW),
        who=Who("p", "Salainen Nimi"),
        who_typed="Salainen",
        note="Salainen sana",
        condition="urgent",
    )
    assert "Salainen" not in repr(form)
    assert "urgent" not in repr(form)


def test_a_code_is_ticked_and_unticked() -> None:
    ticked = toggled(blank_form(IDS, NOW), "topics", "housing", True)
    assert ticked.topics == {"housing"}
    assert toggled(ticked, "topics", "housing", False).topics == frozenset()


def test_only_nurses_are_offered_the_health_part() -> None:
    assert "health" in kinds_for("nurse")
    assert "health" not in kinds_for("social_worker")
    assert default_kind("nurse") == "health"
    assert default_kind("social_instructor") == "street"


def test_a_recorded_contact_is_shown_in_the_form_it_was_made_in() -> None:
    assert kind_of("in_person", "street", "reached") == "street"
    assert kind_of("in_person", "home", "reached") == "home"
    assert kind_of("message", None, "reached") == "phone"
    assert kind_of("phone", None, "not_reached") == "not_reached"
    assert kind_of(None, None, None) == "street"


def test_paths_say_what_the_form_begins_with() -> None:
    person, encounter = "a" * 32, "b" * 32
    assert start_of(_last(new_contact())) == Start()
    assert start_of(_last(new_contact(person))) == Start(person_id=person)
    assert start_of(_last(new_contact(person, "home"))) == Start(person_id=person, kind="home")
    assert start_of(_last(own_part_of(encounter))) == Start(encounter_id=encounter)
    assert start_of(_last(resumed(encounter))) == Start(draft_id=encounter)
    assert start_of("new-kind-nonsense") == Start()
    assert start_of("new-person") == Start()


def test_leaving_leads_back_to_the_person_one_came_from() -> None:
    assert start_of("new-person-" + "a" * 32).back == "/people/" + "a" * 32
    assert start_of("new").back == "/"


def _last(path: str) -> str:
    return path.rpartition("/")[2]
