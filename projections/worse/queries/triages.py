"""The new triages that a viewer may see: those still to be answered first."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from coordination.pupil.worse.events import WorseAnswered, WorseTold
from coordination.sensitivity import Coordinates
from coordination.viewer import Viewer
from projections.case_file.queries.children import NAMED_COLUMNS, named_joins
from projections.reader import Reader, position

TRIAGES = f"""
select w.worse, w.pupil, w.referral, w.service, w.voice, w.told_on, w.answer_by, w.answered_on, w.outcome,
       w.version as told_version, told.sealed as told_sealed, w.answer_version, answer.sealed as answer_sealed,
       {NAMED_COLUMNS}
from read.worse w
left join read.seal told on told.pupil = w.pupil and told.version = w.version
left join read.seal answer on answer.pupil = w.pupil and answer.version = w.answer_version
{named_joins("w")}
where %(referral)s::uuid is null or w.referral = %(referral)s
order by w.answered_on is not null, w.answer_by, w.worse
limit %(limit)s
"""
MOST = 200


class NewTriage(msgspec.Struct, frozen=True, kw_only=True):
    """One time that it got worse, and where identity and words are sealed (None: not for this viewer)."""

    worse: UUID
    pupil: UUID
    referral: UUID
    service: UUID
    voice: str
    told_on: date
    answer_by: date
    answered_on: date | None
    outcome: str | None
    identity: Coordinates | None
    words: Coordinates | None
    answer: Coordinates | None

    def overdue(self, today: date) -> bool:
        """Whether it was to be answered before today and is not."""
        return self.answered_on is None and self.answer_by < today


class NewTriages(msgspec.Struct, frozen=True):
    """At most MOST of them, as of a log position."""

    rows: tuple[NewTriage, ...]
    position: int


def new_triages(reader: Reader, viewer: Viewer, referral: UUID | None = None) -> NewTriages:
    """Those that the viewer may see, of one referral or of all."""
    with reader.viewing(viewer) as cursor:
        rows = cursor.execute(TRIAGES.encode(), {"referral": referral, "limit": MOST}).fetchall()
        return NewTriages(tuple(_triage(row) for row in rows), position(cursor))


def _triage(row: dict[str, Any]) -> NewTriage:
    shown = {
        name: row[name] for name in NewTriage.__struct_fields__ if name not in ("identity", "words", "answer")
    }
    identity = None
    if row["version"] is not None:
        identity = Coordinates(row["named"], row["version"], row["topic"], row["sealed"])
    return NewTriage(
        **shown,
        identity=identity,
        words=_place(row, "told", row["told_version"], WorseTold.topic),
        answer=_place(row, "answer", row["answer_version"], WorseAnswered.topic),
    )


def _place(row: dict[str, Any], kind: str, version: int | None, topic: str) -> Coordinates | None:
    sealed = row[f"{kind}_sealed"]
    if version is None or sealed is None:
        return None
    return Coordinates(row["pupil"], version, topic, sealed)
