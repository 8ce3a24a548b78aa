"""Inviting, delivery, and the answers to an invitation."""

from __future__ import annotations

from uuid import UUID

from coordination.authority import command_day, require_not_in_future
from coordination.errors import NotFound, Refusal
from coordination.event import Command, Header
from coordination.guards import require_current_version, speaks_for_agency
from coordination.meeting.commands import AnswerInvitation, Invite, RecordDelivery
from coordination.meeting.decisions.checks import (
    require_arranger,
    require_known_party,
    require_open,
    require_school,
)
from coordination.meeting.events import AnyMeetingEvent, InvitationAnswered, InvitationDelivered, Invited
from coordination.meeting.expectation import changed_expectations, expectation, notice_from
from coordination.meeting.state import Invitation, Meeting, evolve
from coordination.world import World

FAMILY = frozenset({"parents", "pupil"})
"""Seats whose invitation asks about using Welsh (Welsh Language Standards; so does the reply to it)."""


def decide_invite(meeting: Meeting, command: Invite, header: Header, world: World) -> list[AnyMeetingEvent]:
    """Invites a party and records whether it is expected, and if not, why. Refuses `unknown_service`,
    `unknown_organisation`, `unknown_person`, `seat_of_the_host`, `service_closed`, `welsh_not_asked` of a family, and
    `already_invited` when nothing would change."""
    if not meeting.scheduled:
        raise NotFound
    require_arranger(meeting.host, header, world)
    require_not_in_future(header, command.occurred_on)
    require_open(meeting)
    require_known_party(command.party, meeting.host, world, command_day(header))
    if command.party.part in FAMILY and command.language is None:
        raise Refusal("welsh_not_asked", "language")
    service = world.directory.service(command.party.service)
    if service is not None and not service.is_open(meeting.held_on):
        raise Refusal("service_closed", "party", open_to=service.open_to and service.open_to.isoformat())
    earlier = meeting.invitations.get(command.party.key)
    since = command.occurred_on
    if earlier is not None:
        require_current_version(command, earlier.last_version)
        if not earlier.undelivered and earlier.whole_meeting == command.whole_meeting:
            raise Refusal("already_invited", "party")
        since = notice_from(earlier, command.occurred_on)
    rests_on = expectation(
        meeting, command.party, world.directory, whole_meeting=command.whole_meeting, notice_from=since
    )
    return [
        Invited(
            header=header,
            party=command.party,
            whole_meeting=command.whole_meeting,
            invited_on=command.occurred_on,
            expectation=rests_on,
            language=command.language if command.party.part in FAMILY else None,
        )
    ]


def decide_delivery(
    meeting: Meeting, command: RecordDelivery, header: Header, world: World
) -> list[AnyMeetingEvent]:
    """Records whether an invitation was delivered. A party whose invitation was not delivered is not expected."""
    require_school(meeting, header)
    require_open(meeting)
    invitation = _require_invitation(meeting, command, command.party)
    delivered = InvitationDelivered(
        header=header, party=invitation.party, way=command.way, arrived=command.arrived
    )
    return [delivered, *changed_expectations(meeting, evolve(meeting, delivered), header, world.directory)]


def decide_answer(
    meeting: Meeting, command: AnswerInvitation, header: Header, world: World
) -> list[AnyMeetingEvent]:
    """Records a party's own answer, or the answer that the school received. Refuses `after_the_meeting`, because a
    missing answer is then disputed and not rewritten, and `own_word_stands` when the school reports something other
    than the party's own answer."""
    invitation, reported = _whose_answer(meeting, command, header, world)
    require_not_in_future(header, command.occurred_on)
    require_open(meeting)
    require_current_version(command, invitation.last_version)
    told_on = command.occurred_on if reported else max(command.occurred_on, command_day(header))
    if told_on > meeting.held_on:
        raise Refusal("after_the_meeting", "occurred_on", held_on=meeting.held_on.isoformat())
    if reported and invitation.own_word and invitation.answer not in ("attending", command.answer):
        raise Refusal("own_word_stands", "answer", answer=invitation.answer)
    return [
        InvitationAnswered(
            header=header,
            party=invitation.party,
            answer=command.answer,
            reported=reported,
            way=command.way,
        )
    ]


def _whose_answer(
    meeting: Meeting, command: AnswerInvitation, header: Header, world: World
) -> tuple[Invitation, bool]:
    """The invitation, and whether the school reports the answer for the party. Raises NotFound for everyone else, and
    for another service of the same agency."""
    invitation = meeting.invitations.get(command.party)
    if invitation is None:
        require_school(meeting, header)
        raise Refusal("not_invited", "party")
    agency, service = invitation.party.organisation, invitation.party.service
    if agency != meeting.host and speaks_for_agency(header, agency):
        if service is not None and not world.acts_for(service):
            raise NotFound
        return invitation, False
    require_school(meeting, header)
    return invitation, agency != meeting.host


def _require_invitation(meeting: Meeting, command: Command, party: UUID) -> Invitation:
    """The invitation of a party, not changed since the actor saw it. Raises Refusal `not_invited`."""
    found = meeting.invitations.get(party)
    if found is None:
        raise Refusal("not_invited", "party")
    require_current_version(command, found.last_version)
    return found
