"""The kinds of contact, and what each of them asks: no more than the work needs."""

from __future__ import annotations

from typing import Literal

Kind = Literal["street", "not_reached", "home", "anonymous", "phone", "health"]
STREET: Kind = "street"
NOT_REACHED: Kind = "not_reached"
HOME: Kind = "home"
ANONYMOUS: Kind = "anonymous"
PHONE: Kind = "phone"
HEALTH: Kind = "health"

KINDS: tuple[Kind, ...] = (STREET, NOT_REACHED, HOME, ANONYMOUS, PHONE, HEALTH)
WITH_SOCIAL_PART = frozenset({STREET, HOME, PHONE})
"""Kinds that ask for topics, what was done, the text and the next step."""
FAILED_OUTCOMES = ("not_reached", "no_show")
MET_OUTCOMES = ("reached", "seen_only", "declined_now", "aborted_unsafe")
CALL_CHANNELS = ("phone", "message")


def kinds_for(role: str) -> tuple[Kind, ...]:
    """The kinds a role may record: the health part is a nurse's own."""
    return KINDS if role == "nurse" else tuple(kind for kind in KINDS if kind != HEALTH)


def default_kind(role: str) -> Kind:
    """What the form opens with: the street, and for a nurse the part nobody else can write."""
    return HEALTH if role == "nurse" else STREET


def kind_of(channel: str | None, place: str | None, outcome: str | None) -> Kind:
    """The kind of contact a recorded encounter was, to show it in its own form again."""
    if outcome in FAILED_OUTCOMES:
        return NOT_REACHED
    if channel in CALL_CHANNELS:
        return PHONE
    return HOME if place == "home" else STREET
