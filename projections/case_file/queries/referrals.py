"""Referrals: lists of those that a viewer has to do with, and one with everything on its page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal
from uuid import UUID

import msgspec
from psycopg import Cursor
from psycopg.rows import DictRow

from coordination.clocks import Party
from coordination.errors import NotFound
from coordination.sensitivity import Coordinates
from coordination.viewer import Viewer
from projections.case_file.queries.children import NAMED_COLUMNS, named_joins
from projections.case_file.queries.entries import TimelineCriteria, entries
from projections.case_file.queries.results import (
    DUE_SOON,
    ConsentSummary,
    DisclosureSummary,
    ReferralRow,
    ReferralSummary,
    SealedContact,
    SealedViews,
    TimelineEntry,
    consents_of,
    coordinates,
    referral_of,
)
from projections.case_file.queries.sharing import ON_ROLL, contacts, disclosures, recorded_views
from projections.overdue import due_between, overdue
from projections.policies import own_service
from projections.reader import Desk, Reader, desk, position

# Whose move it is today: the last of those known ahead that has begun, else the one that stands.
WHOSE = """
coalesce(
    f.ahead_party[(select nullif(count(*), 0) from unnest(f.ahead_from) as m(since) where m.since <= %(today)s)],
    f.move_party
)
"""

LINES = f"""
select f.*, l.person as allocated, {NAMED_COLUMNS}, count(*) over () as total
from read.referral f
left join read.allocation l on l.referral = f.referral
{named_joins("f")}
where {{whose}} and {{wanted}}
order by {{order}}
limit %(limit)s offset %(offset)s
"""

# What a viewer has to do with; the policies decide what they may see.
WHOSE_LIST: dict[Desk, str] = {
    "school": f"f.pupil in {ON_ROLL}",
    "agency": f"f.agency = %(organisation)s and {own_service('f.service')}",
}

WANTED = f"""
(%(service)s::uuid is null or f.service = %(service)s)
and (%(agency)s::uuid is null or f.agency = %(agency)s)
and (%(phase)s::text is null or f.phase = %(phase)s)
and (%(state)s = 'all' or f.ended = (%(state)s = 'ended'))
and case %(due)s::text
    when 'overdue' then {overdue("f.due_on", "%(today)s")}
    when 'due_this_week' then {due_between("f.due_on", "%(today)s", "%(soon)s")}
    else true
end
and (%(whose_move)s::text is null or {WHOSE} = %(whose_move)s)
"""

BY_URGENCY = "f.immediate_risk desc, f.due_on nulls last, coalesce(f.received_on, f.opened_on), f.referral"

ONE = f"""
select f.*, l.person as allocated, {NAMED_COLUMNS}
from read.referral f
left join read.allocation l on l.referral = f.referral
{named_joins("f")}
where f.referral = %(referral)s
"""

CONSENTS = """
select c.* from read.consent c
where c.pupil = %(pupil)s and c.agency = any(%(agencies)s)
order by c.agency, c.purpose, c.last_version
"""


class ReferralCriteria(msgspec.Struct, frozen=True, kw_only=True):
    """Which referrals: to a service or agency, open, ended or all, in a phase, by their due day, by whose move it is.
    Pages of `size` from 1."""

    service: UUID | None = None
    agency: UUID | None = None
    state: Literal["open", "ended", "all"] = "open"
    phase: str | None = None
    due: Literal["overdue", "due_this_week"] | None = None
    whose_move: Party | None = None
    page: int = 1
    size: int = 50


class ReferralList(msgspec.Struct, frozen=True, kw_only=True):
    """A page of a list and how many there are in all (0 on a page past the end)."""

    rows: tuple[ReferralRow, ...]
    total: int
    position: int


class ReferralFile(msgspec.Struct, frozen=True, kw_only=True):
    """All that the page of a referral shows. `entries` are its own, from the last day back; `consents` those of the
    agencies that it concerns; contacts and views only as far as they were disclosed to who looks.

    `shared` are the data classes that were disclosed to the viewer's agency (None for the school: all): where `needs`
    is not among them, the page leaves out the needs that the opening entry seals. `allocated` is who has it, for the
    agency that holds it alone.
    """

    referral: ReferralSummary
    identity: Coordinates | None
    entries: tuple[TimelineEntry, ...]
    consents: tuple[ConsentSummary, ...]
    disclosures: tuple[DisclosureSummary, ...]
    contacts: tuple[SealedContact, ...]
    views: tuple[SealedViews, ...]
    shared: tuple[str, ...] | None
    position: int
    allocated: UUID | None = None

    @property
    def conflict(self) -> bool:
        """One person with authority agrees to sharing and another refuses."""
        return any(consent.conflict for consent in self.consents)


def referrals(reader: Reader, viewer: Viewer, ask: ReferralCriteria) -> ReferralList:
    """A school's own pupils' referrals, or those that an agency holds, the most urgent first, in two statements."""
    given = {
        "service": ask.service,
        "agency": ask.agency,
        "state": ask.state,
        "phase": ask.phase,
        "due": ask.due,
        "soon": viewer.today + DUE_SOON,
        "whose_move": ask.whose_move,
    }
    with reader.viewing(viewer) as cursor:
        rows, total = referral_rows(cursor, viewer, WANTED, BY_URGENCY, given, ask.page, ask.size)
        return ReferralList(rows=rows, total=total, position=position(cursor))


def referral_rows(
    cursor: Cursor[DictRow],
    viewer: Viewer,
    wanted: str,
    order: str,
    given: Mapping[str, object],
    page: int,
    size: int,
) -> tuple[tuple[ReferralRow, ...], int]:
    """A page of a list of referrals and their number in all, in one statement; `wanted` and `order` are SQL over
    read.referral f."""
    whose = WHOSE_LIST.get(desk(viewer), "true")
    parameters = {
        **given,
        "organisation": viewer.organisation,
        "today": viewer.today,
        "limit": size,
        "offset": (max(page, 1) - 1) * size,
    }
    found = cursor.execute(
        LINES.format(whose=whose, wanted=wanted, order=order).encode(), parameters
    ).fetchall()
    shown = tuple(referral_row_of(row, viewer.today) for row in found)
    return shown, found[0]["total"] if found else 0


def referral_row_of(row: Mapping[str, Any], today: date) -> ReferralRow:
    """A row of a list of referrals, judged on a day."""
    return ReferralRow(
        referral=referral_of(row, today), identity=coordinates(row), allocated=row["allocated"]
    )


def referral(reader: Reader, viewer: Viewer, referral: UUID) -> ReferralFile:
    """One referral with all that its page shows, in seven statements. Raises NotFound: a wrong or foreign id, which
    look the same."""
    with reader.viewing(viewer) as cursor:
        row = cursor.execute(ONE, {"referral": referral}).fetchone()
        if row is None:
            raise NotFound
        pupil = row["pupil"]
        sent = disclosures(cursor, [pupil], referral)
        agencies = list({row["agency"], *(d.agency for d in sent)})
        asked = cursor.execute(CONSENTS, {"pupil": pupil, "agencies": agencies}).fetchall()
        at_agency = desk(viewer) == "agency"
        own = [d.data_classes for d in sent if d.agency == viewer.organisation]
        return ReferralFile(
            referral=referral_of(row, viewer.today),
            identity=coordinates(row),
            entries=tuple(entries(cursor, TimelineCriteria(pupil=pupil, thing=referral), None)),
            consents=consents_of(asked, viewer.today),
            disclosures=sent,
            contacts=contacts(cursor, [pupil]),
            views=recorded_views(cursor, [pupil]),
            shared=tuple(sorted({c for classes in own for c in classes})) if at_agency else None,
            position=position(cursor),
            allocated=row["allocated"],
        )
