"""Which pictures there are: every screen of the route table, on the device of who uses it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from field_app.demo.story_world import World
from field_app.views.boundary import Screen
from field_app.views.contact.kinds import kinds_for
from field_app.views.contact.paths import new_contact
from field_app.views.more import with_more
from field_app.views.routes import Detail, Section, sections_for

SIZES = {"phone": (412, 915), "desk": (1280, 800)}
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
DEVICES = {"nurse": "nurse", "coordinator": "lead", "social_instructor": "social_instructor"}
"""The story's devices in the order in which screens are taken, and whose they are."""
SEEN_BY_ALL = frozenset({"/", "/people/:person_id", "/caseload/:person_id"})
"""Shown once for each role: they say different things to each."""
_ELSEWHERE = {"nurse": ("/inbox",), "coordinator": ("/health/",), "social_instructor": ()}
"""Parts of paths that have nothing to show on that device."""


@dataclass(frozen=True, slots=True)
class Stop:
    """One screen at one path, on one device."""

    name: str
    """Of the picture's file."""
    path: str


class NoExample(Exception):
    """The route table has a screen for which the demo knows no example; say one in `examples`."""


def examples(world: World, case: str) -> Mapping[str, tuple[Mapping[str, str], ...]]:
    """What to put in place of a path's parameters, by the path's last pieces.

    Args:
        world: The story, played until there are conflicts.
        case: A refused change that waits for the coordinator.
    """
    shared, nickname = world.people["shared"], world.people["nickname"]
    meeting = world.records["shared_meeting"]
    health = world.records[f"health_part_of_{meeting}"]
    service = next(
        record.id
        for save in world.seed.caseload.saves
        for record in save.records
        if record.record_type == "directory_entry"
    )

    def of(person: str, record: str) -> tuple[Mapping[str, str], ...]:
        return ({":person_id": person, ":record_id": record},)

    kinds = (new_contact(kind=kind).rpartition("/")[2] for kind in kinds_for("nurse"))
    return {
        "assessment/:record_id": of(nickname, world.records["assessment"]),
        "step/:record_id": of(nickname, world.records["step"]),
        "task/:record_id": of(nickname, world.records["task"]),
        "matter/:record_id": of(nickname, world.records["matter"]),
        "encounter/:record_id": of(shared, meeting),
        "health/:record_id": of(shared, health),
        "conflicts/:record_id": tuple({":record_id": one} for one in (shared, meeting)),
        "directory/:record_id": ({":record_id": service},),
        "contact/:draft_id": tuple({":draft_id": one} for one in kinds),
        "inbox/:set_id": ({":set_id": case},),
        "worker/:worker": ({":worker": world.organisation.pair[0].id},),
        ":person_id": ({":person_id": shared},),
    }


def stops(
    sections: tuple[Section, ...], known: Mapping[str, tuple[Mapping[str, str], ...]]
) -> dict[str, list[Stop]]:
    """Every screen of a route table: {device: where to go on it}.

    Raises:
        NoExample: a path has a parameter that `known` does not speak of.
    """
    taken: set[Screen] = set()
    plan: dict[str, list[Stop]] = {}
    for device, role in DEVICES.items():
        plan[device] = []
        for template, screen in _paths(with_more(sections_for(sections, role))):
            if any(piece in template for piece in _ELSEWHERE[device]):
                continue
            if screen in taken and template not in SEEN_BY_ALL:
                continue
            taken.add(screen)
            plan[device].extend(_filled(template, known))
    return plan


def _paths(sections: tuple[Section, ...]) -> Iterator[tuple[str, Screen]]:
    for section in sections:
        yield section.path, section.screen
        for detail in section.details:
            yield from _inside(section.path.rstrip("/"), detail)


def _inside(base: str, detail: Detail) -> Iterator[tuple[str, Screen]]:
    path = f"{base}/{detail.path}"
    yield path, detail.screen
    for inner in detail.inside:
        yield from _inside(path, inner)


def _filled(template: str, known: Mapping[str, tuple[Mapping[str, str], ...]]) -> Iterator[Stop]:
    if ":" not in template:
        yield Stop(_slug(template), template)
        return
    values = next((given for end, given in known.items() if template.endswith(end)), None)
    if values is None:
        values = next((given for end, given in known.items() if end in template), None)
    if values is None:
        raise NoExample(template)
    for number, each in enumerate(values, start=1):
        path = template
        for parameter, value in each.items():
            path = path.replace(parameter, value)
        if ":" in path:
            raise NoExample(template)
        yield Stop(_slug(template) + (f"-{number}" if len(values) > 1 else ""), path)


def _slug(template: str) -> str:
    pieces = [piece.lstrip(":") for piece in template.strip("/").split("/")]
    return "-".join(piece.removesuffix("_id") for piece in pieces if piece) or "start"
