"""What pushes, pulls and moves look up lies behind an index: a million rows cost no more than ten.

Every key begins with the organisation, so a lookup without the right index walks through all rows
of an organisation, and SQLite calls even that a search. So what is asked is by what more it goes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from tests.server.office import Office, about

_STEP = re.compile(
    r"(?:SCAN|SEARCH) (part|record_state|change_set|chain_link|access_event)\b"
    r"(?: USING .*?\((organisation=.*)\))?"
)
"""A step of a plan through a table that grows for ever, and by what it goes there."""


@contextmanager
def looked_up(office: Office) -> Iterator[dict[str, set[str]]]:
    """{table: by what SQLite goes to its rows}, over everything asked meanwhile."""
    engine = office.core.database.engine
    asked: dict[str, Any] = {}
    found: dict[str, set[str]] = {}

    def hear(_: object, __: object, statement: str, values: Any, *___: object) -> None:
        if statement.startswith(("SELECT", "UPDATE", "DELETE")):
            asked[statement] = values[0] if isinstance(values, list) else values

    event.listen(engine, "before_cursor_execute", hear)
    yield found
    event.remove(engine, "before_cursor_execute", hear)
    with office.core.database.read() as connection:
        for statement, values in asked.items():
            for step in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values):
                if told := _STEP.match(step.detail):
                    found.setdefault(told[1], set()).add(told[2] or "all rows")


@pytest.mark.parametrize("template", ["sqlite"], indirect=True)
def test_work_goes_by_more_than_the_organisation(office: Office) -> None:
    with looked_up(office) as found:
        sanna, niko = office.phone("sanna"), office.phone("niko")
        sanna.pull()
        niko.pull()
        person, made = sanna.new_person("Punapipo")
        early = niko.save(about(person, "a" * 32, "task", {"title": "Soitto"}))
        assert niko.statuses(early) == [("held", "unknown_person")]
        sanna.push(made)
        sanna.push(sanna.save(about(person, person, "person", {"phone": "1"})))
        niko.pull()
        office.command("move_person", person, office.teams["harbour"])
        niko.pull()
        office.phone("noora").pull()
    assert found.keys() == {"part", "record_state", "change_set", "chain_link", "access_event"}
    for table, ways in found.items():
        assert not ways & {"all rows", "organisation=?"}, table
    in_order = "organisation=? AND bucket=? AND (seq,position)>(?,?)"
    assert {"organisation=? AND record=?", in_order} <= found["part"]
