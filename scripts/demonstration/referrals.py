"""Referrals and what became of them: believable delays, missed appointments, late entries, reports and disputes."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from coordination.pupil.consent.decide import GiveConsent, RefuseConsent, RequestConsent, WithdrawConsent
from coordination.pupil.referral.decide import (
    AllocateReferral,
    OpenReferral,
    RecordUnavailability,
    SubmitReferral,
)
from scripts.demonstration import people
from scripts.demonstration.county import SERVICES, FictionalService
from scripts.demonstration.milestones import RecordedMilestones
from scripts.demonstration.pupils import FictionalPupil
from scripts.demonstration.simulation import Simulation, next_working_day

# How often a pupil with needs is referred over the two years, by number of referrals.
OFTEN = (2, 3, 3, 4, 4, 5)
# Services that ask the family whether they want the appointment before they offer one.
OPT_IN = ("counselling", "primary_mental_health")
DECLINED = ("below_threshold", "information_missing", "other_service_fits", "school_support_first")


class ReferralCourse(RecordedMilestones):
    """One referral's course, worked out day by day."""

    def __init__(self, simulation: Simulation, pupil: FictionalPupil, service: FictionalService) -> None:
        super().__init__(simulation, pupil, service)
        self.consent = simulation.id()
        self.drags = simulation.chance(service.late)
        self.legal_route = self._route()
        self.asked_to_opt_in = False

    def _route(self) -> str:
        """How the referral is made in law. The authority refers to the NHS under section 20 for few children."""
        if self.service.profession == "primary_mental_health":
            return "mental_health_measure"
        nhs = "s20_answer" in self.service.standards
        return "s20_nhs" if nhs and self.simulation.chance(0.06) else "service_request"

    def begin(self, day: date) -> None:
        """The school decides to refer and asks the parent; the referral waits for the answer."""
        if self.pupil.left:
            return
        urgent = self.random.random()
        priority = "urgent" if urgent < 0.03 else "priority" if urgent < 0.15 else "routine"
        risk = self.service.profession == "camhs" and self.simulation.chance(0.02)
        self._school(
            OpenReferral(
                occurred_on=day,
                pupil=self.pupil.id,
                referral=self.referral,
                service=self.service.id,
                school=self.pupil.school.id,
                immediate_risk=risk,
                told=("crisis_team", "designated_safeguarding_person") if risk else (),
                told_at=datetime.combine(day, time(8), UTC) if risk else None,
                priority="urgent" if risk else priority,
                legal_route=self.legal_route,
                informed_and_discussed=True,
                reference=f"DA/{self.pupil.school.number}/{self.simulation.performed}",
                reason=self.random.choice(people.REASONS),
                second_referral=True,  # now and then the same child is referred again, and it is meant
            )
        )
        self._milestone("decided", day)
        self._school(
            RequestConsent(
                occurred_on=day,
                pupil=self.pupil.id,
                consent=self.consent,
                agency=self.service.agency_id,
                service=self.service.id,
                data_classes=("identity", "needs", "referral"),
                contact=self.pupil.mother,
                language=self.pupil.language,
            )
        )
        if self.simulation.chance(0.96):
            self.simulation.on(next_working_day(day + timedelta(days=self.simulation.about(6))), self.agreed)
        else:
            self.simulation.on(next_working_day(day + timedelta(days=70)), self.given_up)

    def given_up(self, day: date) -> None:
        """The mother does not agree within ten weeks; the school withdraws the referral."""
        if self.pupil.left:
            return
        self._school(
            RefuseConsent(
                occurred_on=day,
                pupil=self.pupil.id,
                consent=self.consent,
                agency=self.service.agency_id,
                service=self.service.id,
                authority="parental_responsibility",
                contact=self.pupil.mother,
            )
        )
        self._milestone("withdrawn", day, {"reason": "no_longer_needed"})

    def agreed(self, day: date) -> None:
        """The mother agrees; the school submits the referral with the information that the service requires, where it
        has it."""
        if self.pupil.left:
            return
        self._school(
            GiveConsent(
                occurred_on=day,
                pupil=self.pupil.id,
                consent=self.consent,
                agency=self.service.agency_id,
                service=self.service.id,
                authority="parental_responsibility",
                data_classes=("identity", "needs", "referral"),
                contact=self.pupil.mother,
                language=self.pupil.language,
                words=self.random.choice(people.PARENT) if self.simulation.chance(0.4) else None,
            )
        )
        supplied = tuple(code for code in self.service.asks if self.simulation.chance(0.85))
        self._school(
            SubmitReferral(
                occurred_on=day,
                pupil=self.pupil.id,
                referral=self.referral,
                supplied=supplied,
                second_referral=True,
            )
        )
        received = next_working_day(day + timedelta(days=self.random.choice((0, 1, 1, 2, 4))))
        self._received(received, supplied)

    def _received(self, received: date, supplied: tuple[str, ...]) -> None:
        """The service receives, acknowledges and sorts the referral."""
        self._later(received, "received")
        self._later(
            next_working_day(received + timedelta(days=self.simulation.about(self.service.acknowledges))),
            "acknowledged",
        )
        triaged = next_working_day(
            received + timedelta(days=self.service.acknowledges * 2 + self.simulation.about(5))
        )
        if len(supplied) < len(self.service.asks) and self.simulation.chance(0.6):
            self._later(
                triaged,
                "information_requested",
                {"requirements": list(set(self.service.asks) - set(supplied))},
            )
            answered = next_working_day(triaged + timedelta(days=self.simulation.about(9)))
            self._later(answered, "information_supplied")
            triaged = next_working_day(answered + timedelta(days=3))
        if self.service.code == "CAMHS" and self.simulation.chance(0.12):
            self.simulation.on(triaged, self.passed_on)
            return
        if self.legal_route == "s20_nhs":
            answered = next_working_day(received + timedelta(days=self.simulation.about(30)))
            found = self.simulation.chance(0.7)
            answer = {
                "identified": found,
                "in_welsh": found and self.pupil.language == "cy",
                "told_referrer": True,
                "told_plan_holder": True,
                "what": self.random.choice(people.IDENTIFIED) if found else None,
            }
            self._later(answered, "s21_answer", answer)
        if self.simulation.chance(self.service.declines):
            self.simulation.on(triaged, self.declined if self.simulation.chance(0.75) else self.advised)
            return
        if self.simulation.chance(0.7):
            self._later(triaged, "triaged")
        self._later(triaged, "accepted")
        # by the referral's number and not at random, so that the rest of the county does not change
        if self.service.signs_in >= 0.5 and self.referral.int % 5 < 2:
            self.simulation.on(next_working_day(triaged + timedelta(days=3)), self.allocated)
        wait = self.simulation.about(self.service.offers) * (4 if self.drags else 1)
        self.simulation.on(next_working_day(triaged + timedelta(days=wait)), self.offered)
        if self.simulation.chance(0.02):
            self.simulation.on(
                next_working_day(triaged + timedelta(days=self.simulation.about(60))),
                self.agreement_withdrawn,
            )

    def passed_on(self, day: date) -> None:
        """CAMHS passes the referral on to primary mental health support, which receives it on the next days."""
        if not self._held():
            return
        other = next(s for s in SERVICES if s.code == "LPMHSS")
        self._agency("redirected", day, {"to_service": other.id, "to_agency": other.agency_id})
        self.service = other
        self._received(next_working_day(day + timedelta(days=2)), other.asks)

    def advised(self, day: date) -> None:
        """Advice is given instead of taking the referral on."""
        if self._held():
            self._milestone("advice_given", day, {"advice": self.random.choice(people.ADVICE)})

    def allocated(self, day: date) -> None:
        """A person in the service is allocated the referral."""
        if self._held():
            taker = (self.service.clinician, self.service.manager)[self.referral.int % 3 == 0]
            command = AllocateReferral(
                occurred_on=day, pupil=self.pupil.id, referral=self.referral, person=taker
            )
            self.simulation.perform(command, self.service.manager, self.service.agency_id, "service_manager")

    def declined(self, day: date) -> None:
        if self._held():
            reason = self.random.choice(DECLINED)
            self._milestone(
                "declined", day, {"reason": reason, "signposting": "The school nurse's weekly clinic"}
            )

    def offered(self, day: date) -> None:
        """An appointment is offered; the day may be kept or missed, and then another is offered."""
        if not self._held():
            return
        if self.service.profession in OPT_IN and not self.asked_to_opt_in:
            self._ask_to_opt_in(day)
            return
        lead = max(4, self.simulation.about(max(7, self.service.sees - self.service.offers)))
        when = next_working_day(day + timedelta(days=lead))
        offers = [datetime.combine(when, time(9, 30), UTC)]
        if self.simulation.chance(0.5):
            offers.append(datetime.combine(next_working_day(when + timedelta(days=2)), time(14), UTC))
        appointment = self.simulation.id()
        self._milestone(
            "appointment_offered",
            day,
            {
                "appointment": appointment,
                "for_when": tuple(offers),
                "language": self.pupil.language,
                "place": "Canolfan Iechyd Glan Arfor",
            },
        )
        missed = self.random.random()
        if missed < self.service.missed:
            name = "was_not_brought" if missed < self.service.missed * 0.6 else "could_not_attend"
            if self.pupil.year >= 11 and name == "was_not_brought":
                name = "did_not_attend"
            self._later(when, name, {"appointment": appointment})
            self.simulation.on(
                next_working_day(when + timedelta(days=self.simulation.about(10))), self.offered
            )
            if self.simulation.chance(0.25):
                self.simulation.on(when, self.unavailable)
        elif missed < self.service.missed + 0.03:
            cancelled = next_working_day(max(day, when - timedelta(days=2)))
            self._later(min(cancelled, when), "cancelled_by_service", {"appointment": appointment})
            self.simulation.on(
                next_working_day(when + timedelta(days=self.simulation.about(12))), self.offered
            )
        else:
            self.simulation.on(when, lambda on: self.seen(on, appointment))

    def _ask_to_opt_in(self, day: date) -> None:
        """The family is asked whether they want the appointment; most answer, and some after a second letter."""
        self.asked_to_opt_in = True
        answer_by = day + timedelta(days=14)
        self._milestone("opt_in_asked", day, {"answer_by": answer_by})
        if self.simulation.chance(0.85):
            answered = next_working_day(day + timedelta(days=self.random.randrange(3, 14)))
            self._later(answered, "opt_in_answered")
            self.simulation.on(next_working_day(answered + timedelta(days=4)), self.offered)
        else:
            self._later(next_working_day(answer_by + timedelta(days=1)), "opt_in_unanswered")
            self.simulation.on(next_working_day(answer_by + timedelta(days=12)), self.offered)

    def seen(self, day: date, appointment: UUID) -> None:
        """First contact, and what follows it."""
        if not self._held():
            return
        self._milestone("first_contact", day, {"appointment": appointment})
        assessed = (
            day
            if self.simulation.chance(0.5)
            else next_working_day(day + timedelta(days=self.simulation.about(14)))
        )
        self._later(assessed, "assessed")
        after = assessed + timedelta(days=self.simulation.about(18))
        if self.simulation.chance(0.75):
            self._later(next_working_day(after), "report_issued")
        if self.simulation.chance(0.6):
            self._later(next_working_day(after + timedelta(days=4)), "treatment_started")
            self._later(
                next_working_day(after + timedelta(days=4 + self.simulation.about(110))),
                "discharged",
                {"reason": "treatment_completed"},
            )
        elif self.simulation.chance(0.95):
            self._later(
                next_working_day(after + timedelta(days=10)), "discharged", {"reason": "assessment_completed"}
            )

    def unavailable(self, day: date) -> None:
        if self._held() and not self.pupil.left:
            until = day + timedelta(days=self.simulation.about(14))
            command = RecordUnavailability(
                occurred_on=day,
                pupil=self.pupil.id,
                referral=self.referral,
                from_on=day,
                until=until,
                reason="family_asked_to_wait",
            )
            self._school(command)

    def agreement_withdrawn(self, day: date) -> None:
        """The mother withdraws her agreement and ends the referral: the agency keeps what it had received."""
        if not self._held() or self.pupil.left:
            return
        self._school(
            WithdrawConsent(
                occurred_on=day,
                pupil=self.pupil.id,
                consent=self.consent,
                contact=self.pupil.mother,
                meaning="end_referral",
            )
        )


def enter_referrals(simulation: Simulation, pupils: list[FictionalPupil]) -> None:
    """Enters every pupil's referrals in the diary."""
    shares = [service.share for service in SERVICES]
    span = (simulation.until - simulation.start).days
    for pupil in pupils:
        often = simulation.random.choice(OFTEN)
        for service in dict.fromkeys(simulation.random.choices(SERVICES, shares, k=often)):
            first = (pupil.registered_on - simulation.start).days + 10
            day = next_working_day(
                simulation.start
                + timedelta(days=simulation.random.randrange(first, max(first + 1, span - 3)))
            )
            simulation.on(day, ReferralCourse(simulation, pupil, service).begin)
