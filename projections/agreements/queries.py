"""Objections, court orders and agreements to ask for again, as the holder of the file sees them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import msgspec
from psycopg.rows import DictRow

from coordination.pupil.asking.state import NOTICE, by_its_end
from coordination.sensitivity import Coordinates
from coordination.viewer import Viewer
from projections.case_file.queries.children import NAMED_COLUMNS, named_joins
from projections.case_file.queries.of_age import FIRST_YEAR
from projections.case_file.queries.people import YEAR_NOW
from projections.case_file.queries.results import coordinates
from projections.reader import Reader

OBJECTIONS = (
    "select * from read.objection where pupil = any(%(files)s) order by since desc, last_version desc"
)
ORDERS = "select * from read.court_order where pupil = any(%(files)s) order by since desc, last_version desc"
GIVERS = "select * from read.consent_giver where pupil = any(%(files)s) order by last_version"

# Of those whose file the viewer's organisation holds: what happened; what has ended or ends soon and was not looked at
# since; and what others agreed to, where the date of birth, which the page opens, may give a reason.
ASK_AGAIN = f"""
select c.consent, c.pupil as on_file, c.authority, c.agency, c.purpose, c.contact, c.given_on, c.expires_on,
       c.reviewed_on, c.ask_because, c.ask_since, p.pupil, {NAMED_COLUMNS}
from read.consent_giver c
join read.pupil p on p.pupil = c.pupil
{named_joins("p")}
where c.standing = 'given'
  and (c.ask_because is not null
       or (c.expires_on < %(today)s and coalesce(c.reviewed_on, '-infinity') <= c.expires_on)
       or (c.expires_on >= %(today)s and c.expires_on <= %(soon)s
           and coalesce(c.reviewed_on, '-infinity') < c.expires_on - %(notice)s)
       or (c.authority in ('parental_responsibility', 'local_authority')
           and (p.year is null or {YEAR_NOW} >= %(first)s)))
order by c.given_on, c.consent
"""


class ObjectionSummary(msgspec.Struct, frozen=True, kw_only=True):
    """One parent's objection; `outcome` None: not decided yet, else continues or stops."""

    objection: UUID
    pupil: UUID
    agency: UUID
    service: UUID | None
    purpose: str
    contact: UUID
    since: date
    outcome: str | None
    decided_on: date | None
    last_version: int


class CourtOrderSummary(msgspec.Struct, frozen=True, kw_only=True):
    """A court order; `effect` prevents or permits. `until`: its last day, `ended_on`: the first day without it."""

    court_order: UUID
    pupil: UUID
    effect: str
    agency: UUID | None
    service: UUID | None
    purpose: str | None
    since: date
    until: date | None
    ended_on: date | None
    last_version: int

    def in_force(self, on: date) -> bool:
        """Whether it applies on a day."""
        ended = self.ended_on is not None and on >= self.ended_on
        return self.since <= on and (self.until is None or on <= self.until) and not ended


class ConsentGiver(msgspec.Struct, frozen=True, kw_only=True):
    """Who gave an agreement, on what terms, and what gives a reason to ask again."""

    consent: UUID
    pupil: UUID
    authority: str
    kept_from_parents: bool
    standing: str
    agency: UUID
    purpose: str
    contact: UUID | None
    given_on: date
    expires_on: date | None
    reviewed_on: date | None
    ask_because: str | None
    ask_since: date | None
    last_version: int


class BesideAgreements(msgspec.Struct, frozen=True, kw_only=True):
    """What stands beside the agreements about one child."""

    objections: tuple[ObjectionSummary, ...]
    orders: tuple[CourtOrderSummary, ...]
    givers: tuple[ConsentGiver, ...]


class AskAgainRow(msgspec.Struct, frozen=True, kw_only=True):
    """An agreement that may be to ask for again, with where the pupil's identity is sealed. `because` None: only the
    date of birth can give a reason."""

    consent: UUID
    pupil: UUID
    agency: UUID
    purpose: str
    contact: UUID | None
    authority: str
    given_on: date
    reviewed_on: date | None
    because: str | None
    since: date | None
    identity: Coordinates | None


def beside_agreements(reader: Reader, viewer: Viewer, files: Sequence[UUID]) -> BesideAgreements:
    """Objections, orders and givers on these files of one child, in three statements."""
    given = {"files": list(files)}
    with reader.viewing(viewer) as cursor:
        return BesideAgreements(
            objections=tuple(ObjectionSummary(**row) for row in cursor.execute(OBJECTIONS, given)),
            orders=tuple(CourtOrderSummary(**row) for row in cursor.execute(ORDERS, given)),
            givers=tuple(ConsentGiver(**row) for row in cursor.execute(GIVERS, given)),
        )


def to_look_at(reader: Reader, viewer: Viewer) -> tuple[AskAgainRow, ...]:
    """The agreements of the viewer's pupils that may be to ask for again, in one statement."""
    today = viewer.today
    given = {"today": today, "soon": today + NOTICE, "notice": NOTICE.days, "first": FIRST_YEAR}
    with reader.viewing(viewer) as cursor:
        found = cursor.execute(ASK_AGAIN.encode(), given).fetchall()
    return tuple(_row(row, today) for row in found)


def _row(row: DictRow, today: date) -> AskAgainRow:
    because, since = row["ask_because"], row["ask_since"]
    if because is None and row["expires_on"] is not None:
        because, since = by_its_end(row["expires_on"], row["reviewed_on"], today) or (None, None)
    return AskAgainRow(
        consent=row["consent"],
        pupil=row["on_file"],
        agency=row["agency"],
        purpose=row["purpose"],
        contact=row["contact"],
        authority=row["authority"],
        given_on=row["given_on"],
        reviewed_on=row["reviewed_on"],
        because=because,
        since=since,
        identity=coordinates(row),
    )
