"""Invitations to a meeting, their answers, and the register."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from coordination.errors import NotFound, Refusal, StaleVersion
from coordination.meeting.commands import AnswerInvitation, CorrectMark, Invite, MarkPresence, RecordDelivery
from coordination.meeting.events import Party
from projections.attendance.queries import PartyAttendance
from webui.api.reading import field_problem
from webui.api.resource import RecordingResult, RecordRequest, Resource, ResourceView
from webui.meeting.api.answers import InvitationSchema, RegisterLineSchema, seat_out
from webui.meeting.api.bodies import (
    DeliveryBody,
    InvitationBody,
    MarkBody,
    OwnAnswerBody,
    ReportedAnswerBody,
)
from webui.meeting.api.meetings import ONE, find_meeting, own_school
from webui.meeting.commands import mark_commands, party_named, party_of
from webui.meeting.reading import MeetingPage
from webui.shell.authentication import viewer
from webui.shell.runtime import runtime
from webui.words.naming import directory

registers = Resource(
    "registers",
    "Who is invited to a meeting, what they answer and who attended. A party is a service or a person of the school. "
    "What an agency records about itself is confirmed; what the school records about an agency is reported.",
)

INVITATION = f"{ONE}/invitations/<uuid:party>"
LINE = f"{ONE}/register/<uuid:party>"


# Invitations


@registers.shows(INVITATION, scope="meetings:read", answers=InvitationSchema)
def one_invitation(meeting: UUID, party: UUID) -> ResourceView:
    """Get a party's invitation and answer."""
    held = find_meeting(meeting)
    seat = held.seat(party)
    return ResourceView(seat_out(held, seat), seat.invitation_version or 0)


@registers.records(
    f"{ONE}/invitations", scope="meetings:write", takes=InvitationBody, makes=("meeting", "party")
)
def invite(typed: dict[str, Any], asked: RecordRequest, meeting: UUID) -> RecordingResult:
    """Invite a service or a person of the school. Terms of reference decide whether a service is expected."""
    school = own_school()
    try:
        party = party_named(typed["party"], school)
    except ValueError:
        raise field_problem(InvitationBody(), "party", "not_an_id") from None
    asked.perform(
        Invite(
            occurred_on=runtime().today(),
            meeting=meeting,
            party=party,
            whole_meeting=typed["asked"] == "whole",
            language=typed["language"],
        )
    )
    return _invited(meeting, party.key)


@registers.records(
    f"{INVITATION}/answer",
    scope="meetings:write",
    takes=OwnAnswerBody,
    makes=("meeting", "party"),
    thing=one_invitation,
)
def answer_invitation(
    typed: dict[str, Any], asked: RecordRequest, meeting: UUID, party: UUID
) -> RecordingResult:
    """Record your own answer: attending, a substitute, apologies (without a reason) or a contribution in writing."""
    if find_meeting(meeting).seat(party).organisation != viewer().organisation:
        raise NotFound
    asked.perform(
        AnswerInvitation(
            occurred_on=runtime().today(),
            seen=asked.seen,
            meeting=meeting,
            party=party,
            answer=typed["answer"],
        )
    )
    return _invited(meeting, party)


@registers.records(
    f"{INVITATION}/reported-answer",
    scope="meetings:write",
    takes=ReportedAnswerBody,
    makes=("meeting", "party"),
    thing=one_invitation,
)
def report_answer(typed: dict[str, Any], asked: RecordRequest, meeting: UUID, party: UUID) -> RecordingResult:
    """Record an answer that the school was given."""
    own_school()
    asked.perform(
        AnswerInvitation(
            occurred_on=typed["said_on"],
            seen=asked.seen,
            meeting=meeting,
            party=party,
            answer=typed["answer"],
            way=typed["way"],
        )
    )
    return _invited(meeting, party)


@registers.records(
    f"{INVITATION}/delivery",
    scope="meetings:write",
    takes=DeliveryBody,
    makes=("meeting", "party"),
    thing=one_invitation,
)
def record_delivery(
    typed: dict[str, Any], asked: RecordRequest, meeting: UUID, party: UUID
) -> RecordingResult:
    """Record whether the invitation arrived. One that did not arrive does not count."""
    own_school()
    asked.perform(
        RecordDelivery(occurred_on=runtime().today(), seen=asked.seen, meeting=meeting, party=party, **typed)
    )
    return _invited(meeting, party)


# The register


@registers.shows(LINE, scope="meetings:read", answers=RegisterLineSchema)
def one_line(meeting: UUID, party: UUID) -> ResourceView:
    """Get a party's mark. For the school every party has an entry, including parties that attended without an
    invitation; the mark is null until it is recorded."""
    held = find_meeting(meeting)
    seat = next((s for s in held.found.seats if s.party == party), None)
    if seat is not None:
        return ResourceView(seat_out(held, seat), seat.mark_version or 0)
    came = _uninvited(held, party)
    blank = {"mark": None, "contested": False, "ruled": False, "reads": None, "markings": ()}
    return ResourceView({"meeting": meeting, "party": party, "organisation": came.organisation} | blank, 0)


@registers.records(LINE, scope="meetings:write", takes=MarkBody, makes=("meeting", "party"), thing=one_line)
def mark(typed: dict[str, Any], asked: RecordRequest, meeting: UUID, party: UUID) -> RecordingResult:
    """Mark a party, or correct its mark. The earlier mark is kept. After the meeting is finalised, a correction
    needs a reason."""
    own_school()
    held = find_meeting(meeting)
    common = {"occurred_on": runtime().today(), "meeting": meeting, **mark_commands(typed)}
    if asked.seen:
        asked.perform(CorrectMark(party=party, supersedes=asked.seen, why=typed["why"], **common))
    else:
        _first(asked, MarkPresence(party=_party(held, party), **common))
    return RecordingResult({"meeting": meeting, "party": party}, f"/meetings/{meeting}/register/{party}")


def _first(asked: RecordRequest, command: MarkPresence) -> None:
    """Record the first mark; another user may have been faster. Raises Refusal."""
    try:
        asked.perform(command)
    except Refusal as refused:
        if refused.code == "already_marked":
            raise StaleVersion(0, refused.facts["version"]) from None
        raise


def _party(held: MeetingPage, party: UUID) -> Party:
    seat: PartyAttendance | None = next((s for s in held.found.seats if s.party == party), None)
    if seat is None:
        return _uninvited(held, party)
    return Party(organisation=seat.organisation, service=seat.service, person=seat.person)


def _uninvited(held: MeetingPage, party: UUID) -> Party:
    """A party of the directory without an invitation, for the school. Raises NotFound."""
    school = own_school()
    found = party_of(party, school)
    staff = {appointment.person for appointment in directory().people_of(school, runtime().today())}
    if school != held.brief.school or (found.service is None and party not in staff):
        raise NotFound
    return found


def _invited(meeting: UUID, party: UUID) -> RecordingResult:
    return RecordingResult({"meeting": meeting, "party": party}, f"/meetings/{meeting}/invitations/{party}")
