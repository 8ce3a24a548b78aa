"""What teachers told the ALNCo: to answer, for the school; their own with the answers, for the teachers."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Cursor
from psycopg.rows import DictRow

from coordination.errors import NotFound
from coordination.sensitivity import Coordinates
from coordination.viewer import Viewer
from projections.case_file.queries.children import NAMED_COLUMNS, named_joins
from projections.reader import Reader

TOLD = f"""
select t.concern, t.pupil as child, t.school, t.person, t.told_on, t.version as told_version, t.topic as told_topic,
       t.sealed as told_sealed, a.answered_on, a.starts_decision, coalesce(a.outcome, '') as outcome,
       a.version as answer_version, a.topic as answer_topic, a.sealed as answer_sealed, {NAMED_COLUMNS}
from read.told_concern t
left join read.concern_answer a on a.concern = t.concern
{named_joins("t")}
"""
RECENT = f"""{TOLD}
order by a.answered_on is not null, case when a.answered_on is null then t.told_on end, a.answered_on desc, t.concern
limit %(limit)s
"""
ONE = f"{TOLD} where t.concern = %(concern)s"


class ToldConcern(msgspec.Struct, frozen=True, kw_only=True):
    """A concern that a teacher told the ALNCo. `words` and `answer` are sealed, `identity` too (None: it cannot be
    opened); `outcome` is empty without an answer, or once the file is erased."""

    concern: UUID
    pupil: UUID
    school: UUID
    person: UUID
    told_on: date
    words: Coordinates
    answered_on: date | None
    starts_decision: bool
    outcome: str
    answer: Coordinates | None
    identity: Coordinates | None


def told_concerns(reader: Reader, viewer: Viewer, size: int) -> tuple[ToldConcern, ...]:
    """At most `size`, those without an answer first, the oldest before; to a teacher their own."""
    with reader.viewing(viewer) as cursor:
        return _told(cursor, RECENT, {"limit": size})


def concerns_to_answer(reader: Reader, viewer: Viewer) -> int:
    """How many of them have no answer yet."""
    with reader.viewing(viewer) as cursor:
        row = cursor.execute(
            "select count(*) as n from read.told_concern t where not exists"
            " (select from read.concern_answer a where a.concern = t.concern)"
        ).fetchone()
        return int(row["n"]) if row else 0


def told_concern(reader: Reader, viewer: Viewer, concern: UUID) -> ToldConcern:
    """One of them. Raises NotFound: a wrong or foreign id."""
    with reader.viewing(viewer) as cursor:
        found = _told(cursor, ONE, {"concern": concern})
    if not found:
        raise NotFound
    return found[0]


def _told(cursor: Cursor[DictRow], asked: str, given: dict[str, Any]) -> tuple[ToldConcern, ...]:
    return tuple(_concern(row) for row in cursor.execute(asked.encode(), given).fetchall())


def _concern(row: dict[str, Any]) -> ToldConcern:
    child = row["child"]
    answered = row["answer_version"] is not None
    return ToldConcern(
        concern=row["concern"],
        pupil=child,
        school=row["school"],
        person=row["person"],
        told_on=row["told_on"],
        words=Coordinates(child, row["told_version"], row["told_topic"], row["told_sealed"]),
        answered_on=row["answered_on"],
        starts_decision=bool(row["starts_decision"]),
        outcome=row["outcome"],
        answer=Coordinates(child, row["answer_version"], row["answer_topic"], row["answer_sealed"])
        if answered
        else None,
        identity=Coordinates(row["named"], row["version"], row["topic"], row["sealed"])
        if row["version"] is not None
        else None,
    )
