"""The policy, over every role × register × relation × purpose, against a table said otherwise.

The expectation below is written as sentences a coordinator could read, not as the code decides;
what no sentence allows must be refused.
"""

from __future__ import annotations

from itertools import product

import pytest

from field_app.server.policy import Purpose, Register, Relation, Role, allows, readable

CASE = {Register.COMMON, Register.SOCIAL, Register.HEALTH}
PAIR = {Register.COMMON, Register.SOCIAL}
SOCIAL_HALF = {Role.SOCIAL_INSTRUCTOR, Role.SOCIAL_WORKER}
WORK = {Purpose.READ, Purpose.WRITE}
Question = tuple[Role, Register, Relation, Purpose]


def sentences() -> set[Question]:
    """Everything that is allowed, sentence by sentence."""
    allowed: set[Question] = set()

    def may(
        roles: set[Role],
        registers: set[Register],
        relations: set[Relation],
        purposes: set[Purpose],
    ) -> None:
        allowed.update(product(roles, registers, relations, purposes))

    own, lately = {Relation.OWN_TEAM}, {Relation.ENDED_LATELY}
    every_team = {
        Relation.OWN_TEAM,
        Relation.ENDED_LATELY,
        Relation.ENDED_BEFORE,
        Relation.OTHER_TEAM,
    }
    everywhere = {Relation.ORGANISATION}
    # The social half reads and writes what is common and social in its own teams.
    may(SOCIAL_HALF, PAIR, own, WORK)
    # A nurse reads and writes all three registers there.
    may({Role.NURSE}, CASE, own, WORK)
    # Work written before a right ended still arrives for a while.
    may(SOCIAL_HALF, PAIR, lately, {Purpose.WRITE})
    may({Role.NURSE}, CASE, lately, {Purpose.WRITE})
    # A lead works with, decides about, reports on and exports common and social of all teams.
    case_work = {Purpose.READ, Purpose.WRITE, Purpose.DECIDE, Purpose.REPORT, Purpose.EXPORT}
    may({Role.LEAD}, PAIR, every_team, case_work)
    # Only a nurse of the team decides about health.
    may({Role.NURSE}, {Register.HEALTH}, own, {Purpose.DECIDE})
    # Everybody reads the directory; all but the administrator write it; the lead settles it.
    may(set(Role), {Register.DIRECTORY}, everywhere, {Purpose.READ})
    may(set(Role) - {Role.ADMINISTRATOR}, {Register.DIRECTORY}, everywhere, {Purpose.WRITE})
    may(
        {Role.LEAD},
        {Register.DIRECTORY},
        everywhere,
        {Purpose.DECIDE, Purpose.REPORT, Purpose.EXPORT},
    )
    # Everybody knows who is who; leads and administrators change it.
    may(set(Role), {Register.ACCESS}, everywhere, {Purpose.READ})
    may({Role.LEAD, Role.ADMINISTRATOR}, {Register.ACCESS}, everywhere, {Purpose.ADMINISTER})
    return allowed


ALLOWED = sentences()
EVERY_QUESTION = list(product(Role, Register, Relation, Purpose))


def test_every_question_is_asked() -> None:
    assert len(EVERY_QUESTION) == 5 * 5 * 5 * 6


def test_nothing_is_granted_that_no_sentence_allows() -> None:
    over = [question for question in EVERY_QUESTION if allows(*question)]
    assert [question for question in over if question not in ALLOWED] == []


def test_nothing_is_refused_that_a_sentence_allows() -> None:
    assert [question for question in ALLOWED if not allows(*question)] == []


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.NURSE])
def test_health_is_for_nurses_whatever_the_question(role: Role) -> None:
    assert not any(
        allows(role, Register.HEALTH, relation, purpose)
        for relation in Relation
        for purpose in Purpose
    )


def test_an_administrator_reads_nothing_of_anybody() -> None:
    assert not any(readable(Role.ADMINISTRATOR, relation) for relation in Relation)


def test_a_right_that_ended_lets_nobody_read_but_the_lead() -> None:
    for relation in (Relation.ENDED_LATELY, Relation.ENDED_BEFORE, Relation.OTHER_TEAM):
        assert [role for role in Role if readable(role, relation)] == [Role.LEAD]
