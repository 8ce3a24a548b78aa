"""A return of a month: the waits of the services of its profession, counted for the board or for publication."""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal, get_args
from uuid import UUID

import msgspec

from coordination.clocks import METRIC_VERSION
from coordination.directory.state import Directory
from coordination.errors import Refusal
from coordination.struct_types import prepared
from coordination.viewer import Viewer
from projections.publishing.exact import TOTAL, Column, ExactTable, Percentage
from projections.publishing.published import PublishedReport, marks_of, publish
from projections.publishing.rule import PublishingRule, rule_of
from projections.reader import Reader, position_known_at
from projections.returns.counting import (
    CAMHS_BANDS,
    NEURODEVELOPMENT_BANDS,
    PRIMARY_BANDS,
    ReturnKind,
    ReturnWait,
    age_group,
    band_names,
    counts_of,
)
from projections.waiting_times.figures import percent
from projections.waiting_times.queries.conditions import BEGUN, ENDED_ON, ENDING, KNOWN

ReturnBy = Literal["provider", "authority", "age"]
RETURN_KINDS: tuple[ReturnKind, ...] = get_args(ReturnKind)
RETURN_BY: tuple[ReturnBy, ...] = get_args(ReturnBy)


class ReturnsCriteria(msgspec.Struct, frozen=True, kw_only=True):
    """A return of the month that begins on `first`, by provider (health board), by the authority of the school, or by
    age at receipt; as known at an instant or position; exact, or as it may be published under `rule`."""

    kind: ReturnKind
    first: date
    by: ReturnBy = "provider"
    known_at: datetime | None = None
    at: int | None = None
    published: bool = False
    published_on: date | None = None
    rule: str = ""

    @property
    def as_of(self) -> date:
        """The last day of the month."""
        return self.first.replace(day=monthrange(self.first.year, self.first.month)[1])


class ReturnRow(msgspec.Struct, frozen=True, kw_only=True):
    """Exact counts of one row, and percentages by name; `total` is the key of all rows together."""

    key: str
    counts: dict[str, int]
    percentages: dict[str, float | None]


class ReturnReport(msgspec.Struct, frozen=True, kw_only=True):
    """A return: exact `rows`, or the `table` for publication; the other is empty. `without_standard`: the services (by
    code) whose waits it cannot have, because they have no standard from receipt (or assessment) to what it counts."""

    kind: ReturnKind
    first: date
    last: date
    by: ReturnBy
    metric_version: str
    log_position: int
    known_at: datetime | None
    stamp: str | None
    without_standard: tuple[str, ...]
    rows: tuple[ReturnRow, ...]
    table: PublishedReport | None
    rule: PublishingRule | None


TOTAL_KEY = "total"
CLOCKS: Mapping[ReturnKind, tuple[tuple[str, str], ...]] = {
    "neurodevelopment": (("received", "first_contact"),),
    "camhs": (("received", "first_contact"),),
    "primary_mental_health": (("received", "assessed"), ("assessed", "treatment_started")),
}

WAITS = f"""
select s.stop as clock, w.agency, w.authority, w.start_on, w.begins_on, {ENDED_ON} as ended_on, {ENDING} as ending,
       exists (
         select 1 from read.wait_entry a
         where a.referral = w.referral and a.kind = 'accepted' and a.position <= %(position)s
           and a.occurred_on between w.begins_on and %(as_of)s and not {{struck}}
       ) as accepted,
       (select r.age_months from read.wait_entry r
        where r.referral = w.referral and r.kind = 'received' and r.position <= %(position)s
          and r.occurred_on <= %(as_of)s and r.age_months is not null
        order by r.occurred_on, r.version limit 1) as age_months
from unnest(%(services)s::uuid[], %(standards)s::text[], %(stops)s::text[]) as s(service, standard, stop)
join read.wait w on w.service = s.service and w.standard = s.standard
where {KNOWN} and {BEGUN} and w.uncountable is null
""".format(
    struck="""exists (
             select 1 from read.wait_entry c where c.referral = a.referral and c.about = a.version
               and c.position <= %(position)s and c.kind not in ('milestone_confirmed', 'milestone_contested'))"""
)


def monthly_return(
    reader: Reader, viewer: Viewer, directory: Directory, ask: ReturnsCriteria
) -> ReturnReport:
    """The return for a viewer, whose row-level security decides which waits it counts, in one statement.

    Raises Refusal `not_a_whole_month` for a day that no month begins on.
    """
    check_return(directory, ask)
    last = ask.as_of
    clocks, without = _clocks(directory, ask.kind, last)
    with reader.viewing(viewer) as cursor:
        given: dict[str, Any] = {
            "position": position_known_at(cursor, ask.known_at, ask.at),
            "as_of": last,
            "services": [service for service, _, _ in clocks],
            "standards": [standard for _, standard, _ in clocks],
            "stops": [stop for _, _, stop in clocks],
        }
        waits = msgspec.convert(cursor.execute(WAITS, given).fetchall(), prepared(list[ReturnWait]))
    rows = _rows(waits, directory, ask)
    table, rule = None, None
    if ask.published:
        rule = rule_of(ask.rule)
        table = _table(rows, ask, rule)
    return ReturnReport(
        kind=ask.kind,
        first=ask.first,
        last=last,
        by=ask.by,
        metric_version=METRIC_VERSION,
        log_position=given["position"],
        known_at=ask.known_at,
        stamp=None,
        without_standard=without,
        rows=() if table else tuple(_exact(key, counts, ask.kind) for key, counts in rows.items()),
        table=table,
        rule=rule,
    )


def _exact(key: str, counts: dict[str, int], kind: ReturnKind) -> ReturnRow:
    _, percentages = _columns(kind)
    return ReturnRow(
        key=key or TOTAL_KEY,
        counts=counts,
        percentages={each.name: percent(counts[each.part], counts[each.base]) for each in percentages},
    )


def check_return(_directory: Directory, ask: ReturnsCriteria) -> None:
    """Raises Refusal `not_a_whole_month`."""
    if ask.first.day != 1:
        raise Refusal("not_a_whole_month", "first")


def _clocks(
    directory: Directory, kind: ReturnKind, on: date
) -> tuple[list[tuple[UUID, str, str]], tuple[str, ...]]:
    """The standards that measure what the return counts, with what stops each; and the services that have none."""
    found: list[tuple[UUID, str, str]] = []
    without = []
    for service in directory.services:
        if service.profession != kind:
            continue
        versions = [v for v in directory.standards_of(service.id) if v.effective_from <= on]
        for start, stop in CLOCKS[kind]:
            codes = dict.fromkeys(v.code for v in versions if (v.start, v.stop) == (start, stop))
            found += [(service.id, code, stop) for code in list(codes)[:1]]
            if not codes:
                without.append(service.code)
    return found, tuple(dict.fromkeys(without))


def _rows(waits: list[ReturnWait], directory: Directory, ask: ReturnsCriteria) -> dict[str, dict[str, int]]:
    grouped: dict[str, list[ReturnWait]] = defaultdict(list)
    for wait in waits:
        grouped[_key(wait, directory, ask.by)].append(wait)
    rows = {key: counts_of(ask.kind, grouped[key], ask.first, ask.as_of) for key in sorted(grouped)}
    return {**rows, TOTAL: counts_of(ask.kind, waits, ask.first, ask.as_of)}


def _key(wait: ReturnWait, directory: Directory, by: ReturnBy) -> str:
    if by == "age":
        return age_group(wait)
    organisation = directory.organisation(wait.agency) if by == "provider" else None
    if by == "authority" and wait.authority is not None:
        organisation = directory.organisation(wait.authority)
    if organisation is None:
        return "not_recorded"
    return organisation.ods_code or organisation.code


def _columns(kind: ReturnKind) -> tuple[tuple[Column, ...], tuple[Percentage, ...]]:
    """The columns of a return, and its percentages: within 26 weeks, under 4 weeks, within 28 days."""

    def column(name: str, parts: list[str], *, stock: bool = False) -> Column:
        each = tuple(Column(name=f"{name}.{part}", stock=stock) for part in parts)
        return Column(name=f"{name}.count", parts=each, stock=stock)

    match kind:
        case "neurodevelopment":
            names = band_names(NEURODEVELOPMENT_BANDS)
            within = Column(
                name="waiting.within_26_weeks",
                parts=tuple(Column(name=f"waiting.{name}", stock=True) for name in names[:3]),
                stock=True,
            )
            rest = tuple(Column(name=f"waiting.{name}", stock=True) for name in names[3:])
            waiting = Column(name="waiting.count", parts=(within, *rest), stock=True)
            received = column("received", ["accepted", "rejected", "not_yet_decided"])
            share = Percentage(
                name="waiting.percent_within_26_weeks", part="waiting.within_26_weeks", base="waiting.count"
            )
            return (waiting, received), (share,)
        case "camhs":
            names = band_names(CAMHS_BANDS)
            share = Percentage(
                name="waiting.percent_under_4_weeks", part=f"waiting.{names[0]}", base="waiting.count"
            )
            return (column("waiting", names, stock=True), Column(name="age_not_known", stock=True)), (share,)
        case "primary_mental_health":
            names = band_names(PRIMARY_BANDS)
            columns = tuple(column(part, names) for part in ("assessments", "interventions"))
            percents = tuple(
                Percentage(
                    name=f"{part}.percent_within_28_days", part=f"{part}.{names[0]}", base=f"{part}.count"
                )
                for part in ("assessments", "interventions")
            )
            return columns, percents


def _table(rows: dict[str, dict[str, int]], ask: ReturnsCriteria, rule: PublishingRule) -> PublishedReport:
    columns, percentages = _columns(ask.kind)
    marks = marks_of(rule, ask.as_of, ask.published_on or ask.as_of, revised=False, breaks=False)
    return publish(
        ExactTable(columns=columns, counts=rows, percentages=percentages),
        kind=ask.kind,
        about={},
        first=ask.first,
        last=ask.as_of,
        rule=rule,
        row_marks=dict.fromkeys(rows, marks),
    )
