"""Meetings, their registers and what is disputed of them, to rows."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from coordination.challenge.events import DisputeRuled, MarkDisputed
from coordination.challenge.state import Challenge
from coordination.directory.state import Directory
from coordination.event import MeetingEvent
from coordination.meeting.events import (
    ActionDropped,
    ActionMinuted,
    AgendaItemAdded,
    AgendaItemConfirmed,
    AgendaItemRemoved,
    AgendaSent,
    ChairNamed,
    ConflictOfInterestDeclared,
    CorrectedAfterwards,
    ExpectationChanged,
    InvitationAnswered,
    InvitationDelivered,
    Invited,
    MarkCorrected,
    MeetingCancelled,
    MeetingFinalised,
    MeetingRescheduled,
    MeetingScheduled,
    MinutesApproved,
    MinuteTaken,
    NextMeetingSet,
    Party,
    PresenceMarked,
)
from coordination.meeting.state import Invitation, Meeting, RegisterEntry
from coordination.pupil.casefile import CaseFile
from coordination.pupil.minutes.events import MinuteCorrected, MinuteEvent, MinuteRecorded
from projections.projection import Change
from projections.rows import RowJournal, Table

MEETING = Table(
    "meeting",
    (
        "meeting",
        "school",
        "authority",
        "kind",
        "series",
        "held_on",
        "quorum",
        "chair",
        "cancelled",
        "agenda_sent_on",
        "next_on",
        "minutes_version",
        "approved_version",
        "present",
        "items",
        "minutes",
        "actions_unsettled",
        "organisations",
        "last_version",
    ),
    key=1,
)
MEETING_STEP = Table(
    "meeting_step",
    (
        "meeting",
        "version",
        "topic",
        "occurred_on",
        "recorded_at",
        "position",
        "person",
        "organisation",
        "shared",
        "held_on",
        "starts_at",
        "minutes_version",
        "warnings",
        "about_person",
        "item",
        "next_meeting",
    ),
)
MEETING_TEXT = Table("meeting_text", ("meeting", "version", "topic", "sealed", "party", "organisation"))
ATTENDANCE = Table(
    "attendance",
    (
        "meeting",
        "party",
        "known_from",
        "school",
        "authority",
        "agency",
        "service",
        "person",
        "in_figures",
        "kind",
        "held_on",
        "cancelled",
        "invited_on",
        "whole_meeting",
        "expected",
        "because",
        "terms",
        "notice_from",
        "notice",
        "notice_required",
        "items",
        "answer",
        "own_word",
        "undelivered",
        "invitation_version",
        "mark",
        "mark_version",
        "known_to",
    ),
    key=2,
    bitemporal=True,
)
REGISTER_LINE = Table(
    "register_line",
    (
        "meeting",
        "version",
        "party",
        "organisation",
        "school",
        "mark",
        "supersedes",
        "afterwards",
        "arrived_at",
        "left_at",
        "substitute_for",
        "with_authority",
        "occurred_on",
        "recorded_at",
        "position",
        "marked_by",
    ),
)
ITEM_HEARD = Table("item_heard", ("minute", "meeting", "item", "organisations"), key=1)
AGENDA_ITEM = Table(
    "agenda_item",
    ("meeting", "item", "pupil", "school", "place", "services", "organisations", "confirmed", "last_version"),
    key=2,
)
MARK_DISPUTE = Table(
    "mark_dispute",
    (
        "challenge",
        "dispute",
        "known_from",
        "school",
        "authority",
        "agency",
        "service",
        "meeting",
        "mark_version",
        "claims",
        "since",
        "ruling",
        "reads",
        "known_to",
    ),
    key=2,
    bitemporal=True,
)

STEPS = (
    MeetingScheduled,
    MeetingRescheduled,
    MeetingCancelled,
    ChairNamed,
    AgendaSent,
    ConflictOfInterestDeclared,
    NextMeetingSet,
    MeetingFinalised,
    MinutesApproved,
    CorrectedAfterwards,
)
FOR_THE_SCHOOL = (ChairNamed, ConflictOfInterestDeclared, CorrectedAfterwards)
AGENDA = (AgendaItemAdded, AgendaItemConfirmed, AgendaItemRemoved)
MINUTED = (MinuteTaken, ActionMinuted, ActionDropped)
INVITATIONS = (Invited, InvitationDelivered, ExpectationChanged, InvitationAnswered)
MARKS = (PresenceMarked, MarkCorrected)
# What can make a row of the register another one.
TELLING = (MeetingRescheduled, MeetingCancelled, *INVITATIONS, *MARKS)

Standing = dict[UUID, tuple[Any, ...]]


class AttendanceProjection:
    """An attendance row is known from the event that made it so until the event that changed it."""

    name = "attendance"
    tables = (
        MEETING,
        MEETING_STEP,
        MEETING_TEXT,
        ATTENDANCE,
        REGISTER_LINE,
        ITEM_HEARD,
        AGENDA_ITEM,
        MARK_DISPUTE,
    )
    topics = frozenset(
        {
            *STEPS,
            *AGENDA,
            *MINUTED,
            *INVITATIONS,
            *MARKS,
            MinuteRecorded,
            MinuteCorrected,
            MarkDisputed,
            DisputeRuled,
        }
    )
    wide = frozenset[Any]()

    def project(self, change: Change, rows: RowJournal) -> None:
        """What differs between before and after ends and begins at the event's position."""
        event = change.event
        match event:
            case MarkDisputed(dispute=dispute) | DisputeRuled(dispute=dispute):
                _dispute(change, dispute, rows)
            case MinuteEvent(minute=minute):
                _heard(change, minute, rows)
            case MeetingEvent():
                _steps(change, rows)
                if isinstance(event, AGENDA):
                    _agenda(change, rows)
                if isinstance(event, PresenceMarked | MarkCorrected):
                    _line(change, event, rows)
                if isinstance(event, TELLING):
                    _attendance(change, rows)
                _meeting(change, rows)
            case _:
                pass


# The meeting


def _meeting(change: Change, rows: RowJournal) -> None:
    m: Meeting = change.after
    parties = [i.party for i in m.invitations.values()] + [line.party for line in m.register.values()]
    rows.put(
        MEETING,
        (
            change.stream,
            m.school,
            change.directory.authority_of(m.school),
            m.kind,
            m.series,
            m.held_on,
            m.quorum,
            m.chair,
            m.cancelled,
            m.agenda_sent_on,
            m.next_on,
            m.minutes_version,
            m.approved_version,
            len(m.present()),
            len(m.items),
            len(m.minutes),
            sum(not (a.has_owner and a.has_due_date) for a in m.actions.values()),
            list(dict.fromkeys(p.organisation for p in parties)),
            m.version,
        ),
    )


def _steps(change: Change, rows: RowJournal) -> None:
    """The step as it was taken, and apart from it the words that were sealed with it."""
    event = change.event
    if isinstance(event, STEPS):
        rows.add(
            MEETING_STEP,
            (
                change.stream,
                change.version,
                event.topic,
                event.header.occurred_on,
                event.header.recorded_at,
                change.position,
                event.header.person,
                event.header.organisation,
                not isinstance(event, FOR_THE_SCHOOL),
                event.held_on if isinstance(event, MeetingScheduled | MeetingRescheduled) else None,
                *_details(event),
            ),
        )
    if event.sealed:
        party = event.party if isinstance(event, MarkCorrected) else None
        rows.add(
            MEETING_TEXT,
            (
                change.stream,
                change.version,
                event.topic,
                event.sealed,
                party.key if party else None,
                party.organisation if party else None,
            ),
        )


def _details(event: Any) -> tuple[Any, ...]:
    """starts_at, minutes_version, warnings, about_person, item, next_meeting: what the event has of them."""
    return (
        getattr(event, "starts_at", None),
        getattr(event, "minutes_version", None),
        list(getattr(event, "warnings", ())),
        getattr(event, "chair", None) or getattr(event, "person", None),
        getattr(event, "item", None),
        event.meeting if isinstance(event, NextMeetingSet) else None,
    )


def _agenda(change: Change, rows: RowJournal) -> None:
    """The whole agenda anew: a removed item moves those behind it."""
    before, after = change.before.items, change.after.items
    for item in before:
        if item not in after:
            rows.remove(AGENDA_ITEM, (change.stream, item))
    for place, item in enumerate(after.values()):
        rows.put(
            AGENDA_ITEM,
            (
                change.stream,
                item.item,
                item.pupil,
                change.after.school,
                place,
                list(item.services),
                _agencies(item.services, change.directory),
                item.confirmed,
                item.last_version,
            ),
        )


def _heard(change: Change, minute: UUID, rows: RowJournal) -> None:
    """Who was in the room for a pupil, as the minute says now."""
    case: CaseFile = change.after
    taken = case.minutes.minutes[minute]
    if taken.item is not None:
        heard = _agencies(taken.services_present, change.directory)
        rows.put(ITEM_HEARD, (minute, taken.meeting, taken.item, heard))


def _agencies(services: tuple[UUID, ...], directory: Directory) -> list[UUID]:
    found = (directory.service(service) for service in services)
    return list(dict.fromkeys(s.agency for s in found if s is not None))


# The register


def _line(change: Change, event: PresenceMarked | MarkCorrected, rows: RowJournal) -> None:
    rows.add(
        REGISTER_LINE,
        (
            change.stream,
            change.version,
            event.party.key,
            event.party.organisation,
            change.after.school,
            event.mark,
            event.supersedes if isinstance(event, MarkCorrected) else None,
            change.before.finalised,
            event.arrived_at,
            event.left_at,
            event.substitute_for,
            event.with_authority,
            event.header.occurred_on,
            event.header.recorded_at,
            change.position,
            event.header.person,
        ),
    )


def _attendance(change: Change, rows: RowJournal) -> None:
    before = _standing(change.before, change.directory)
    after = _standing(change.after, change.directory)
    for party, row in before.items():
        if after.get(party) != row:
            rows.end(ATTENDANCE, (change.stream, party), change.position)
    for party, row in after.items():
        if before.get(party) != row:
            rows.begin(ATTENDANCE, (change.stream, party), change.position, row)


def _standing(meeting: Meeting, directory: Directory) -> Standing:
    """Each party's row as the meeting stands: those invited in that order, then who came all the same."""
    if not meeting.scheduled:
        return {}
    authority = directory.authority_of(meeting.school)
    return {
        key: _row(meeting, authority, meeting.invitations.get(key), meeting.register.get(key))
        for key in {**meeting.invitations, **meeting.register}
    }


def _row(
    meeting: Meeting, authority: UUID | None, invitation: Invitation | None, line: RegisterEntry | None
) -> tuple[Any, ...]:
    holder = invitation or line
    assert holder is not None
    party = holder.party
    return (
        meeting.school,
        authority,
        party.organisation,
        party.service,
        party.person,
        _in_figures(party, meeting.school),
        meeting.kind,
        meeting.held_on,
        meeting.cancelled,
        *_asked(invitation),
        line.mark if line else None,
        line.version if line else None,
    )


def _asked(invitation: Invitation | None) -> tuple[Any, ...]:
    """What was asked of the party and what it answered; of one that was not invited, nothing."""
    if invitation is None:
        return (None, False, False, None, None, None, None, None, [], None, False, False, None)
    rests_on = invitation.expectation
    return (
        invitation.invited_on,
        invitation.whole_meeting,
        rests_on.expected,
        rests_on.because,
        rests_on.terms,
        rests_on.notice_from,
        rests_on.notice,
        rests_on.notice_required,
        list(rests_on.items),
        invitation.answer,
        invitation.own_word,
        invitation.undelivered,
        invitation.last_version,
    )


def _in_figures(party: Party, school: UUID) -> bool:
    """Figures show services, or an agency as a whole: neither the school's own staff nor a named employee."""
    return party.organisation != school and (party.service is not None or party.person is None)


# What is disputed


def _dispute(change: Change, dispute: UUID, rows: RowJournal) -> None:
    before, after = _disputed(change.before, dispute), _disputed(change.after, dispute)
    if before == after:
        return
    if before is not None:
        rows.end(MARK_DISPUTE, (change.stream, dispute), change.position)
    if after is not None:
        rows.begin(MARK_DISPUTE, (change.stream, dispute), change.position, after)


def _disputed(challenge: Challenge, dispute: UUID) -> tuple[Any, ...] | None:
    held = challenge.disputes.get(dispute)
    if held is None:
        return None
    return (
        challenge.school,
        challenge.authority,
        challenge.agency,
        challenge.service,
        held.meeting,
        held.mark_version,
        held.claims,
        held.since,
        held.ruling,
        held.reads,
    )


PROJECTION = AttendanceProjection()
