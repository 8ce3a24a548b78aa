"""Who is told what. One function for each kind of stream; each rule names its recipients from clear fields only.

Nobody is told of their own act. A service is told only what it may see: a referral once it was sent to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from uuid import UUID

from coordination.advice.events import AdviceAnswered, AdviceAsked
from coordination.advice.state import Conversation
from coordination.authority import acting_organisation, command_day
from coordination.challenge import events as challenges
from coordination.challenge.state import Challenge
from coordination.event import Event, RecordedEvent
from coordination.meeting import events as meetings
from coordination.meeting.state import Meeting
from coordination.outbox.family_messages import about_family
from coordination.outbox.message import NOT_TOLD, Message, QueuedMessage, RecipientKind
from coordination.pupil.actions.events import ActionAgreed, ActionReassigned, Owner
from coordination.pupil.casefile import CaseFile
from coordination.pupil.consent.events import DisclosureMade, SharingStopped
from coordination.pupil.moves.events import (
    EmergencyAccessOpened,
    EmergencyFileOpened,
    FileRequestAnswered,
    FileRequested,
    FileRequestEscalated,
)
from coordination.pupil.referral.events import ImmediateRiskRaised, MilestoneConfirmed, MilestoneContested
from coordination.pupil.referral.milestones.milestone import Milestone
from coordination.pupil.referral.milestones.opening import Redirected, Submitted
from coordination.pupil.referral.state import Referral


def messages_of(recorded: RecordedEvent, state: object) -> tuple[QueuedMessage, ...]:
    """The messages that follow from an event just decided. `state` is that of its stream with the event folded in."""
    event = recorded.event
    if event.header.source in NOT_TOLD:
        return ()
    pupil: UUID | None = None
    found: Iterator[Message]
    match state:
        case CaseFile():
            pupil = recorded.stream
            found = chain(_about_pupil(event, state), about_family(event, state, pupil))
        case Meeting():
            found = _about_meeting(event, state, recorded.stream)
        case Challenge():
            found = _about_challenge(event, state, recorded.stream)
        case Conversation():
            found = _about_advice(event, state, recorded.stream)
        case _:
            return ()
    told = dict.fromkeys(found)
    return tuple(
        QueuedMessage(
            message=one,
            stream=one.thing if one.once else recorded.stream,
            version=0 if one.once else recorded.version,
            pupil=None if one.once else pupil,
            created_at=event.header.recorded_at,
            school=_on_behalf_of(state, one),
        )
        for one in told
    )


def _on_behalf_of(state: object, told: Message) -> UUID | None:
    """The school whose task it is when a message does not arrive; None where there is none."""
    match state:
        case CaseFile():
            return _school_in_file(state, told)
        case Meeting() | Challenge() | Conversation():
            return state.school
        case _:
            return None


def _school_in_file(case: CaseFile, told: Message) -> UUID | None:
    if told.recipient_kind in ("contact", "young_person"):
        return told.service
    if told.thing in case.referrals:
        return case.referrals[told.thing].school
    action = case.actions.actions.get(told.thing)
    if action is not None:
        return action.school
    if told.subject == "meeting" and told.once:
        minute = next((one for one in case.minutes.minutes.values() if one.meeting == told.thing), None)
        return minute.school if minute else None
    request = case.moves.requests.get(told.thing)
    return request.school if request else None


def _about_pupil(event: Event, case: CaseFile) -> Iterator[Message]:
    match event:
        case Milestone():
            yield from _milestone(event, case)
        case MilestoneConfirmed(referral=key) | MilestoneContested(referral=key):
            answer = "report_confirmed" if isinstance(event, MilestoneConfirmed) else "report_contested"
            yield from _to_holders(answer, case, case.referrals[key])
        case ImmediateRiskRaised(referral=key):
            held = case.referrals[key]
            if _sees(case, held):
                yield _to_service("immediate_risk", held, urgent=True)
        case SharingStopped(agency=agency, service=of, grounds=grounds, because=because) if (
            because != "passed_on"
        ):
            for ground in grounds:
                yield from _sharing_ended(case, ground, agency, of)
        case (
            ActionAgreed(action=action, owner=Owner() as owner) | ActionReassigned(action=action, owner=owner)
        ):
            yield from _to_owner(owner, action, event)
        case FileRequested() | FileRequestEscalated() | FileRequestAnswered():
            yield from _about_file(event, case)
        case EmergencyAccessOpened() | EmergencyFileOpened():
            yield from _about_file(event, case)
        case DisclosureMade(ground=minute, service=UUID() as service) if minute in case.minutes.minutes:
            yield _minutes_ready(case.minutes.minutes[minute].meeting, service)
        case _:
            return


def _minutes_ready(meeting: UUID, service: UUID) -> Message:
    """To a service that may read the minute of one pupil at least; once, however many pupils it may read of."""
    return Message(
        rule="minutes_ready",
        recipient_kind="service",
        recipient=service,
        subject="meeting",
        thing=meeting,
        service=service,
        once=True,
    )


def _milestone(event: Milestone, case: CaseFile) -> Iterator[Message]:
    held = case.referrals[event.referral]
    acting = acting_organisation(event.header)
    by_agency = acting in held.agencies
    match event:
        case Submitted():
            yield _to_service("referral_sent", held, urgent=held.immediate_risk)
        case Redirected():
            if _sees(case, held):
                yield _to_service("referral_passed_on", held, urgent=held.immediate_risk)
            if by_agency:
                yield from _to_holders("referral_news", case, held, event.name)
        case _ if by_agency:
            yield from _to_holders("referral_news", case, held, event.name)
        case _ if _sees(case, held):
            rule = "referral_reported" if event.word == "reported" else "referral_news_from_school"
            yield _to_service(rule, held, detail=event.name)
        case _:
            return


def _sees(case: CaseFile, held: Referral) -> bool:
    """Whether the service that holds the referral receives what is new of it."""
    return case.consents.receives(held.referral, held.agency, held.service)


def _sharing_ended(case: CaseFile, ground: UUID, agency: UUID, service: UUID | None) -> Iterator[Message]:
    held = case.referrals.get(ground)
    if held is not None and held.agency == agency and service in (None, held.service):
        yield _to_service("sharing_ended", held)


def _to_service(rule: str, held: Referral, *, detail: str = "", urgent: bool = False) -> Message:
    return Message(
        rule=rule,
        recipient_kind="service",
        recipient=held.service,
        subject="referral",
        thing=held.referral,
        service=held.service,
        detail=detail,
        urgent=urgent,
    )


def _to_holders(rule: str, case: CaseFile, held: Referral, detail: str = "") -> Iterator[Message]:
    """To the school that referred while it has the pupil, else to whoever holds the file now: a school that the pupil
    has left is told nothing more."""
    holders = case.profile.holders()
    for organisation in {held.school} & holders or sorted(holders, key=str):
        yield Message(
            rule=rule,
            recipient_kind="organisation",
            recipient=organisation,
            subject="referral",
            thing=held.referral,
            service=held.service,
            detail=detail,
        )


def _to_owner(owner: Owner, action: UUID, event: Event) -> Iterator[Message]:
    """The person where one is named, else the service, else the organisation."""
    kind: RecipientKind = "person" if owner.person else "service" if owner.service else "organisation"
    recipient = owner.person or owner.service or owner.organisation
    if recipient not in (event.header.person, acting_organisation(event.header)):
        yield Message(
            rule="action_agreed", recipient_kind=kind, recipient=recipient, subject="action", thing=action
        )


def _about_file(event: Event, case: CaseFile) -> Iterator[Message]:
    """A request for a pupil's file. Of a confidential move nobody but the authority learns by a message."""

    def told(rule: str, organisation: UUID, thing: UUID, *, urgent: bool = False) -> Message:
        return Message(
            rule=rule,
            recipient_kind="organisation",
            recipient=organisation,
            subject="file_request",
            thing=thing,
            urgent=urgent,
        )

    match event:
        case FileRequested(request=request, put_to=schools, confidential=False):
            for school in schools:
                yield told("file_requested", school, request)
        case FileRequestEscalated(request=request, authority=authority):
            yield told("file_request_escalated", authority, request)
        case FileRequestAnswered(request=request, school=school):
            yield told("file_request_answered", school, request)
        case EmergencyAccessOpened(request=request, access=access, school=by):
            asked = case.moves.requests.get(request)
            if asked is not None and not asked.confidential:
                for school in sorted(case.profile.schools() - {by}, key=str):
                    yield told("emergency_access", school, access, urgent=True)
        case EmergencyFileOpened(access=access, organisation=by, told_party="school"):
            for holder in sorted(case.profile.holders() - {by}, key=str):
                yield told("emergency_access", holder, access, urgent=True)
        case _:
            return


def _about_meeting(event: Event, meeting: Meeting, stream: UUID) -> Iterator[Message]:
    """Only of meetings that are still to come. The minutes are told of with their disclosure."""

    def told(rule: str, service: UUID) -> Message:
        return Message(
            rule=rule,
            recipient_kind="service",
            recipient=service,
            subject="meeting",
            thing=stream,
            service=service,
        )

    to_come = meeting.held_on >= command_day(event.header)
    invited = sorted({i.party.service for i in meeting.invitations.values() if i.party.service}, key=str)
    match event:
        case meetings.Invited(party=meetings.Party(service=UUID() as service)) if to_come:
            yield told("meeting_invited", service)
        case meetings.MeetingRescheduled() if to_come:
            yield from (told("meeting_moved", service) for service in invited)
        case meetings.MeetingCancelled() if to_come:
            yield from (told("meeting_cancelled", service) for service in invited)
        case meetings.AgendaSent() if to_come:
            yield from (told("agenda_ready", service) for service in invited)
        case _:
            return


def _about_advice(event: Event, held: Conversation, stream: UUID) -> Iterator[Message]:
    """Each side is told of what the other recorded: a conversation once, with its answer if it had one by then."""
    match event:
        case AdviceAsked() if not held.by_service:
            yield Message(
                rule="advice_asked",
                recipient_kind="service",
                recipient=held.service,
                subject="advice",
                thing=stream,
                service=held.service,
            )
        case AdviceAsked():
            yield _of_advice("advice_recorded", held, stream)
        case AdviceAnswered() if not held.reported and not held.by_service:
            yield _of_advice("advice_answered", held, stream)
        case _:
            return


def _of_advice(rule: str, held: Conversation, stream: UUID) -> Message:
    return Message(
        rule=rule,
        recipient_kind="organisation",
        recipient=held.school,
        subject="advice",
        thing=stream,
        service=held.service,
    )


def _about_challenge(event: Event, challenge: Challenge, stream: UUID) -> Iterator[Message]:
    def service(rule: str) -> Message:
        return Message(
            rule=rule,
            recipient_kind="service",
            recipient=challenge.service,
            subject="challenge",
            thing=stream,
            service=challenge.service,
        )

    def school(rule: str) -> Message:
        return Message(
            rule=rule,
            recipient_kind="organisation",
            recipient=challenge.school,
            subject="challenge",
            thing=stream,
            service=challenge.service,
        )

    match event:
        case challenges.ChallengeSent():
            yield service("challenge_sent")
        case challenges.ChallengeEscalated():
            yield service("challenge_escalated")
        case challenges.ChallengeReplied():
            yield school("challenge_replied")
        case challenges.MarkDisputed():
            yield school("mark_disputed")
        case challenges.DisputeRuled():
            yield service("dispute_ruled")
            yield school("dispute_ruled")
        case challenges.RulerNamed(to_person=person):
            yield Message(
                rule="ruler_named",
                recipient_kind="person",
                recipient=person,
                subject="challenge",
                thing=stream,
            )
        case challenges.ChallengeResolved() | challenges.ChallengeWithdrawn():
            yield service("challenge_ended")
        case _:
            return
