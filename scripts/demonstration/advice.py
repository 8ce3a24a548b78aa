"""Advice: what schools ask services by telephone, by email, at drop-in sessions and clinics, and what comes of it."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from random import Random
from typing import Any
from uuid import UUID

from coordination.advice.commands import AnswerAdvice, AskAdvice, AskAdviceAboutPupil
from coordination.advice.events import Advice, Channel
from coordination.pupil.casefile import PUPIL_STREAM
from coordination.pupil.consent.decide import GiveConsent
from scripts.demonstration.county import SCHOOLS, SERVICES, FictionalSchool, FictionalService, staff_member
from scripts.demonstration.pupils import FictionalPupil
from scripts.demonstration.simulation import Simulation, next_working_day

ASKED = ("CAMHS", "SALT", "EPS")
"""The services that are asked."""
EVERY_DAYS = 24
CHANNELS: dict[Channel, int] = {"call": 45, "email": 25, "drop_in": 20, "clinic": 10}
ANSWERS: dict[Advice, int] = {"try_first": 55, "refer": 20, "another_service": 10, "nothing_needed": 15}
QUESTIONS = (
    "How can we help with sleep before we think of a referral?",
    "Sut gallwn ni helpu yn y dosbarth?",
    "Is this something to refer, or to watch?",
    None,
)
WORDS = (
    "A quiet start to the day, and look at it again in six weeks.",
    "Rhowch gynnig ar amserlen weledol yn gyntaf.",
    "Keep a diary for a fortnight.",
    None,
)


class SchoolAdvice:
    """What one school asks. It takes its own random numbers, so that the rest of the county stays as it is."""

    def __init__(self, simulation: Simulation, school: FictionalSchool, pupils: list[FictionalPupil]) -> None:
        self.simulation = simulation
        self.school = school
        self.pupils = pupils
        self.random = Random(2056 + SCHOOLS.index(school))

    def enter(self) -> None:
        """Enters every conversation in the diary."""
        day = self.simulation.start + timedelta(days=30)
        while (day := day + timedelta(days=self.random.randrange(8, 2 * EVERY_DAYS))) < self.simulation.until:
            self.simulation.on(next_working_day(day), self.asks)

    def asks(self, day: date) -> None:
        """A conversation; mostly answered at once, otherwise some days later, and now and then not at all."""
        service = self.random.choice([one for one in SERVICES if one.code in ASKED])
        pupil = self._agreed(service, day) if self.random.random() < 0.6 else None
        advice = self._id()
        asked: dict[str, Any] = {
            "occurred_on": day,
            "advice": advice,
            "school": self.school.id,
            "service": service.id,
            "channel": self.random.choices(list(CHANNELS), list(CHANNELS.values()))[0],
            "question": self.random.choice(QUESTIONS),
        }
        command = AskAdvice(**asked) if pupil is None else AskAdviceAboutPupil(**asked, pupil=pupil.id)
        alnco = staff_member(self.school, "alnco")
        self.simulation.perform(command, alnco, self.school.id, "alnco")
        if self.random.random() < 0.85:
            later = next_working_day(day + timedelta(days=self.random.randrange(5)))
            self.simulation.on(later, partial(self.answers, service, advice))

    def answers(self, service: FictionalService, advice: UUID, day: date) -> None:
        """The service answers itself."""
        answer = self.random.choices(list(ANSWERS), list(ANSWERS.values()))[0]
        command = AnswerAdvice(occurred_on=day, advice=advice, answer=answer, words=self.random.choice(WORDS))
        self.simulation.perform(command, service.clinician, service.agency_id, "clinician")

    def _agreed(self, service: FictionalService, day: date) -> FictionalPupil | None:
        """A pupil of the school whose mother agrees that the school speaks with the service about them."""
        for pupil in self.random.sample(self.pupils, min(5, len(self.pupils))):
            case = self.simulation.batch.state(PUPIL_STREAM, pupil.id)
            if case.profile.schools() != {self.school.id} or case.consents.questions:
                continue
            given = GiveConsent(
                occurred_on=day,
                pupil=pupil.id,
                consent=self._id(),
                agency=service.agency_id,
                service=service.id,
                authority="parental_responsibility",
                data_classes=("identity",),
                contact=pupil.mother,
                language=pupil.language,
            )
            self.simulation.perform(given, staff_member(self.school, "alnco"), self.school.id, "alnco")
            return pupil
        return None

    def _id(self) -> UUID:
        return UUID(int=self.random.getrandbits(128), version=4)


def enter_advice(simulation: Simulation, pupils: list[FictionalPupil]) -> None:
    """Enters the conversations of all schools in the diary."""
    for school in SCHOOLS:
        own = [pupil for pupil in pupils if pupil.school is school]
        SchoolAdvice(simulation, school, own).enter()
