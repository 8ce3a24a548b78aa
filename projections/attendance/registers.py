"""Registers, who was expected and came, and what is disputed of a register, as rows."""

from __future__ import annotations

from uuid import UUID

from coordination.challenge.state import Challenge
from coordination.directory.state import Directory
from coordination.meeting.contests import ContestRuled, MarkContested
from coordination.meeting.events import (
    ExpectationChanged,
    InvitationAnswered,
    InvitationDelivered,
    Invited,
    MarkCorrected,
    MeetingCancelled,
    MeetingRescheduled,
    Party,
    PresenceMarked,
)
from coordination.meeting.state import Invitation, Meeting, RegisterEntry
from projections.attendance.rows import (
    ATTENDANCE,
    MARK_CONTEST,
    MARK_DISPUTE,
    REGISTER_LINE,
    AttendanceTableRow,
    MarkContestTableRow,
    MarkDisputeTableRow,
    RegisterLineTableRow,
)
from projections.projection import Change
from projections.rows import RowJournal

ATTENDANCE_CHANGES = (
    MeetingRescheduled,
    MeetingCancelled,
    Invited,
    InvitationDelivered,
    ExpectationChanged,
    InvitationAnswered,
    PresenceMarked,
    MarkCorrected,
)
"""The events that can change a row of the attendance."""


def register_line(change: Change, event: PresenceMarked | MarkCorrected, rows: RowJournal) -> None:
    """Adds a marking to the register."""
    before, after = change.states(Meeting)
    row = RegisterLineTableRow(
        meeting=change.stream,
        version=change.version,
        party=event.party.key,
        organisation=event.party.organisation,
        school=after.school,
        mark=event.mark,
        supersedes=event.supersedes if isinstance(event, MarkCorrected) else None,
        afterwards=before.finalised,
        arrived_at=event.arrived_at,
        left_at=event.left_at,
        substitute_for=event.substitute_for,
        with_authority=event.with_authority,
        occurred_on=event.header.occurred_on,
        recorded_at=event.header.recorded_at,
        position=change.position,
        marked_by=event.header.person,
    )
    rows.add(REGISTER_LINE, row)


def attendance(change: Change, rows: RowJournal) -> None:
    """Ends and begins the rows of the parties for whom the event changed something."""
    before, after = (_by_party(change.stream, state, change.directory) for state in change.states(Meeting))
    for party, row in before.items():
        if after.get(party) != row:
            rows.end(ATTENDANCE, (change.stream, party), change.position)
    for party, row in after.items():
        if before.get(party) != row:
            rows.begin(ATTENDANCE, row, change.position)


def _by_party(stream: UUID, meeting: Meeting, directory: Directory) -> dict[UUID, AttendanceTableRow]:
    """The row of each party: those invited in that order, then those who came without an invitation."""
    if not meeting.scheduled:
        return {}
    authority = directory.authority_of(meeting.school)
    return {
        key: _row(stream, key, meeting, authority, meeting.invitations.get(key), meeting.register.get(key))
        for key in {**meeting.invitations, **meeting.register}
    }


def _row(
    stream: UUID,
    key: UUID,
    meeting: Meeting,
    authority: UUID | None,
    invitation: Invitation | None,
    line: RegisterEntry | None,
) -> AttendanceTableRow:
    """A party's row; of one that was not invited, nothing was asked and nothing was expected."""
    holder = invitation or line
    assert holder is not None
    party = holder.party
    expectation = invitation.expectation if invitation else None
    return AttendanceTableRow(  # by place, as the struct has them: names take four times as long
        stream,
        key,
        meeting.school,
        authority,
        party.organisation,
        party.service,
        party.person,
        party.part,
        invitation.language if invitation else None,
        _in_figures(party, meeting.school),
        meeting.kind,
        meeting.held_on,
        meeting.cancelled,
        invitation.invited_on if invitation else None,
        invitation.whole_meeting if invitation else False,
        expectation.expected if expectation else False,
        expectation.because if expectation else None,
        expectation.terms if expectation else None,
        expectation.notice_from if expectation else None,
        expectation.notice if expectation else None,
        expectation.notice_required if expectation else None,
        list(expectation.items) if expectation else [],
        invitation.answer if invitation else None,
        invitation.own_word if invitation else False,
        invitation.undelivered if invitation else False,
        invitation.last_version if invitation else None,
        line.mark if line else None,
        line.version if line else None,
    )


def _in_figures(party: Party, school: UUID) -> bool:
    """Figures show services, or an agency as a whole: neither the school's own staff nor a named employee."""
    return (
        party.organisation != school
        and party.part is None
        and (party.service is not None or party.person is None)
    )


def dispute(change: Change, disputed: UUID, rows: RowJournal) -> None:
    """Ends and begins the row of a dispute, where the event changed it."""
    before, after = (_disputed(change.stream, state, disputed) for state in change.states(Challenge))
    if before == after:
        return
    if before is not None:
        rows.end(MARK_DISPUTE, (change.stream, disputed), change.position)
    if after is not None:
        rows.begin(MARK_DISPUTE, after, change.position)


def contest(change: Change, event: MarkContested | ContestRuled, rows: RowJournal) -> None:
    """A mark that is contested without a challenge counts as one that is disputed in a challenge; its words are a row
    of their own, by version of the meeting."""
    before, after = (_contested(change, state, event.contest) for state in change.states(Meeting))
    if before is not None:
        rows.end(MARK_DISPUTE, (change.stream, event.contest), change.position)
    if after is not None:
        rows.begin(MARK_DISPUTE, after, change.position)
    _, meeting = change.states(Meeting)
    held = meeting.contests[event.contest]
    line = meeting.register[held.party]
    row = MarkContestTableRow(
        meeting=change.stream,
        contest=event.contest,
        version=change.version,
        topic=event.topic,
        school=meeting.school,
        authority=change.directory.authority_of(meeting.school),
        agency=held.agency,
        service=held.party,
        held_on=meeting.held_on,
        mark=line.mark,
        claims=held.claims,
        since=held.since,
        ruling=held.ruling,
        reads=held.reads,
        person=event.header.person,
        organisation=event.header.organisation,
        sealed=event.sealed,
    )
    rows.add(MARK_CONTEST, row)


def _contested(change: Change, meeting: Meeting, key: UUID) -> MarkDisputeTableRow | None:
    held = meeting.contests.get(key)
    if held is None:
        return None
    return MarkDisputeTableRow(
        challenge=change.stream,
        dispute=key,
        school=meeting.school,
        authority=change.directory.authority_of(meeting.school),
        agency=held.agency,
        service=held.party,
        meeting=change.stream,
        mark_version=held.mark_version,
        claims=held.claims,
        since=held.since,
        ruling=held.ruling,
        reads=held.reads,
    )


def _disputed(stream: UUID, challenge: Challenge, disputed: UUID) -> MarkDisputeTableRow | None:
    held = challenge.disputes.get(disputed)
    if held is None:
        return None
    return MarkDisputeTableRow(
        challenge=stream,
        dispute=disputed,
        school=challenge.school,
        authority=challenge.authority,
        agency=challenge.agency,
        service=challenge.service,
        meeting=held.meeting,
        mark_version=held.mark_version,
        claims=held.claims,
        since=held.since,
        ruling=held.ruling,
        reads=held.reads,
    )
