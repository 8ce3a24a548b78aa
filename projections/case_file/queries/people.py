"""The pupils of a school, and one pupil with everything on their page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Cursor
from psycopg.rows import DictRow

from coordination.errors import NotFound
from coordination.pupil.profile.state import Registration
from coordination.sensitivity import Coordinates
from coordination.viewer import Viewer
from projections.case_file.queries.actions import actions_of
from projections.case_file.queries.results import (
    ActionSummary,
    ConsentSummary,
    DisclosureSummary,
    LawfulBasis,
    ReferralSummary,
    SealedContact,
    SealedViews,
    consents_of,
    coordinates,
    referral_of,
)
from projections.case_file.queries.sharing import contacts, disclosures, recorded_views
from projections.overdue import overdue
from projections.reader import Reader, position

# A pupil with what lists and pages show of them; {begin} names the rows to begin from, with a column pupil.
PUPILS = f"""
select p.pupil, p.schools, p.leading_school, p.year, i.version, i.topic, i.sealed,
       n.codes as needs, v.codes as provision,
       a.codes as looked_after, f.open, f.overdue, f.unconfirmed, f.immediate_risk
from {{begin}}
left join read.identity i on i.pupil = p.pupil and i.kind = 'identity'
left join read.coded n on n.pupil = p.pupil and n.field = 'needs'
left join read.coded v on v.pupil = p.pupil and v.field = 'provision'
left join read.coded a on a.pupil = p.pupil and a.field = 'looked_after'
cross join lateral (
    select count(*) as open, count(*) filter (where {overdue("w.due_on", "%(today)s")}) as overdue,
           coalesce(sum(w.unconfirmed), 0)::int as unconfirmed,
           coalesce(bool_or(w.immediate_risk), false) as immediate_risk,
           coalesce(array_agg(w.service), array[]::uuid[]) as services
    from read.referral w where w.pupil = p.pupil and not w.ended
) f
where {{wanted}}
"""

ON_ROLL = "read.roll o join read.pupil p on p.pupil = o.pupil"
OF_SCHOOL = """
o.school = %(school)s and (o.until is null or o.until > %(today)s)
and (%(need)s::text is null or %(need)s = any(n.codes))
and (%(year)s::int is null or p.year = %(year)s)
and (%(provision)s::text is null or %(provision)s = any(v.codes))
and (%(service)s::uuid is null or %(service)s = any(f.services))
"""
ALONE = "read.pupil p"
THIS_ONE = "p.pupil = %(pupil)s"

WISH = """
select pupil, version, topic, sealed from read.identity where pupil = %(pupil)s and kind = 'language_wish'
"""
REGISTRATIONS = (
    "select school, from_on, until from read.roll where pupil = %(pupil)s order by from_on, school"
)
CONSENTS = "select * from read.consent where pupil = %(pupil)s order by agency, purpose, last_version"
BASES = "select agency, basis, recorded_on from read.lawful_basis where pupil = %(pupil)s order by agency"
REFERRALS = "select * from read.referral where pupil = %(pupil)s order by ended, opened_on desc, referral"


class PupilCriteria(msgspec.Struct, frozen=True, kw_only=True):
    """Which pupils of the viewer's school: with a need or provision (codes), in a year, with an open referral to a
    service."""

    need: str | None = None
    year: int | None = None
    provision: str | None = None
    service: UUID | None = None


class PupilSummary(msgspec.Struct, frozen=True, kw_only=True):
    """A pupil in a list. `identity` seals upn, surname, forename, date_of_birth, sex, language. Codes are empty when
    they were never recorded, not disclosed, or erased; `looked_after` None: not known. Referrals counted are open
    ones: `overdue`, with `unconfirmed` reports, with an `immediate_risk` raised."""

    pupil: UUID
    schools: tuple[UUID, ...]
    leading_school: UUID | None
    year: int | None
    identity: Coordinates | None
    needs: tuple[str, ...]
    provision: str | None
    looked_after: bool | None
    open_referrals: int
    overdue: int
    unconfirmed: int
    immediate_risk: bool


class PupilList(msgspec.Struct, frozen=True, kw_only=True):
    """All pupils asked for, in no telling order: the page sorts, searches and pages by the names that it opens."""

    rows: tuple[PupilSummary, ...]
    position: int


class PupilFile(msgspec.Struct, frozen=True, kw_only=True):
    """All that the page of a pupil shows, as far as the viewer may see it; the timeline is a query of its own.
    `language_wish` seals `language`. An agency sees of all this what was disclosed to it."""

    pupil: PupilSummary
    language_wish: Coordinates | None
    registrations: tuple[Registration, ...]
    contacts: tuple[SealedContact, ...]
    views: tuple[SealedViews, ...]
    consents: tuple[ConsentSummary, ...]
    lawful_bases: tuple[LawfulBasis, ...]
    disclosures: tuple[DisclosureSummary, ...]
    referrals: tuple[ReferralSummary, ...]
    actions: tuple[ActionSummary, ...]
    position: int


def pupils(reader: Reader, viewer: Viewer, ask: PupilCriteria) -> PupilList:
    """The pupils on the roll of the viewer's school, in two statements."""
    given = {
        "school": viewer.organisation,
        "need": ask.need,
        "year": ask.year,
        "provision": ask.provision,
        "service": ask.service,
        "today": viewer.today,
    }
    with reader.viewing(viewer) as cursor:
        found = cursor.execute(PUPILS.format(begin=ON_ROLL, wanted=OF_SCHOOL).encode(), given)
        return PupilList(rows=tuple(_pupil(row) for row in found), position=position(cursor))


def pupil(reader: Reader, viewer: Viewer, pupil: UUID) -> PupilFile:
    """One pupil with all that their page shows, in eleven statements. Raises NotFound: a wrong or foreign id, which
    look the same."""
    given = {"pupil": pupil, "today": viewer.today}
    with reader.viewing(viewer) as cursor:
        row = cursor.execute(PUPILS.format(begin=ALONE, wanted=THIS_ONE).encode(), given).fetchone()
        if row is None:
            raise NotFound
        return PupilFile(
            pupil=_pupil(row),
            language_wish=_wish(cursor, given),
            registrations=tuple(Registration(**r) for r in cursor.execute(REGISTRATIONS, given)),
            contacts=contacts(cursor, pupil),
            views=recorded_views(cursor, pupil),
            consents=consents_of(cursor.execute(CONSENTS, given), viewer.today),
            lawful_bases=tuple(LawfulBasis(**r) for r in cursor.execute(BASES, given)),
            disclosures=disclosures(cursor, pupil),
            referrals=tuple(referral_of(r, viewer.today) for r in cursor.execute(REFERRALS, given)),
            actions=actions_of(cursor, viewer, pupil),
            position=position(cursor),
        )


def holds_file(reader: Reader, viewer: Viewer, pupil: UUID) -> bool:
    """Whether the viewer may see a pupil as a person, and not only coded lines about them."""
    with reader.viewing(viewer) as cursor:
        return cursor.execute("select from read.pupil where pupil = %s", (pupil,)).fetchone() is not None


def _wish(cursor: Cursor[DictRow], given: Mapping[str, object]) -> Coordinates | None:
    row = cursor.execute(WISH, given).fetchone()
    return coordinates(row) if row else None


def _pupil(row: Mapping[str, Any]) -> PupilSummary:
    looked_after = row["looked_after"] or [None]
    return PupilSummary(
        pupil=row["pupil"],
        schools=tuple(row["schools"]),
        leading_school=row["leading_school"],
        year=row["year"],
        identity=coordinates(row),
        needs=tuple(row["needs"] or ()),
        provision=next(iter(row["provision"] or ()), None),
        looked_after=None if looked_after[0] is None else looked_after[0] == "yes",
        open_referrals=row["open"],
        overdue=row["overdue"],
        unconfirmed=row["unconfirmed"],
        immediate_risk=row["immediate_risk"],
    )
