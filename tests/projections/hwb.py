"""Meetings of the small county and what comes of them, made through the real commands."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from coordination.challenge.commands import ApproveChallenge, RaiseAttendanceChallenge, SendChallenge
from coordination.challenge.rule import MarkEvidence
from coordination.directory.commands import AcceptTerms
from coordination.event import Command
from coordination.meeting.commands import (
    AddAgendaItem,
    AnswerInvitation,
    CorrectMark,
    FinaliseMeeting,
    Invite,
    MarkPresence,
    ScheduleMeeting,
)
from coordination.meeting.events import Answer, Mark, Party
from coordination.meeting.state import MEETING_STREAM
from coordination.service import Coordination
from coordination.viewer import Viewer
from tests.county import (
    ADMINISTRATOR,
    ALNCO,
    AUDITOR,
    BOARD,
    CAMHS,
    CLINICIAN,
    EDUCATION,
    HEAD,
    OTHER_ALNCO,
    OTHER_SCHOOL,
    PSYCHOLOGIST,
    PSYCHOLOGY,
    ROLES,
    SCHOOL,
    START,
    THERAPY,
    looks_for,
    order,
)

FIRST = date(2025, 1, 8)
TODAY = date(2025, 12, 1)
AGENCIES = {CAMHS: BOARD, THERAPY: BOARD, PSYCHOLOGY: EDUCATION}
STAFF = {SCHOOL: ALNCO, OTHER_SCHOOL: OTHER_ALNCO}
CHALLENGE = UUID(int=0xF01)
FAR_AUTHORITY = UUID(int=0x29)

_terms = count(0xE900)

EVERYBODY = {
    "alnco": ALNCO,
    "head": HEAD,
    "other_alnco": OTHER_ALNCO,
    "clinician": CLINICIAN,
    "other_clinician": PSYCHOLOGIST,
    "auditor": AUDITOR,
    "administrator": ADMINISTRATOR,
}


def viewer(person: UUID, today: date = TODAY) -> Viewer:
    organisation, role = ROLES[person]
    return Viewer(
        person=person, organisation=organisation, role=role, today=today, services=looks_for(person)
    )


def viewers(today: date = TODAY) -> dict[str, Viewer]:
    """Everybody who may look, by a name: a person of each role, the operator, and an auditor of another authority."""
    known = {name: viewer(person, today) for name, person in EVERYBODY.items()}
    nobody = UUID(int=0)
    return {
        **known,
        "operator": Viewer(person=nobody, organisation=nobody, role="operator", today=today, operator=True),
        "far_auditor": Viewer(person=nobody, organisation=FAR_AUTHORITY, role="auditor", today=today),
    }


def party(of: UUID) -> Party:
    """A service of the county as a party."""
    return Party(organisation=AGENCIES[of], service=of)


def does(service: Coordination, person: UUID, *commands: Command, on: date | None = None) -> None:
    """Commands as somebody gives them, recorded at noon of the day on which they happened (or `on`)."""
    for command in commands:
        service.perform(command, order(person, on or command.occurred_on))


def accept_terms(
    service: Coordination, of: UUID = CAMHS, school: UUID = SCHOOL, notice: int = 10, since: date = START
) -> UUID:
    """The service comes to the school's Hwb from a day on."""
    terms = UUID(int=next(_terms))
    accepted = AcceptTerms(
        occurred_on=since,
        organisation=AGENCIES[of],
        terms=terms,
        service=of,
        school=school,
        effective_from=since,
        notice_working_days=notice,
    )
    service.perform(accepted, order(ADMINISTRATOR, since, on_behalf_of=AGENCIES[of]))
    return terms


def held_on(n: int) -> date:
    """The day of the nth meeting: every four weeks from 8 January 2025."""
    return FIRST + timedelta(weeks=4 * n)


def meeting_id(n: int, school: UUID = SCHOOL) -> UUID:
    return UUID(int=0xE0000 + 0x1000 * (school.int % 16) + n)


def schedule(
    service: Coordination, n: int, *services: UUID, school: UUID = SCHOOL, notice_days: int = 21, **more: Any
) -> UUID:
    """The nth meeting of a school with services invited to the whole of it, so many calendar days before."""
    key, day = meeting_id(n, school), held_on(n)
    asked = day - timedelta(days=notice_days)
    by = STAFF[school]
    scheduled = ScheduleMeeting(
        occurred_on=asked, meeting=key, school=school, held_on=day, series=UUID(int=0x5E + school.int), **more
    )
    does(service, by, scheduled)
    does(service, by, *(Invite(occurred_on=asked, meeting=key, party=party(of)) for of in services))
    return key


def answers(service: Coordination, meeting: UUID, of: UUID, answer: Answer, on: date) -> None:
    """The school writes down what it was told."""
    said = AnswerInvitation(occurred_on=on, meeting=meeting, party=of, answer=answer, way="telephone")
    does(service, ALNCO, said)


def mark(
    service: Coordination, n: int, marks: dict[UUID, Mark], *, school: UUID = SCHOOL, finalise: bool = True
) -> UUID:
    """The register of the nth meeting: the ALNCo is there, services are marked; finalised the same day."""
    key, day, by = meeting_id(n, school), held_on(n), STAFF[school]
    staff = Party(organisation=school, person=by)
    does(service, by, MarkPresence(occurred_on=day, meeting=key, party=staff, mark="attended"))
    for of, how in marks.items():
        does(service, by, MarkPresence(occurred_on=day, meeting=key, party=party(of), mark=how))
    if finalise:
        does(service, by, FinaliseMeeting(occurred_on=day, meeting=key))
    return key


def hold(service: Coordination, n: int, marks: dict[UUID, Mark], **more: Any) -> UUID:
    """The nth meeting from its invitation to its end."""
    schedule(service, n, *marks, school=more.get("school", SCHOOL))
    return mark(service, n, marks, **more)


def correct(service: Coordination, meeting: UUID, of: UUID, how: Mark, on: date) -> None:
    """The school corrects the standing line of a service."""
    line = service.batch().state(MEETING_STREAM, meeting).register[of]
    corrected = CorrectMark(
        occurred_on=on, meeting=meeting, party=of, mark=how, supersedes=line.version, why="Wrong line"
    )
    does(service, ALNCO, corrected)


def put_on_agenda(service: Coordination, n: int, item: UUID, pupil: UUID, *services: UUID) -> None:
    added = AddAgendaItem(
        occurred_on=held_on(n) - timedelta(days=20),
        meeting=meeting_id(n),
        item=item,
        about=pupil,
        services=services,
    )
    does(service, ALNCO, added)


def raise_challenge(
    service: Coordination,
    marks: tuple[MarkEvidence, ...],
    on: date,
    *,
    of: UUID = CAMHS,
    challenge: UUID = CHALLENGE,
    send: bool = True,
) -> UUID:
    """Raised, and if `send` approved by the head teacher and sent, all on one day."""
    raised = RaiseAttendanceChallenge(
        occurred_on=on, challenge=challenge, school=SCHOOL, service=of, marks=marks
    )
    does(service, ALNCO, raised)
    if send:
        does(service, HEAD, ApproveChallenge(occurred_on=on, challenge=challenge))
        does(service, ALNCO, SendChallenge(occurred_on=on, challenge=challenge))
    return challenge
