"""Challenges to agencies that do not come to a school's meetings, and what became of them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from coordination.challenge.commands import (
    AcknowledgeChallenge,
    ApproveChallenge,
    DisputeMark,
    RaiseAttendanceChallenge,
    ReplyToChallenge,
    ResolveChallenge,
    RuleOnDispute,
    SendChallenge,
)
from coordination.challenge.rule import MarkEvidence
from coordination.challenge.state import CHALLENGE_STREAM
from coordination.errors import Refusal
from scripts.demonstration import people
from scripts.demonstration.county import (
    AUTHORITY,
    CASEWORKER,
    DECLO,
    SCHOOLS,
    FictionalSchool,
    FictionalService,
    fixed_id,
    staff_member,
)
from scripts.demonstration.simulation import Simulation, next_working_day

STAYS_AWAY = "SALT"
"""The service that misses the visitor's school's last meetings; to challenge it is left to the visitor."""


class SchoolChallenges:
    """One school's challenges."""

    def __init__(self, simulation: Simulation, school: FictionalSchool) -> None:
        self.simulation = simulation
        self.random = simulation.random
        self.school = school
        self.open: dict[str, tuple[UUID, FictionalService]] = {}  # by the service's code

    def look(self, day: date, service: FictionalService, marks: list[MarkEvidence]) -> None:
        """Raises a challenge where the last marks of a service meet the rule and none is open."""
        if service.code in self.open:
            return
        if service.code == STAYS_AWAY and self.school is SCHOOLS[0]:
            return  # it is for the visitor to challenge
        challenge = self.simulation.id()
        raised = RaiseAttendanceChallenge(
            occurred_on=day,
            challenge=challenge,
            school=self.school.id,
            service=service.id,
            marks=tuple(marks[-6:]),
        )
        try:
            self._school(raised)
        except Refusal as refusal:
            if refusal.code != "rule_not_met":
                raise
            return
        self.open[service.code] = (challenge, service)
        self.simulation.on(
            next_working_day(day + timedelta(days=2)), lambda d: self.approved(d, challenge, service)
        )

    def approved(self, day: date, challenge: UUID, service: FictionalService) -> None:
        """The head teacher approves, the letter goes, the agency answers; a mark may be disputed and ruled on."""
        head = staff_member(self.school, "head")
        self.simulation.perform(
            ApproveChallenge(occurred_on=day, challenge=challenge), head, self.school.id, "head"
        )
        self._school(SendChallenge(occurred_on=day, challenge=challenge))
        if not self.simulation.chance(0.75):
            return
        answered = next_working_day(day + timedelta(days=self.simulation.about(7)))
        self.simulation.on(answered, lambda d: self.replied(d, challenge, service))

    def replied(self, day: date, challenge: UUID, service: FictionalService) -> None:
        def agency(command: Any) -> Any:
            return self.simulation.perform(command, service.manager, service.agency_id, "service_manager")

        agency(AcknowledgeChallenge(occurred_on=day, challenge=challenge))
        agency(ReplyToChallenge(occurred_on=day, challenge=challenge, text=self.random.choice(people.REPLY)))
        if self.simulation.chance(0.5) and (dispute := self.disputed(day, challenge, service)):
            ruled = next_working_day(day + timedelta(days=self.simulation.about(10)))
            self.simulation.on(ruled, lambda d: self.ruled(d, challenge, dispute, service))
        self.simulation.on(
            next_working_day(day + timedelta(days=40)), lambda d: self.resolved(d, challenge, service)
        )

    def disputed(self, day: date, challenge: UUID, service: FictionalService) -> UUID | None:
        """The agency disputes the first undisputed absence, saying that it had sent apologies; None: there is none."""
        state = self.simulation.batch.state(CHALLENGE_STREAM, challenge)
        known = {(d.meeting, d.mark_version) for d in state.disputes.values()}
        lines = [e for e in state.marks if e.mark == "absent" and (e.meeting, e.version) not in known]
        if not lines:
            return None
        dispute = self.simulation.id()
        command = DisputeMark(
            occurred_on=day,
            challenge=challenge,
            dispute=dispute,
            of_meeting=lines[0].meeting,
            mark_version=lines[0].version,
            why="We telephoned the office with apologies.",
            claims="apologies",
        )
        self.simulation.perform(command, service.manager, service.agency_id, "service_manager")
        return dispute

    def disputed_again(self, day: date) -> None:
        """In the last days: one entry of a challenge that the agency has to answer."""
        for code in sorted(self.open):
            challenge, service = self.open[code]
            sent = self.simulation.batch.state(CHALLENGE_STREAM, challenge).sent_on
            if sent and self.disputed(day, challenge, service):
                return

    def ruled(self, day: date, challenge: UUID, dispute: UUID, service: FictionalService) -> None:
        """A ruling by an independent person: the authority's caseworker, or the DECLO where the service is the
        authority's."""
        command = RuleOnDispute(
            occurred_on=day,
            challenge=challenge,
            dispute=dispute,
            ruling=self.random.choice(("upheld", "not_upheld")),
            reasons="I checked the school's telephone log.",
        )
        if service.agency in ("BIA", "CLUST"):
            self.simulation.perform(command, CASEWORKER, AUTHORITY, "la_caseworker")
        else:
            self.simulation.perform(command, DECLO, fixed_id("agency/BIA"), "declo")

    def resolved(self, day: date, challenge: UUID, service: FictionalService) -> None:
        """The parties agree once nothing is in dispute; an agency that stays away again is challenged again."""
        if self.simulation.batch.state(CHALLENGE_STREAM, challenge).open_disputes():
            later = next_working_day(day + timedelta(days=14))
            self.simulation.on(later, lambda d: self.resolved(d, challenge, service))
            return
        self._school(ResolveChallenge(occurred_on=day, challenge=challenge, outcome="attendance_agreed"))
        del self.open[service.code]

    def _school(self, command: Any) -> Any:
        return self.simulation.perform(command, staff_member(self.school, "alnco"), self.school.id, "alnco")
