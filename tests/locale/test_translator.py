"""Texts, dates and ages as people read them."""

from __future__ import annotations

import pytest

from field_app.domain.errors import AccessDenied, FieldAppError, InvalidRecord
from field_app.locale import LANGUAGES, Language, MissingText, Translator, best_language, key

NOON = "2026-11-22T10:15:00.000Z"


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("sv", "sv"),
        ("sv_FI.UTF-8", "sv"),
        ("en-GB", "en"),
        ("EN", "en"),
        ("de", "fi"),
        ("C.UTF-8", "fi"),
        ("", "fi"),
        (None, "fi"),
    ],
)
def test_an_unknown_language_becomes_finnish(wanted: str | None, found: Language) -> None:
    assert best_language(wanted) == found
    assert Translator(wanted).language == found


def test_a_text_is_filled_with_its_values() -> None:
    assert Translator("fi").t("date.with_time", date="1.2.", time="9.05") == "1.2. klo 9.05"


@pytest.mark.parametrize(
    ("language", "one", "many"),
    [
        ("fi", "1 päivä", "2 päivää"),
        ("sv", "1 dag", "2 dagar"),
        ("en", "1 day", "2 days"),
    ],
)
def test_a_count_chooses_its_form(language: str, one: str, many: str) -> None:
    assert Translator(language).n("date.days", 1) == one
    assert Translator(language).n("date.days", 2) == many


def test_a_key_kept_in_a_table_is_read_later() -> None:
    assert Translator("en").keyed(key("action.save")) == "Save"


def test_a_missing_text_raises_in_tests() -> None:
    with pytest.raises(MissingText, match=r"person\.nothing_such"):
        Translator("fi", strict=True).field("person", "nothing_such")


def test_a_missing_text_shows_its_last_part_in_the_field() -> None:
    assert Translator("fi", strict=False).field("person", "nothing_such") == "nothing such"


def test_a_text_that_lacks_a_value_raises_in_tests_without_naming_the_values() -> None:
    with pytest.raises(MissingText) as caught:
        Translator("fi", strict=True).t("date.with_time", date="Matti Esimerkki")
    assert "Matti" not in str(caught.value)


def test_a_text_that_lacks_a_value_still_shows_in_the_field() -> None:
    assert "{time}" in Translator("fi", strict=False).t("date.with_time", date="1.2.")


def test_a_value_with_braces_is_shown_as_it_is() -> None:
    shown = Translator("fi").t("date.with_time", date="{count}", time="{0}")
    assert shown == "{count} klo {0}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_error_becomes_one_sentence_with_its_values(language: str) -> None:
    shown = Translator(language).error(InvalidRecord("developer's detail", field="outcome"))
    assert "outcome" in shown
    assert "detail" not in shown
    assert shown.endswith(".")


@pytest.mark.parametrize("error", [FieldAppError(), AccessDenied("who asked")])
def test_a_developers_detail_is_never_shown(error: FieldAppError) -> None:
    assert "who asked" not in Translator("en").error(error)


def test_a_servers_code_becomes_the_same_sentence_as_the_error() -> None:
    say = Translator("fi")
    assert say.error_code("access_denied") == say.error(AccessDenied())


def test_dates_read_as_in_finland() -> None:
    say = Translator("fi")
    assert say.date("2026-11-22") == "22.11.2026"
    assert say.short_date("2026-11-22") == "22.11."
    assert say.weekday_date("2026-11-22") == "su 22.11."
    assert say.month("2026-11-22") == "marraskuu 2026"
    assert say.datetime(NOON) == "22.11.2026 klo 12.15"


def test_time_of_day_is_helsinkis_in_winter_and_summer() -> None:
    assert Translator("fi").time("2026-01-15T10:15:00.000Z") == "12.15"
    assert Translator("fi").time("2026-07-15T10:15:00.000Z") == "13.15"


def test_an_instant_late_in_the_evening_utc_is_the_next_day_in_helsinki() -> None:
    assert Translator("fi").date("2026-11-22T22:30:00.000Z") == "23.11.2026"


@pytest.mark.parametrize(
    ("day", "shown"),
    [
        ("2026-11-22", "tänään"),
        ("2026-11-21", "eilen"),
        ("2026-11-23", "huomenna"),
        ("2026-11-15", "7 päivää sitten"),
        ("2026-11-25", "3 päivän päästä"),
    ],
)
def test_a_day_is_told_from_today(day: str, shown: str) -> None:
    assert Translator("fi").days_ago(day, "2026-11-22") == shown


def test_yesterday_turns_at_helsinkis_midnight() -> None:
    before_midnight, after = "2026-11-22T21:59:00.000Z", "2026-11-22T22:01:00.000Z"
    assert Translator("fi").days_ago(before_midnight, after) == "eilen"


@pytest.mark.parametrize(
    ("now", "shown"),
    [
        ("2026-11-22T10:15:30.000Z", "juuri nyt"),
        ("2026-11-22T10:16:00.000Z", "1 min"),
        ("2026-11-22T11:14:59.000Z", "59 min"),
        ("2026-11-22T13:15:00.000Z", "3 t"),
        ("2026-11-24T10:15:00.000Z", "2 päivää"),
        ("2026-11-20T10:15:00.000Z", "juuri nyt"),
    ],
)
def test_an_age_is_coarse_and_never_negative(now: str, shown: str) -> None:
    assert Translator("fi").age(NOON, now) == shown


@pytest.mark.parametrize(
    ("language", "full", "with_weekday", "short"),
    [
        ("fi", "22.11.2026 klo 12.15", "su 22.11.", "22.11."),
        ("sv", "22.11.2026 kl. 12.15", "sön 22.11.", "22.11."),
    ],
)
def test_dates_and_times_are_dotted_in_both_languages_of_finland(
    language: str, full: str, with_weekday: str, short: str
) -> None:
    words = Translator(language)
    assert words.datetime("2026-11-22T10:15:00.000Z") == full
    assert words.weekday_date("2026-11-22") == with_weekday
    assert words.short_date("2026-11-22") == short
