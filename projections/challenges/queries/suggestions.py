"""What was suggested to a school, and the facts of the record on which the nightly job's suggestions rest."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import dict_row

from coordination.calendars import wales
from coordination.challenge.suggesting import LateFact
from coordination.viewer import Viewer
from projections.reader import Reader, position
from projections.waiting_times.queries.conditions import waits_on


class SuggestionRow(msgspec.Struct, frozen=True, kw_only=True):
    """A suggestion: `counted` of the last `out_of` meetings, or things more than `days` working days late, against
    `least`. `decided` None: nobody has decided yet."""

    suggestion: UUID
    school: UUID
    service: UUID | None
    agency: UUID | None
    code: str
    counted: int
    least: int
    days: int
    out_of: int | None
    things: list[UUID]
    as_of: date
    rule_from: date
    source: str
    decided: str | None
    decided_on: date | None
    raised: UUID | None
    last_version: int


LISTED = f"""
select {", ".join(SuggestionRow.__struct_fields__)} from read.challenge_suggestion
order by decided is not null, service is not null, decided_on desc nulls first, as_of desc, suggestion
limit 200
"""


class SuggestionList(msgspec.Struct, frozen=True):
    """The newest suggestions: those that nobody decided first, and of them the school's own matters first."""

    rows: tuple[SuggestionRow, ...]
    position: int


def suggestions(reader: Reader, viewer: Viewer) -> SuggestionList:
    """Those of the viewer's school; empty for anyone else."""
    with reader.viewing(viewer) as cursor:
        rows = cursor.execute(LISTED).fetchall()
        found = tuple(SuggestionRow(**row) for row in rows)
        return SuggestionList(found, position(cursor))


# What is late, by school, service and thing, with the day on which it was due (or was sent, asked, found). Only what
# still goes on. A wait's own last day counts from the day on which it came to the service.
LATE = f"""
select 'delay' as code, w.school, w.service, w.referral as thing, min(w.own_due_on) as since
from read.wait w
where w.known_to is null and {waits_on("%(today)s")} and w.own_due_on < %(today)s
group by w.school, w.service, w.referral
union all
select 'silence', f.school, f.service, f.referral, f.open_from
from read.referral f where f.open_clock = 'not_received' and not f.ended and not f.in_error and f.open_from is not null
union all
select 'own_not_sent', f.school, null, f.referral, f.open_from
from read.referral f where f.open_clock = 'not_sent' and not f.ended and not f.in_error and f.open_from is not null
union all
select 'own_action_overdue', a.school, null, a.action, a.due_on
from read.action a where a.ended is null and a.owner_organisation = a.school and a.due_on < %(today)s
union all
select 'information', v.school, v.service, v.advice, v.asked_on
from read.advice v where v.answered_on is null
union all
select 'support', s.given_by, d.advised_by, s.support, r.reviewed_on
from read.support s
join read.support_advice d on d.support = s.support and d.advised_by is not null
join lateral (select reviewed_on, next_step from read.support_review r where r.support = s.support
              order by r.reviewed_on desc, r.version desc limit 1) r on r.next_step in ('change', 'refer')
where s.ended_on is null
"""
OPEN = """
select school, service, code from read.challenge_suggestion where decided is null
"""
CHALLENGED = """
select h.referral from read.challenge_wait h join read.challenge c on c.challenge = h.challenge
where c.phase not in ('not_approved', 'resolved', 'withdrawn')
"""
MARKED = "select distinct school from read.attendance where in_figures and held_on > %(since)s"


class RecordFacts(msgspec.Struct, frozen=True):
    """By school what is late; which suggestions wait for a decision; and the schools whose meetings services were
    asked to."""

    late: dict[UUID, list[LateFact]]
    undecided: set[tuple[UUID, UUID | None, str]]
    marked: set[UUID]
    position: int


def record_facts(connection: Connection[Any], today: date, since: date) -> RecordFacts:
    """For the service itself: the connection is the owner's. Working days are counted as of `today`."""
    late: dict[UUID, list[LateFact]] = {}
    days = wales()
    with connection.cursor(row_factory=dict_row) as cursor:
        challenged = {row["referral"] for row in cursor.execute(CHALLENGED)}
        for row in cursor.execute(LATE, {"today": today}):
            if row["thing"] in challenged and row["service"] is not None:
                continue
            fact = LateFact(
                code=row["code"],
                service=row["service"],
                thing=row["thing"],
                days=days.ordinal(today) - days.ordinal(row["since"]),
            )
            late.setdefault(row["school"], []).append(fact)
        undecided = {(row["school"], row["service"], row["code"]) for row in cursor.execute(OPEN)}
        marked = {row["school"] for row in cursor.execute(MARKED, {"since": since})}
        at = cursor.execute("select position from read.position").fetchone()
    return RecordFacts(late, undecided, marked, at["position"] if at else 0)
