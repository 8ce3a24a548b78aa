"""The report on support: how programmes went, outcomes by need, and the days of waits without support."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

import msgspec

from coordination.directory.state import Directory
from coordination.viewer import Viewer
from projections.reader import Reader, position
from projections.support.queries.meanwhile import (
    DaysWithoutSupport,
    MeanwhileCriteria,
    days_without_support,
)
from projections.support.queries.of_school import ProgrammeOutcomes, programme_outcomes


class NeedOutcomes(msgspec.Struct, frozen=True, kw_only=True):
    """How support for a need (empty: none was named) went, in any programme or in none."""

    need: str
    started: int
    running: int
    not_reviewed: int
    outcomes: dict[str, int]


class SupportReport(msgspec.Struct, frozen=True, kw_only=True):
    """`days_without_support` by service, by school and by need."""

    as_of: date
    log_position: int
    programmes: tuple[ProgrammeOutcomes, ...]
    outcomes_by_need: tuple[NeedOutcomes, ...]
    days_without_support: tuple[DaysWithoutSupport, ...]
    days_without_support_by_school: tuple[DaysWithoutSupport, ...]
    days_without_support_by_need: tuple[DaysWithoutSupport, ...]


def support_report(
    reader: Reader, viewer: Viewer, directory: Directory, ask: MeanwhileCriteria
) -> SupportReport:
    """The report for a viewer. Raises Refusal as `days_without_support`."""
    replace = msgspec.structs.replace
    by_service, by_school, by_need = (
        days_without_support(reader, viewer, directory, replace(ask, by=by))
        for by in ("service", "school", "need")
    )
    programmes = programme_outcomes(reader, viewer, ask.as_of)
    with reader.viewing(viewer) as cursor:
        at = position(cursor)
    return SupportReport(
        as_of=ask.as_of,
        log_position=at,
        programmes=programmes,
        outcomes_by_need=outcomes_by_need(programmes),
        days_without_support=by_service,
        days_without_support_by_school=by_school,
        days_without_support_by_need=by_need,
    )


def outcomes_by_need(programmes: Iterable[ProgrammeOutcomes]) -> tuple[NeedOutcomes, ...]:
    """The programmes' outcomes put together by need, in the order of the needs' codes."""
    groups: dict[str, list[ProgrammeOutcomes]] = defaultdict(list)
    for one in programmes:
        groups[one.need].append(one)
    return tuple(_of_need(need, groups[need]) for need in sorted(groups))


def _of_need(need: str, programmes: list[ProgrammeOutcomes]) -> NeedOutcomes:
    outcomes: dict[str, int] = defaultdict(int)
    for one in programmes:
        for outcome, n in one.outcomes.items():
            outcomes[outcome] += n
    return NeedOutcomes(
        need=need,
        started=sum(one.started for one in programmes),
        running=sum(one.running for one in programmes),
        not_reviewed=sum(one.not_reviewed for one in programmes),
        outcomes=dict(outcomes),
    )
