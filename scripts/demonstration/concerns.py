"""Concerns about additional learning needs: raised, decided by the school or the authority, planned and reviewed."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from random import Random
from typing import Any
from uuid import UUID

from coordination.pupil.aln.commands import (
    AlnCommand,
    AnswerReconsideration,
    AskReconsideration,
    DecideAln,
    IssuePlan,
    PassOnConcern,
    RaiseConcern,
    ReviewPlan,
)
from coordination.pupil.casefile import PUPIL_STREAM, CaseFile
from scripts.demonstration.county import AUTHORITY, CASEWORKER, SCHOOLS, staff_member
from scripts.demonstration.pupils import FictionalPupil
from scripts.demonstration.simulation import Simulation, next_working_day

CONCERNED = 9
"""One pupil in so many has a concern in the two years."""
OUTCOMES = {"has_aln": 60, "no_aln": 34, "decided_before": 6}
WORDS = (
    "He reads well at home and will not open a book in school.",
    "Mae hi’n colli hanner y wers yn chwilio am ei lle.",
    "She copies what the others do and cannot say what was asked.",
    None,
)


class Concerns:
    """All concerns of the county. They take their own random numbers, so that the rest of the county stays as it is."""

    def __init__(self, simulation: Simulation, pupils: list[FictionalPupil]) -> None:
        self.simulation = simulation
        self.pupils = pupils
        self.random = Random(2018)

    def enter(self) -> None:
        """Enters every concern in the diary."""
        for pupil in self.pupils[4::CONCERNED]:
            first = pupil.registered_on + timedelta(days=20)
            span = max(1, (self.simulation.until - first).days - 10)
            day = next_working_day(first + timedelta(days=self.random.randrange(span)))
            self.simulation.on(day, partial(self.raised, pupil, self._id()))
        self._for_the_visitors()

    def raised(self, pupil: FictionalPupil, concern: UUID, day: date) -> None:
        """The school is told; it decides within about seven weeks, or the authority has to."""
        if not self._on_one_roll(pupil):
            return
        self._school(pupil, self._concern(pupil, concern, day))
        if self._case(pupil).aln.matters[concern].decides == "authority":
            self._later(day, 9, partial(self.passed_on, pupil, concern, "looked_after"))
        elif self.random.random() < 0.12:
            self._later(day, 15, partial(self.passed_on, pupil, concern, "extent_unknown"))
        else:
            self._later(day, 46, partial(self.decided, pupil, concern))

    def passed_on(self, pupil: FictionalPupil, concern: UUID, ground: str, day: date) -> None:
        if self._on_one_roll(pupil):
            passed = PassOnConcern(occurred_on=day, pupil=pupil.id, concern=concern, ground=ground)
            self._school(pupil, passed)
            self._later(day, 78, partial(self.decided, pupil, concern))

    def decided(self, pupil: FictionalPupil, concern: UUID, day: date) -> None:
        """By the body that has the duty; a plan follows, or sometimes a request to reconsider."""
        outcome = self.random.choices(list(OUTCOMES), list(OUTCOMES.values()))[0]
        if self._deciding(
            pupil, DecideAln(occurred_on=day, pupil=pupil.id, concern=concern, outcome=outcome)
        ):
            if outcome == "has_aln":
                self._later(day, 8, partial(self.planned, pupil, concern))
            elif self.random.random() < 0.3:
                self._later(day, 20, partial(self.asked, pupil, concern))

    def planned(self, pupil: FictionalPupil, concern: UUID, day: date) -> None:
        if self._deciding(pupil, IssuePlan(occurred_on=day, pupil=pupil.id, concern=concern)):
            self._later(day, 345, partial(self.reviewed, pupil, concern))

    def reviewed(self, pupil: FictionalPupil, concern: UUID, day: date) -> None:
        outcome = self.random.choice(("revised", "revised", "unchanged"))
        review = ReviewPlan(occurred_on=day, pupil=pupil.id, concern=concern, outcome=outcome)
        if self._deciding(pupil, review):
            self._later(day, 345, partial(self.reviewed, pupil, concern))

    def asked(self, pupil: FictionalPupil, concern: UUID, day: date) -> None:
        if self._on_one_roll(pupil):
            asked = AskReconsideration(occurred_on=day, pupil=pupil.id, concern=concern, asked_by="parent")
            self._school(pupil, asked)
            self._later(day, 44, partial(self.answered, pupil, concern))

    def answered(self, pupil: FictionalPupil, concern: UUID, day: date) -> None:
        outcome = self.random.choice(("no_aln", "has_aln"))
        answer = AnswerReconsideration(occurred_on=day, pupil=pupil.id, concern=concern, outcome=outcome)
        self._authority(answer)
        if outcome == "has_aln":
            self._later(day, 15, partial(self.planned, pupil, concern))

    def _for_the_visitors(self) -> None:
        """At the visitors' school one that is overdue and one that is not; for the caseworker one to decide and one to
        reconsider."""
        until = self.simulation.until
        for number, days in ((40, 75), (41, 12)):
            self.simulation.on(until - timedelta(days=days), partial(self.waits, number, None))
        self.simulation.on(until - timedelta(days=18), partial(self.waits, 42, PassOnConcern))
        self.simulation.on(until - timedelta(days=25), partial(self.waits, 43, AskReconsideration))

    def waits(self, number: int, then: type[AlnCommand] | None, day: date) -> None:
        fitting = [p for p in self.pupils if p.school is SCHOOLS[0] and self._on_one_roll(p)]
        pupil = fitting[number % len(fitting)]
        concern = self._id()
        self._school(pupil, self._concern(pupil, concern, day))
        about: dict[str, Any] = {"occurred_on": day, "pupil": pupil.id, "concern": concern}
        matter = self._case(pupil).aln.matters[concern]
        if then is AskReconsideration and matter.decides == "school":
            self._school(pupil, DecideAln(outcome="no_aln", **about))
            self._school(pupil, AskReconsideration(asked_by="parent", **about))
        elif then is not None:
            self._school(pupil, PassOnConcern(ground="extent_unknown", **about))

    def _concern(self, pupil: FictionalPupil, concern: UUID, day: date) -> RaiseConcern:
        by = self.random.choice(("parent", "parent", "school_staff", "nhs_body"))
        words = self.random.choice(WORDS)
        return RaiseConcern(occurred_on=day, pupil=pupil.id, concern=concern, raised_by=by, words=words)

    def _deciding(self, pupil: FictionalPupil, command: AlnCommand) -> bool:
        """The body that has the matter does it; False where the pupil is on no one roll any more."""
        if self._case(pupil).aln.matters[command.concern].authority is not None:
            self._authority(command)
        elif self._on_one_roll(pupil):
            self._school(pupil, command)
        else:
            return False
        return True

    def _later(self, day: date, days: int, act: partial[None]) -> None:
        about = max(1, round(self.random.gauss(days, days / 6)))
        self.simulation.on(next_working_day(day + timedelta(days=about)), act)

    def _on_one_roll(self, pupil: FictionalPupil) -> bool:
        return self._case(pupil).profile.schools() == {pupil.school.id}

    def _case(self, pupil: FictionalPupil) -> CaseFile:
        return self.simulation.batch.state(PUPIL_STREAM, pupil.id)

    def _id(self) -> UUID:
        return UUID(int=self.random.getrandbits(128), version=4)

    def _school(self, pupil: FictionalPupil, command: AlnCommand) -> None:
        school = pupil.school
        self.simulation.perform(command, staff_member(school, "alnco"), school.id, "alnco")

    def _authority(self, command: AlnCommand) -> None:
        self.simulation.perform(command, CASEWORKER, AUTHORITY, "la_caseworker")


def enter_concerns(simulation: Simulation, pupils: list[FictionalPupil]) -> None:
    """Enters the concerns of all pupils in the diary."""
    Concerns(simulation, pupils).enter()
