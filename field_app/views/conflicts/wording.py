"""A conflict in words: the field's label, a value as people read it, who said it and when."""

from __future__ import annotations

from typing import Any

from field_app.domain.declaration import declaration_of
from field_app.domain.records import RECORD_TYPES
from field_app.domain.settling import Way
from field_app.locale import Translator
from field_app.sync.protocol import Staff
from field_app.views.conflicts.disputes import Claim, Dispute
from field_app.views.kit.texts import sentence
from field_app.views.person.lines import Lines
from field_app.views.record_form.labels import code_label, worker_name


class Wording:
    """Writes conflicts in one language for one reader."""

    def __init__(self, words: Translator, staff: Staff, you: str) -> None:
        """Write for this reader."""
        self._words = words
        self._staff = staff
        self._you = you
        self._lines = Lines(words, staff, you)

    def label(self, dispute: Dispute) -> str:
        """What the field is called; of a map with the area it is about."""
        return key_label(self._words, dispute.record_type, dispute.key)

    def value(self, dispute: Dispute, value: Any) -> str:
        """A value as it is read: a label, a day, a text, the members of a group by line."""
        if value is None or value in ("", {}):
            return self._words.t("conflict.emptied")
        lines = self._lines.of_keys(dispute.record_type, {dispute.key: value})
        said = [one for one in lines if one.text]
        if not said:
            return self._words.t("conflict.not_shown")
        if dispute.way is Way.WHEN:
            # Since when is asked beside it.
            return sentence(said[0].text)
        if len(said) == 1:
            text = _after_area(said[0].text, dispute)
            return sentence(text) if dispute.way in (Way.CODE, Way.CHOOSE) else text
        return "\n".join(f"{one.label}: {one.text}" for one in said)

    def said_by(self, claim: Claim) -> str:
        """Who says it, and when by the clock of their device."""
        names = dict.fromkeys(
            sentence(worker_name(self._words, self._staff, head.author, self._you))
            for head in claim.heads
        )
        return f"{', '.join(names)} · {self._words.datetime(claim.at)}"

    def heading(self, dispute: Dispute, claim: Claim) -> str:
        """What stands above a text when texts are joined: never "me", it is read by others."""
        names = dict.fromkeys(
            worker_name(self._words, self._staff, head.author) for head in claim.heads
        )
        heading = f"{', '.join(names)}, {self._words.datetime(claim.at)}"
        reason = claim.value.get("correction_reason") if isinstance(claim.value, dict) else None
        return f"{heading} ({reason}):" if reason else f"{heading}:"

    def vocabulary(self, dispute: Dispute) -> str | None:
        """The vocabulary whose codes may be said instead."""
        record = RECORD_TYPES.get(dispute.record_type)
        members = declaration_of(record).members(dispute.key) if record else ()
        return members[0].vocabulary if members else None


def key_label(words: Translator, record_type: str, key: str) -> str:
    """What a wire key is called on screen."""
    record = RECORD_TYPES.get(record_type)
    declared, element = declaration_of(record).locate(key) if record else (None, "")
    if declared is None:
        return words.t("conflict.newer_field")
    label = words.field(record_type, declared.key)
    if not element or declared.key_vocabulary is None:
        return label
    return f"{label}: {code_label(words, declared.key_vocabulary, element)}"


def _after_area(text: str, dispute: Dispute) -> str:
    """Without the area of a map, which the label says already."""
    return text.partition(": ")[2] or text if "/" in dispute.key else text
