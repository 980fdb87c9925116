"""The contact screen: what each event changes. Every change of the form goes to the draft."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from field_app.domain.clock import Day
from field_app.domain.text import clean_line
from field_app.domain.working_days import working_days_after
from field_app.sync.changes import person_scope
from field_app.views.contact import model as m
from field_app.views.contact.checks import Problem
from field_app.views.contact.composing import Author, all_problems
from field_app.views.contact.form import Form, Who, toggled
from field_app.views.contact.kinds import ANONYMOUS, NOT_REACHED
from field_app.views.contact.model import Effect, Event, Model
from field_app.views.contact.paths import start_of
from field_app.views.contact.who import KnownPerson
from field_app.views.failures import Failure

FORM_NAME = "contact"
"""The draft's `form`."""
Step = tuple[Model, tuple[Effect, ...]]


def init(token: str = "new") -> Step:
    """Opening: which contact, the last piece of the path says."""
    start = start_of(token)
    return Model(start), (m.OpenForm(start),)


def update(model: Model, event: Event) -> Step:
    """The next state, and what is to be done."""
    handler: Callable[[Model, Any], Step] | None = _HANDLERS.get(type(event))
    return handler(model, event) if handler is not None else (model, ())


def failed(effect: object, failure: Failure) -> Event | None:
    """What an effect's failure means here; others are told by the shell."""
    if isinstance(effect, m.SaveContact):
        return m.SaveFailed(failure)
    if isinstance(effect, m.PutDraft):
        return m.DraftNotKept(failure)
    return None


def draft_content(form: Form, ground: m.Ground) -> dict[str, Any]:
    """What a draft of this form holds, as JSON."""
    return {
        "form": form.to_plain(),
        "shown": {record: dict(values) for record, values in ground.shown.items()},
        "encounter": ground.encounter,
    }


def next_try(today: Day) -> Day:
    """When to try again, unless somebody says otherwise: the next working day."""
    return working_days_after(today, 1)


# -- opening -------------------------------------------------------------------------------------


def _opened(model: Model, event: m.Opened) -> Step:
    opened = Model(
        model.start,
        "writing",
        event.form,
        event.draft,
        event.ground,
        event.around,
        touched=event.touched,
        pair_asked=not event.form.partners and bool(event.around.colleagues),
        views_open=bool(event.form.client_view or event.form.worker_estimate),
    )
    effects: tuple[Effect, ...] = (m.FollowPeople(event.draft.id, model.start),)
    if event.unwritten:
        effects += (m.PutDraft(event.draft),)
    return opened, effects + _looking_for_occasion(opened)


def _looking_for_occasion(model: Model) -> tuple[Effect, ...]:
    """With somebody known in a new contact: has the partner begun the same one?"""
    who = model.form.who if model.form else None
    if who is None or who.is_new or model.ground.encounter is not None:
        return ()
    return (m.FindOccasion(who.person_id),)


def _gone(model: Model, _event: m.Gone) -> Step:
    return replace(model, phase="gone"), ()


def _people_read(model: Model, event: m.PeopleRead) -> Step:
    if model.around is None:
        return model, ()
    return replace(model, around=replace(model.around, people=event.people)), ()


# -- writing -------------------------------------------------------------------------------------


def _put(model: Model, event: m.Put) -> Step:
    return _changed(model, {event.name: event.value}, (event.name,))


def _toggle(model: Model, event: m.Toggle) -> Step:
    if model.form is None:
        return model, ()
    ticked = toggled(model.form, event.name, event.code, event.on)
    return _changed(model, {event.name: getattr(ticked, event.name)}, (event.name,))


def _kind_chosen(model: Model, event: m.KindChosen) -> Step:
    if model.form is None or model.around is None:
        return model, ()
    changes: dict[str, Any] = {"kind": event.kind}
    if event.kind == NOT_REACHED and model.form.next_try_on is None:
        changes["next_try_on"] = next_try(model.around.today)
    stepped, effects = _changed(model, changes, ())
    return replace(stepped, problems=()), effects


def _person_chosen(model: Model, event: m.PersonChosen) -> Step:
    known = _known(model, event.person_id)
    if known is None:
        return model, ()
    who = Who(known.person_id, known.name)
    stepped, effects = _changed(model, {"who": who, "who_typed": ""}, ("who",))
    return stepped, effects + _looking_for_occasion(stepped)


def _occasion_found(model: Model, event: m.OccasionFound) -> Step:
    who = model.form.who if model.form else None
    fits = who is not None and who.person_id == event.person_id
    return (replace(model, occasion=event.occasion), ()) if fits else (model, ())


def _occasion_joined(model: Model, _event: m.OccasionJoined) -> Step:
    if model.occasion is None or model.draft is None or model.phase != "writing":
        return model, ()
    start = replace(model.start, encounter_id=model.occasion.encounter)
    joining = Model(model.start)
    opening = m.OpenForm(start, carried=model.form)
    return joining, (m.DiscardDraft(model.draft.id, follows=True), opening)


def _new_person(model: Model, _event: m.NewPerson) -> Step:
    if model.form is None or not (name := clean_line(model.form.who_typed)):
        return model, ()
    who = Who(model.form.ids.person, name, is_new=True)
    return _changed(model, {"who": who}, ("who",))


def _person_dropped(model: Model, _event: m.PersonDropped) -> Step:
    if model.form is None:
        return model, ()
    typed = model.form.who.name if model.form.who and model.form.who.is_new else ""
    alone = replace(model, occasion=None)
    return _changed(alone, {"who": None, "who_typed": typed}, ("who",))


def _unfold(model: Model, event: m.Unfold) -> Step:
    if event.part == "details":
        return replace(model, details_open=not model.details_open), ()
    return replace(model, views_open=not model.views_open), ()


def _changed(model: Model, changes: Mapping[str, Any], settles: tuple[str, ...]) -> Step:
    """Take changes into the form and send the whole of it to the disk."""
    if model.form is None or model.draft is None or model.phase not in ("writing", "saving"):
        return model, ()
    form = replace(model.form, **changes)
    draft = replace(model.draft, scope=_scope(form), content=draft_content(form, model.ground))
    problems = tuple(one for one in model.problems if one.field not in settles)
    stepped = replace(model, form=form, draft=draft, problems=problems, touched=True)
    # While a save is under way the draft is about to go; if it fails, the newest is written then.
    return stepped, (m.PutDraft(draft),) if model.phase == "writing" else ()


def _scope(form: Form) -> str | None:
    if form.kind == ANONYMOUS or form.who is None:
        return None
    return person_scope(form.who.person_id)


def _known(model: Model, person_id: str) -> KnownPerson | None:
    people = model.around.people if model.around else ()
    return next((one for one in people if one.person_id == person_id), None)


# -- saving --------------------------------------------------------------------------------------


def _save_tapped(model: Model, event: m.SaveTapped) -> Step:
    if model.phase != "writing" or model.form is None or model.draft is None:
        return model, ()
    assert model.around is not None
    problems = all_problems(model.form, author_of(model.form, model.around), event.sign)
    if problems:
        details = model.details_open or any(one.field == "time_typed" for one in problems)
        return replace(model, problems=problems, failure=None, details_open=details), ()
    saving = replace(model, phase="saving", problems=(), failure=None)
    return saving, (m.SaveContact(model.draft, model.form, model.ground, model.around, event.sign),)


def author_of(form: Form, around: m.Surroundings, open_matter: str | None = None) -> Author:
    """Who saves this form, for which team."""
    team = form.team or (around.teams[0].team if around.teams else None)
    return Author(around.worker, around.role, open_matter, team)


def _saved(model: Model, event: m.Saved) -> Step:
    saved = replace(model, phase="saved", saved=event.contact, touched=False, draft_failure=None)
    return saved, (m.FollowSaved(event.contact),)


def _save_failed(model: Model, event: m.SaveFailed) -> Step:
    back = replace(model, phase="writing", failure=event.failure)
    return back, (m.PutDraft(model.draft),) if model.draft is not None else ()


def _draft_kept(model: Model, _event: m.DraftKept) -> Step:
    return (replace(model, draft_failure=None) if model.draft_failure else model), ()


def _draft_not_kept(model: Model, event: m.DraftNotKept) -> Step:
    return replace(model, draft_failure=event.failure), ()


def _whereabouts(model: Model, event: m.Whereabouts) -> Step:
    if model.saved is None:
        return model, ()
    saved = replace(model.saved, only_here=event.only_here, waiting=event.waiting)
    return replace(model, saved=saved), ()


# -- leaving, discarding, the next one -----------------------------------------------------------


def _discard_asked(model: Model, event: m.DiscardAsked) -> Step:
    return replace(model, asking_discard=event.asking), ()


def _discard_confirmed(model: Model, _event: m.DiscardConfirmed) -> Step:
    if model.draft is None or model.phase != "writing":
        return model, ()
    going = replace(model, phase="gone", asking_discard=False, touched=False)
    return going, (m.DiscardDraft(model.draft.id),)


def _discarded(model: Model, _event: m.Discarded) -> Step:
    return replace(model, left=True), ()


def _left(model: Model, _event: m.Left) -> Step:
    letting_go = (m.LetGo(model.draft.id),) if model.draft is not None else ()
    return replace(model, left=True), letting_go


def _shown(model: Model, _event: m.Shown) -> Step:
    if not model.left:
        return model, ()
    return Model(model.start), (m.OpenForm(model.start),)


def _another(model: Model, event: m.Another) -> Step:
    if model.phase != "saved":
        return model, ()
    start = replace(model.start, draft_id=None, person_id=None, encounter_id=None)
    like = model.form if event.same_occasion else None
    return Model(start), (m.OpenForm(start, like),)


_HANDLERS: Mapping[type, Callable[[Model, Any], Step]] = {
    m.Opened: _opened,
    m.Gone: _gone,
    m.PeopleRead: _people_read,
    m.Put: _put,
    m.Toggle: _toggle,
    m.KindChosen: _kind_chosen,
    m.PersonChosen: _person_chosen,
    m.OccasionFound: _occasion_found,
    m.OccasionJoined: _occasion_joined,
    m.NewPerson: _new_person,
    m.PersonDropped: _person_dropped,
    m.Unfold: _unfold,
    m.SaveTapped: _save_tapped,
    m.Saved: _saved,
    m.SaveFailed: _save_failed,
    m.DraftKept: _draft_kept,
    m.DraftNotKept: _draft_not_kept,
    m.Whereabouts: _whereabouts,
    m.DiscardAsked: _discard_asked,
    m.DiscardConfirmed: _discard_confirmed,
    m.Discarded: _discarded,
    m.Left: _left,
    m.Shown: _shown,
    m.Another: _another,
}


def problem_at(model: Model, name: str) -> Problem | None:
    """What is wrong with a field, if anything."""
    return next((one for one in model.problems if one.field == name), None)
