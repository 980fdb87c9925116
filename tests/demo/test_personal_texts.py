"""Which words are somebody's own: all of them, and nothing that is only a code."""

from __future__ import annotations

from field_app.demo.personal_texts import PersonalTexts, texts_of
from field_app.domain.records import Assessment, Encounter, HealthNote, NavigationStep, Person

ID = "ab" * 16
OTHER = "cd" * 16
SCOPE = f"person/{ID}"


def words(record: Person | Encounter | HealthNote | Assessment | NavigationStep) -> set[str]:
    return {one.text for one in texts_of(record, SCOPE)}


def test_names_aliases_and_phones_are_words_codes_and_days_are_not() -> None:
    person = Person(
        id=ID,
        name="Majakkavahti",
        aliases=frozenset({"Sumutorvi", "Majakan ukki"}),
        phone="0000 123 456",
        phone_kind="prepaid",
        languages=frozenset({"fi"}),
        housing_situation="outdoors",
        housing_since="2026-01-02",
        own_worker=OTHER,
    )
    assert words(person) == {"Majakkavahti", "Sumutorvi", "Majakan ukki", "0000 123 456"}


def test_ids_instants_and_measures_are_no_words() -> None:
    note = HealthNote(
        id=ID, encounter=OTHER, at="2026-11-22T10:15:00.000Z", temperature="37.1", note="Haava."
    )
    assert words(note) == {"Haava."}


def test_a_text_of_several_lines_is_several_words() -> None:
    meeting = Encounter(id=ID, note="Ensimmäinen rivi.\n\n  Toinen rivi.")
    assert words(meeting) == {"Ensimmäinen rivi.", "Toinen rivi."}


def test_the_values_of_a_map_are_words_its_areas_are_not() -> None:
    assessment = Assessment(
        id=ID, worker_score={"housing": "4"}, need_note={"housing": "Nukkuu portaikossa"}
    )
    assert words(assessment) == {"Nukkuu portaikossa"}


def test_each_word_knows_who_may_see_it() -> None:
    meeting = Encounter(id=ID, place_text="Kalaranta", note="Juteltiin laivoista.")
    found = {(one.text, one.register, one.scope) for one in texts_of(meeting, SCOPE)}
    assert found == {
        ("Kalaranta", "common", SCOPE),
        ("Juteltiin laivoista.", "social", SCOPE),
    }


def test_a_retired_text_stands_no_more_but_is_still_to_be_looked_for() -> None:
    texts = PersonalTexts()
    texts.add(Person(id=ID, name="Majakkavahti", phone="0000 111"), SCOPE)
    texts.retire("0000 111")
    assert [one.text for one in texts.standing] == ["Majakkavahti"]
    assert texts.retired == ("0000 111",)


def test_a_change_of_some_keys_is_remembered_too() -> None:
    texts = PersonalTexts()
    texts.add_values("person", ID, SCOPE, {"safety": "Koira irti.", "languages/ar": True})
    assert [one.text for one in texts.standing] == ["Koira irti."]


def test_what_is_secret_of_health_was_said_nowhere_else() -> None:
    texts = PersonalTexts()
    texts.add(HealthNote(id=ID, note="Haava siisti."), SCOPE)
    texts.add(HealthNote(id=OTHER, note="Vointi hyvä."), SCOPE)
    texts.add(Encounter(id=ID, note="Vointi hyvä."), SCOPE)
    assert texts.secret_of_health() == {"Haava siisti."}


def test_words_never_show_in_a_repr() -> None:
    (one,) = texts_of(Person(id=ID, name="Majakkavahti"), SCOPE)
    assert "Majakkavahti" not in repr(one)
