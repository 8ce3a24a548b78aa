"""What changed for an organisation since it last asked: ids, kinds and topics, in the order of the log."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

import msgspec

from coordination.viewer import Viewer
from projections.reader import Reader, parked, position

WINDOW = 20_000
"""Log positions that one question looks at, at most: who sees little of a long log asks again from `next`."""

# Meetings and challenges by their steps, which their own policies share out; what the organisation itself recorded
# there (a mark, a reply) besides. The same event has the same columns in both, so that union takes it once.
CHANGES = """
select c.position, c.stream, c.kind, c.topic, c.thing, c.occurred_on, c.recorded_at, c.organisation,
       case when c.kind = 'pupil' then coalesce(j.child, c.stream) end as child
from (
    (select position, pupil as stream, 'pupil' as kind, topic, thing, occurred_on, recorded_at, organisation
     from read.timeline where position > %(after)s and position <= %(until)s
     order by position limit %(limit)s)
    union
    (select position, meeting, 'meeting', topic, null, occurred_on, recorded_at, organisation
     from read.meeting_step where position > %(after)s and position <= %(until)s
     order by position limit %(limit)s)
    union
    (select position, challenge, 'challenge', topic, null, occurred_on, recorded_at, organisation
     from read.challenge_step where position > %(after)s and position <= %(until)s
     order by position limit %(limit)s)
    union
    (select position, pupil, 'pupil', topic, referral, since, recorded_at, recorded_by
     from read.sight_end where organisation = %(organisation)s and position > %(after)s and position <= %(until)s
     order by position limit %(limit)s)
    union
    (select position, stream, kind, topic, null, occurred_on, recorded_at, organisation
     from read.recorded where position > %(after)s and position <= %(until)s
     order by position limit %(limit)s)
) c
left join read.joined j on j.pupil = c.stream and j.known_to is null
order by position
limit %(limit)s
"""


class ChangeCriteria(msgspec.Struct, frozen=True, kw_only=True):
    """What was recorded after a log position (0: from the beginning), at most `limit` of it."""

    after: int
    limit: int = 100


class RecordedChange(msgspec.Struct, frozen=True, kw_only=True):
    """That something was recorded, at a log position. `stream` is the pupil, meeting, challenge or organisation
    (`kind`), `thing` the referral, agreement, contact, minute or action of a pupil that it is about; `organisation`
    recorded it. `child` is the file that leads of a joined pupil, of others the stream."""

    position: int
    stream: UUID
    kind: str
    topic: str
    thing: UUID | None
    occurred_on: date
    recorded_at: datetime
    organisation: UUID
    child: UUID | None = None


class ChangeList(msgspec.Struct, frozen=True, kw_only=True):
    """In the order of the log. `next` is what to ask after next time; `more`: there may be more already. `parked`
    files are left out for now because they could not be read."""

    rows: tuple[RecordedChange, ...]
    next: int
    more: bool
    parked: int


def changes(reader: Reader, viewer: Viewer, ask: ChangeCriteria) -> ChangeList:
    """What the viewer may see of what was recorded since, in three statements.

    What came into sight with a later event (a sending, a move) is not listed again: that event is. So is the event that
    ended sight of a referral.
    """
    with reader.viewing(viewer) as cursor:
        end = position(cursor)
        after = min(ask.after, end)
        until = min(after + WINDOW, end)
        given = {
            "after": after,
            "until": until,
            "limit": ask.limit + 1,
            "organisation": viewer.organisation,
        }
        found = [RecordedChange(**row) for row in cursor.execute(CHANGES, given)]
        shown = tuple(found[: ask.limit])
        reached = shown[-1].position if len(found) > ask.limit else until
        return ChangeList(rows=shown, next=reached, more=reached < end, parked=parked(cursor, "case_file"))
