"""The governors' report of a school: what is counted, and as what it may be published."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from coordination.directory.state import Directory
from coordination.pupil.aln.steps import AlnStepName
from coordination.viewer import Viewer
from projections.governors.shares import MOST_YEARS, Share, on_the_day, over_years, since
from projections.overdue import overdue
from projections.publishing.rule import PublishingRule
from projections.reader import Reader, position
from projections.register.entry import RegisterLine
from projections.register.queries.on_a_day import register_on
from projections.support.queries.meanwhile import NOTHING
from projections.waiting_times.queries.standards import default_standard

OUTCOMES = ("met", "nearer", "same", "worse", "cannot_tell")
DECIDED: tuple[AlnStepName, AlnStepName] = ("concern_raised", "aln_decided")
FIGURES_ROLE = "auditor"
"""With whose sight it is counted: pupils who have left count too, and nobody is seen."""
YEAR = "extract(year from {day} - interval '8 months')::int"
"""The year in which the school year of a day begins."""
REVIEWED = f"""
select {YEAR.format(day="last.reviewed_on")} as year, last.outcome as part, count(*)::int as n
from read.support s
join lateral (
    select r.reviewed_on, r.outcome from read.support_review r
    where r.support = s.support and r.reviewed_on <= %(as_of)s order by r.reviewed_on desc, r.version desc limit 1
) last on last.outcome <> ''
where s.given_by = %(school)s group by 1, 2
"""
DECISIONS = f"""
select {YEAR.format(day="w.end_on")} as year,
       case when {overdue("w.due_on", "w.end_on")} then 'late' else 'in_time' end as part, count(*)::int as n
from read.statutory_wait w
where w.holder = %(school)s and w.known_to is null and w.ending = 'stopped' and w.end_on <= %(as_of)s
  and w.standard = any(%(decisions)s) and w.due_on is not null
group by 1, 2
"""
SEEN = f"""
select {YEAR.format(day="c.last_on")} as year, c.service, c.standard, c.late, c.limited, c.days,
       c.nothing = c.days as unsupported, count(*)::int as n
from (
    select c.*, c.last_on - c.begins_on as days, {NOTHING.format()} as nothing
    from (
        select w.pupil, w.service, w.standard, w.begins_on, w.end_on as last_on, w.due_on is not null as limited,
               {overdue("w.due_on", "w.end_on")} as late
        from read.wait w
        where w.school = %(school)s and w.known_to is null and w.ending = 'stopped' and w.end_on <= %(as_of)s
          and w.end_on >= %(since)s
    ) c
) c group by 1, 2, 3, 4, 5, 6, 7
"""
PROFILES = "select distinct o.pupil from read.one_page_profile o where o.written_on <= %(as_of)s"

ByYear = Mapping[int, Counter[str]]


class GovernorsReport(msgspec.Struct, frozen=True, kw_only=True):
    """The report of a school on a day: `shares` in the order of the report, all as they may be published."""

    school: str
    as_of: date
    log_position: int
    shares: tuple[Share, ...]
    rule: PublishingRule

    @property
    def withheld(self) -> bool:
        """Whether anything in it could not be shown."""
        return any(share.withheld for share in self.shares)


def governors_report(
    reader: Reader, directory: Directory, school: UUID, as_of: date, today: date, rule: PublishingRule
) -> GovernorsReport:
    """The report of a school for its governing body. It holds published figures only, whoever asks.

    Raises LookupError for a school that is not in the directory."""
    found = directory.organisation(school)
    if found is None:
        raise LookupError("no such school")
    nobody = UUID(int=0)
    head = Viewer(person=nobody, organisation=school, role="head", today=today)
    authority = directory.authority_of(school)
    counting = (
        Viewer(person=nobody, organisation=authority, role=FIGURES_ROLE, today=today) if authority else head
    )
    entries = register_on(reader, head, as_of, school).entries
    asked = {
        "school": school,
        "as_of": as_of,
        "since": since(as_of, MOST_YEARS),
        "decisions": [
            one.code
            for one in directory.statutory_standards()
            if one.body == "school" and (one.start, one.stop) == DECIDED
        ],
    }
    with reader.viewing(counting) as cursor:
        reviewed = _by_year(cursor.execute(REVIEWED.encode(), asked))
        decided = _by_year(cursor.execute(DECISIONS.encode(), asked))
        seen = _of_first_standards(cursor.execute(SEEN.encode(), asked).fetchall(), directory)
        at = position(cursor)
    with reader.viewing(head) as cursor:
        profiled = {row["pupil"] for row in cursor.execute(PROFILES, asked)}
    return GovernorsReport(
        school=found.code,
        as_of=as_of,
        log_position=at,
        shares=(
            *_of_the_roll(entries, profiled, as_of, rule),
            _over("outcomes", OUTCOMES, reviewed, as_of, rule),
            _over("decisions", ("in_time", "late"), decided, as_of, rule),
            _over("seen", ("in_time", "late"), _limited(seen), as_of, rule),
            _over("meanwhile", ("supported", "unsupported"), _meanwhile(seen), as_of, rule),
        ),
        rule=rule,
    )


def _of_the_roll(
    entries: Iterable[RegisterLine], profiled: set[UUID], as_of: date, rule: PublishingRule
) -> Iterable[Share]:
    on_roll = tuple(entries)
    plans = Counter(_plan(one) for one in on_roll)
    yield _day("plans", ("school_plan", "authority_plan", "no_plan", "not_on_register"), plans, as_of, rule)
    levels = Counter(f"level_{one.level}" if one.level else "no_support" for one in on_roll)
    yield _day("levels", ("level_3", "level_2", "level_1", "no_support"), levels, as_of, rule)
    listed = [one for one in on_roll if one.on_register]
    due = Counter("late" if one.review_due_on and one.review_due_on < as_of else "in_time" for one in listed)
    yield _day("reviews", ("in_time", "late"), due, as_of, rule)
    written = Counter("with" if one.pupil in profiled else "without" for one in listed)
    yield _day("profiles", ("with", "without"), written, as_of, rule)


def _plan(one: RegisterLine) -> str:
    if one.plan != "none":
        return f"{one.plan}_plan"
    return "no_plan" if one.on_register else "not_on_register"


def _day(
    name: str, parts: Iterable[str], counts: Mapping[str, int], as_of: date, rule: PublishingRule
) -> Share:
    return on_the_day(name, {part: counts.get(part, 0) for part in parts}, as_of, rule)


def _over(name: str, parts: tuple[str, ...], counts: ByYear, as_of: date, rule: PublishingRule) -> Share:
    def count(years: int) -> Mapping[str, int]:
        first = since(as_of, years).year
        return {part: sum(n[part] for year, n in counts.items() if year >= first) for part in parts}

    return over_years(name, count, as_of, rule)


def _by_year(rows: Iterable[Mapping[str, Any]]) -> ByYear:
    found: dict[int, Counter[str]] = {}
    for row in rows:
        found.setdefault(row["year"], Counter())[row["part"]] += row["n"]
    return found


def _of_first_standards(rows: list[dict[str, Any]], directory: Directory) -> list[dict[str, Any]]:
    """Each wait once: by the first standard of its service."""
    return [row for row in rows if row["standard"] == default_standard(directory, row["service"])]


def _limited(rows: Iterable[Mapping[str, Any]]) -> ByYear:
    return _by_year({**row, "part": "late" if row["late"] else "in_time"} for row in rows if row["limited"])


def _meanwhile(rows: Iterable[Mapping[str, Any]]) -> ByYear:
    return _by_year(
        {**row, "part": "unsupported" if row["unsupported"] else "supported"}
        for row in rows
        if row["days"] > 0
    )
