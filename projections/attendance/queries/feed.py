"""The meetings of a calendar feed: a school's own, or those to which an agency's services are invited."""

from __future__ import annotations

from datetime import date, time
from uuid import UUID

import msgspec

from coordination.viewer import Viewer
from projections.reader import Reader


class FeedMeeting(msgspec.Struct, frozen=True, kw_only=True):
    """A meeting without a word about anybody; `sequence` counts how often it was moved or cancelled."""

    meeting: UUID
    school: UUID
    kind: str
    held_on: date
    starts_at: time | None
    ends_at: time | None
    cancelled: bool
    sequence: int


FEED = """
select m.meeting, m.school, m.kind, m.held_on, m.starts_at, m.ends_at, m.cancelled,
       (select count(*) from read.meeting_step s where s.meeting = m.meeting
        and s.topic in ('meeting.rescheduled', 'meeting.cancelled')) as sequence
from read.meeting m
where m.held_on between %(from_on)s and %(to_on)s
order by m.held_on, m.starts_at nulls first, m.meeting
limit 2000
"""

ONE = FEED.replace("where m.held_on between %(from_on)s and %(to_on)s", "where m.meeting = %(meeting)s")


def feed_meetings(reader: Reader, viewer: Viewer, from_on: date, to_on: date) -> tuple[FeedMeeting, ...]:
    """The meetings that the viewer may see between two days, the cancelled ones too; 2,000 at most."""
    with reader.viewing(viewer) as cursor:
        rows = cursor.execute(FEED, {"from_on": from_on, "to_on": to_on}).fetchall()
    return tuple(FeedMeeting(**row) for row in rows)


def feed_meeting(reader: Reader, viewer: Viewer, meeting: UUID) -> FeedMeeting | None:
    """One meeting, if the viewer may see it."""
    with reader.viewing(viewer) as cursor:
        row = cursor.execute(ONE.encode(), {"meeting": meeting}).fetchone()
    return FeedMeeting(**row) if row else None
