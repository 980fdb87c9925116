"""One field of a form as its declaration says: words, a code, a tick, a day, a worker."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import flet as ft

from field_app.domain.declaration import FieldDeclaration, LongText, declaration_of
from field_app.domain.vocabularies import VOCABULARIES
from field_app.locale import Translator
from field_app.views.boundary import keyed
from field_app.views.kit.chips import Choice, many_of, one_of
from field_app.views.kit.fields import text_field
from field_app.views.program import Dispatch
from field_app.views.record_form.days import day_choice, wrong
from field_app.views.record_form.labels import code_label, owners
from field_app.views.record_form.program import Choose, Form, Put, Toggle
from field_app.views.record_form.values import NOT_UNDERSTOOD, OUT_OF_RANGE, REQUIRED
from field_app.views.theme import GAP_SMALL

_YES, _NO = "yes", "no"
_DAY_SUFFIXES = ("_on", "_since", "_until")


class Inputs:
    """Makes the inputs of one form; `name` is always a field of its record."""

    def __init__(self, form: Form, dispatch: Dispatch, words: Translator) -> None:
        """Show this form's values and dispatch what is changed."""
        self.form = form
        self.dispatch = dispatch
        self.words = words

    def field(self, name: str) -> ft.Control:
        """The input that fits the field's declaration."""
        declared = self._declared(name)
        if declared.kind == "set" and declared.vocabulary:
            return self.many(name, VOCABULARIES[declared.vocabulary].codes)
        if declared.vocabulary:
            return self.one(name, VOCABULARIES[declared.vocabulary].codes)
        if name.endswith(_DAY_SUFFIXES):
            return self.day(name)
        return self.text(name)

    def text(self, name: str, *, label: str = "", lines: int | None = None) -> ft.Control:
        """A field for words."""
        declared, value = self._declared(name), self.form.values.get(name)
        rows = lines or (4 if declared.has(LongText) else 1)
        return keyed(
            self._key(name),
            text_field,
            label or self.label(name),
            value if isinstance(value, str) else "",
            lambda typed: self.dispatch(Put(name, typed)),
            lines=rows,
            error=self.error(name),
        )

    def one(self, name: str, codes: Iterable[str], *, folded: bool = False) -> ft.Control:
        """Chips of a vocabulary, one of them chosen at most.

        `folded` shows the chosen one alone; a tap on it brings the others back.
        """
        vocabulary = self._declared(name).vocabulary or ""
        chosen = self.form.values.get(name)
        if folded and isinstance(chosen, str):
            codes = [code for code in codes if code == chosen] or [chosen]
        choices = [Choice(code, code_label(self.words, vocabulary, code)) for code in codes]
        return self.chips(name, choices)

    def chips(self, name: str, choices: list[Choice]) -> ft.Control:
        """Chips of any kind, one of them chosen at most; a second tap takes it back."""
        value = self.form.values.get(name)
        chosen = value if isinstance(value, str) else None
        return self._with_error(
            name,
            one_of(
                self.label(name),
                choices,
                chosen,
                lambda code: self.dispatch(Choose(name, code)),
            ),
        )

    def many(self, name: str, codes: Iterable[str]) -> ft.Control:
        """Chips of a vocabulary, any number of them chosen."""
        vocabulary = self._declared(name).vocabulary or ""
        value = self.form.values.get(name)
        return many_of(
            self.label(name),
            [Choice(code, self.words.vocabulary(vocabulary, code)) for code in codes],
            frozenset(value if isinstance(value, list) else ()),
            lambda code, on: self.dispatch(Toggle(name, code, on)),
        )

    def yes_no(self, name: str) -> ft.Control:
        """Yes, no, or no answer."""
        value = self.form.values.get(name)
        chosen = {True: _YES, False: _NO}.get(value) if isinstance(value, bool) else None
        return one_of(
            self.label(name),
            [Choice(_YES, self.words.t("record.yes")), Choice(_NO, self.words.t("record.no"))],
            chosen,
            lambda code: self.dispatch(Put(name, None if code == chosen else code == _YES)),
        )

    def tick(self, name: str) -> ft.Control:
        """One chip that is on or off."""
        on = self.form.values.get(name) is True
        return many_of(
            "",
            [Choice(name, self.label(name))],
            frozenset({name} if on else ()),
            lambda _, new: self.dispatch(Put(name, new)),
        )

    def day(self, name: str, *, coming: bool = False, label: str = "") -> ft.Control:
        """A day; `coming` makes the days ahead the quick ones."""
        facts, value = self.form.facts, self.form.values.get(name)
        assert facts is not None
        return keyed(
            self._key(name),
            day_choice,
            label or self.label(name),
            facts.today,
            value if isinstance(value, str) else None,
            lambda day: self.dispatch(Put(name, day)),
            coming=coming,
            error=self.error(name),
        )

    def worker(self, name: str) -> ft.Control:
        """Who of the person's teams; oneself first."""
        return self.chips(name, self._workers(name))

    def workers(self, name: str) -> ft.Control:
        """Any number of the person's teams' workers."""
        value = self.form.values.get(name)
        return many_of(
            self.label(name),
            self._workers(name),
            frozenset(value if isinstance(value, list) else ()),
            lambda code, on: self.dispatch(Toggle(name, code, on)),
        )

    def label(self, name: str) -> str:
        """The field's label."""
        return self.words.field(self.form.kind.record.record_type, name)

    def error(self, name: str) -> str:
        """What is wrong with a field, in words; empty when nothing is."""
        found = self.form.errors.get(name)
        if found is None:
            return ""
        if found == REQUIRED:
            return self.words.t("record.required")
        if found == OUT_OF_RANGE:
            return self.words.t("record.out_of_range")
        if found == NOT_UNDERSTOOD:
            return self.words.t("record.not_understood")
        return self.words.t("record.too_long")

    def _workers(self, name: str) -> list[Choice]:
        facts, value = self.form.facts, self.form.values.get(name)
        assert facts is not None
        also = value if isinstance(value, str) else None
        return [
            Choice(one.id, self.words.t("record.me") if one.id == facts.worker else one.name)
            for one in owners(facts.staff, facts.worker, facts.teams, also)
        ]

    def _with_error(self, name: str, chips: ft.Control) -> ft.Control:
        error = wrong(self.error(name))
        return ft.Column([chips, *error], spacing=GAP_SMALL, tight=True) if error else chips

    def _declared(self, name: str) -> FieldDeclaration:
        return declaration_of(self.form.kind.record).fields[name]

    def _key(self, name: str) -> str:
        draft = self.form.facts.draft.id if self.form.facts else ""
        return f"{draft}-{name}"


Build = Callable[[Inputs], list[ft.Control]]
"""What lies between a form's top and its save button."""
