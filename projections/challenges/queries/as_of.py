"""Challenges as they were on a day, as known at an instant: derived from their steps."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

import msgspec
from psycopg.rows import DictRow

from coordination.challenge.events import About, Kind
from coordination.challenge.state import CLOSED, WITH_THE_AGENCY, Phase, reply_overdue
from coordination.viewer import Viewer
from projections.reader import Reader, parked, position_known_at

# The phase after each step; an early escalation sends an unsent challenge to the agency.
PHASE_OF: dict[str, Phase] = {
    "challenge.raised": "raised",
    "challenge.approved": "approved",
    "challenge.not_approved": "not_approved",
    "challenge.sent": "sent",
    "challenge.acknowledged": "acknowledged",
    "challenge.replied": "replied",
    "challenge.reply_reported": "replied",
    "challenge.resolved": "resolved",
    "challenge.withdrawn": "withdrawn",
}


class ChallengeAsOf(msgspec.Struct, frozen=True, kw_only=True):
    """A challenge as it stood: `since` is the day of the step that brought it to its phase, `reply_due_on` the last day
    that was set by then, `level` where it had been escalated to."""

    challenge: UUID
    kind: Kind
    about: About
    school: UUID
    agency: UUID
    service: UUID
    raised_on: date
    phase: Phase
    since: date
    reply_due_on: date | None
    overdue: bool
    level: str | None


class ChallengeListAsOf(msgspec.Struct, frozen=True, kw_only=True):
    """A page of challenges, the last raised first, of `total` in all, of which `ended` had ended."""

    rows: tuple[ChallengeAsOf, ...]
    total: int
    ended: int
    log_position: int
    parked: int


# Parties and authorities other than the school can see it from the day on which it was sent.
STOOD = """
with by_then as (
    select s.challenge, min(s.occurred_on) as raised_on, min(s.position) as raised_at,
           array_agg(s.topic order by s.version) as topics,
           array_agg(s.occurred_on order by s.version) as days,
           array_agg(s.reply_due_on order by s.version) as due,
           array_agg(s.level order by s.version) as levels,
           bool_or(s.topic = any(%(closing)s)) as ended
    from read.challenge_step s
    where s.position <= %(position)s and s.occurred_on <= %(as_of)s
    group by s.challenge
    having bool_or(s.version = 1)
)
select c.challenge, c.kind, c.about, c.school, c.agency, c.service, t.raised_on, t.topics, t.days, t.due, t.levels,
       count(*) over () as total, count(*) filter (where t.ended) over () as ended
from by_then t join read.challenge c on c.challenge = t.challenge
where c.school = %(organisation)s or %(operator)s
    or t.topics && array['challenge.sent', 'challenge.escalated']
order by t.raised_at desc
limit %(limit)s offset %(offset)s
"""


def challenges_as_of(
    reader: Reader,
    viewer: Viewer,
    as_of: date,
    known_at: datetime | None = None,
    *,
    page: int = 1,
    size: int = 25,
) -> ChallengeListAsOf:
    """A page (from 1) of the challenges that the viewer may see, as they stood on a day, as known at an instant (None:
    all that is known). Raises Refusal `known_at_without_zone`."""
    with reader.viewing(viewer) as cursor:
        at = position_known_at(cursor, known_at)
        given = {
            "position": at,
            "as_of": as_of,
            "organisation": viewer.organisation,
            "operator": viewer.operator,
            "closing": [topic for topic, phase in PHASE_OF.items() if phase in CLOSED],
            "limit": size,
            "offset": (max(page, 1) - 1) * size,
        }
        found = cursor.execute(STOOD, given).fetchall()
        return ChallengeListAsOf(
            rows=tuple(_stood(row, as_of) for row in found),
            total=found[0]["total"] if found else 0,
            ended=found[0]["ended"] if found else 0,
            log_position=at,
            parked=parked(cursor, "challenges"),
        )


def _stood(row: DictRow, as_of: date) -> ChallengeAsOf:
    phase: Phase = "raised"
    since, due, answered, level = row["raised_on"], None, False, None
    for topic, day, due_on, to in zip(row["topics"], row["days"], row["due"], row["levels"], strict=True):
        reached = PHASE_OF.get(topic)
        if topic == "challenge.escalated":
            level, answered = to, False
            reached = None if phase in WITH_THE_AGENCY else "sent"
        if reached is not None:
            phase, since = reached, day
        answered = answered or reached == "replied"
        due = due_on or due
    return ChallengeAsOf(
        **{n: row[n] for n in ("challenge", "kind", "about", "school", "agency", "service", "raised_on")},
        phase=phase,
        since=since,
        reply_due_on=due,
        overdue=reply_overdue(phase, answered, due, as_of),
        level=level,
    )
