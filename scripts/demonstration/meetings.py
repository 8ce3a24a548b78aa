"""The monthly Hwb meetings of the secondaries."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import msgspec

from coordination.calendars import wales
from coordination.challenge.rule import MarkEvidence
from coordination.directory.meeting_series import Rhythm, SeriesMember, SetMeetingSeries
from coordination.meeting.commands import (
    AddAgendaItem,
    AnswerInvitation,
    ApproveMinutes,
    FinaliseMeeting,
    Invite,
    MarkPresence,
    RemoveAgendaItem,
    ScheduleMeeting,
    SendAgenda,
)
from coordination.meeting.events import Mark, Party
from coordination.meeting.state import MEETING_STREAM
from coordination.meeting.timetable.choosing import choose
from coordination.meeting.timetable.dates import Slot, Wanted
from coordination.pupil.actions.decide import AgreeActionAtMeeting, CompleteAction
from coordination.pupil.actions.events import Owner
from coordination.pupil.minutes.decide import TakeMinute
from coordination.pupil.minutes.events import Dissent
from scripts.demonstration import people
from scripts.demonstration.challenges import STAYS_AWAY, SchoolChallenges
from scripts.demonstration.county import (
    AUTHORITY,
    CASEWORKER,
    SCHOOLS,
    SERVICES,
    FictionalSchool,
    FictionalService,
    staff_member,
)
from scripts.demonstration.directory import school_terms
from scripts.demonstration.pupils import FictionalPupil
from scripts.demonstration.simulation import Simulation, next_working_day

# The services that a Hwb invites: those with terms of reference for the school.
INVITED = tuple(
    s for s in SERVICES if s.terms and s.code in ("CAMHS", "LPMHSS", "SALT", "NYRS", "EPS", "CWNSELA")
)


class MonthlyDay(msgspec.Struct, frozen=True):
    """When a school holds its Hwb: a weekday (0 is Monday) of the first or a later full week of a month."""

    weekday: int
    week: int
    starts_at: time
    late_at: time

    @property
    def ends_at(self) -> time:
        """An hour and a half later."""
        minutes = self.starts_at.hour * 60 + self.starts_at.minute + 90
        return time(minutes // 60, minutes % 60)


# One for each school that holds a Hwb; in which week of a month it meets, the date finder chooses.
MONTHLY_DAYS = (
    MonthlyDay(2, 2, time(13, 30), time(13, 55)),
    MonthlyDay(1, 3, time(9, 15), time(9, 40)),
    MonthlyDay(3, 2, time(14), time(14, 20)),
    MonthlyDay(0, 3, time(13, 15), time(13, 35)),
    MonthlyDay(4, 1, time(10, 30), time(10, 50)),
)


class HwbSeries:
    """One school's series of monthly meetings."""

    def __init__(self, simulation: Simulation, school: FictionalSchool, pupils: list[FictionalPupil]) -> None:
        self.simulation = simulation
        self.random = simulation.random
        self.school = school
        self.pupils = pupils
        self.series = simulation.id()
        self.day_of_month = MONTHLY_DAYS[[s for s in SCHOOLS if s.holds_hwb].index(school)]
        self.unapproved: list[UUID] = []  # meetings whose minutes the next one approves
        self.marks: dict[str, list[MarkEvidence]] = {s.code: [] for s in INVITED}
        self.challenges = SchoolChallenges(simulation, school)

    def enter(self, held_on: Iterable[date]) -> None:
        """The series is set up; its meetings are on these days, arranged some weeks before."""
        self.simulation.on(next_working_day(self.simulation.start + timedelta(days=1)), self.set_up)
        for held in held_on:
            weeks = 5 if self.simulation.chance(0.9) else 1
            arranged = next_working_day(held - timedelta(weeks=weeks))
            self.simulation.on(arranged, partial(self.arrange, held, self.series))
        if self.school is SCHOOLS[0]:
            self._leave_open()

    def wanted(self) -> list[Wanted]:
        """The monthly meetings for which the date finder chooses a day: the school's weekday, in term."""
        usual, found = self.day_of_month, []
        month = (self.simulation.start + timedelta(days=45)).replace(day=1)
        while month <= self.simulation.until + timedelta(days=40):
            days = [month + timedelta(days=n) for n in range(31)]
            slots = tuple(
                Slot(day, usual.starts_at, usual.ends_at)
                for day in days
                if day.month == month.month and day.weekday() == usual.weekday and self._meets_on(day)
            )
            if slots:
                services = tuple(service.id for service in INVITED)
                found.append(Wanted(key=self.school.number, services=services, slots=slots))
            month = (month + timedelta(days=32)).replace(day=1)
        return found

    def _meets_on(self, day: date) -> bool:
        terms = school_terms(self.simulation.start, self.simulation.until)
        in_term = any(first <= day <= last and day not in closed for first, last, closed in terms)
        return in_term and wales().is_working_day(day)

    def set_up(self, day: date) -> None:
        """The series with its members: the services, the school's own people and the police."""
        usual = self.day_of_month
        members = [SeriesMember(organisation=s.agency_id, service=s.id) for s in INVITED]
        people_there = [staff_member(self.school, role) for role in ("alnco", "wellbeing_coordinator")]
        members += [SeriesMember(organisation=self.school.id, person=person) for person in people_there]
        self._school(
            SetMeetingSeries(
                occurred_on=day,
                organisation=self.school.id,
                series=self.series,
                kind="hwb",
                name="Hwb",
                rhythm=Rhythm(
                    every="month",
                    weekday=usual.weekday,
                    week=usual.week,
                    starts_at=usual.starts_at,
                    ends_at=usual.ends_at,
                ),
                members=(*members, SeriesMember(organisation=self.school.id, part="police")),
                school=self.school.id,
                quorum=3,
                effective_from=day,
            )
        )

    def _leave_open(self) -> None:
        """Leaves work for visitors: a meeting whose minutes are not finished, and a disputed register entry."""
        until = self.simulation.until
        held = until - timedelta(days=max(0, until.weekday() - 4))
        self.simulation.on(next_working_day(held - timedelta(days=21)), partial(self.arrange, held, None))
        self.simulation.on(until - timedelta(days=3), self.challenges.disputed_again)

    def _stays_away(self, service: FictionalService, day: date) -> bool:
        """Whether the service is the one that misses the visitor's school's last meetings and has not been
        challenged."""
        lately = day > self.simulation.until - timedelta(days=130)
        return service.code == STAYS_AWAY and self.school is SCHOOLS[0] and lately

    def arrange(self, held: date, series: UUID | None, day: date) -> None:
        """Schedules, invites and sets the agenda; the answers come in before the day."""
        meeting = self.simulation.id()
        self._school(
            ScheduleMeeting(
                occurred_on=day,
                meeting=meeting,
                school=self.school.id,
                held_on=held,
                starts_at=self.day_of_month.starts_at,
                ends_at=self.day_of_month.ends_at,
                series=series,
                chair=staff_member(self.school, "alnco"),
                quorum=3,
            )
        )
        coming: dict[str, str] = {}
        for service in INVITED:
            self._school(Invite(occurred_on=day, meeting=meeting, party=_party(service)))
            draw = 1.0 if self._stays_away(service, held) else self.random.random()
            answer = (
                "attending"
                if draw < service.comes
                else "apologies"
                if draw < service.comes + (1 - service.comes) * 0.45
                else ""
            )
            coming[service.code] = answer
            if answer:
                when = next_working_day(day + timedelta(days=self.random.randrange(1, 6)))
                self.simulation.on(min(when, held), partial(self.answer, meeting, service, answer))
        present = [p for p in self.pupils if p.registered_on < day and self._on_roll(p)]
        chosen = self.random.sample(present, min(len(present), self.random.randint(5, 8)))
        items = {}
        for pupil in chosen:
            item = self.simulation.id()
            items[pupil.id] = item
            self._school(AddAgendaItem(occurred_on=day, meeting=meeting, item=item, about=pupil.id))
        self.simulation.on(
            next_working_day(held - timedelta(days=7)),
            lambda d: self._school(SendAgenda(occurred_on=d, meeting=meeting)),
        )
        self.simulation.on(held, lambda d: self.hold(d, meeting, coming, chosen, items))

    def answer(self, meeting: UUID, service: FictionalService, answer: str, day: date) -> None:
        command = AnswerInvitation(occurred_on=day, meeting=meeting, party=service.id, answer=answer)  # type: ignore[arg-type]
        self.simulation.perform(command, service.clinician, service.agency_id, "clinician")

    def hold(
        self,
        day: date,
        meeting: UUID,
        coming: dict[str, str],
        chosen: list[FictionalPupil],
        items: dict[UUID, UUID],
    ) -> None:
        """The register, a minute for each pupil, actions; finalised within the week."""
        here: list[UUID] = []
        for service in INVITED:
            away = self._stays_away(service, day)
            mark: Mark = "absent" if away else self._mark(coming[service.code])
            extra: dict[str, Any] = {"arrived_at": self.day_of_month.late_at} if mark == "late" else {}
            receipt = self._school(
                MarkPresence(occurred_on=day, meeting=meeting, party=_party(service), mark=mark, **extra)
            )
            if mark in ("attended", "late", "left_early", "substitute"):
                here.append(service.id)
            self._remember(service, meeting, day, mark, receipt.version)
        self._school(MarkPresence(occurred_on=day, meeting=meeting, party=self._chair(), mark="attended"))
        if day < self.simulation.until - timedelta(days=7):  # the last minutes are the visitor's to approve
            self._approve(day, meeting)
        for pupil in chosen:
            if not self._on_roll(pupil):  # moved since the agenda
                remove = RemoveAgendaItem(occurred_on=day, meeting=meeting, item=items[pupil.id])
                self._school(remove)
                continue
            self._minute(day, meeting, pupil, items[pupil.id], here)
        self.simulation.on(
            next_working_day(day + timedelta(days=self.random.choice((1, 2, 3, 6, 12)))),
            lambda d: self.finalise(d, meeting),
        )

    def _on_roll(self, pupil: FictionalPupil) -> bool:
        return pupil.school is self.school and not pupil.left

    def _mark(self, answered: str) -> Mark:
        if answered == "attending":
            return self.random.choices(
                ("attended", "late", "left_early", "substitute", "absent"), (84, 5, 3, 4, 4)
            )[0]
        if answered == "apologies":
            return self.random.choices(("apologies", "substitute", "written_contribution"), (85, 5, 10))[0]
        return self.random.choices(("absent", "attended"), (88, 12))[0]

    def _minute(self, day: date, meeting: UUID, pupil: FictionalPupil, item: UUID, here: list[UUID]) -> None:
        minute = self.simulation.id()
        dissent = (
            (Dissent(service=here[0], text="We recommend seeing the pupil sooner."),)
            if here and self.simulation.chance(0.05)
            else ()
        )
        self._school(
            TakeMinute(
                occurred_on=day,
                meeting=meeting,
                pupil=pupil.id,
                minute=minute,
                item=item,
                services_present=tuple(here),
                discussion=self.random.choice(people.DISCUSSION),
                decision=self.random.choice(people.DECISION),
                dissent=dissent,
                childs_view=self.random.choice(people.CHILD) if self.simulation.chance(0.5) else None,
            )
        )
        for _ in range(self.random.choice((0, 1, 1, 2))):
            action, due = (
                self.simulation.id(),
                next_working_day(day + timedelta(days=self.random.randint(7, 30))),
            )
            theirs = self.random.choice(here) if here and self.simulation.chance(0.35) else None
            service = next((s for s in INVITED if s.id == theirs), None)
            self._school(
                AgreeActionAtMeeting(
                    occurred_on=day,
                    meeting=meeting,
                    pupil=pupil.id,
                    action=action,
                    what=self.random.choice(people.ACTION),
                    minute=minute,
                    owner=self._owner(service),
                    due_on=due,
                )
            )
            # only actions of the last weeks are still open
            if self.simulation.chance(0.9) or day < self.simulation.until - timedelta(days=70):
                done = next_working_day(day + timedelta(days=self.simulation.about(18)))
                self.simulation.on(done, partial(self.completed, pupil, action, service))

    def _owner(self, service: FictionalService | None) -> Owner:
        """A service that is there, or a person at the school."""
        if service is not None:
            return Owner(organisation=service.agency_id, service=service.id)
        return Owner(organisation=self.school.id, person=staff_member(self.school, "wellbeing_coordinator"))

    def completed(
        self, pupil: FictionalPupil, action: UUID, service: FictionalService | None, day: date
    ) -> None:
        command = CompleteAction(occurred_on=day, pupil=pupil.id, action=action)
        if service is None and self._on_roll(pupil):
            self._school(command)
        elif service is not None:
            self.simulation.perform(command, service.clinician, service.agency_id, "clinician")

    def finalise(self, day: date, meeting: UUID) -> None:
        """The minutes are finalised; then the school checks whether an agency stays away."""
        self._school(FinaliseMeeting(occurred_on=day, meeting=meeting))
        self.unapproved.append(meeting)
        for service in INVITED:
            self.challenges.look(day, service, self.marks[service.code])

    def _approve(self, day: date, meeting: UUID) -> None:
        """Approves the minutes of the meetings before, as this meeting agreed."""
        for earlier in self.unapproved:
            version = self.simulation.batch.state(MEETING_STREAM, earlier).minutes_version
            self._school(
                ApproveMinutes(occurred_on=day, meeting=earlier, minutes_version=version, at_meeting=meeting)
            )
        self.unapproved = []

    def _remember(
        self, service: FictionalService, meeting: UUID, day: date, mark: Mark, version: int
    ) -> None:
        state = self.simulation.batch.state(MEETING_STREAM, meeting)
        expectation = state.invitations[service.id].expectation
        self.marks[service.code].append(
            MarkEvidence(
                meeting=meeting,
                held_on=day,
                mark=mark,
                version=version,
                expected=expectation.expected,
                because=expectation.because,
                terms=expectation.terms,
            )
        )

    def _chair(self) -> Party:
        return Party(organisation=self.school.id, person=staff_member(self.school, "alnco"))

    def _school(self, command: Any) -> Any:
        return self.simulation.perform(command, staff_member(self.school, "alnco"), self.school.id, "alnco")


def enter_meetings(simulation: Simulation, pupils: list[FictionalPupil]) -> None:
    """Enters the meetings of every school that holds a Hwb, at dates on which no service is asked for twice."""
    held = [HwbSeries(simulation, school, pupils) for school in SCHOOLS if school.holds_hwb]
    wanted = [one for series in held for one in series.wanted()]
    chosen = choose(wanted, lambda _service, _slot: 1, seconds=1.0, clock=lambda: 0.0)
    for series in held:
        series.enter(one.slot.held_on for one in chosen.placed if one.key == series.school.number)
    first = next_working_day(simulation.start + timedelta(days=1))
    simulation.on(first, partial(_admissions_panel, simulation))


def _admissions_panel(simulation: Simulation, day: date) -> None:
    """A series of the authority's own: its admissions panel, once a term."""
    services = tuple(SeriesMember(organisation=s.agency_id, service=s.id) for s in INVITED[:2])
    panel = SetMeetingSeries(
        occurred_on=day,
        organisation=AUTHORITY,
        series=simulation.id(),
        kind="admissions_panel",
        name="Admissions panel",
        rhythm=Rhythm(every="term", weekday=1, week=2, starts_at=time(9, 30), ends_at=time(11)),
        members=(*services, SeriesMember(organisation=AUTHORITY, person=CASEWORKER)),
        quorum=2,
        effective_from=day,
    )
    simulation.perform(panel, CASEWORKER, AUTHORITY, "la_caseworker")


def _party(service: FictionalService) -> Party:
    return Party(organisation=service.agency_id, service=service.id)
