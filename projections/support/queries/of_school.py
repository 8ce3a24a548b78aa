"""The support of a school, or of the children of an authority: what is due, who gets what, which programmes help."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import msgspec

from coordination.sensitivity import Coordinates
from coordination.viewer import Viewer
from projections.case_file.queries.children import NAMED_COLUMNS, named_joins
from projections.reader import Reader, position

SOON = timedelta(days=7)
"""How long before its day a review is shown as due."""
RUNNING = f"""
select s.support, s.pupil, s.given_by, s.level, s.phase, s.started_on, s.ends_by, s.review_on, s.programme,
       s.programme_of, coalesce(n.need, '') as need, coalesce(last.outcome, '') as outcome, {NAMED_COLUMNS}
from read.support s
join read.pupil p on p.pupil = s.pupil
left join read.support_need n on n.support = s.support
left join lateral (
    select r.outcome from read.support_review r where r.support = s.support
    order by r.reviewed_on desc, r.version desc limit 1
) last on true
{named_joins("s")}
where s.ended_on is null
order by least(s.review_on, s.ends_by), s.support
"""
OUTCOMES = """
select coalesce(s.programme, '') as programme, s.programme_of, coalesce(n.need, '') as need, s.ended_on is not null as
       ended, coalesce(last.outcome, '') as outcome, count(*) as n
from read.support s
left join read.support_need n on n.support = s.support
left join lateral (
    select r.outcome from read.support_review r where r.support = s.support and r.reviewed_on <= %(as_of)s
    order by r.reviewed_on desc, r.version desc limit 1
) last on true
where s.started_on <= %(as_of)s
group by 1, 2, 3, 4, 5 order by 1, 2, 3
"""
IN_PROGRAMME = """
select count(*) as n from read.support
where programme_of = %(owner)s and programme = %(code)s and (ended_on is null or ended_on > %(last_day)s)
"""


class RunningSupport(msgspec.Struct, frozen=True, kw_only=True):
    """Support that goes on, the outcome of its last review (empty: none), and where the pupil's identity is sealed."""

    support: UUID
    pupil: UUID
    given_by: UUID
    level: int
    phase: int
    started_on: date
    ends_by: date
    review_on: date
    programme: str | None
    programme_of: UUID | None
    need: str
    outcome: str
    identity: Coordinates | None

    @property
    def due_on(self) -> date:
        """When it is to be looked at next: its review or the end of the phase."""
        return min(self.review_on, self.ends_by)


class RunningSupports(msgspec.Struct, frozen=True):
    """All support that goes on, by the day on which it is due, as of a log position."""

    rows: tuple[RunningSupport, ...]
    position: int

    def due(self, today: date) -> tuple[RunningSupport, ...]:
        """What is due within a week, or was."""
        return tuple(row for row in self.rows if row.due_on <= today + SOON)


class ProgrammeOutcomes(msgspec.Struct, frozen=True, kw_only=True):
    """How support went, in a programme (empty: in none) for a need (empty: none was named). Each piece of support
    counts once, by its last review; `not_reviewed` had none."""

    programme: str
    programme_of: UUID | None
    need: str
    started: int
    running: int
    not_reviewed: int
    outcomes: dict[str, int]


def running_support(reader: Reader, viewer: Viewer) -> RunningSupports:
    """The support that goes on of the pupils whom the viewer may see."""
    with reader.viewing(viewer) as cursor:
        rows = cursor.execute(RUNNING.encode(), prepare=True).fetchall()
        return RunningSupports(tuple(_running(row) for row in rows), position(cursor))


def _running(row: dict[str, Any]) -> RunningSupport:
    shown = {name: row[name] for name in RunningSupport.__struct_fields__ if name != "identity"}
    sealed = row["version"] is not None
    at = Coordinates(row["named"], row["version"], row["topic"], row["sealed"]) if sealed else None
    return RunningSupport(**shown, identity=at)


def programme_outcomes(reader: Reader, viewer: Viewer, as_of: date) -> tuple[ProgrammeOutcomes, ...]:
    """How support went that started by a day, by programme and need; never by school or pupil."""
    with reader.viewing(viewer) as cursor:
        return tally_outcomes(cursor.execute(OUTCOMES, {"as_of": as_of}).fetchall())


def tally_outcomes(rows: Iterable[dict[str, Any]]) -> tuple[ProgrammeOutcomes, ...]:
    """Counted rows, put together by programme and need."""
    groups: dict[tuple[str, UUID | None, str], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        groups[row["programme"], row["programme_of"], row["need"]].append(row)
    return tuple(_outcomes(key, counted) for key, counted in groups.items())


def _outcomes(key: tuple[str, UUID | None, str], rows: list[dict[str, Any]]) -> ProgrammeOutcomes:
    outcomes: dict[str, int] = defaultdict(int)
    for row in rows:
        if row["outcome"]:
            outcomes[row["outcome"]] += row["n"]
    return ProgrammeOutcomes(
        programme=key[0],
        programme_of=key[1],
        need=key[2],
        started=sum(row["n"] for row in rows),
        running=sum(row["n"] for row in rows if not row["ended"]),
        not_reviewed=sum(row["n"] for row in rows if not row["outcome"]),
        outcomes=dict(outcomes),
    )


def programme_has_pupils(reader: Reader, owner: UUID, code: str, last_day: date, today: date) -> bool:
    """Whether support in a programme goes on after a day, at any school. Says nothing of whom or how many."""
    nobody = UUID(int=0)
    anyone = Viewer(person=nobody, organisation=nobody, role="operator", today=today, operator=True)
    with reader.viewing(anyone) as cursor:
        asked = {"owner": owner, "code": code, "last_day": last_day}
        row = cursor.execute(IN_PROGRAMME, asked).fetchone()
        return bool(row and row["n"])
