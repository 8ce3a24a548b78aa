"""Advice conversations as a party sees them, and the counts."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal, get_args
from uuid import UUID

import msgspec

from coordination.directory.state import Directory
from coordination.sensitivity import Coordinates
from coordination.viewer import Viewer
from projections.advice.counting import DAYS, AdviceCounts, AdviceLine, count_advice, count_groups
from projections.case_file.queries.children import NAMED_COLUMNS, named_joins
from projections.case_file.queries.results import coordinates
from projections.reader import Reader, parked, position

# One about a named pupil is listed with the pupil, or not at all.
SEEN = "(not a.named or p.pupil is not null)"

LISTED = f"""
select a.advice, a.school, a.agency, a.service, a.channel, a.asked_on, a.by_service, a.named, a.answered_on, a.answer,
       a.other_service, a.reported, a.last_version, p.pupil, p.referral, {NAMED_COLUMNS}, count(*) over () as total
from read.advice a
left join read.advice_pupil p on p.advice = a.advice
{named_joins("p")}
where {SEEN} and (%(advice)s::uuid is null or a.advice = %(advice)s)
  and (%(pupils)s::uuid[] is null or p.pupil = any(%(pupils)s))
  and (%(service)s::uuid is null or a.service = %(service)s)
  and (%(school)s::uuid is null or a.school = %(school)s)
  and (not %(open)s or a.answer is null)
order by a.asked_on desc, a.position desc
limit %(limit)s offset %(offset)s
"""

WORDS = "select * from read.advice_words where advice = %(advice)s order by version"

LINES = """
select a.school, a.service, a.asked_on, a.named, a.answer,
       coalesce(f.open_before, false) as open_before, f.referred_on
from read.advice a
left join read.advice_follow f on f.advice = a.advice
where a.asked_on between %(first)s and %(last)s
  and (%(service)s::uuid is null or a.service = %(service)s)
  and (%(school)s::uuid is null or a.school = %(school)s)
"""

AdviceBy = Literal["service", "school", "month"]
ADVICE_GROUPINGS: tuple[AdviceBy, ...] = get_args(AdviceBy)


class AdviceSummary(msgspec.Struct, frozen=True, kw_only=True):
    """A conversation. `pupil` None: no name is recorded. `reported`: the answer is as the school reports it."""

    advice: UUID
    school: UUID
    agency: UUID
    service: UUID
    channel: str
    asked_on: date
    by_service: bool
    named: bool
    answered_on: date | None
    answer: str | None
    other_service: UUID | None
    reported: bool
    last_version: int
    pupil: UUID | None
    referral: UUID | None
    identity: Coordinates | None


class AdviceList(msgspec.Struct, frozen=True, kw_only=True):
    """Conversations, the newest first, and their total number."""

    rows: tuple[AdviceSummary, ...]
    total: int
    position: int


class AdviceEntry(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of a conversation: who recorded it when, and where its words are sealed."""

    topic: str
    occurred_on: date
    recorded_at: datetime
    person: UUID
    organisation: UUID
    words: Coordinates | None


class AdviceAsk(msgspec.Struct, frozen=True, kw_only=True):
    """Which conversations: of a service, of a school, about a pupil (its files), not answered. Pages from 1."""

    service: UUID | None = None
    school: UUID | None = None
    pupils: tuple[UUID, ...] | None = None
    open: bool = False
    page: int = 1
    size: int = 50


class AdviceCriteria(msgspec.Struct, frozen=True, kw_only=True):
    """Conversations asked from `first` to `last` as they are on `as_of`, by service, school or month; a referral
    within `days` days followed."""

    first: date
    last: date
    as_of: date
    by: AdviceBy = "service"
    service: UUID | None = None
    school: UUID | None = None
    days: int = DAYS


class AdviceGroup(msgspec.Struct, frozen=True, kw_only=True):
    """The counts of one group; `key` is a service's or school's code, or a month such as 2026-03."""

    key: str
    counts: AdviceCounts


class AdviceReport(msgspec.Struct, frozen=True, kw_only=True):
    """The counts by group and in total. `parked`: streams that could not be counted."""

    by: AdviceBy
    first: date
    last: date
    as_of: date
    days: int
    groups: tuple[AdviceGroup, ...]
    total: AdviceCounts
    log_position: int
    parked: int


def advice_list(reader: Reader, viewer: Viewer, ask: AdviceAsk) -> AdviceList:
    """The conversations that the viewer may see, in one statement."""
    given = {
        "advice": None,
        "pupils": list(ask.pupils) if ask.pupils is not None else None,
        "service": ask.service,
        "school": ask.school,
        "open": ask.open,
        "limit": ask.size,
        "offset": (max(ask.page, 1) - 1) * ask.size,
    }
    with reader.viewing(viewer) as cursor:
        found = cursor.execute(LISTED.encode(), given).fetchall()
        rows = tuple(_summary(row) for row in found)
        return AdviceList(rows=rows, total=found[0]["total"] if found else 0, position=position(cursor))


def one_advice(
    reader: Reader, viewer: Viewer, advice: UUID
) -> tuple[AdviceSummary, tuple[AdviceEntry, ...], int] | None:
    """A conversation with its entries and the log position; None for one that the viewer may not see."""
    given = {
        "advice": advice,
        "pupils": None,
        "service": None,
        "school": None,
        "open": False,
        "limit": 1,
        "offset": 0,
    }
    with reader.viewing(viewer) as cursor:
        row = cursor.execute(LISTED.encode(), given).fetchone()
        if row is None:
            return None
        entries = tuple(
            AdviceEntry(
                topic=entry["topic"],
                occurred_on=entry["occurred_on"],
                recorded_at=entry["recorded_at"],
                person=entry["person"],
                organisation=entry["organisation"],
                words=Coordinates(advice, entry["version"], entry["topic"], entry["sealed"])
                if entry["sealed"]
                else None,
            )
            for entry in cursor.execute(WORDS, {"advice": advice})
        )
        return _summary(row), entries, position(cursor)


# Whom a conversation with a school can be about: the pupils of the school whom the viewer sees.
CANDIDATES = f"""
select p.pupil, {NAMED_COLUMNS}
from read.pupil p
{named_joins("p")}
where %(school)s = any(p.schools)
"""

# Referrals by the school that asked to the service that was asked, from that day on.
LATER = """
select f.referral, f.opened_on, f.phase
from read.referral f
where f.pupil = %(pupil)s and f.school = %(school)s and f.service = %(service)s and f.opened_on >= %(asked_on)s
order by f.opened_on, f.referral
"""


class AdviceCandidate(msgspec.Struct, frozen=True):
    """A pupil whom a conversation can be about, with where the identity is sealed."""

    pupil: UUID
    identity: Coordinates | None


class LaterReferral(msgspec.Struct, frozen=True):
    """A referral that followed a conversation."""

    referral: UUID
    opened_on: date
    phase: str


def advice_candidates(reader: Reader, viewer: Viewer, school: UUID) -> tuple[AdviceCandidate, ...]:
    """The pupils of a school whom the viewer sees, in one statement."""
    with reader.viewing(viewer) as cursor:
        found = cursor.execute(CANDIDATES.encode(), {"school": school}).fetchall()
    return tuple(AdviceCandidate(row["pupil"], coordinates(row)) for row in found)


def later_referrals(reader: Reader, viewer: Viewer, advice: AdviceSummary) -> tuple[LaterReferral, ...]:
    """The referrals to which a conversation about a named pupil can be linked, in one statement."""
    if advice.pupil is None:
        return ()
    given = {
        "pupil": advice.pupil,
        "school": advice.school,
        "service": advice.service,
        "asked_on": advice.asked_on,
    }
    with reader.viewing(viewer) as cursor:
        return tuple(LaterReferral(**row) for row in cursor.execute(LATER, given))


def advice_report(reader: Reader, viewer: Viewer, directory: Directory, ask: AdviceCriteria) -> AdviceReport:
    """How many conversations there were, and after how many no referral followed, in two statements."""
    given = {"first": ask.first, "last": ask.last, "service": ask.service, "school": ask.school}
    with reader.viewing(viewer) as cursor:
        lines = [AdviceLine(**row) for row in cursor.execute(LINES, given)]
        at, left_out = position(cursor), parked(cursor, "advice")
    groups = count_groups(lines, lambda line: _key(line, ask.by, directory), ask.as_of, ask.days)
    return AdviceReport(
        by=ask.by,
        first=ask.first,
        last=ask.last,
        as_of=ask.as_of,
        days=ask.days,
        groups=tuple(AdviceGroup(key=key, counts=counts) for key, counts in groups.items()),
        total=count_advice(lines, ask.as_of, ask.days),
        log_position=at,
        parked=left_out,
    )


def _key(line: AdviceLine, by: AdviceBy, directory: Directory) -> str:
    if by == "month":
        return f"{line.asked_on:%Y-%m}"
    if by == "service":
        service = directory.service(line.service)
        return service.code if service else str(line.service)
    school = directory.organisation(line.school)
    return school.code if school else str(line.school)


def _summary(row: dict[str, object]) -> AdviceSummary:
    plain = {name: row[name] for name in AdviceSummary.__struct_fields__ if name != "identity"}
    return AdviceSummary(**plain, identity=coordinates(row) if row["pupil"] else None)  # type: ignore[arg-type]
