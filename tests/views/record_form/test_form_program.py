"""A form as a program: every change goes to the draft, a save holds what was changed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from field_app.domain.records import Person, Task
from field_app.store.drafts import Draft
from field_app.store.record_view import RecordView
from field_app.views.assessment.screen import KIND as ASSESSMENT
from field_app.views.failures import Failure
from field_app.views.person.edit import KIND as PERSON
from field_app.views.record_form.kinds import NEW, FormFacts
from field_app.views.record_form.program import (
    FIELDS,
    RECORD,
    SHOWN,
    Choose,
    Discard,
    Discarded,
    DropDraft,
    Form,
    NothingHere,
    Opened,
    OpenForm,
    Put,
    PutDraft,
    PutIn,
    Reveal,
    Saved,
    SaveFailed,
    SaveForm,
    Submit,
    Toggle,
    begin,
    failed,
    update,
)
from field_app.views.steps.task import KIND as TASK

NOW = "2026-11-22T10:15:00.000Z"
ID, ME = "a" * 32, "b" * 32


def draft(**content: Any) -> Draft:
    return Draft("d", "task", "person/p", NOW, NOW, content)


def new_task(**content: Any) -> Form:
    form, _ = begin(TASK, "p", NEW)
    facts = FormFacts(draft(**content), ID, True, NOW, ME, "nurse")
    return update(form, Opened(facts))[0]


def person_form(**known: Any) -> Form:
    record = Person.model_validate({"id": ID, **known})
    view = RecordView(
        ID, "person", "person/p", record.to_keys(), {}, {}, (), frozenset(), record=record
    )
    form, _ = begin(PERSON, ID, ID)
    return update(form, Opened(FormFacts(draft(), ID, False, NOW, ME, "nurse", view)))[0]


def test_a_form_begins_by_reading_its_record_and_draft() -> None:
    form, effects = begin(TASK, "p", "")
    assert form.facts is None
    assert effects == (OpenForm(TASK, "p", NEW),)


def test_a_new_task_is_open_and_its_author_s_own() -> None:
    form = new_task()
    assert form.values["status"] == "open"
    assert form.values["owner"] == ME
    assert not form.touched


def test_every_change_goes_to_the_draft_as_a_whole() -> None:
    form, effects = update(new_task(), Put("title", "Soita"))
    (put,) = effects
    assert isinstance(put, PutDraft)
    assert put.draft.content[RECORD] == ID
    assert put.draft.content[FIELDS]["title"] == "Soita"
    assert put.draft.content[SHOWN]["title"] is None
    assert form.touched


def test_a_draft_left_behind_is_taken_up_as_it_was() -> None:
    form = new_task(**{RECORD: ID, FIELDS: {"title": "Soi"}, SHOWN: {"title": None}})
    assert form.values == {"title": "Soi"}
    assert form.resumed


def test_a_second_tap_takes_a_choice_back() -> None:
    form, _ = update(new_task(), Choose("status", "done"))
    assert form.values["status"] == "done"
    form, _ = update(form, Choose("status", "done"))
    assert form.values["status"] is None


def test_ticks_come_and_go_one_by_one() -> None:
    form, _ = update(person_form(), Toggle("languages", "fi", True))
    form, _ = update(form, Toggle("languages", "ar", True))
    form, _ = update(form, Toggle("languages", "fi", False))
    assert form.changed == {"languages": ["ar"]}


def test_a_map_keeps_its_other_elements() -> None:
    form, _ = begin(ASSESSMENT, "p", NEW)
    form, _ = update(form, Opened(FormFacts(draft(), ID, True, NOW, ME, "nurse")))
    form, _ = update(form, PutIn("worker_score", "housing", "3"))
    form, _ = update(form, PutIn("worker_score", "money", "1"))
    form, _ = update(form, PutIn("worker_score", "housing", None))
    assert form.values["worker_score"] == {"money": "1"}


def test_a_save_holds_only_what_was_changed() -> None:
    form, _ = update(person_form(name="Kettu", phone="040"), Put("phone", "050"))
    form, effects = update(form, Submit())
    (save,) = effects
    assert isinstance(save, SaveForm)
    assert save.changed == {"phone": "050"}
    assert form.busy


def test_a_save_without_changes_only_leaves() -> None:
    _, effects = update(person_form(name="Kettu"), Submit())
    assert effects == (DropDraft("d", saved=True),)


def test_signing_saves_even_when_nothing_was_changed() -> None:
    _, effects = update(person_form(name="Kettu"), Submit(("signature",)))
    (save,) = effects
    assert isinstance(save, SaveForm)
    assert save.signs == ("signature",)


def test_a_task_without_a_title_is_not_saved_and_says_why() -> None:
    form, effects = update(new_task(), Submit())
    assert effects == ()
    assert form.errors == {"title": "required"}
    form, _ = update(form, Put("title", "Soita"))
    assert form.errors == {}


def test_a_fault_in_a_guarded_field_opens_the_guarded_fields() -> None:
    form, _ = update(person_form(), Put("birth_year", "eilen"))
    form, _ = update(form, Submit())
    assert form.errors == {"birth_year": "not_understood"}
    assert form.revealed


def test_a_task_marked_done_was_done_today() -> None:
    form, _ = update(new_task(), Put("title", "Soita"))
    form, _ = update(form, Choose("status", "done"))
    _, (save,) = update(form, Submit())
    assert isinstance(save, SaveForm)
    assert save.changed["done_on"] == "2026-11-22"


def test_while_a_save_is_under_way_nothing_else_is_taken() -> None:
    form = replace(new_task(), busy=True)
    assert update(form, Put("title", "x"))[1] == ()
    assert update(form, Submit())[1] == ()


def test_a_save_that_fails_leaves_the_form_as_it_was() -> None:
    form, _ = update(new_task(), Put("title", "Soita"))
    form, (save,) = update(form, Submit())
    told = failed(save, Failure("disk_full"))
    assert told == SaveFailed(Failure("disk_full"))
    form, _ = update(form, told)
    assert not form.busy
    assert form.failure == Failure("disk_full")
    assert form.values["title"] == "Soita"


def test_a_failed_draft_is_told_as_a_notice() -> None:
    assert failed(PutDraft(draft()), Failure("disk_full")) is None


def test_a_form_that_is_done_says_how() -> None:
    assert update(new_task(), Saved())[0].done == "saved"
    assert update(new_task(), Discarded())[0].done == "discarded"
    assert update(new_task(), NothingHere())[0].nothing_here


def test_a_discarded_draft_is_dropped() -> None:
    _, effects = update(new_task(), Discard())
    assert effects == (DropDraft("d", saved=False),)


def test_guarded_fields_open_and_close() -> None:
    form, _ = update(person_form(), Reveal())
    assert form.revealed
    assert not update(form, Reveal())[0].revealed


def test_a_form_shows_no_words_in_its_repr() -> None:
    form, effects = update(person_form(name="Salainen Nimi"), Put("phone", "Salainen"))
    _, more = update(form, Submit())
    assert "Salainen" not in repr((form, effects, more, Put("phone", "Salainen")))
    assert Task.record_type in TASK.name
