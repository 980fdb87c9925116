"""A contact's save, and where it is afterwards; on the store's thread."""

from __future__ import annotations

from field_app.domain.case_file import case_file
from field_app.domain.clock import Instant
from field_app.store.case_store import CaseStore
from field_app.sync.changes import person_scope
from field_app.views.contact import model as m
from field_app.views.contact.composing import Composed, composed, next_day
from field_app.views.contact.kinds import ANONYMOUS
from field_app.views.contact.program import author_of


def save_contact(store: CaseStore, effect: m.SaveContact, now: Instant) -> m.SavedContact:
    """Make the contact durable as one change set; the draft goes in the same transaction.

    Raises:
        FieldAppError: nothing was changed; the draft is still there.
    """
    form, around = effect.form, effect.around
    made = composed(
        form,
        author_of(form, around, _open_matter(store, effect)),
        effect.ground.shown,
        effect.draft.bases,
        now if effect.sign else None,
    )
    store.save(made.edits, draft_id=effect.draft.id, opens=made.opens)
    return _saved(effect, made)


def whereabouts(store: CaseStore, contact: m.SavedContact) -> tuple[bool, bool]:
    """Whether the contact is only on this phone, and whether it waits for a decision."""
    waiting = any(
        write.record in contact.records for saved in store.waiting() for write in saved.writes()
    )
    views = [store.record(record) for record in contact.records]
    return any(view is not None and view.only_here for view in views), waiting


def _open_matter(store: CaseStore, effect: m.SaveContact) -> str | None:
    """The matter the contact belongs to; a new person's is made by the save itself."""
    form = effect.form
    if form.kind == ANONYMOUS or form.who is None or form.who.is_new:
        return None
    records = [view.record for view in store.person(form.who.person_id).records]
    matter = case_file(record for record in records if record is not None).open_matter
    return matter.id if matter is not None else None


def _saved(effect: m.SaveContact, made: Composed) -> m.SavedContact:
    form = effect.form
    is_anonymous = form.kind == ANONYMOUS
    person = None if is_anonymous or form.who is None else form.who
    return m.SavedContact(
        kind=form.kind,
        encounter=None if is_anonymous else form.ids.encounter,
        person_id=person.person_id if person else None,
        name=person.name if person else "",
        is_signed=effect.sign,
        next_on=next_day(form),
        scope=person_scope(person.person_id) if person else "",
        records=made.records,
    )
