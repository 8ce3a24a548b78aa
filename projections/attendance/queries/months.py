"""Month by month: who was expected at the meetings held in each, and who came."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec

from coordination.directory.state import Directory
from coordination.viewer import Viewer
from projections.attendance.queries.clashes import clash_parameters
from projections.attendance.queries.figures import (
    LINES,
    MEETINGS,
    AttendanceCriteria,
    AttendanceGroup,
    group_of,
    statement_parameters,
)
from projections.reader import Reader, position_known_at

DEFAULT_KIND = "hwb"
"""Months of several kinds of meeting are not mixed: of this one, where none was asked for."""
LONGEST = 60
"""So many months at most, the last ones."""
KEY = "date_trunc('month', a.held_on)::date"


class AttendanceMonth(msgspec.Struct, frozen=True, kw_only=True):
    """The meetings held in a month, `first` its first day; `group.key` is the month as 2025-03."""

    first: date
    group: AttendanceGroup


def months(
    reader: Reader, viewer: Viewer, directory: Directory, ask: AttendanceCriteria
) -> tuple[AttendanceMonth, ...]:
    """The months from the first to the last in which a meeting of the report was held, those without one included,
    the oldest first; `ask.by` has no part in it. In two statements. Raises Refusal as `report` does."""
    given = statement_parameters(directory, ask)
    given["kind"] = ask.kind or DEFAULT_KIND
    by_month: dict[date, list[Mapping[str, Any]]] = defaultdict(list)
    with reader.viewing(viewer) as cursor:
        given["position"] = at = position_known_at(cursor, ask.known_at, ask.at)
        given |= clash_parameters(
            cursor, at, from_on=given["from_on"], to_on=given["to_on"], service=given["service"]
        )
        for row in cursor.execute(LINES.format(key=KEY).encode(), given).fetchall():
            by_month[date.fromisoformat(row["key"])].append(row)
        found = cursor.execute(MEETINGS.format(key=KEY).encode(), given).fetchall()
    held = {date.fromisoformat(row["key"]): int(row["n"]) for row in found if row["key"] is not None}
    if not by_month:
        return ()
    first, last = min(by_month), max(by_month)
    count = min(LONGEST, (last.year - first.year) * 12 + last.month - first.month + 1)
    firsts = [_back(last, months) for months in reversed(range(count))]
    return tuple(
        AttendanceMonth(first=one, group=group_of(f"{one:%Y-%m}", by_month.get(one, []), held.get(one, 0)))
        for one in firsts
    )


def _back(first: date, months: int) -> date:
    index = first.year * 12 + first.month - 1 - months
    return date(index // 12, index % 12 + 1, 1)
