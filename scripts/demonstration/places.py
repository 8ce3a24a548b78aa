"""A resource base of the authority: two pupils placed, one of them with an exit due, and one waiting."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import Any

from coordination.directory.commands import AppointPerson, OpenService
from coordination.event import Command
from coordination.place.commands import (
    MakeHostAgreement,
    RecordStaffTraining,
    ReviewBaseFunction,
    SetPlaceCriteria,
    SetPlaces,
)
from coordination.pupil.casefile import PUPIL_STREAM, CaseFile
from coordination.pupil.consent.decide import GiveConsent
from coordination.pupil.referral.commands import ReviewPlace
from coordination.pupil.referral.decide import OpenReferral, RecordMilestone, SubmitReferral
from scripts.demonstration.county import (
    ADMINISTRATOR,
    AUTHORITY,
    BASE,
    NAMES,
    PANEL,
    SCHOOLS,
    fixed_id,
    staff_member,
)
from scripts.demonstration.pupils import FictionalPupil
from scripts.demonstration.simulation import Simulation, next_working_day

SOURCE = "Cabinet decision, fictional"
SINCE = timedelta(days=240)
"""How long before the last day the base opened."""


class Places:
    """The base and its pupils."""

    def __init__(self, simulation: Simulation, pupils: list[FictionalPupil]) -> None:
        self.simulation = simulation
        self.pupils = pupils

    def enter(self) -> None:
        """Enters the base, and three pupils of the host school, in the diary."""
        start = next_working_day(self.simulation.until - SINCE)
        self.simulation.on(start, self.opened)
        fitting = [p for p in self.pupils if p.school == SCHOOLS[0] and p.registered_on < start]
        for number, pupil in enumerate(fitting[1:40:13][:3]):
            self.simulation.on(
                next_working_day(start + timedelta(days=7)), partial(self.asked, pupil, number)
            )

    def opened(self, day: date) -> None:
        """The authority opens the base, and says how many places there are, and for whom."""
        opened = OpenService(
            occurred_on=day,
            organisation=AUTHORITY,
            service=BASE,
            code="CANOLFAN",
            profession="resource_base",
            open_from=day,
            name="Glan-y-môr Resource Base",
            name_cy="Canolfan Adnoddau Glan-y-môr",
        )
        appointed = AppointPerson(
            occurred_on=day,
            organisation=AUTHORITY,
            person=PANEL,
            role="service_manager",
            service=BASE,
            effective_from=day,
            name=NAMES[PANEL],
        )
        about: dict[str, Any] = {"occurred_on": day, "place": BASE, "source": SOURCE}
        arranged = (
            SetPlaces(**about, number=8, effective_from=day),
            SetPlaceCriteria(
                **about,
                admission="Moderate learning difficulties; support in class was tried for two terms.",
                exit="Works with the class in most lessons with the support that the class has.",
                effective_from=day,
            ),
            MakeHostAgreement(
                **about,
                school=SCHOOLS[0].id,
                terms="The full curriculum, half of the week with the class, joint planning time.",
                effective_from=day,
            ),
            ReviewBaseFunction(
                **about,
                function="Moderate learning difficulties and speech and language needs.",
                needs=("MLD", "SLCD"),
                next_review_on=day + timedelta(days=365),
            ),
            RecordStaffTraining(**about, subject="Communication-friendly classrooms", people=4),
        )
        for command in (opened, appointed, *arranged):
            self.simulation.perform(command, ADMINISTRATOR, AUTHORITY, "administrator")

    def asked(self, pupil: FictionalPupil, number: int, day: date) -> None:
        """The school asks for a place; the panel meets a month later."""
        case: CaseFile = self.simulation.batch.state(PUPIL_STREAM, pupil.id)
        if case.profile.schools() != {pupil.school.id}:
            return
        about: dict[str, Any] = {"occurred_on": day, "pupil": pupil.id}
        referral = fixed_id(f"place/{number}")
        commands: tuple[Command, ...] = (
            GiveConsent(
                **about,
                consent=fixed_id(f"place/{number}/consent"),
                agency=AUTHORITY,
                service=BASE,
                authority="parental_responsibility",
                data_classes=("identity", "needs", "referral"),
                contact=pupil.mother,
                language=pupil.language,
            ),
            OpenReferral(
                **about,
                referral=referral,
                service=BASE,
                school=pupil.school.id,
                immediate_risk=False,
                informed_and_discussed=True,
                reason="Support in class for two terms was not enough.",
            ),
            SubmitReferral(**about, referral=referral),
        )
        for command in commands:
            self.simulation.perform(command, staff_member(pupil.school, "alnco"), pupil.school.id, "alnco")
        self.simulation.on(
            next_working_day(day + timedelta(days=30)), partial(self.panel, pupil, referral, number)
        )

    def panel(self, pupil: FictionalPupil, referral: Any, number: int, day: date) -> None:
        """The panel places two pupils; the third waits."""
        about: dict[str, Any] = {"pupil": pupil.id, "referral": referral}
        decision = {"decision": "wait" if number == 2 else "place"}
        self._says(RecordMilestone(occurred_on=day, milestone="panel_decided", details=decision, **about))
        if number == 2:
            return
        starts = next_working_day(day + timedelta(days=14))
        exit_due = self.simulation.until - timedelta(days=5) if number == 0 else starts + timedelta(days=365)
        offer = {"starts_on": starts.isoformat()}
        self._says(RecordMilestone(occurred_on=day, milestone="place_offered", details=offer, **about))
        taken = {"exit_due_on": exit_due.isoformat()}
        self.simulation.on(
            starts,
            lambda on: self._says(
                RecordMilestone(occurred_on=on, milestone="placed", details=taken, **about)
            ),
        )
        self.simulation.on(
            next_working_day(starts + timedelta(days=60)),
            lambda on: self._says(
                ReviewPlace(
                    occurred_on=on,
                    outcome="exit_planned" if number == 0 else "stays",
                    next_review_on=on + timedelta(days=120),
                    exit_due_on=exit_due,
                    words="Works well in small groups.",
                    **about,
                )
            ),
        )

    def _says(self, command: Command) -> None:
        self.simulation.perform(command, PANEL, AUTHORITY, "service_manager")


def enter_places(simulation: Simulation, pupils: list[FictionalPupil]) -> None:
    """Enters the base and its pupils in the diary."""
    Places(simulation, pupils).enter()
