"""A save chooses declared codes; reading is wider."""

from __future__ import annotations

import pytest
from hypothesis import given

from field_app.domain.declaration import Record
from field_app.domain.errors import UnknownCode
from field_app.domain.known_codes import require_known_codes, unknown_codes
from field_app.domain.records import Assessment, Encounter
from tests.domain.given import an_id
from tests.domain.strategies import records

ID = an_id("record")


@given(records())
def test_what_forms_offer_can_be_saved(record: Record) -> None:
    require_known_codes(record)


def test_a_made_up_outcome_is_refused_by_the_name_of_its_field() -> None:
    encounter = Encounter(id=ID, outcome="vanished", topics=frozenset({"housing"}))
    with pytest.raises(UnknownCode) as caught:
        require_known_codes(encounter)
    assert caught.value.values == {"field": "encounter.outcome"}
    assert "vanished" not in str(caught.value)


def test_one_made_up_topic_among_good_ones_is_found() -> None:
    topics = frozenset({"housing", "weather"})
    assert unknown_codes(Encounter(id=ID, topics=topics)) == ("topics",)


def test_both_the_area_and_the_score_of_a_need_are_looked_at() -> None:
    assert unknown_codes(Assessment(id=ID, worker_score={"pets": "2"})) == ("worker_score",)
    assert unknown_codes(Assessment(id=ID, client_score={"housing": "5"})) == ("client_score",)
    assert unknown_codes(Assessment(id=ID, need_note={"pets": "koira"})) == ("need_note",)
