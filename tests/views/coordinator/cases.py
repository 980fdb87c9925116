"""Changes that wait for a person, as the server tells of them."""

from __future__ import annotations

from typing import Any

from field_app.sync.coordination import Case, CaseContent, CaseSet
from tests.views.desk import DeskPhone
from tests.views.phones import SOCIAL

SET = "5e70" * 8
NOTE = "Nähty torilla, ei juteltu."


def waiting_case(
    made: DeskPhone,
    reason: str = "out_of_scope",
    *,
    register: str = "social",
    joined: int = 0,
    person: str = "",
    values: dict[str, Any] | None = None,
    record_type: str = "encounter",
) -> CaseContent:
    """A case of one refused set, and of those that name its writes."""
    person = person or made.device.new_id()
    ids = (SET, *(f"{number:032x}" for number in range(1, joined + 1)))
    write = {"record": "ec00" * 8, "type": record_type, "set": values or {"note": NOTE}}
    part = {"scope": f"person/{person}", "register": register, "first": 0, "writes": [write]}
    case = Case(
        set_id=SET,
        status="needs-human",
        reason=reason,
        register=register,
        author=SOCIAL,
        device="de01" * 8,
        received_at="2026-11-22T08:15:00.000Z",
        size=300,
        joined=ids[1:],
    )
    sets = tuple(
        CaseSet(
            set_id=one,
            author=SOCIAL,
            at="2026-11-22T08:00:00.000Z",
            device="de01" * 8,
            status="needs-human",
            reason=reason if one == SET else "joins_case",
            parts=(part,),
        )
        for one in ids
    )
    return CaseContent(case=case, sets=sets)
