"""A Hwb and the challenge that comes of it, through the service on a real database."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import psycopg
import pytest

from coordination.challenge.commands import (
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
from coordination.directory.commands import AcceptTerms
from coordination.errors import NotFound, Refusal, StaleVersion
from coordination.event import Command
from coordination.meeting.commands import (
    AnswerInvitation,
    FinaliseMeeting,
    Invite,
    MarkPresence,
    ScheduleMeeting,
)
from coordination.meeting.events import Mark, Party
from coordination.meeting.state import MEETING_STREAM
from coordination.pupil.actions.decide import AgreeActionAtMeeting, CompleteAction, SettleActionAtMeeting
from coordination.pupil.actions.events import Owner
from coordination.pupil.casefile import PUPIL_STREAM
from coordination.pupil.minutes.decide import TakeMinute
from coordination.pupil.minutes.events import Dissent
from coordination.sensitivity import Coordinates
from coordination.service import Coordination
from coordination.store.application import SaveConflict
from tests.county import (
    ADMINISTRATOR,
    ALNCO,
    AUDITOR,
    AUTHORITY,
    BOARD,
    CAMHS,
    CLINICIAN,
    HEAD,
    OTHER_ALNCO,
    PSYCHOLOGIST,
    PUPIL,
    SCHOOL,
    START,
    order,
    register,
)

FIRST = date(2025, 1, 8)
MINUTE, ACTION, CHALLENGE, DISPUTE = (UUID(int=0xF00 + n) for n in range(4))
PARTY = Party(organisation=BOARD, service=CAMHS)
STAFF = Party(organisation=SCHOOL, person=ALNCO)


def meeting(n: int) -> UUID:
    return UUID(int=0xE00 + n)


def held_on(n: int) -> date:
    return FIRST + timedelta(weeks=4 * n)


def does(service: Coordination, person: UUID, command: Command) -> None:
    service.perform(command, order(person, command.occurred_on))


def accept_terms(service: Coordination) -> None:
    accepted = AcceptTerms(
        occurred_on=START,
        organisation=BOARD,
        terms=UUID(int=0xE99),
        service=CAMHS,
        school=SCHOOL,
        effective_from=START,
        notice_working_days=10,
    )
    service.perform(accepted, order(ADMINISTRATOR, START, on_behalf_of=BOARD))


def hold(service: Coordination, n: int, how: Mark) -> None:
    """A meeting as far as the register."""
    key, day = meeting(n), held_on(n)
    asked = day - timedelta(weeks=3)
    does(service, ALNCO, ScheduleMeeting(occurred_on=asked, meeting=key, school=SCHOOL, held_on=day))
    does(service, ALNCO, Invite(occurred_on=asked, meeting=key, party=PARTY))
    if how == "apologies":
        sorry = AnswerInvitation(occurred_on=asked, meeting=key, party=CAMHS, answer="apologies")
        does(service, CLINICIAN, sorry)
    does(service, ALNCO, MarkPresence(occurred_on=day, meeting=key, party=STAFF, mark="attended"))
    does(service, ALNCO, MarkPresence(occurred_on=day, meeting=key, party=PARTY, mark=how))


def evidence(service: Coordination, n: int) -> MarkEvidence:
    state = service.batch().state(MEETING_STREAM, meeting(n))
    line, expectation = state.register[CAMHS], state.invitations[CAMHS].expectation
    return MarkEvidence(
        meeting=meeting(n),
        held_on=state.held_on,
        mark=line.mark,
        version=line.version,
        expected=expectation.expected,
        terms=expectation.terms,
    )


def take(day: date) -> TakeMinute:
    return TakeMinute(
        occurred_on=day,
        meeting=meeting(0),
        pupil=PUPIL,
        minute=MINUTE,
        services_present=(CAMHS,),
        discussion="Mae’n well",
        decision="Cario ymlaen",
        dissent=(Dissent(service=CAMHS, text="Aros"),),
    )


def test_a_meeting_writes_its_own_stream_and_the_pupils(county: Coordination) -> None:
    accept_terms(county)
    register(county)
    hold(county, 0, "attended")
    day = held_on(0)
    does(county, ALNCO, take(day))
    noted = AgreeActionAtMeeting(
        occurred_on=day, meeting=meeting(0), pupil=PUPIL, action=ACTION, what="Ffonio", minute=MINUTE
    )
    does(county, ALNCO, noted)
    with pytest.raises(Refusal) as refusal:
        does(county, ALNCO, FinaliseMeeting(occurred_on=day, meeting=meeting(0)))
    assert [gap["gap"] for gap in refusal.value.facts["gaps"]] == [
        "action_without_owner",
        "action_without_due_date",
    ]
    settled = SettleActionAtMeeting(
        occurred_on=day,
        meeting=meeting(0),
        pupil=PUPIL,
        action=ACTION,
        owner=Owner(organisation=BOARD, service=CAMHS),
        due_on=day + timedelta(days=14),
    )
    does(county, ALNCO, settled)
    does(county, ALNCO, FinaliseMeeting(occurred_on=day, meeting=meeting(0)))
    does(county, CLINICIAN, CompleteAction(occurred_on=day, pupil=PUPIL, action=ACTION))
    fresh = Coordination(county.record).batch()
    assert fresh.state(MEETING_STREAM, meeting(0)).finalised
    case = fresh.state(PUPIL_STREAM, PUPIL)
    assert case.minutes.minutes[MINUTE].services_present == (CAMHS,)
    assert case.actions.actions[ACTION].phase(day) == "completed"


def test_what_was_said_is_sealed_on_the_pupils_stream(county: Coordination, database: str) -> None:
    accept_terms(county)
    register(county)
    hold(county, 0, "attended")
    does(county, ALNCO, take(held_on(0)))
    *_, recorded, heard = county.record.load([PUPIL])[PUPIL]
    assert heard.event.topic == "consent.information_shared"
    topic = recorded.event.topic
    assert topic == "minute.recorded"
    [opened] = county.record.open([Coordinates(PUPIL, recorded.version, topic, recorded.event.sealed)])
    assert isinstance(opened, dict)
    assert opened["discussion"] == "Mae’n well"
    assert opened["dissent"] == [{"service": str(CAMHS), "text": "Aros"}]
    with psycopg.connect(database) as connection:
        states = [bytes(state) for (state,) in connection.execute("select state from log.event")]
    assert any(str(MINUTE).encode() in state for state in states)
    assert not any(b"Cario" in state or b"Aros" in state for state in states)


def test_a_minute_of_another_schools_meeting_or_pupil_is_not_found(county: Coordination) -> None:
    accept_terms(county)
    register(county)
    hold(county, 0, "attended")
    for person in (OTHER_ALNCO, CLINICIAN, AUDITOR):
        with pytest.raises(NotFound):
            does(county, person, take(held_on(0)))
    assert len(county.record.load([PUPIL])[PUPIL]) == county.batch().state(PUPIL_STREAM, PUPIL).version


def test_two_people_invite_at_once(county: Coordination) -> None:
    """Both saw that the board was not invited; the later one is refused, and nothing is written twice."""
    accept_terms(county)
    hold(county, 0, "attended")
    invitation = Invite(occurred_on=held_on(0), meeting=meeting(0), party=Party(organisation=BOARD))
    rival = county.batch()
    rival.perform(invitation, order(ALNCO, held_on(0)))
    does(county, ALNCO, invitation)
    with pytest.raises(SaveConflict):
        rival.commit()
    with pytest.raises(Refusal, match="already_invited"):
        does(county, ALNCO, invitation)


def test_missed_meetings_come_to_a_challenge_and_a_ruling_by_neither_party(county: Coordination) -> None:
    accept_terms(county)
    marked: tuple[Mark, ...] = ("attended", "apologies", "absent")
    for n, how in enumerate(marked):
        hold(county, n, how)
        does(county, ALNCO, FinaliseMeeting(occurred_on=held_on(n), meeting=meeting(n)))
    day = held_on(2) + timedelta(days=2)
    marks = tuple(evidence(county, n) for n in range(3))
    raised = RaiseAttendanceChallenge(
        occurred_on=day, challenge=CHALLENGE, school=SCHOOL, service=CAMHS, marks=marks
    )
    does(county, ALNCO, raised)
    approve = ApproveChallenge(occurred_on=day, challenge=CHALLENGE)
    with pytest.raises(Refusal):
        does(county, ALNCO, approve)
    does(county, HEAD, approve)
    does(county, ALNCO, SendChallenge(occurred_on=day, challenge=CHALLENGE))
    reply = ReplyToChallenge(occurred_on=day, challenge=CHALLENGE, text="We came")
    for stranger in (PSYCHOLOGIST, OTHER_ALNCO):
        with pytest.raises(NotFound):
            does(county, stranger, reply)
    does(county, CLINICIAN, reply)
    disputed = DisputeMark(
        occurred_on=day,
        challenge=CHALLENGE,
        dispute=DISPUTE,
        of_meeting=meeting(2),
        mark_version=marks[2].version,
        why="We came",
        claims="late",
    )
    does(county, CLINICIAN, disputed)
    ruling = RuleOnDispute(
        occurred_on=day, challenge=CHALLENGE, dispute=DISPUTE, ruling="upheld", reasons="The book"
    )
    for party in (HEAD, CLINICIAN):
        with pytest.raises(Refusal, match="ruling_by_a_party"):
            does(county, party, ruling)
    does(county, AUDITOR, ruling)
    resolved = ResolveChallenge(occurred_on=day, challenge=CHALLENGE, outcome="record_corrected", seen=2)
    with pytest.raises(StaleVersion):
        does(county, ALNCO, resolved)
    does(county, ALNCO, ResolveChallenge(occurred_on=day, challenge=CHALLENGE, outcome="record_corrected"))
    state = Coordination(county.record).batch().state(CHALLENGE_STREAM, CHALLENGE)
    assert (state.kind, state.phase, state.authority) == ("challenge", "resolved", AUTHORITY)
    assert not state.still_met()
