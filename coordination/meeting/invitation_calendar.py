"""Meetings as iCalendar (RFC 5545 and 5546): invitations, changes, cancellations, the feed, and replies that come back.

A meeting's UID is its id, so that a later version replaces an earlier one in the calendar of whoever was invited; its
SEQUENCE counts the times it was moved or cancelled. Nothing here names a child.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from icalendar import Calendar, Event, Timezone, vCalAddress, vText

from coordination.errors import Refusal
from coordination.meeting.clash import ASSUMED_MINUTES
from coordination.meeting.events import Answer

Method = Literal["REQUEST", "CANCEL", "PUBLISH"]
PRODUCT = "-//Cydlynu//Cydlynu//EN"
DOMAIN = "@cydlynu"
LONDON = ZoneInfo("Europe/London")
LARGEST_REPLY = 64 * 1024
"""Bytes. A reply of a mail program has one or two thousand."""
ANSWERS: dict[str, Answer] = {
    "ACCEPTED": "attending",
    "DECLINED": "apologies",
    "DELEGATED": "substitute",
}
"""What a party's PARTSTAT is here. `TENTATIVE` is no answer yet."""

_ZONE = b"""BEGIN:VTIMEZONE\r
TZID:Europe/London\r
BEGIN:DAYLIGHT\r
DTSTART:19810329T010000\r
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r
TZNAME:BST\r
TZOFFSETFROM:+0000\r
TZOFFSETTO:+0100\r
END:DAYLIGHT\r
BEGIN:STANDARD\r
DTSTART:19961027T020000\r
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r
TZNAME:GMT\r
TZOFFSETFROM:+0100\r
TZOFFSETTO:+0000\r
END:STANDARD\r
END:VTIMEZONE\r
"""


class CalendarMeeting(msgspec.Struct, frozen=True, kw_only=True):
    """A meeting for a calendar; times are local. `summary` is its kind and whose it is. `parties`: the keys of those
    invited, who are to answer. `organiser`: a mail address to which a mail program sends the answer (None: none);
    `attendee`: the address to which an invitation goes, so that a mail program knows whom it asks."""

    meeting: UUID
    sequence: int
    held_on: date
    starts_at: time | None
    ends_at: time | None
    summary: str
    cancelled: bool = False
    parties: tuple[UUID, ...] = ()
    organiser: str | None = None
    attendee: str | None = None
    description: str = ""


class CalendarReply(msgspec.Struct, frozen=True, kw_only=True):
    """A party's answer to the invitation with this SEQUENCE. `party` None: the reply names a mail address."""

    meeting: UUID
    sequence: int
    party: UUID | None
    answer: Answer


def calendar(meetings: Iterable[CalendarMeeting], method: Method, now: datetime, name: str = "") -> bytes:
    """The meetings as one calendar object. REQUEST and CANCEL are for one meeting, PUBLISH is a feed."""
    whole = Calendar()
    whole.add("prodid", PRODUCT)
    whole.add("version", "2.0")
    whole.add("method", method)
    if name:
        whole.add("x-wr-calname", name)
    whole.add_component(Timezone.from_ical(_ZONE))
    for one in meetings:
        whole.add_component(_event(one, method, now))
    return bytes(whole.to_ical())


def _event(one: CalendarMeeting, method: Method, now: datetime) -> Event:
    event = Event()
    event.add("uid", f"{one.meeting}{DOMAIN}")
    event.add("sequence", one.sequence)
    event.add("dtstamp", now)
    event.add("summary", one.summary)
    if one.description:
        event.add("description", one.description)
    event.add("class", "PRIVATE")
    event.add("status", "CANCELLED" if one.cancelled or method == "CANCEL" else "CONFIRMED")
    if one.starts_at is None:
        event.add("dtstart", one.held_on)
        event.add("dtend", one.held_on + timedelta(days=1))
    else:
        starts = datetime.combine(one.held_on, one.starts_at, LONDON)
        ends = datetime.combine(one.held_on, one.ends_at, LONDON) if one.ends_at else None
        event.add("dtstart", starts)
        event.add("dtend", ends or starts + timedelta(minutes=ASSUMED_MINUTES))
    if one.organiser:
        event.add("organizer", vCalAddress(f"mailto:{one.organiser}"))
    asked = [f"urn:uuid:{party}" for party in one.parties]
    asked += [f"mailto:{one.attendee}"] if one.attendee else []
    for address in asked if method != "PUBLISH" else ():
        attendee = vCalAddress(address)
        attendee.params["PARTSTAT"] = vText("NEEDS-ACTION")
        attendee.params["RSVP"] = vText("TRUE")
        event.add("attendee", attendee, encode=False)
    return event


def read_reply(raw: str) -> CalendarReply:
    """The answer in a calendar object with METHOD:REPLY. Only the id, the sequence and the answer are read; comments
    and whatever else a mail program writes are not kept. Raises Refusal `calendar_too_large`, `calendar_malformed`,
    `calendar_not_a_reply`."""
    if len(raw.encode()) > LARGEST_REPLY:
        raise Refusal("calendar_too_large", "calendar", at_most=LARGEST_REPLY)
    try:
        whole = Calendar.from_ical(raw)
        events = whole.walk("VEVENT")
        method = str(whole.get("method", "")).upper()
    except (ValueError, KeyError, IndexError, TypeError, AttributeError):
        raise Refusal("calendar_malformed", "calendar") from None
    if method != "REPLY" or len(events) != 1:
        raise Refusal("calendar_not_a_reply", "calendar")
    return _reply_of(events[0])


def _reply_of(event: Any) -> CalendarReply:
    attendee, sequence = event.get("attendee"), event.get("sequence", 0)
    if isinstance(attendee, list) or attendee is None or not isinstance(sequence, int):
        raise Refusal("calendar_not_a_reply", "calendar")
    answer = ANSWERS.get(str(attendee.params.get("PARTSTAT", "")).upper())
    meeting = _id(str(event.get("uid", "")).removesuffix(DOMAIN))
    if answer is None or meeting is None:
        raise Refusal("calendar_not_a_reply", "calendar")
    party = _id(str(attendee).removeprefix("urn:uuid:"))
    return CalendarReply(meeting=meeting, sequence=int(sequence), party=party, answer=answer)


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
