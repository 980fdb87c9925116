"""The story's end: the coordinator's view, a refused change decided, and what lies where."""

from __future__ import annotations

from collections import Counter
from typing import Any

from field_app.demo.story_device import expect, wait_until
from field_app.demo.story_world import World
from field_app.domain.caseload import CaseloadFilter, caseload, load
from field_app.domain.clock import day_plus
from field_app.domain.records import Matter, Person
from field_app.domain.summary import PersonSummary
from field_app.sync.changes import person_scope

Facts = dict[str, Any]

UNREACHED_DAYS = 30


def review_caseload(world: World) -> Facts:
    """All teams with their filters, and every device with its unsynced work."""
    summaries = [PersonSummary.from_plain(one["summary"]) for one in world.coordinator.do("people")]
    expect(len(summaries) == len(world.opened), "everyone is in the caseload")
    teams = Counter(one.team_id for one in summaries)
    expect(teams == Counter(world.opened.values()), "each with their team")
    today = world.today
    counts = {
        "overdue": len(caseload(summaries, CaseloadFilter(overdue=True), today)),
        "unreached": len(caseload(summaries, CaseloadFilter(unreached_days=30), today)),
        "returners": len(caseload(summaries, CaseloadFilter(returners=True), today)),
        "outdoors": len(caseload(summaries, CaseloadFilter(housing_situation="outdoors"), today)),
        "conflicts": len(caseload(summaries, CaseloadFilter(conflicts=True), today)),
    }
    expect(counts["conflicts"] == 0, "no conflict is left")
    expect(all(counts[name] for name in ("overdue", "unreached", "returners")), "each filter")
    expect(load(summaries, today, UNREACHED_DAYS), "how much lies with each worker")
    return {"people": len(summaries), "filters": counts, "devices": _devices(world)}


def decide_refused(world: World) -> Facts:
    """Two people recorded for another team: kept by the server, decided by the coordinator."""
    taken, left = "Kivisillan kulkija", "Erehdyksessä kirjattu"
    for part, name in (("accepted", taken), ("set_aside", left)):
        world.people[part] = record_for_other_team(world, name)
    wait_until(lambda: world.social.sync()["waiting"] == 2, "two changes wait for a person")
    expect(not world.social.holds(world.people["accepted"]), "refused writes leave the state")
    waiting = world.social.do("person", id=world.people["accepted"])["waiting"]
    expect(waiting == 1, "and stay readable at the person")
    cases = world.coordinator.do("cases")
    expect([case["reason"] for case in cases] == ["opens_elsewhere"] * 2, "the desk has both")
    for case in cases:
        content = world.coordinator.do("case", id=case["set_id"])
        accepts = taken in str(content["sets"])
        reason = "Kuuluu tiimille" if accepts else "Kaksoiskirjaus"
        world.coordinator.do("decide", id=case["set_id"], accepts=accepts, reason=reason)
    wait_until(lambda: world.social.sync()["waiting"] == 0, "the author learns of the decisions")
    accepted = world.people["accepted"]
    wait_until(lambda: world.coordinator.holds(accepted), "the accepted one is in the caseload")
    expect(not world.coordinator.holds(world.people["set_aside"]), "the other is not")
    expect_gone = f"{accepted} left the author's phone: it is another team's"
    wait_until(lambda: not world.social.holds(accepted), expect_gone)
    kept = [one["state"] for one in world.social.do("waiting")]
    expect(kept == ["set-aside"], "what was set aside stays readable for its author")
    world.opened[accepted] = world.organisation.teams[1].id
    world.texts.retire(left)
    return {"refused": 2, "accepted": 1, "set_aside": 1}


def record_for_other_team(world: World, name: str) -> str:
    """A new person named for a team that is not the author's."""
    person = Person(id=world.entropy.new_id(), name=name, aliases=frozenset({name}))
    matter = Matter(
        id=world.entropy.new_id(),
        opened_on=day_plus(world.today, 0),
        received_at=world.now,
        intake_channel="street",
        intake_by="own_outreach",
        urgency="agreed",
    )
    scope = person_scope(person.id)
    edits = [world.new(record, scope) for record in (person, matter)]
    world.social.save(*edits, opens={person.id: world.organisation.teams[1].id})
    return person.id


def _devices(world: World) -> Facts:
    """The pair's and the coordinator's devices report nothing unsynced."""
    entries = [one for one in world.coordinator.do("devices") if not one["revoked"]]
    mine = {worker.id for worker in (*world.organisation.pair, world.organisation.lead)}
    of_story = [one for one in entries if one["worker"] in mine]
    expect(len(of_story) == 3, "the three devices are listed")
    expect(all(one["last_seen_at"] for one in of_story), "with when they were last seen")
    unsynced = sum(one["unsynced"] for one in of_story)
    expect(unsynced == 0, "and nothing unsynced")
    return {"listed": len(entries), "unsynced": unsynced}
