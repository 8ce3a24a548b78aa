"""The attendance report: services, never named employees.

A line is a service at a meeting (or an agency as a whole, where no service of it was asked). Lines of meetings that
were cancelled do not count. Marks are counted as disputes and rulings leave them: what is contested, and what a ruling
struck out, stands apart and is in no percentage.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

import msgspec
from psycopg import Cursor
from psycopg.rows import DictRow

from coordination.directory.state import Directory
from coordination.errors import Refusal
from coordination.viewer import Viewer
from projections.attendance.queries.clashes import BECAUSE, CLASH, EXPECTED, clash_parameters
from projections.attendance.queries.marks import DISPUTED, KNOWN, READING
from projections.reader import Reader, parked, position_known_at
from projections.waiting_times.queries import percent

METRIC_VERSION = "2"
By = Literal["service", "agency", "school"]
GROUPINGS: tuple[By, ...] = ("service", "agency", "school")
PRESENT = ("attended", "late", "left_early", "substitute", "written_contribution")
ALL = "all"


class AttendanceCriteria(msgspec.Struct, frozen=True, kw_only=True):
    """What a report is asked: meetings held between two days (None: open to that side) and by `as_of`, as known at an
    instant (None: all that is known) or at a log position. `school` is a school's number, `agency` and `service` are
    codes, `kind` one of `meeting_kind` (None: each by itself)."""

    as_of: date
    school: str | None = None
    agency: str | None = None
    service: str | None = None
    from_on: date | None = None
    to_on: date | None = None
    known_at: datetime | None = None
    kind: str | None = None
    at: int | None = None
    by: By = "service"


class NotExpectedCounts(msgspec.Struct, frozen=True):
    """Lines of those who did not have to come, by why not; `uninvited` came without having been asked. `attended`
    counts all who came or sent something in writing, `missed` apologies and absences, as for the expected."""

    count: int
    no_terms: int
    short_notice: int
    not_needed: int
    not_delivered: int
    uninvited: int
    attended: int
    missed: int
    not_marked: int
    contested: int
    struck_out: int
    clash: int


class AttendanceGroup(msgspec.Struct, frozen=True):
    """The lines of one kind of meeting (`kind`; `all` in a total over several, which has no percentage). `meetings` is
    the number of different meetings at which the group has a line; `invited` and `expected` count lines. From
    `attended` to `struck_out` the figures are of the expected lines and add up to `expected`: attended + apologies +
    absent + not_marked + contested + struck_out. `late`, `left_early`, `substitute` and `written_contribution` are
    parts of `attended`.

    `percent_attended` is of the expected lines whose mark stands: attended of attended + apologies + absent.
    `rulings_changed` and `rulings_unchanged` count all lines of the group by the last ruling on them: for the agency
    (in whole or in part), or not upheld.
    """

    key: str
    meetings: int
    invited: int
    expected: int
    attended: int
    late: int
    left_early: int
    substitute: int
    written_contribution: int
    apologies: int
    absent: int
    not_marked: int
    contested: int
    struck_out: int
    percent_attended: float | None
    rulings_changed: int
    rulings_unchanged: int
    kind: str
    not_expected: NotExpectedCounts


class AttendanceReport(msgspec.Struct, frozen=True):
    """The report, stamped with the metric's version and its log position; `parked` is the number of
    streams that could not be counted. `groups` by key; `total` over all of them (a meeting counted once)."""

    metric_version: str
    log_position: int
    school: str | None
    agency: str | None
    service: str | None
    by: By
    from_on: date | None
    to_on: date
    as_of: date
    known_at: datetime | None
    parked: int
    stamp: str | None
    groups: tuple[AttendanceGroup, ...]
    total: AttendanceGroup


WHERE = f"""
where {KNOWN} and a.in_figures and not a.cancelled
  and a.held_on between %(from_on)s and %(to_on)s
  and (%(school)s::uuid is null or a.school = %(school)s)
  and (%(agency)s::uuid is null or a.agency = %(agency)s)
  and (%(service)s::uuid is null or a.service = %(service)s)
  and (%(kind)s::text is null or a.kind = %(kind)s)
"""

LINES = f"""
select {{key}}::text as key, a.kind, a.invited_on is not null as invited, {EXPECTED} as expected,
       {BECAUSE} as because, {READING} as reading,
       case when d.ruling is null then null when d.ruling = 'not_upheld' then 'unchanged' else 'changed' end as ruling,
       count(*) as n
from read.attendance a {DISPUTED} {CLASH} {WHERE}
group by 1, 2, 3, 4, 5, 6, 7
"""

MEETINGS = f"""
select {{key}}::text as key, a.kind, count(distinct a.meeting) as n
from read.attendance a {WHERE}
group by grouping sets ((1, 2), ())
"""

KEYS: Mapping[By, str] = {"service": "a.party", "agency": "a.agency", "school": "a.school"}


def report(reader: Reader, viewer: Viewer, directory: Directory, ask: AttendanceCriteria) -> AttendanceReport:
    """The report for a viewer; the policies decide on which lines it rests.

    Raises Refusal `unknown_school`, `unknown_agency`, `unknown_service`, `ends_before_it_begins`,
    `known_at_without_zone`.
    """
    given = statement_parameters(directory, ask)
    with reader.viewing(viewer) as cursor:
        given["position"] = at = position_known_at(cursor, ask.known_at, ask.at)
        given |= clash_parameters(
            cursor, at, from_on=given["from_on"], to_on=given["to_on"], service=given["service"]
        )
        lines = cursor.execute(LINES.format(key=KEYS[ask.by]), given).fetchall()
        groups, total = _groups(lines, _meetings(cursor, given, ask), directory)
        return AttendanceReport(
            metric_version=METRIC_VERSION,
            log_position=at,
            school=ask.school,
            agency=ask.agency,
            service=ask.service,
            by=ask.by,
            from_on=ask.from_on,
            to_on=given["to_on"],
            as_of=ask.as_of,
            known_at=ask.known_at,
            parked=parked(cursor, "attendance", at),
            stamp=None,
            groups=groups,
            total=total,
        )


def statement_parameters(directory: Directory, ask: AttendanceCriteria) -> dict[str, Any]:
    """What the statements ask with, but for the log position. Raises Refusal as `report` does."""
    if ask.from_on and ask.to_on and ask.to_on < ask.from_on:
        raise Refusal("ends_before_it_begins", "to_on")
    school = directory.by_code("school", ask.school) if ask.school is not None else None
    if ask.school is not None and school is None:
        raise Refusal("unknown_school", "school")
    agency = directory.by_code("agency", ask.agency) if ask.agency is not None else None
    if ask.agency is not None and agency is None:
        raise Refusal("unknown_agency", "agency")
    service = directory.service_by_code(ask.service) if ask.service is not None else None
    if ask.service is not None and service is None:
        raise Refusal("unknown_service", "service")
    return {
        "from_on": ask.from_on or date.min,
        "to_on": min(ask.to_on or ask.as_of, ask.as_of),
        "school": school.id if school else None,
        "agency": agency.id if agency else None,
        "service": service.id if service else None,
        "kind": ask.kind,
    }


def _meetings(
    cursor: Cursor[DictRow], given: Mapping[str, object], ask: AttendanceCriteria
) -> dict[tuple[str | None, str | None], int]:
    """How many different meetings by raw key and kind; under None over all."""
    found = cursor.execute(MEETINGS.format(key=KEYS[ask.by]), given).fetchall()
    return {(row["key"], row["kind"]): int(row["n"]) for row in found}


def _groups(
    lines: Iterable[Mapping[str, Any]],
    meetings: Mapping[tuple[str | None, str | None], int],
    directory: Directory,
) -> tuple[tuple[AttendanceGroup, ...], AttendanceGroup]:
    by_key: dict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
    for row in lines:
        by_key[row["key"], row["kind"]].append(row)
    groups = [
        group_of(label(key, directory), rows, meetings[key, kind]) for (key, kind), rows in by_key.items()
    ]
    everything = [row for rows in by_key.values() for row in rows]
    return tuple(sorted(groups, key=lambda g: (g.key, g.kind))), group_of(
        ALL, everything, meetings.get((None, None), 0)
    )


def group_of(key: str, rows: Iterable[Mapping[str, Any]], meetings: int) -> AttendanceGroup:
    """The figures of rows of LINES. Over several kinds of meeting there is no percentage: they are not mixed."""
    kinds: set[str] = set()
    expected: Counter[str] = Counter()
    others: Counter[str] = Counter()
    why: Counter[str] = Counter()
    rulings: Counter[str | None] = Counter()
    invited = 0
    for row in rows:
        n = int(row["n"])
        kinds.add(row["kind"])
        invited += n if row["invited"] else 0
        rulings[row["ruling"]] += n
        if row["expected"]:
            expected[row["reading"]] += n
        else:
            others[row["reading"]] += n
            why[(row["because"] or "no_terms") if row["invited"] else "uninvited"] += n
    mixed = len(kinds) > 1
    attended = sum(expected[mark] for mark in PRESENT)
    return AttendanceGroup(
        key=key,
        kind=kinds.pop() if len(kinds) == 1 else ALL,
        meetings=meetings,
        invited=invited,
        expected=expected.total(),
        attended=attended,
        **{mark: expected[mark] for mark in PRESENT if mark != "attended"},
        apologies=expected["apologies"],
        absent=expected["absent"],
        not_marked=expected["not_marked"],
        contested=expected["contested"],
        struck_out=expected["struck_out"],
        percent_attended=percent(attended, attended + expected["apologies"] + expected["absent"])
        if not mixed
        else None,
        rulings_changed=rulings["changed"],
        rulings_unchanged=rulings["unchanged"],
        not_expected=_not_expected(others, why),
    )


def _not_expected(marks: Counter[str], why: Counter[str]) -> NotExpectedCounts:
    return NotExpectedCounts(
        count=marks.total(),
        clash=why["clash"],
        no_terms=why["no_terms"],
        short_notice=why["short_notice"],
        not_needed=why["not_needed"],
        not_delivered=why["not_delivered"],
        uninvited=why["uninvited"],
        attended=sum(marks[mark] for mark in PRESENT),
        missed=marks["apologies"] + marks["absent"],
        not_marked=marks["not_marked"],
        contested=marks["contested"],
        struck_out=marks["struck_out"],
    )


def label(key: str, directory: Directory) -> str:
    """The code that a reader knows: of a service, an agency, or a school (its number)."""
    service = directory.service(UUID(key))
    if service is not None:
        return service.code
    organisation = directory.organisation(UUID(key))
    return organisation.code if organisation else key
