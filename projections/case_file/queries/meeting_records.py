"""What a meeting left on the streams of its pupils: the minutes with their earlier versions, and the actions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Cursor
from psycopg.rows import DictRow

from coordination.sensitivity import Coordinates
from coordination.viewer import Viewer
from projections.case_file.queries import children
from projections.case_file.queries.actions import ACTIONS, action_of
from projections.case_file.queries.results import ActionSummary, coordinates
from projections.reader import Reader, position

MINUTES = """
select m.minute, m.pupil, m.item, m.services, m.last_version, t.version, t.topic, t.occurred_on, t.recorded_at,
       t.person, t.clear, coalesce(s.sealed, '') as sealed,
       (select max(d.version) from read.disclosure d
        where d.pupil = m.pupil and d.ground = m.minute and d.agency = %(organisation)s) as disclosed
from read.minute m
join read.timeline t on t.pupil = m.pupil and t.thing = m.minute and t.matter = 'minute'
left join read.seal s on s.pupil = t.pupil and s.version = t.version
where m.meeting = %(meeting)s
order by m.minute, t.version
"""

# Of each pupil the newest version up to a position in the log; where there is none, the oldest after it. What was
# before an adoption is withheld.
IDENTITIES = """
select distinct on (i.pupil) i.pupil, i.version, i.topic, i.sealed
from read.identity_version i
left join read.replaced r on r.pupil = i.pupil
where i.pupil = any(%(pupils)s) and i.version >= coalesce(r.version, 0)
order by i.pupil, i.position <= %(until)s desc,
         case when i.position <= %(until)s then i.version else -i.version end desc
"""
NEWEST = 2**62
"""Later than any position of the log."""
FINALISED = """
select min(position) as position from read.meeting_step where meeting = %(meeting)s and topic = 'meeting.finalised'
"""


class MinuteVersion(msgspec.Struct, frozen=True, kw_only=True):
    """A minute as it was taken or corrected; `at` seals discussion, decision, dissent, childs_view, parents_view and,
    of a correction, why. `services_present` could read it then."""

    version: int
    occurred_on: date
    recorded_at: datetime
    person: UUID
    services_present: tuple[UUID, ...]
    at: Coordinates


class MinuteHistory(msgspec.Struct, frozen=True, kw_only=True):
    """A minute with all its versions, the first one first; the last one stands. `last_version` is what a form sends
    back as `seen`. `disclosed`: the version, in the pupil's stream, of the disclosure by which the viewer's agency
    reads it."""

    minute: UUID
    pupil: UUID
    item: UUID | None
    services_present: tuple[UUID, ...]
    last_version: int
    versions: tuple[MinuteVersion, ...]
    disclosed: int | None = None

    @property
    def cites(self) -> tuple[tuple[UUID, int], ...]:
        """The disclosure that a reading of the minute cites, as the read log has it."""
        return ((self.pupil, self.disclosed),) if self.disclosed is not None else ()

    @property
    def current(self) -> MinuteVersion:
        return self.versions[-1]


class MeetingRecords(msgspec.Struct, frozen=True, kw_only=True):
    """The minutes and actions of a meeting that the viewer may see, and where identities are sealed: of the pupils
    they are about and of those asked for."""

    minutes: tuple[MinuteHistory, ...]
    actions: tuple[ActionSummary, ...]
    identities: dict[UUID, Coordinates]
    position: int

    def minute_of(self, item: UUID) -> MinuteHistory | None:
        """The minute under an item of the agenda."""
        return next((m for m in self.minutes if m.item == item), None)


def meeting_records(
    reader: Reader, viewer: Viewer, meeting: UUID, pupils: Iterable[UUID] = ()
) -> MeetingRecords:
    """In five statements. Empty for who may see none; identities are those of `pupils` (on the agenda) too, as far as
    the viewer may open them, as they were when the meeting was finalised."""
    with reader.viewing(viewer) as cursor:
        minutes = _minutes(cursor, viewer, meeting)
        actions = _actions(cursor, viewer, meeting)
        about = {*pupils, *(m.pupil for m in minutes), *(a.pupil for a in actions)}
        return MeetingRecords(
            minutes=minutes,
            actions=actions,
            identities=identities(cursor, about, _finalised_at(cursor, meeting)),
            position=position(cursor),
        )


def _finalised_at(cursor: Cursor[DictRow], meeting: UUID) -> int | None:
    row = cursor.execute(FINALISED, {"meeting": meeting}).fetchone()
    return row["position"] if row else None


def identities(
    cursor: Cursor[DictRow], pupils: Iterable[UUID], until: int | None = None
) -> dict[UUID, Coordinates]:
    """Where the identities of some pupils are sealed, of those that the viewer may open: the newest (of a joined child
    that of the file that leads), or as they were at a position in the log. A school that the pupil has left reads the
    one that it knew, whatever it may see of the pupil besides."""
    wanted = list(pupils)
    at = NEWEST if until is None else until
    found = cursor.execute(IDENTITIES, {"pupils": wanted, "until": at}).fetchall()
    known = {row["pupil"]: place for row in found if (place := coordinates(row)) is not None}
    if until is not None:
        return known
    newest = {
        pupil: place
        for pupil, place in children.identities(cursor, wanted).items()
        if place.stream != pupil or (pupil in known and known[pupil].version >= place.version)
    }
    return known | newest


def _minutes(cursor: Cursor[DictRow], viewer: Viewer, meeting: UUID) -> tuple[MinuteHistory, ...]:
    by_minute: dict[UUID, list[dict[str, Any]]] = {}
    given = {"meeting": meeting, "organisation": viewer.organisation}
    for row in cursor.execute(MINUTES, given):
        by_minute.setdefault(row["minute"], []).append(row)
    return tuple(
        MinuteHistory(
            minute=key,
            pupil=rows[-1]["pupil"],
            item=rows[-1]["item"],
            services_present=tuple(rows[-1]["services"]),
            last_version=rows[-1]["last_version"],
            versions=tuple(_version(row) for row in rows),
            disclosed=rows[-1]["disclosed"],
        )
        for key, rows in by_minute.items()
    )


def _version(row: DictRow) -> MinuteVersion:
    return MinuteVersion(
        version=row["version"],
        occurred_on=row["occurred_on"],
        recorded_at=row["recorded_at"],
        person=row["person"],
        services_present=tuple(UUID(s) for s in row["clear"].get("services_present", ())),
        at=Coordinates(row["pupil"], row["version"], row["topic"], row["sealed"]),
    )


def _actions(cursor: Cursor[DictRow], viewer: Viewer, meeting: UUID) -> tuple[ActionSummary, ...]:
    query = ACTIONS.format(wanted="a.meeting = %(meeting)s", order="a.pupil, a.due_on nulls first, a.action")
    given = {"meeting": meeting, "limit": None, "offset": 0}
    return tuple(action_of(row, viewer.today) for row in cursor.execute(query.encode(), given))
