"""Who records a referral's milestones: the service itself, or the school as reported, which the service answers."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from coordination.pupil.casefile import PUPIL_STREAM
from coordination.pupil.referral.decide import (
    ConfirmMilestone,
    ContestMilestone,
    RecordMilestone,
    ReportSource,
)
from scripts.demonstration.county import FictionalService, staff_member
from scripts.demonstration.pupils import FictionalPupil
from scripts.demonstration.simulation import Simulation, next_working_day


class RecordedMilestones:
    """One referral's milestones, as somebody records them on the day or some days late."""

    def __init__(self, simulation: Simulation, pupil: FictionalPupil, service: FictionalService) -> None:
        self.simulation = simulation
        self.random = simulation.random
        self.pupil = pupil
        self.service = service
        self.referral = simulation.id()

    def _held(self) -> bool:
        """Whether the referral still runs: neither ended nor recorded in error."""
        case = self.simulation.batch.state(PUPIL_STREAM, self.pupil.id)
        referral = case.referrals[self.referral]
        ended = {"advice_given", "declined", "withdrawn", "discharged", "recorded_in_error"}
        return not any(s.name in ended for s in referral.steps)

    def _later(self, day: date, name: str, details: dict[str, Any] | None = None) -> None:
        """On a later day; one entry in nine is recorded some days late."""
        late = self.simulation.about(8) if self.simulation.chance(0.11) else 0
        occurred = day

        def record(_: date) -> None:
            if self._held():
                self._milestone(name, occurred, details)

        self.simulation.on(next_working_day(day + timedelta(days=late)), record)

    def _milestone(self, name: str, occurred: date, details: dict[str, Any] | None = None) -> None:
        own = name in ("decided", "information_supplied", "opt_in_answered", "withdrawn")
        if not own and self.simulation.chance(self.service.signs_in):
            self._agency(name, occurred, details or {})
            return
        if self.pupil.left:  # no school reports any more
            return
        reported = None
        if not own:
            how = self.random.choice(("telephone", "letter", "email", "by_parent"))
            reported = ReportSource(by="the service's secretary", how=how, on=occurred)
        receipt = self._school(
            RecordMilestone(
                occurred_on=occurred,
                pupil=self.pupil.id,
                referral=self.referral,
                milestone=name,
                details=details or {},
                reported=reported,
            )
        )
        if reported is not None:
            self._answered(receipt.version, occurred)

    def _agency(self, name: str, occurred: date, details: dict[str, Any]) -> None:
        """The service records a milestone itself."""
        command = RecordMilestone(
            occurred_on=occurred,
            pupil=self.pupil.id,
            referral=self.referral,
            milestone=name,
            details=details,
        )
        self.simulation.perform(command, self.service.clinician, self.service.agency_id, "clinician")

    def _answered(self, version: int, occurred: date) -> None:
        """The agency confirms what was reported in its name, contests it, or does not respond."""
        draw = self.random.random()
        if draw < 0.75 * self.service.signs_in + 0.1:
            self.simulation.on(
                next_working_day(occurred + timedelta(days=self.simulation.about(15))),
                lambda d: self._confirm(version, d),
            )
        elif draw > 0.985:
            self.simulation.on(
                next_working_day(occurred + timedelta(days=self.simulation.about(15))),
                lambda d: self._contest(version, d),
            )

    def _confirm(self, version: int, day: date) -> None:
        if self._held():
            command = ConfirmMilestone(
                occurred_on=day, pupil=self.pupil.id, referral=self.referral, milestone=version
            )
            self.simulation.perform(command, self.service.clinician, self.service.agency_id, "clinician")

    def _contest(self, version: int, day: date) -> None:
        if self._held():
            command = ContestMilestone(
                occurred_on=day,
                pupil=self.pupil.id,
                referral=self.referral,
                milestone=version,
                why="Our own records show another date.",
            )
            self.simulation.perform(command, self.service.manager, self.service.agency_id, "service_manager")

    def _school(self, command: Any) -> Any:
        school = self.pupil.school
        return self.simulation.perform(command, staff_member(school, "alnco"), school.id, "alnco")
