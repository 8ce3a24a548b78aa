"""Support, one-page profiles, a class teacher and what she tells the ALNCo."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from random import Random
from typing import Any
from uuid import UUID

from coordination.directory.commands import AppointPerson, AssignClassTeacher
from coordination.directory.programmes import SetProgramme
from coordination.event import Command
from coordination.pupil.aln.commands import AnswerConcern, TellConcern
from coordination.pupil.casefile import PUPIL_STREAM, CaseFile
from coordination.pupil.one_page_profile.decide import WriteOnePageProfile
from coordination.pupil.profile.commands import RecordClass
from coordination.pupil.support.commands import ReviewSupport, StartSupport
from coordination.pupil.support.events import NextStep, ReviewVoice
from scripts.demonstration.county import (
    ADMINISTRATOR,
    AUTHORITY,
    NAMES,
    SCHOOLS,
    TEACHER,
    fixed_id,
    staff_member,
)
from scripts.demonstration.pupils import FictionalPupil
from scripts.demonstration.simulation import Simulation, next_working_day

SUPPORTED = 4
"""One pupil in so many has support in the two years."""
PROFILED = 5
IN_CLASS = 9
CLASS = "9B"
PROGRAMMES = (
    ("SIARAD", "Talk in Small Groups", "Siarad mewn Grwpiau Bach", 2, ("SLCD",), 10),
    ("DARLLEN", "Paired Reading", "Darllen mewn Parau", 2, ("DYSL", "GLD", "MLD"), 12),
    ("TAWEL", "Calm Start", "Dechrau Tawel", 3, ("BESD", "ADHD", "ASD"), 8),
)
TRIED: dict[str, tuple[str, str, str | None, str | None]] = {
    "SIARAD": ("Small group, three times a week", "Says what is needed in a group", None, None),
    "DARLLEN": (
        "Reads with an older pupil for ten minutes a day",
        "60 words a minute",
        "Words read",
        "words a minute",
    ),
    "TAWEL": (
        "Meets an adult before the first lesson",
        "Three calm mornings a week",
        "Calm mornings",
        "mornings a week",
    ),
}
OUTCOMES = {"met": 22, "nearer": 38, "same": 22, "worse": 8, "cannot_tell": 10}
SAID = ("Dw i’n hoffi’r grŵp.", "It is easier now.", "Dw i ddim yn gwybod.", "I like going with Ffion.")


class Supports:
    """All support of the county. It takes its own random numbers, so that the rest of the county stays as it is."""

    def __init__(self, simulation: Simulation, pupils: list[FictionalPupil]) -> None:
        self.simulation = simulation
        self.pupils = pupils
        self.random = Random(2020)

    def enter(self) -> None:
        """Enters the programmes, every piece of support and profile, and the teacher, in the diary."""
        beginning = min(pupil.registered_on for pupil in self.pupils)
        self.simulation.on(beginning, self.programmes)
        for pupil in self.pupils[2::SUPPORTED]:
            first = pupil.registered_on + timedelta(days=15)
            span = max(1, (self.simulation.until - first).days - 20)
            day = next_working_day(first + timedelta(days=self.random.randrange(span)))
            self.simulation.on(day, partial(self.started, pupil, self._id()))
        for pupil in self.pupils[3::PROFILED]:
            self.simulation.on(
                next_working_day(pupil.registered_on + timedelta(days=12)), partial(self.profile, pupil)
            )
        self._of_the_teacher()

    def programmes(self, day: date) -> None:
        """The authority's programmes."""
        for code, name, name_cy, level, needs, weeks in PROGRAMMES:
            command = SetProgramme(
                occurred_on=day,
                organisation=AUTHORITY,
                code=code,
                name=name,
                name_cy=name_cy,
                level=level,
                needs=needs,
                entry_criteria="The class teacher and the ALNCo agree that work with the whole class is not enough.",
                exit_criteria="The aim is met in two reviews, or three reviews show no change.",
                usual_weeks=weeks,
                effective_from=day,
            )
            self.simulation.perform(command, ADMINISTRATOR, AUTHORITY, "administrator")

    def started(self, pupil: FictionalPupil, support: UUID, day: date) -> None:
        """Support begins, in a programme that is for a need of the pupil where there is one."""
        if not self._on_one_roll(pupil):
            return
        fitting = [one for one in PROGRAMMES if set(one[4]) & set(pupil.needs)] or [PROGRAMMES[1]]
        code, _, _, level, needs, weeks = self.random.choice(fitting)
        activity, aim, measure, unit = TRIED[code]
        need = next((one for one in pupil.needs if one in needs), pupil.needs[0] if pupil.needs else None)
        command = StartSupport(
            occurred_on=day,
            pupil=pupil.id,
            support=support,
            level=level,
            ends_by=day + timedelta(weeks=weeks + 6),
            activity=activity,
            aim=aim,
            measure=measure,
            unit=unit,
            starting_point=str(self.random.randint(1, 40)) if measure else None,
            need=need,
            programme=code,
        )
        self._school(pupil, command)
        self._later(day, 42, partial(self.reviewed, pupil, support, 1))

    def reviewed(self, pupil: FictionalPupil, support: UUID, number: int, day: date) -> None:
        """A review in one to three voices; it goes on at most twice."""
        held = self._case(pupil).support.given.get(support)
        if held is None or not held.runs or not self._on_one_roll(pupil) or day > held.ends_by:
            return
        (outcome,) = self.random.choices(list(OUTCOMES), weights=list(OUTCOMES.values()))
        voices = [
            ReviewVoice("teacher", "Works well in the mornings.", "en", outcome),
            ReviewVoice("child", self.random.choice(SAID), pupil.language),
            ReviewVoice("parent", "Mae’n siarad mwy gartref.", "cy"),
        ]
        next_step: NextStep = "end" if outcome == "met" or number == 2 else "go_on"
        command = ReviewSupport(
            occurred_on=day,
            pupil=pupil.id,
            support=support,
            outcome=outcome,
            voices=tuple(voices[: self.random.randint(1, 3)]),
            next_step=next_step,
            value=str(self.random.randint(20, 70)) if held.measurable else None,
        )
        self._school(pupil, command)
        if next_step == "go_on":
            self._later(day, 40, partial(self.reviewed, pupil, support, number + 1))

    def profile(self, pupil: FictionalPupil, day: date) -> None:
        """A profile for every day, written with the child."""
        if not self._on_one_roll(pupil):
            return
        words: dict[str, Any] = {
            "important": "Fy nghi, Mot, a phêl-droed.",
            "admired": "Dw i’n garedig ac yn ddoniol.",
            "support": "Rhowch amser i mi ateb, a dangoswch beth sydd i’w wneud.",
            "language": "cy",
        }
        if pupil.language == "en":
            words = {
                "important": "My dog and drawing.",
                "admired": "I make people laugh, and I never give up.",
                "support": "Tell me one thing at a time, and let me sit near the door.",
                "language": "en",
            }
        command = WriteOnePageProfile(
            occurred_on=day,
            pupil=pupil.id,
            profile=self._id(),
            occasion="every_day",
            with_child=True,
            **words,
        )
        self._school(pupil, command)

    # The class teacher

    def _of_the_teacher(self) -> None:
        day = next_working_day(self.simulation.until - timedelta(days=40))
        own = [pupil for pupil in self.pupils if pupil.school is SCHOOLS[0]][-IN_CLASS:]
        self.simulation.on(day, partial(self.appointed, own))
        later = [next_working_day(day + timedelta(days=n)) for n in (3, 9, 30)]
        for pupil, told, outcome in zip(own, later, ("support", "aln_decision", None), strict=False):
            self.simulation.on(told, partial(self.told, pupil, self._id(), outcome))
        for pupil in own[:4]:
            self.simulation.on(
                next_working_day(day + timedelta(days=5)), partial(self.started, pupil, self._id())
            )
            self.simulation.on(next_working_day(day + timedelta(days=6)), partial(self.profile, pupil))

    def appointed(self, own: list[FictionalPupil], day: date) -> None:
        """The teacher has a class, and some pupils are in it."""
        school = SCHOOLS[0]
        appoint = AppointPerson(
            occurred_on=day,
            organisation=school.id,
            person=TEACHER,
            role="class_teacher",
            service=None,
            effective_from=day,
            name=NAMES[TEACHER],
        )
        self.simulation.perform(appoint, ADMINISTRATOR, AUTHORITY, "administrator")
        assign = AssignClassTeacher(
            occurred_on=day,
            organisation=school.id,
            assignment=fixed_id("class/9B"),
            person=TEACHER,
            class_name=CLASS,
            effective_from=day,
        )
        self.simulation.perform(assign, staff_member(school, "alnco"), school.id, "alnco")
        for pupil in own:
            if self._on_one_roll(pupil):
                self._school(pupil, RecordClass(occurred_on=day, pupil=pupil.id, class_name=CLASS))

    def told(self, pupil: FictionalPupil, concern: UUID, outcome: str | None, day: date) -> None:
        """The teacher tells the ALNCo, who answers within days, or has not answered yet."""
        if not self._on_one_roll(pupil):
            return
        words = "Loses the thread in longer texts, and hides it well."
        tell = TellConcern(occurred_on=day, pupil=pupil.id, concern=concern, words=words)
        self.simulation.perform(tell, TEACHER, pupil.school.id, "class_teacher")
        if outcome is not None:
            self._later(day, 2, partial(self.answered, pupil, concern, outcome))

    def answered(self, pupil: FictionalPupil, concern: UUID, outcome: str, day: date) -> None:
        """The ALNCo answers the teacher."""
        words = "Diolch. Let us talk on Thursday."
        self._school(
            pupil,
            AnswerConcern(occurred_on=day, pupil=pupil.id, concern=concern, outcome=outcome, words=words),
        )

    def _later(self, day: date, about: int, act: Any) -> None:
        on = next_working_day(day + timedelta(days=about))
        if on <= self.simulation.until:
            self.simulation.on(on, act)

    def _on_one_roll(self, pupil: FictionalPupil) -> bool:
        return self._case(pupil).profile.schools() == {pupil.school.id}

    def _case(self, pupil: FictionalPupil) -> CaseFile:
        return self.simulation.batch.state(PUPIL_STREAM, pupil.id)

    def _id(self) -> UUID:
        return UUID(int=self.random.getrandbits(128), version=4)

    def _school(self, pupil: FictionalPupil, command: Command) -> None:
        school = pupil.school
        self.simulation.perform(command, staff_member(school, "alnco"), school.id, "alnco")


def enter_support(simulation: Simulation, pupils: list[FictionalPupil]) -> None:
    """Enters the support of all pupils in the diary."""
    Supports(simulation, pupils).enter()
