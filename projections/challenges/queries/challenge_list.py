"""Lists of challenges, each with the next step that it is waiting for, for one viewer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Literal
from uuid import UUID

import msgspec
from psycopg.rows import DictRow

from coordination.challenge.escalation import LOCAL_AUTHORITY, escalation_levels
from coordination.challenge.events import About, Kind
from coordination.challenge.state import CLOSED, WITH_THE_AGENCY, Phase, reply_overdue
from coordination.clocks import overdue as is_overdue
from coordination.directory.state import Directory
from coordination.viewer import Viewer
from projections.overdue import overdue
from projections.reader import Desk, Reader, desk, parked, position

Turn = Literal[
    "to_approve",
    "to_send",
    "reply_overdue",
    "reply_to_weigh",
    "dispute_to_rule",
    "to_acknowledge",
    "reply_due",
    "escalated",
    "promise_overdue",
]
Part = Literal["mine", "others", "open", "ended", "all"]
MOST = 1_000
"""So many at most where a list is read whole."""

# Whose turn it is. Only the head teacher approves; a dispute waits for an independent person, and the two
# parties see that it does.
TURNS: dict[Desk, frozenset[Turn]] = {
    "school": frozenset(
        {"to_approve", "to_send", "reply_overdue", "reply_to_weigh", "dispute_to_rule", "promise_overdue"}
    ),
    "agency": frozenset(
        {"to_acknowledge", "reply_due", "reply_overdue", "dispute_to_rule", "promise_overdue"}
    ),
    "auditor": frozenset({"dispute_to_rule", "escalated", "reply_overdue"}),
    "caseworker": frozenset({"dispute_to_rule", "escalated", "reply_overdue"}),
    "operator": frozenset(
        {
            "to_approve",
            "to_send",
            "reply_overdue",
            "reply_to_weigh",
            "dispute_to_rule",
            "to_acknowledge",
            "reply_due",
            "escalated",
            "promise_overdue",
        }
    ),
    "teacher": frozenset(),
    "none": frozenset(),
}


class ChallengeSummary(msgspec.Struct, frozen=True, kw_only=True):
    """A challenge (or, without terms or standard, an enquiry) as it is on the viewer's day.

    `code`, `counted`, `threshold`, `out_of`: of attendance the rule's code, and so many of the last `out_of` meetings
    missed; of delay the standard's code, the days of the longest wait and the limit, in days of `unit`, over `waits`
    waits. `still_met`: whether the rule is met by the evidence as disputes and rulings leave it. `overdue`: the agency
    should have replied. `level` is where it was escalated to, `next_level` where it can go from here (None: the top, or
    an enquiry). `promises`: what the agency promised, and `promise_due_on` the earliest day of a promise that has not
    ended. `turns`: what waits to be done, as the viewer's desk sees it. `rulers`: who was asked by name to rule.
    `last_version` is what a command carries as `seen`.
    """

    challenge: UUID
    kind: Kind
    about: About
    school: UUID
    agency: UUID
    service: UUID
    authority: UUID | None
    phase: Phase
    since: date
    raised_on: date
    raised_by: UUID
    approved_on: date | None
    approved_by: UUID | None
    sent_on: date | None
    reply_due_on: date | None
    answered: bool
    overdue: bool
    level: str | None
    next_level: str | None
    ended_on: date | None
    outcome: str | None
    code: str | None
    counted: int
    threshold: int | None
    out_of: int | None
    unit: str | None
    rule_version: str | None
    waits: int
    disputes: int
    open_disputes: int
    still_met: bool
    rulers: tuple[UUID, ...]
    turns: tuple[Turn, ...]
    promises: int
    promises_broken: int
    promise_due_on: date | None
    last_version: int

    @property
    def closed(self) -> bool:
        return self.phase in CLOSED


SELECT = """
select c.*, raised.occurred_on as raised_on, raised.person as raised_by, approved.occurred_on as approved_on,
       approved.person as approved_by, ended.occurred_on as ended_on, ended.outcome
from read.challenge c
left join read.challenge_step raised on raised.challenge = c.challenge and raised.version = 1
left join read.challenge_step approved
    on approved.challenge = c.challenge and approved.topic = 'challenge.approved'
left join read.challenge_step ended on ended.challenge = c.challenge
    and ended.topic in ('challenge.not_approved', 'challenge.resolved', 'challenge.withdrawn')
"""

# The condition of each turn in SQL; _turns has the same conditions for a row that was read.
_OPEN = "c.phase not in ('not_approved', 'resolved', 'withdrawn')"
# one that is resolved is followed until its promises have ended
_LIVE = f"({_OPEN} or c.phase = 'resolved' and c.promise_due_on is not null)"
_PROMISE_OVERDUE = overdue("c.promise_due_on", "%(today)s")
_OVERDUE = overdue("c.reply_due_on", "%(today)s")
_WITH_THE_AGENCY = "c.phase in ('sent', 'acknowledged', 'replied')"
WAITS_FOR: dict[Turn, str] = {
    "to_approve": "c.phase = 'raised'",
    "to_send": "c.phase = 'approved'",
    "to_acknowledge": "c.phase = 'sent'",
    "reply_overdue": f"({_WITH_THE_AGENCY} and not c.answered and {_OVERDUE})",
    "reply_due": f"({_WITH_THE_AGENCY} and not c.answered and {_OVERDUE} is not true)",
    "dispute_to_rule": f"({_OPEN} and c.open_disputes > 0"
    " and not (c.authority is not distinct from %(organisation)s and c.agency = any(%(partial)s::uuid[])))",
    "reply_to_weigh": f"({_OPEN} and c.open_disputes = 0 and c.answered)",
    "escalated": f"({_OPEN} and c.level is not null)",
    "promise_overdue": f"({_LIVE} and {_PROMISE_OVERDUE})",
}
PARTS: dict[Part, str] = {
    "mine": f"{_LIVE} and ({{mine}}) is true",
    "others": f"{_LIVE} and ({{mine}}) is not true",
    "open": _LIVE,
    "ended": f"not {_LIVE}",
    "all": "true",
}

LISTED = (
    SELECT.replace("select c.*", "select c.*, count(*) over () as total", 1)
    + """
where (%(school)s::uuid is null or c.school = %(school)s)
  and (%(agency)s::uuid is null or c.agency = %(agency)s)
  and (%(service)s::uuid is null or c.service = %(service)s)
  and {part}
order by raised.position desc
limit %(limit)s offset %(offset)s
"""
)


class ChallengeList(msgspec.Struct, frozen=True, kw_only=True):
    """A page of challenges, the last raised first, of `total` in all (0 beyond the last page)."""

    rows: tuple[ChallengeSummary, ...]
    total: int
    log_position: int
    parked: int


def challenge_ids(reader: Reader, viewer: Viewer) -> list[UUID]:
    """The ids of all challenges that the viewer may see."""
    with reader.viewing(viewer) as cursor:
        rows = cursor.execute("select challenge from read.challenge order by challenge").fetchall()
        return [row["challenge"] for row in rows]


def challenges(
    reader: Reader,
    viewer: Viewer,
    directory: Directory,
    *,
    school: UUID | None = None,
    agency: UUID | None = None,
    service: UUID | None = None,
    ended: bool = True,
) -> tuple[ChallengeSummary, ...]:
    """The challenges that the viewer may see, the last raised first, at most MOST. `ended` False leaves out those that
    have ended."""
    part: Part = "all" if ended else "open"
    return list_challenges(
        reader, viewer, directory, part, school=school, agency=agency, service=service, size=MOST
    ).rows


def list_challenges(
    reader: Reader,
    viewer: Viewer,
    directory: Directory,
    part: Part,
    *,
    mine: Iterable[Turn] = (),
    school: UUID | None = None,
    agency: UUID | None = None,
    service: UUID | None = None,
    page: int = 1,
    size: int = 25,
) -> ChallengeList:
    """A page (from 1) of those that the viewer may see: `mine` are open with one of these turns waiting, `others` open
    with none of them; `open`, `ended` and `all` take no heed of turns."""
    waiting = [WAITS_FOR[turn] for turn in sorted(set(mine) & TURNS[desk(viewer)])]
    condition = PARTS[part].format(mine=" or ".join(waiting) or "false")
    given = {
        "school": school,
        "agency": agency,
        "service": service,
        "today": viewer.today,
        "organisation": viewer.organisation,
        "partial": _partial(viewer, directory),
        "limit": size,
        "offset": (max(page, 1) - 1) * size,
    }
    with reader.viewing(viewer) as cursor:
        found = cursor.execute(LISTED.format(part=condition).encode(), given).fetchall()
        return ChallengeList(
            rows=tuple(challenge_of(row, viewer, directory) for row in found),
            total=found[0]["total"] if found else 0,
            log_position=position(cursor),
            parked=parked(cursor, "challenges"),
        )


def _partial(viewer: Viewer, directory: Directory) -> list[UUID]:
    """The agencies that are departments of the viewer's organisation, or may be: about them it rules nothing where the
    challenge is of its own county."""
    return [
        agency.id
        for agency in directory.of_kind("agency")
        if agency.agency_kind in LOCAL_AUTHORITY and agency.authority in (None, viewer.organisation)
    ]


def challenge_of(row: DictRow, viewer: Viewer, directory: Directory) -> ChallengeSummary:
    """A row of SELECT as the viewer sees it on the viewer's day."""
    late = reply_overdue(row["phase"], row["answered"], row["reply_due_on"], viewer.today)
    own = TURNS[desk(viewer)]
    if row["authority"] == viewer.organisation and _authority_is_party(row, directory):
        own -= {"dispute_to_rule"}
    return ChallengeSummary(
        **{
            name: row[name] for name in ChallengeSummary.__struct_fields__ if name in row and name != "rulers"
        },
        rulers=tuple(row["rulers"]),
        overdue=late,
        next_level=_next_level(row, directory),
        turns=tuple(turn for turn in _turns(row, late, viewer.today) if turn in own),
    )


def _authority_is_party(row: DictRow, directory: Directory) -> bool:
    """Whether a department of the authority is challenged, so that another person must rule (as `parties` decides)."""
    agency = directory.organisation(row["agency"])
    if agency is None or agency.agency_kind not in LOCAL_AUTHORITY:
        return False
    return agency.authority in (None, row["authority"])


def _next_level(row: DictRow, directory: Directory) -> str | None:
    if row["kind"] == "enquiry" or row["phase"] in CLOSED:
        return None
    agency = directory.organisation(row["agency"])
    levels = escalation_levels(agency.agency_kind if agency else None)
    above = levels[levels.index(row["level"]) + 1 :] if row["level"] in levels else levels
    return above[0] if above else None


def _turns(row: DictRow, late: bool, today: date) -> list[Turn]:
    phase: Phase = row["phase"]
    turns: list[Turn] = []
    if phase in (*WITH_THE_AGENCY, "resolved") and is_overdue(row["promise_due_on"], today):
        turns.append("promise_overdue")
    if phase in CLOSED:
        return turns
    if phase == "raised":
        turns.append("to_approve")
    if phase == "approved":
        turns.append("to_send")
    if phase == "sent":
        turns.append("to_acknowledge")
    if phase in WITH_THE_AGENCY and not row["answered"]:
        turns.append("reply_overdue" if late else "reply_due")
    if row["open_disputes"]:
        turns.append("dispute_to_rule")
    elif row["answered"]:
        turns.append("reply_to_weigh")
    if row["level"] is not None:
        turns.append("escalated")
    return turns
