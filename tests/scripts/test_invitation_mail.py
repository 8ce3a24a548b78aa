"""Invitations in the mail: calendar parts that two parsers read, and delivery recorded by itself."""

from __future__ import annotations

from datetime import time, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from uuid import UUID

import vobject
from icalendar import Calendar
from psycopg.rows import tuple_row

from coordination.calendars import wales
from coordination.meeting.commands import CancelMeeting, Invite, RescheduleMeeting, ScheduleMeeting
from coordination.meeting.events import Party
from coordination.meeting.state import MEETING_STREAM
from coordination.service import Coordination
from scripts.service.bounces import take_in
from scripts.service.outbox import send_due
from tests.county import ALNCO, BOARD, CAMHS, SCHOOL, order
from tests.scripts.conftest import NOW
from tests.scripts.mail_keeping import MAILBOX, NAMES, MailServerThatKeeps, settings
from webui.shell.sign_in_settings import MailSettings

MEETING = UUID(int=0x4E01)
TODAY = NOW.date()
HELD = wales().add(TODAY, 20)


def school_does(service: Coordination, *commands: Any) -> None:
    for command in commands:
        service.perform(command, order(ALNCO, TODAY, hour=8))


def calendar_part(mail: EmailMessage) -> tuple[str, str]:
    """The method in the header of the calendar part, and its text."""
    [part] = [p for p in mail.walk() if p.get_content_type() == "text/calendar"]
    return str(part.get_param("method")), part.get_content()


def both_read(text: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """What each parser finds in the only event."""
    [event] = Calendar.from_ical(text).walk("VEVENT")
    one = {
        "uid": str(event["uid"]),
        "sequence": int(event["sequence"]),
        "starts": event["dtstart"].dt.isoformat(),
        "ends": event["dtend"].dt.isoformat(),
        "summary": str(event["summary"]),
        "attendee": str(event["attendee"]),
        "status": str(event["status"]),
    }
    other = vobject.readOne(text).vevent
    two = {
        "uid": other.uid.value,
        "sequence": int(other.sequence.value),
        "starts": other.dtstart.value.isoformat(),
        "ends": other.dtend.value.isoformat(),
        "summary": other.summary.value,
        "attendee": other.attendee.value,
        "status": other.status.value,
    }
    return one, two


def test_an_invitation_a_change_and_a_cancellation_come_for_the_calendar(
    referred: Coordination, inbox: tuple[MailServerThatKeeps, MailSettings], tmp_path: Path
) -> None:
    taken, mail = inbox
    own = settings(mail, tmp_path)
    send_due(referred, own, NOW)
    before = len(taken.taken)
    school_does(
        referred,
        ScheduleMeeting(
            occurred_on=TODAY,
            meeting=MEETING,
            school=SCHOOL,
            held_on=HELD,
            starts_at=time(13, 30),
            ends_at=time(15),
            name="Siân’s Hwb",
        ),
        Invite(occurred_on=TODAY, meeting=MEETING, party=Party(organisation=BOARD, service=CAMHS)),
    )
    send_due(referred, own, NOW)
    moved = RescheduleMeeting(
        occurred_on=TODAY,
        meeting=MEETING,
        held_on=HELD + timedelta(days=1),
        starts_at=time(9),
        ends_at=time(10),
    )
    school_does(referred, moved)
    send_due(referred, own, NOW + timedelta(minutes=1))
    school_does(referred, CancelMeeting(occurred_on=TODAY, meeting=MEETING))
    send_due(referred, own, NOW + timedelta(minutes=2))
    mails = [made for _to, made in taken.taken[before:]]
    parts = [calendar_part(made) for made in mails]
    assert [method for method, _ in parts] == ["REQUEST", "REQUEST", "CANCEL"]
    for method, text in parts:
        one, two = both_read(text)
        assert one == two
        assert f"METHOD:{method}" in text
        assert "TZID:Europe/London" in text
        assert one["uid"] == f"{MEETING}@cydlynu"
        assert one["attendee"] == f"mailto:{MAILBOX}"
        assert not [name for name in NAMES if name in text]
    read = [both_read(text)[0] for _, text in parts]
    assert [r["sequence"] for r in read] == [0, 1, 2]
    assert read[0]["starts"].startswith(f"{HELD}T13:30")
    assert read[1]["starts"].startswith(f"{HELD + timedelta(days=1)}T09:00")
    assert read[2]["status"] == "CANCELLED"
    papers = wales().add(HELD, -5)
    assert f"Papers by {papers}" in parts[0][1].replace("\r\n ", "")


def test_delivered_and_come_back_are_recorded_by_themselves(
    referred: Coordination, inbox: tuple[MailServerThatKeeps, MailSettings], tmp_path: Path
) -> None:
    taken, mail = inbox
    held = ScheduleMeeting(occurred_on=TODAY, meeting=MEETING, school=SCHOOL, held_on=HELD)
    party = Party(organisation=BOARD, service=CAMHS)
    school_does(referred, held, Invite(occurred_on=TODAY, meeting=MEETING, party=party))
    send_due(referred, settings(mail, tmp_path), NOW)
    assert topics(referred) == ["meeting.scheduled", "meeting.invited", "meeting.invitation_delivered"]
    invitation = taken.taken[-1][1]
    assert calendar_part(invitation)[0] == "REQUEST"
    notice = tmp_path / "returned.eml"
    notice.write_bytes(bounced(str(invitation["Message-ID"])))
    assert take_in(referred, [notice], NOW + timedelta(hours=1)).bounced == 1
    seat = referred.batch().state(MEETING_STREAM, MEETING).invitations[CAMHS]
    assert seat.undelivered
    assert seat.expectation.because in ("not_delivered", "no_terms")
    # the same notification again changes nothing
    recorded = topics(referred)
    take_in(referred, [notice], NOW + timedelta(hours=2))
    assert topics(referred) == recorded


def topics(service: Coordination) -> list[str]:
    """What was recorded of the meeting, in order."""
    sql = "select topic from log.event where originator_id = %s order by originator_version"
    with service.record.desk() as desk, desk.cursor(row_factory=tuple_row) as cursor:
        return [topic for (topic,) in cursor.execute(sql, (MEETING,)).fetchall()]


def bounced(message_id: str) -> bytes:
    lines = (
        "From: mailer@health.example",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="x"',
        *("", "--x", "Content-Type: text/plain", "", "It did not arrive.", "--x"),
        *("Content-Type: message/delivery-status", "", "Reporting-MTA: dns; mx.health.example", ""),
        *(f"Final-Recipient: rfc822; {MAILBOX}", "Action: failed", "Status: 5.1.1", "", "--x"),
        *("Content-Type: text/rfc822-headers", "", f"Message-ID: {message_id}", "", "--x--", ""),
    )
    return "\r\n".join(lines).encode()
