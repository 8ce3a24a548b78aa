"""Challenges in a list, each with whose turn it is, as the viewer's desk sees it."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal
from uuid import UUID

import msgspec

from coordination.challenge.events import About, Kind
from coordination.challenge.ladder import LOCAL_AUTHORITY, ladder
from coordination.challenge.state import CLOSED, WITH_THE_AGENCY, Phase
from coordination.directory.state import Directory
from coordination.viewer import Viewer
from projections.reader import Desk, Reader, desk

Turn = Literal[
    "to_approve",
    "to_send",
    "reply_overdue",
    "reply_to_weigh",
    "dispute_to_rule",
    "to_acknowledge",
    "reply_due",
    "escalated",
]
# What waits for whom. The head teacher alone approves; a dispute waits for somebody of neither party, and the two
# parties see that it does.
TURNS: dict[Desk, frozenset[Turn]] = {
    "school": frozenset({"to_approve", "to_send", "reply_overdue", "reply_to_weigh", "dispute_to_rule"}),
    "agency": frozenset({"to_acknowledge", "reply_due", "reply_overdue", "dispute_to_rule"}),
    "auditor": frozenset({"dispute_to_rule", "escalated", "reply_overdue"}),
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
        }
    ),
    "none": frozenset(),
}


class Challenge(msgspec.Struct, frozen=True, kw_only=True):
    """A challenge (or, without terms or standard, an enquiry) as it stands on the viewer's day.

    `code`, `counted`, `threshold`, `out_of`: of attendance the rule's code, and so many of the last `out_of` meetings
    missed; of delay the standard's code, the days of the longest wait and the limit, in days of `unit`, over `waits`
    waits. `still_met`: whether the rule is met by the evidence as disputes and rulings leave it. `overdue`: the agency
    should have replied. `level` is where it was escalated to, `next_level` where it can go from here (None: the top, or
    an enquiry). `turns`: what waits to be done, as the viewer's desk sees it. `last_version` is what a command carries
    as `seen`.
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
    turns: tuple[Turn, ...]
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

LISTED = (
    SELECT
    + """
where (%(school)s::uuid is null or c.school = %(school)s)
  and (%(agency)s::uuid is null or c.agency = %(agency)s)
  and (%(service)s::uuid is null or c.service = %(service)s)
  and (%(ended)s or c.phase not in ('not_approved', 'resolved', 'withdrawn'))
order by raised.position desc
"""
)


def challenges(
    reader: Reader,
    viewer: Viewer,
    directory: Directory,
    *,
    school: UUID | None = None,
    agency: UUID | None = None,
    service: UUID | None = None,
    ended: bool = True,
) -> tuple[Challenge, ...]:
    """Those that the viewer may see, the last raised first. `ended` False leaves out what has ended."""
    given = {"school": school, "agency": agency, "service": service, "ended": ended}
    with reader.viewing(viewer) as cursor:
        return tuple(challenge_of(row, viewer, directory) for row in cursor.execute(LISTED, given).fetchall())


def challenge_of(row: dict[str, Any], viewer: Viewer, directory: Directory) -> Challenge:
    """A row of SELECT as the viewer sees it on the viewer's day."""
    overdue = _overdue(row, viewer.today)
    own = TURNS[desk(viewer)]
    if row["authority"] == viewer.organisation and _authority_is_party(row, directory):
        own -= {"dispute_to_rule"}
    return Challenge(
        **{name: row[name] for name in Challenge.__struct_fields__ if name in row},
        overdue=overdue,
        next_level=_next_level(row, directory),
        turns=tuple(turn for turn in _turns(row, overdue) if turn in own),
    )


def _authority_is_party(row: dict[str, Any], directory: Directory) -> bool:
    """A department of the authority is challenged: somebody else must rule (as `parties` decides it)."""
    agency = directory.organisation(row["agency"])
    if agency is None or agency.agency_kind not in LOCAL_AUTHORITY:
        return False
    return agency.authority in (None, row["authority"])


def _overdue(row: dict[str, Any], on: date) -> bool:
    """From the day after the last day; as Challenge.overdue of the state has it."""
    due = row["reply_due_on"]
    return row["phase"] in WITH_THE_AGENCY and not row["answered"] and due is not None and due < on


def _next_level(row: dict[str, Any], directory: Directory) -> str | None:
    if row["kind"] == "enquiry" or row["phase"] in CLOSED:
        return None
    agency = directory.organisation(row["agency"])
    levels = ladder(agency.agency_kind if agency else None)
    above = levels[levels.index(row["level"]) + 1 :] if row["level"] in levels else levels
    return above[0] if above else None


def _turns(row: dict[str, Any], overdue: bool) -> list[Turn]:
    phase: Phase = row["phase"]
    turns: list[Turn] = []
    if phase in CLOSED:
        return turns
    if phase == "raised":
        turns.append("to_approve")
    if phase == "approved":
        turns.append("to_send")
    if phase == "sent":
        turns.append("to_acknowledge")
    if phase in WITH_THE_AGENCY and not row["answered"]:
        turns.append("reply_overdue" if overdue else "reply_due")
    if row["open_disputes"]:
        turns.append("dispute_to_rule")
    elif row["answered"]:
        turns.append("reply_to_weigh")
    if row["level"] is not None:
        turns.append("escalated")
    return turns
