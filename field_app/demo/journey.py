"""One person's story: from the first contact in the street to a home, or on the way there."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from field_app.demo import voice
from field_app.demo.history import PastSave
from field_app.demo.organisation import DemoOrganisation, DemoWorker, new_id
from field_app.domain.clock import Day, Instant, day_plus, local_day, plus
from field_app.domain.declaration import Record
from field_app.domain.housing import period_id
from field_app.domain.records import (
    Assessment,
    Encounter,
    HealthNote,
    HousingPeriod,
    Matter,
    NavigationStep,
    Person,
    Task,
)
from field_app.domain.vocabularies import VOCABULARIES
from field_app.sync.changes import person_scope


@dataclass(frozen=True, slots=True)
class Plan:
    """Who a person is, before their story is told."""

    team: int
    alias: str = field(repr=False)
    first_name: str | None = field(default=None, repr=False)
    surname: str | None = field(default=None, repr=False)
    began_days_ago: int = 500
    returner: bool = False
    brief: bool = False


@dataclass(frozen=True, slots=True)
class Journey:
    """A person's saves."""

    person: str
    plan: Plan
    saves: tuple[PastSave, ...] = field(repr=False)


def journey(
    organisation: DemoOrganisation, random: Random, today: Day, plan: Plan, texts: list[str]
) -> Journey:
    """Tell a person's story; takes from `texts` for the notes as long as there are any."""
    teller = _Teller(organisation, random, today, plan, texts)
    teller.open()
    days_ago = plan.began_days_ago - random.randint(2, 6)
    while days_ago > 0:
        teller.day(days_ago)
        days_ago -= random.randint(5, 12) if plan.brief else random.randint(6, 27)
    teller.close()
    return Journey(teller.person.id, plan, tuple(teller.saves))


class _Teller:
    """Where a story has come to."""

    def __init__(
        self,
        organisation: DemoOrganisation,
        random: Random,
        today: Day,
        plan: Plan,
        texts: list[str],
    ) -> None:
        self._random = random
        self._today = today
        self._plan = plan
        self._texts = texts
        team = organisation.teams[plan.team % len(organisation.teams)]
        self._team = team.id
        self._social = random.choice(
            organisation.of_team(team.id, "social_instructor", "social_worker")
        )
        self._nurse = organisation.of_team(team.id, "nurse")[0]
        self.saves: list[PastSave] = []
        self.person = Person(id=new_id(random))
        self._matter = Matter(id=new_id(random))
        self._steps: list[NavigationStep] = []
        self._homed = False
        self._previous: str | None = None
        self._gone_quiet = random.random() < 0.2

    # -- beginning and end -----------------------------------------------------------------------

    def open(self) -> None:
        """The first contact: a nickname opens a matter."""
        plan, random = self._plan, self._random
        at = self._at(plan.began_days_ago)
        situation = random.choice(("outdoors", "outdoors", "with_others", "hostel", "at_risk"))
        self.person = self.person.model_copy(
            update={
                "name": plan.first_name or plan.alias,
                "aliases": frozenset({plan.alias}),
                "surname": plan.surname,
                "where_found": random.choice(voice.WHERE_FOUND),
                "languages": frozenset({random.choice(("fi", "fi", "fi", "fi", "sv", "en", "ru"))}),
                "phone_kind": random.choice(("prepaid", "prepaid", "none", "subscription")),
                "phone": f"0000 {random.randint(100, 999)} {random.randint(1000, 9999)}",
                "housing_situation": situation,
                "housing_since": day_plus(local_day(at), -random.randint(5, 300)),
                "own_worker": self._social.id,
                "safety": random.choice(voice.SAFETY) if random.random() < 0.12 else None,
            }
        )
        self._matter = self._matter.model_copy(
            update={
                "opened_on": local_day(at),
                "received_at": at,
                "intake_channel": "street",
                "intake_by": "own_outreach",
                "urgency": random.choice(("two_days", "agreed", "today")),
            }
        )
        scope = person_scope(self.person.id)
        opens = {self.person.id: self._team}
        self.saves.append(PastSave(self._social.id, at, scope, (self.person, self._matter), opens))
        self._meet(self._at(plan.began_days_ago, 1), voice.STREET, "street")

    def close(self) -> None:
        """Some matters are closed; a returner's is, and the person came back."""
        random, plan = self._random, self._plan
        self._finish_old_steps()
        if plan.returner and plan.began_days_ago > 120:
            self._close_matter(self._at(80), "goals_met")
            at = self._at(random.randint(3, 12))
            self._matter = Matter(
                id=new_id(random),
                opened_on=local_day(at),
                received_at=at,
                intake_channel="phone",
                intake_by="self",
                urgency="today",
                returner=True,
            )
            self._save(self._social, at, self._matter)
        elif self._homed and random.random() < 0.3:
            self._close_matter(self._at(random.randint(2, 20)), "own_home")

    def _finish_old_steps(self) -> None:
        """Most of what was due long ago has been done; a little is overdue."""
        for step in list(self._steps):
            due = step.due_on
            if step.status == "done" or due is None or due >= day_plus(self._today, -10):
                continue
            if self._random.random() < 0.85:
                changed = step.model_copy(update={"status": "done", "decision_on": due})
                self._save(self._social, f"{due}T12:00:00.000Z", changed)

    def _close_matter(self, at: Instant, reason: str) -> None:
        self._matter = self._matter.model_copy(
            update={"closed_on": local_day(at), "closing_reason": reason}
        )
        self._save(self._social, at, self._matter)

    # -- one day ---------------------------------------------------------------------------------

    def day(self, days_ago: int) -> None:
        """Something happens on a day: a meeting, an attempt, a step forward."""
        random = self._random
        at = self._at(days_ago)
        if self._gone_quiet and days_ago < 40:
            if random.random() < 0.5:
                self._miss(at)
            return
        if random.random() < 0.16:
            self._miss(at)
            return
        self._meet(at, *self._stage())
        if random.random() < 0.3:
            self._step_forward(plus(at, minutes=20), days_ago)
        if random.random() < 0.12:
            self._promise(plus(at, minutes=30), days_ago)
        if random.random() < 0.1:
            self._map_needs(plus(at, minutes=40))
        if not self._homed and days_ago < 330 and random.random() < 0.045:
            self._move_in(plus(at, minutes=50))

    def _stage(self) -> tuple[tuple[str, ...], str]:
        random = self._random
        if self._homed:
            return random.choice(
                ((voice.HOME, "home"), (voice.HOME, "home"), (voice.PHONE, "home"))
            )
        return random.choice(
            (
                (voice.STREET, "street"),
                (voice.STREET, "day_centre"),
                (voice.OFFICES, "office"),
                (voice.OFFICES, "agency"),
                (voice.VIEWINGS, "agency"),
                (voice.PHONE, "office"),
            )
        )

    def _meet(self, at: Instant, notes: tuple[str, ...], place: str) -> None:
        random = self._random
        with_nurse = random.random() < 0.55
        pair = {self._social.id, self._nurse.id} if with_nurse else {self._social.id}
        encounter = Encounter(
            id=new_id(random),
            occasion=new_id(random),
            at=at,
            channel="phone" if notes is voice.PHONE else "in_person",
            place=None if notes is voice.PHONE else place,
            outcome="reached",
            participants=frozenset(pair),
            author_half="social",
            health_part_recorded=True if with_nurse else None,
            signed_at=plus(at, minutes=10),
            signed_by=self._social.id,
            matter=self._matter.id,
            topics=frozenset(random.sample(VOCABULARIES["topic"].codes, random.randint(1, 3))),
            methods=frozenset(random.sample(VOCABULARIES["method"].codes, random.randint(1, 2))),
            note=self._note(notes),
            client_view=random.choice(voice.CLIENT_VIEW) if random.random() < 0.3 else None,
            worker_estimate=(
                random.choice(voice.WORKER_ESTIMATE) if random.random() < 0.2 else None
            ),
            next_step_text=random.choice(voice.NEXT_STEPS),
            next_step_on=self._agreed_day(local_day(at)),
            next_step_owner=self._social.id,
        )
        self._save(self._social, at, encounter)
        if with_nurse:
            self._health_part(plus(at, minutes=12), encounter)

    def _miss(self, at: Instant) -> None:
        random = self._random
        attempt = Encounter(
            id=new_id(random),
            occasion=new_id(random),
            at=at,
            channel="in_person",
            outcome="not_reached",
            participants=frozenset({self._social.id, self._nurse.id}),
            author_half="social",
            places_tried=random.choice(voice.NOT_REACHED_PLACES),
            next_try_on=day_plus(local_day(at), random.randint(1, 7)),
            signed_at=plus(at, minutes=5),
            signed_by=self._social.id,
        )
        self._save(self._social, at, attempt)

    def _health_part(self, at: Instant, encounter: Encounter) -> None:
        random = self._random
        note = HealthNote(
            id=new_id(random),
            encounter=encounter.id,
            occasion=encounter.occasion,
            at=at,
            condition=random.choice(("fine", "fine", "fine", "concern", "concern", "urgent")),
            observations=frozenset(
                random.sample(VOCABULARIES["health_observation"].codes, random.randint(0, 2))
            ),
            note=random.choice(voice.HEALTH),
            done=random.choice(("treated", "treated", "guided")),
            recheck_on=(
                day_plus(local_day(at), random.randint(3, 21)) if random.random() < 0.4 else None
            ),
            signed_at=plus(at, minutes=5),
            signed_by=self._nurse.id,
        )
        if random.random() < 0.4:
            pressure = {
                "bp_systolic": random.randint(105, 178),
                "bp_diastolic": random.randint(62, 104),
                "temperature": f"{random.randint(360, 379) / 10:.1f}",
            }
            note = note.model_copy(update=pressure)
        self._save(self._nurse, at, note)

    # -- what goes on beside the meetings --------------------------------------------------------

    def _step_forward(self, at: Instant, days_ago: int) -> None:
        random = self._random
        moving = [one for one in self._steps if one.status in ("planned", "in_progress", "waiting")]
        if moving and random.random() < 0.6:
            self._advance(random.choice(moving), at)
            return
        kind = random.choice(("application", "application", "referral", "accompaniment"))
        due = -days_ago + random.randint(7, 60)
        step = NavigationStep(
            id=new_id(random),
            matter=self._matter.id,
            kind=kind,
            application=(
                random.choice(
                    ("basic_assistance", "deposit", "housing_allowance", "flat", "debt_counselling")
                )
                if kind == "application"
                else None
            ),
            stage="preparing" if kind == "application" else None,
            status="in_progress",
            title=random.choice(voice.NEXT_STEPS) if kind != "application" else None,
            owner=self._social.id,
            due_on=day_plus(self._today, due),
        )
        self._steps.append(step)
        self._save(self._social, at, step)

    def _advance(self, step: NavigationStep, at: Instant) -> None:
        random = self._random
        day = local_day(at)
        if step.kind != "application":
            changed = step.model_copy(update={"status": "done", "outcome": "Hoidettu yhdessä."})
        elif step.stage == "preparing":
            changed = step.model_copy(
                update={"stage": "submitted", "status": "waiting", "submitted_on": day}
            )
        else:
            stage = random.choice(("granted", "granted", "refused"))
            changed = step.model_copy(update={"stage": stage, "status": "done", "decision_on": day})
        self._steps[self._steps.index(step)] = changed
        self._save(self._social, at, changed)

    def _promise(self, at: Instant, days_ago: int) -> None:
        random = self._random
        done = days_ago > 45 or random.random() < 0.5
        due = day_plus(self._today, -days_ago + random.randint(2, 20))
        task = Task(
            id=new_id(random),
            title=random.choice(voice.NEXT_STEPS),
            due_on=due,
            owner=self._social.id,
            status="done" if done else "open",
            done_on=due if done else None,
        )
        self._save(self._social, at, task)

    def _map_needs(self, at: Instant) -> None:
        random = self._random
        areas = VOCABULARIES["need_social"].codes
        scores = VOCABULARIES["need_score"].codes
        worker = {area: random.choice(scores[:5]) for area in areas}
        client = {area: random.choice(scores) for area in areas}
        assessment = Assessment(
            id=new_id(random),
            made_at=at,
            previous=self._previous,
            participants=frozenset({self._social.id}),
            worker_score=worker,
            client_score=client,
            client_goals=random.choice(voice.GOALS),
            signed_at=plus(at, minutes=30),
            signed_by=self._social.id,
        )
        self._previous = assessment.id
        self._save(self._social, at, assessment)

    def _move_in(self, at: Instant) -> None:
        before, day = self.person, local_day(at)
        past = HousingPeriod(
            id=period_id(before.id, "demo"),
            situation=before.housing_situation,
            started_on=before.housing_since,
            ended_on=day,
        )
        where = self._random.choice(("own_home", "supported"))
        self.person = before.model_copy(update={"housing_situation": where, "housing_since": day})
        self._homed = True
        self._save(self._social, at, self.person, past)

    def _agreed_day(self, met_on: Day) -> Day:
        """When to meet again: of recent meetings the day is mostly still to come."""
        agreed = day_plus(met_on, self._random.randint(1, 14))
        recent = met_on > day_plus(self._today, -40)
        if agreed < self._today and recent and self._random.random() < 0.85:
            return day_plus(self._today, self._random.randint(0, 12))
        return agreed

    # -- shared ----------------------------------------------------------------------------------

    def _note(self, notes: tuple[str, ...]) -> str:
        return self._texts.pop(0) if self._texts else self._random.choice(notes)

    def _at(self, days_ago: int, hours_later: int = 0) -> Instant:
        random = self._random
        day = day_plus(self._today, -max(days_ago, 1))
        hour = min(random.randint(6, 12) + hours_later, 14)
        return f"{day}T{hour:02}:{random.randint(0, 59):02}:{random.randint(0, 59):02}.000Z"

    def _save(
        self,
        author: DemoWorker,
        at: Instant,
        *records: Record,
    ) -> None:
        self.saves.append(PastSave(author.id, at, person_scope(self.person.id), tuple(records)))
