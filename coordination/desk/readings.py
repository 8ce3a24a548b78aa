"""What the read log says: who looked at a pupil, what the people of an organisation read, and what of it is unusual."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row

Signal = Literal["many_pupils", "no_access", "own_surname", "failed_look_ups"]
ReadingFinding = Literal["explained", "not_explained", "passed_on"]

MANY_PUPILS = 30
"""More files than these, opened one by one within an hour of the clock by one person, are unusual."""
FAILED_LOOK_UPS = 3
"""So many emergency look-ups on a day that found nobody are unusual."""

OPENED = (
    "case_file",
    "timeline",
    "referral",
    "agreements",
    "aln",
    "minute",
    "wait",
    "class_profile",
    "support",
    "one_page_profile",
    "emergency_access",
)
"""Kinds of reading in which one pupil's file was opened, and not a list or a search that shows many."""

LEAVES_NO_TRACE = ("la_safeguarding", "adoption_officer")
"""Roles whose reading is not told to a school: a confidential move, an earlier identity."""
HIDDEN_PURPOSE = "emergency_hidden"
"""Of an emergency access that the school is not told."""


class Reading(msgspec.Struct, frozen=True):
    """One reading that showed a pupil, among `shown` pupils and other things."""

    at: datetime
    person: UUID
    organisation: UUID
    role: str
    kind: str
    purpose: str
    services: list[UUID]
    shown: int


class PersonReadings(msgspec.Struct, frozen=True):
    """How much a person read in a period, and when last."""

    person: UUID
    readings: int
    pupils: int
    last_at: datetime


class UnusualReading(msgspec.Struct, frozen=True):
    """Something unusual on a day; `pupil` None: about all that was read. `count`: how many files or look-ups."""

    person: UUID
    signal: Signal
    day: date
    count: int
    pupil: UUID | None = None


READINGS = """
select at, person, organisation, role, kind, purpose, services, cardinality(ids) as shown
from desk.read_log
where ids && %(files)s::uuid[]
    and (organisation = %(own)s or purpose <> %(hidden)s)
    and (role = %(role)s or not role = any (%(no_trace)s))
    and (%(only_own)s::boolean is false or organisation = %(own)s)
order by at desc, entry desc
limit %(limit)s
"""


def readings_of(
    conn: Connection[Any],
    files: Sequence[UUID],
    *,
    organisation: UUID,
    role: str,
    only_own: bool,
    limit: int = 200,
) -> list[Reading]:
    """Who was shown a child, by the files of that child, the newest first, as somebody of an organisation in a role may
    know it. `only_own`: only the readers of that organisation."""
    given = {
        "files": list(files),
        "own": organisation,
        "role": role,
        "hidden": HIDDEN_PURPOSE,
        "no_trace": list(LEAVES_NO_TRACE),
        "only_own": only_own,
        "limit": limit,
    }
    with conn.cursor(row_factory=class_row(Reading)) as cursor:
        return cursor.execute(READINGS, given).fetchall()


def readings_by_person(conn: Connection[Any], organisation: UUID, since: datetime) -> list[PersonReadings]:
    """What each person of an organisation read since an instant, whoever read most first."""
    with conn.cursor(row_factory=class_row(PersonReadings)) as cursor:
        return cursor.execute(
            "select l.person, count(distinct l.entry) as readings, count(distinct i.id) as pupils,"
            " max(l.at) as last_at from desk.read_log l left join lateral unnest(l.ids) as i(id) on true"
            " where l.organisation = %s and l.at >= %s group by 1 order by 2 desc, 1",
            (organisation, since),
        ).fetchall()


def readings_by(conn: Connection[Any], organisation: UUID, person: UUID, limit: int = 200) -> list[Reading]:
    """What one person read for an organisation, the newest first."""
    with conn.cursor(row_factory=class_row(Reading)) as cursor:
        return cursor.execute(
            "select at, person, organisation, role, kind, purpose, services, cardinality(ids) as shown"
            " from desk.read_log where organisation = %s and person = %s order by at desc, entry desc limit %s",
            (organisation, person, limit),
        ).fetchall()


UNUSUAL = """
with opened as (
    select l.person, l.at, l.ids[1] as pupil, (l.at at time zone 'Europe/London')::date as day
    from desk.read_log l
    where l.organisation = %(organisation)s and l.at >= %(since)s and l.kind = any (%(opened)s)
        and cardinality(l.ids) = 1
)
select person, 'many_pupils' as signal, day, max(pupils)::int as count, null::uuid as pupil
from (
    select person, day, date_trunc('hour', at), count(distinct pupil) as pupils
    from opened group by 1, 2, 3 having count(distinct pupil) > %(many)s
) hours
group by 1, 3
union all
select o.person, 'no_access', o.day, count(*)::int, o.pupil
from opened o
where not exists (
    select from log.pupil_access a
    where a.pupil = any (log.files_of(array[o.pupil])) and a.organisation = %(organisation)s
        and a.basis <> 'emergency' and a.opened_on <= o.day and (a.closed_on is null or a.closed_on >= o.day)
)
group by 1, 3, 5
union all
select l.person, 'failed_look_ups', (l.at at time zone 'Europe/London')::date, count(*)::int, null
from desk.read_log l
where l.organisation = %(organisation)s and l.at >= %(since)s and l.kind = 'emergency_look_up'
    and cardinality(l.ids) = 0
group by 1, 3 having count(*) >= %(failed)s
order by 3 desc, 1, 2
"""


def unusual_readings(conn: Connection[Any], organisation: UUID, since: datetime) -> list[UnusualReading]:
    """What the people of an organisation read since an instant that is unusual and can be told from ids and times: many
    files in an hour, the file of a pupil to whom the organisation had no access of its own that day (a pupil of another
    school; an emergency), and emergency look-ups that found nobody."""
    given = {
        "organisation": organisation,
        "since": since,
        "opened": list(OPENED),
        "many": MANY_PUPILS,
        "failed": FAILED_LOOK_UPS,
    }
    with conn.cursor(row_factory=class_row(UnusualReading)) as cursor:
        return cursor.execute(UNUSUAL, given).fetchall()


class FileOpening(msgspec.Struct, frozen=True):
    """A person opened a pupil's file on a day, so many times."""

    person: UUID
    pupil: UUID
    day: date
    count: int


def files_opened(
    conn: Connection[Any], organisation: UUID, since: datetime, limit: int = 5000
) -> list[FileOpening]:
    """Whose file each person of an organisation opened since an instant, the latest first: what a comparison of names
    starts from. The names themselves are in no table."""
    with conn.cursor(row_factory=class_row(FileOpening)) as cursor:
        return cursor.execute(
            "select person, ids[1] as pupil, (at at time zone 'Europe/London')::date as day, count(*)::int as count"
            " from desk.read_log where organisation = %s and at >= %s and kind = any (%s)"
            " and cardinality(ids) = 1 group by 1, 2, 3 order by 3 desc, 1, 2 limit %s",
            (organisation, since, list(OPENED), limit),
        ).fetchall()


def failed_look_ups_since(conn: Connection[Any], person: UUID, since: datetime) -> int:
    """How many emergency look-ups of a person found nobody since an instant."""
    row = conn.execute(
        "select count(*) from desk.read_log where person = %s and at >= %s and kind = 'emergency_look_up'"
        " and cardinality(ids) = 0",
        (person, since),
    ).fetchone()
    return int(row[0]) if row else 0


def reviewed_readings(
    conn: Connection[Any], organisation: UUID
) -> dict[tuple[UUID, str, date, UUID | None], ReadingFinding]:
    """What was found about unusual readings of an organisation's people: by person, signal, day and pupil."""
    rows = conn.execute(
        "select person, signal, day, pupil, finding from desk.reading_review where organisation = %s",
        (organisation,),
    ).fetchall()
    return {(person, signal, day, pupil): finding for person, signal, day, pupil, finding in rows}


def review_reading(
    conn: Connection[Any],
    organisation: UUID,
    one: UnusualReading,
    finding: ReadingFinding,
    *,
    by: UUID,
    at: datetime,
) -> bool:
    """Record what was found about one unusual reading; False when somebody had."""
    done = conn.execute(
        "insert into desk.reading_review"
        " (organisation, person, signal, day, pupil, finding, reviewed_by, reviewed_at)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s) on conflict do nothing",
        (organisation, one.person, one.signal, one.day, one.pupil, finding, by, at),
    )
    return done.rowcount == 1
