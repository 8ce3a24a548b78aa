"""The timeline of a pupil, and who recorded what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Cursor
from psycopg.rows import DictRow

from coordination.calendars import start_of_day
from coordination.errors import Refusal
from coordination.sensitivity import Coordinates
from coordination.viewer import Viewer
from projections.case_file.entries import Matter
from projections.case_file.queries.children import ALL_FILES
from projections.case_file.queries.results import TimelineEntry
from projections.reader import Reader, position

Place = tuple[date, int]
"""Where an entry stands in a timeline: the day it occurred, and its position in the log."""

ENTRIES = f"""
select t.pupil, t.version, t.position, t.topic, t.matter, t.thing, t.occurred_on, t.recorded_at, t.person,
       t.organisation, t.role, t.on_behalf_of, t.source, t.service, t.agency, t.clear, t.supersedes, s.sealed,
       gone.by_version as superseded_by, answer.says as standing, answer.by_version as answered_by
from read.timeline t
left join read.seal s on s.pupil = t.pupil and s.version = t.version
left join read.mark gone on gone.pupil = t.pupil and gone.version = t.version and gone.kind = 'superseded'
left join read.mark answer on answer.pupil = t.pupil and answer.version = t.version and answer.kind = 'standing'
where t.pupil = any({ALL_FILES})
  and (%(thing)s::uuid is null or t.thing = %(thing)s)
  and (%(matters)s::text[] is null or t.matter = any(%(matters)s))
  and (%(before_on)s::date is null or (t.occurred_on, t.position) < (%(before_on)s, %(before_position)s))
order by t.occurred_on desc, t.position desc
limit %(limit)s
"""

RECORDED = """
select position, stream, version, kind, topic, thing, occurred_on, recorded_at, person, organisation, role,
       on_behalf_of, source
from (
    (select position, pupil as stream, version, 'pupil' as kind, topic, thing, occurred_on, recorded_at, person,
            organisation, role, on_behalf_of, source
     from read.timeline
     where recorded_at >= %(since)s and recorded_at < %(until)s
       and (%(person)s::uuid is null or person = %(person)s)
       and (%(organisation)s::uuid is null or %(organisation)s in (organisation, on_behalf_of))
       and (%(before)s::bigint is null or position < %(before)s)
     order by position desc limit %(limit)s)
    union all
    (select position, stream, version, kind, topic, null, occurred_on, recorded_at, person, organisation, role,
            on_behalf_of, source
     from read.recorded
     where recorded_at >= %(since)s and recorded_at < %(until)s
       and (%(person)s::uuid is null or person = %(person)s)
       and (%(organisation)s::uuid is null or %(organisation)s in (organisation, on_behalf_of))
       and (%(before)s::bigint is null or position < %(before)s)
     order by position desc limit %(limit)s)
) everywhere
order by position desc
limit %(limit)s
"""


class TimelineCriteria(msgspec.Struct, frozen=True, kw_only=True):
    """Which entries of a pupil, in all files of the child: of some `matters` only, about one `thing` (a referral, ...),
    those standing before a place, at most `limit`."""

    pupil: UUID
    thing: UUID | None = None
    matters: tuple[Matter, ...] | None = None
    before: Place | None = None
    limit: int = 50


class TimelinePage(msgspec.Struct, frozen=True, kw_only=True):
    """Entries from the last day back; `more` is the place to ask before for the next ones, None at the end."""

    entries: tuple[TimelineEntry, ...]
    more: Place | None
    position: int


class AuthorshipCriteria(msgspec.Struct, frozen=True, kw_only=True):
    """What a person, or any person of or for an organisation, recorded from one day in Wales to another (included),
    from the newest back, those before a log position, at most `limit`."""

    from_on: date
    to_on: date
    person: UUID | None = None
    organisation: UUID | None = None
    before: int | None = None
    limit: int = 200


class Authorship(msgspec.Struct, frozen=True, kw_only=True):
    """One recorded entry: ids only. `kind` of stream: pupil, meeting, challenge, organisation."""

    position: int
    stream: UUID
    version: int
    kind: str
    topic: str
    thing: UUID | None
    occurred_on: date
    recorded_at: datetime
    person: UUID
    organisation: UUID
    role: str
    on_behalf_of: UUID | None
    source: str


class AuthorshipList(msgspec.Struct, frozen=True, kw_only=True):
    """`more`: the position to ask before for the next ones, None at the end."""

    rows: tuple[Authorship, ...]
    more: int | None
    position: int


def timeline(reader: Reader, viewer: Viewer, ask: TimelineCriteria) -> TimelinePage:
    """The entries that the viewer may see, in two statements. Nothing for who may see none."""
    with reader.viewing(viewer) as cursor:
        found = entries(cursor, ask, ask.limit + 1)
        shown = found[: ask.limit]
        more = (shown[-1].occurred_on, shown[-1].position) if len(found) > ask.limit else None
        return TimelinePage(entries=tuple(shown), more=more, position=position(cursor))


def entries(cursor: Cursor[DictRow], ask: TimelineCriteria, limit: int | None) -> list[TimelineEntry]:
    """The entries asked for, in one statement."""
    before_on, before_position = ask.before or (None, None)
    given = {
        "pupil": ask.pupil,
        "thing": ask.thing,
        "matters": list(ask.matters) if ask.matters is not None else None,
        "before_on": before_on,
        "before_position": before_position,
        "limit": limit,
    }
    return entries_of(cursor.execute(ENTRIES.encode(), given))


def entries_of(rows: Iterable[Mapping[str, Any]]) -> list[TimelineEntry]:
    """Entries of rows of ENTRIES."""
    found = []
    for row in rows:
        fields = dict(row)
        at = Coordinates(row["pupil"], row["version"], row["topic"], fields.pop("sealed") or "")
        fields["standing"] = row["standing"] or "said"
        found.append(TimelineEntry(at=at, **fields))
    return found


def who_recorded(reader: Reader, viewer: Viewer, ask: AuthorshipCriteria) -> AuthorshipList:
    """What a person recorded, as far as the viewer may know of it, in two statements.

    Raises Refusal `cannot_be_empty` when neither person nor organisation is named, `ends_before_it_begins`.
    """
    if ask.person is None and ask.organisation is None:
        raise Refusal("cannot_be_empty", "person")
    if ask.to_on < ask.from_on:
        raise Refusal("ends_before_it_begins", "to_on")
    given = {
        "since": start_of_day(ask.from_on),
        "until": start_of_day(ask.to_on + timedelta(days=1)),
        "person": ask.person,
        "organisation": ask.organisation,
        "before": ask.before,
        "limit": ask.limit + 1,
    }
    with reader.viewing(viewer) as cursor:
        found = [Authorship(**row) for row in cursor.execute(RECORDED, given)]
        shown = tuple(found[: ask.limit])
        more = shown[-1].position if len(found) > ask.limit else None
        return AuthorshipList(rows=shown, more=more, position=position(cursor))
