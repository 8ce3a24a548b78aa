"""Invitations as calendar parts of their mail, and what becomes of it: delivered or come back, recorded by itself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from email.message import EmailMessage
from email.utils import parseaddr
from uuid import UUID

from coordination.authority import OPERATOR
from coordination.calendars import local_date, wales
from coordination.desk.outbox import OutboxRow
from coordination.directory.dated import in_force
from coordination.directory.state import Directory
from coordination.errors import NotFound, Refusal
from coordination.event import CommandContext
from coordination.meeting.commands import RecordDelivery
from coordination.meeting.invitation_calendar import CalendarMeeting, Method, calendar
from coordination.meeting.stages import AGENDA_WORKING_DAYS
from coordination.meeting.state import MEETING_STREAM, Meeting
from coordination.service import Coordination
from projections.sentences.text import Language
from webui.words.mail import invitation_words

INVITES = frozenset({"meeting_invited", "meeting_moved"})
"""Rules whose message invites, the first time or anew."""
CARRIES = INVITES | {"meeting_cancelled"}
"""Rules whose message is for a calendar."""


def add_calendar(
    message: EmailMessage,
    row: OutboxRow,
    service: Coordination,
    directory: Directory,
    address: str,
    languages: Iterable[Language],
    now: datetime,
) -> None:
    """Adds the calendar part (RFC 6047) to an invitation, a change or a cancellation: the meeting as it is now, so that
    a message that waited does not bring back an earlier date. Its attendee is the address the mail goes to."""
    if row.rule not in CARRIES or row.recipient_kind != "service":
        return
    meeting = service.batch().state(MEETING_STREAM, row.thing)
    if row.recipient not in meeting.invitations:
        return
    method: Method = "CANCEL" if meeting.cancelled else "REQUEST"
    words = invitation_words(directory, meeting.kind, meeting.host, papers_on(meeting, directory), languages)
    entry = CalendarMeeting(
        meeting=row.thing,
        sequence=meeting.moves,
        held_on=meeting.held_on,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        summary=words.summary,
        description=words.description,
        cancelled=meeting.cancelled,
        organiser=parseaddr(str(message["From"]))[1],
        attendee=address,
    )
    text = calendar([entry], method, now).decode()
    message.add_alternative(text, subtype="calendar", params={"method": method})


def papers_on(meeting: Meeting, directory: Directory) -> str:
    """The day by which the papers come, as ISO text: so many working days before as the series says, else five."""
    found = directory.series(meeting.series)
    version = in_force(found[1], meeting.held_on) if found is not None else None
    days = version.papers_working_days if version is not None else AGENDA_WORKING_DAYS
    return wales().add(meeting.held_on, -days).isoformat()


def note_delivery(service: Coordination, row: OutboxRow, now: datetime, *, arrived: bool) -> None:
    """Records that the mail server took an invitation, or that it came back. A meeting that ended meanwhile, or an
    invitation that changed, keeps what it has."""
    if row.rule not in INVITES or row.recipient_kind != "service":
        return
    meeting = service.batch().state(MEETING_STREAM, row.thing)
    held = meeting.invitations.get(row.recipient)
    if held is None or (arrived and held.answer is not None):
        return
    command = RecordDelivery(
        occurred_on=local_date(now), meeting=row.thing, party=row.recipient, way="email", arrived=arrived
    )
    context = CommandContext(
        person=OPERATOR,
        organisation=OPERATOR,
        role="operator",
        source="command_line",
        command_id=_command_id(row.message, arrived=arrived),
        recorded_at=now,
        on_behalf_of=meeting.host,
    )
    try:
        service.perform(command, context)
    except (Refusal, NotFound):
        return


def _command_id(message: UUID, *, arrived: bool) -> str:
    return f"{'delivered' if arrived else 'returned'} {message}"
