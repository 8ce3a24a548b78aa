"""A concern as queries give it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from coordination.clocks import overdue
from coordination.pupil.aln.events import Body
from coordination.pupil.aln.state import AlnPhase
from coordination.pupil.aln.steps import AlnStep
from coordination.struct_types import prepared

CONCERNS = """
select c.concern, c.pupil, c.school, c.authority, c.decides, c.phase, c.since, c.young_person, c.last_version,
c.steps,
       (select coalesce(json_agg(json_build_object(
            'standard', w.standard, 'number', w.number, 'holder', w.holder, 'holder_kind', w.holder_kind,
            'start_on', w.start_on, 'begins_on', w.begins_on, 'due_on', w.due_on, 'end_on', w.end_on,
            'ending', w.ending, 'unit', w.unit, 'limit', w.limit_days, 'uncountable', w.uncountable
        ) order by w.end_on is not null, w.due_on nulls last, w.standard, w.number), '[]'::json)
        from read.statutory_wait w where w.concern = c.concern and w.known_to is null) as clocks
from read.aln_concern c
"""


class AlnClock(msgspec.Struct, frozen=True, kw_only=True):
    """A statutory wait as it stands. `due_on` None: no limit, or the school's terms are not known that far; `limit`
    in `unit`."""

    standard: str
    number: int
    holder: UUID
    holder_kind: Body
    start_on: date
    begins_on: date
    due_on: date | None
    end_on: date | None
    ending: str | None
    unit: str
    limit: int | None
    uncountable: str | None

    @property
    def runs(self) -> bool:
        return self.end_on is None

    def late(self, on: date) -> bool:
        """Whether it runs on a day and its last day has passed, or it stopped after its last day."""
        return overdue(self.due_on, on if self.end_on is None else self.end_on)


class ConcernSummary(msgspec.Struct, frozen=True, kw_only=True):
    """A concern as it stands, with the steps that count, in order, and its clocks: those that run first, by due
    date."""

    concern: UUID
    pupil: UUID
    school: UUID | None
    authority: UUID | None
    decides: Body
    phase: AlnPhase
    since: date
    young_person: bool
    last_version: int
    steps: tuple[AlnStep, ...]
    clocks: tuple[AlnClock, ...]

    @property
    def running(self) -> tuple[AlnClock, ...]:
        return tuple(clock for clock in self.clocks if clock.runs)

    def due_on(self, holder: UUID | None = None) -> date | None:
        """The first last day of the clocks that run, of one holder or of all."""
        days = [c.due_on for c in self.running if c.due_on is not None and holder in (None, c.holder)]
        return min(days, default=None)


def concern_of(row: Mapping[str, Any]) -> ConcernSummary:
    """A row of CONCERNS."""
    fields = {name: row[name] for name in ConcernSummary.__struct_fields__}
    return msgspec.convert(fields, prepared(ConcernSummary))
