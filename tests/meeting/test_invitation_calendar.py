"""Meetings as iCalendar: read back by two parsers, and replies that are wrong."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest
import vobject
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from coordination.errors import Refusal
from coordination.meeting.invitation_calendar import (
    LARGEST_REPLY,
    CalendarMeeting,
    Method,
    calendar,
    read_reply,
)

MEETING, PARTY = UUID(int=0xE1), UUID(int=0x71)
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def meeting(**other: object) -> CalendarMeeting:
    known = {
        "meeting": MEETING,
        "sequence": 2,
        "held_on": date(2026, 7, 8),
        "starts_at": time(13, 30),
        "ends_at": time(15),
        "summary": "Hwb meeting, Ysgol y Bryn",
        "parties": (PARTY,),
    }
    return CalendarMeeting(**(known | other))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("method", "cancelled", "status"),
    [("REQUEST", False, "CONFIRMED"), ("CANCEL", False, "CANCELLED"), ("PUBLISH", True, "CANCELLED")],
)
def test_both_parsers_read_an_invitation_alike(method: Method, cancelled: bool, status: str) -> None:
    raw = calendar([meeting(cancelled=cancelled, organiser="hwb@bryn.example")], method, NOW)
    one = Calendar.from_ical(raw)
    (event,) = one.walk("VEVENT")
    other = vobject.readOne(raw.decode())
    assert str(one["method"]) == other.method.value == method
    assert str(event["uid"]) == other.vevent.uid.value == f"{MEETING}@cydlynu"
    assert int(event["sequence"]) == int(other.vevent.sequence.value) == 2
    assert str(event["status"]) == other.vevent.status.value == status
    assert str(event["summary"]) == other.vevent.summary.value == "Hwb meeting, Ysgol y Bryn"
    assert event["dtstart"].params["TZID"] == "Europe/London"
    starts = datetime(2026, 7, 8, 12, 30, tzinfo=UTC)
    assert event["dtstart"].dt.astimezone(UTC) == other.vevent.dtstart.value.astimezone(UTC) == starts
    assert event["dtend"].dt.astimezone(UTC) == other.vevent.dtend.value.astimezone(UTC)
    assert str(event["organizer"]) == other.vevent.organizer.value == "mailto:hwb@bryn.example"
    assert ("attendee" in event) is (method != "PUBLISH")


@given(st.dates(date(2026, 1, 1), date(2035, 12, 31)), st.times())
@settings(max_examples=60, deadline=None)
def test_the_hour_is_that_of_wales_on_every_day(held_on: date, hour: time) -> None:
    """vobject reckons with the VTIMEZONE that is sent; summer time begins and ends at one in the night."""
    starts = hour.replace(hour=max(3, hour.hour), second=0, microsecond=0)
    raw = calendar([meeting(held_on=held_on, starts_at=starts, ends_at=None)], "REQUEST", NOW)
    (event,) = Calendar.from_ical(raw).walk("VEVENT")
    other = vobject.readOne(raw.decode()).vevent
    assert event["dtstart"].dt.utcoffset() == other.dtstart.value.utcoffset()
    assert event["dtstart"].dt.replace(tzinfo=None) == datetime.combine(held_on, starts)
    assert event["dtend"].dt - event["dtstart"].dt == timedelta(hours=1)


def test_a_meeting_without_an_hour_is_a_day() -> None:
    raw = calendar([meeting(starts_at=None, ends_at=None)], "PUBLISH", NOW)
    (event,) = Calendar.from_ical(raw).walk("VEVENT")
    assert (event["dtstart"].dt, event["dtend"].dt) == (date(2026, 7, 8), date(2026, 7, 9))


def reply(partstat: str = "ACCEPTED", *, attendee: str = f"urn:uuid:{PARTY}", sequence: int = 2) -> str:
    """A reply as mail programs write it, with a comment."""
    lines = (
        *("BEGIN:VCALENDAR", "PRODID:-//Mail//EN", "VERSION:2.0", "METHOD:REPLY", "BEGIN:VEVENT"),
        *(f"UID:{MEETING}@cydlynu", f"SEQUENCE:{sequence}", "DTSTAMP:20260302T120000Z"),
        *("DTSTART:20260708T123000Z", f"ATTENDEE;PARTSTAT={partstat};CN=Somebody:{attendee}"),
        *("COMMENT:<script>alert(1)</script>", "END:VEVENT", "END:VCALENDAR", ""),
    )
    return "\r\n".join(lines)


@pytest.mark.parametrize(
    ("partstat", "answer"),
    [("ACCEPTED", "attending"), ("declined", "apologies"), ("DELEGATED", "substitute")],
)
def test_a_reply_says_who_answers_what_to_which_version(partstat: str, answer: str) -> None:
    found = read_reply(reply(partstat))
    assert (found.meeting, found.sequence, found.party, found.answer) == (MEETING, 2, PARTY, answer)
    assert read_reply(reply(attendee="mailto:camhs@board.example")).party is None
    assert "script" not in repr(found)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("<script>" * 1_300_000, "calendar_too_large"),
        (reply() + " " * LARGEST_REPLY, "calendar_too_large"),
        ("", "calendar_malformed"),
        ("<html><script>alert(1)</script></html>", "calendar_malformed"),
        ("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VCALENDAR\r\n", "calendar_malformed"),
        (reply().replace("METHOD:REPLY", "METHOD:REQUEST"), "calendar_not_a_reply"),
        (reply("TENTATIVE"), "calendar_not_a_reply"),
        (reply("NEEDS-ACTION"), "calendar_not_a_reply"),
        (reply().replace(str(MEETING), "nothing"), "calendar_not_a_reply"),
        (reply().replace("SEQUENCE:2", "SEQUENCE:two"), "calendar_not_a_reply"),
        ("BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nEND:VCALENDAR\r\n", "calendar_not_a_reply"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_what_is_not_a_reply_is_refused(raw: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_reply(raw)
    assert refused.value.code == code
