"""The pupils of a school, and one pupil with everything on their page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Cursor
from psycopg.rows import DictRow

from coordination.errors import NotFound
from coordination.pupil.ages import year_on
from coordination.pupil.profile.state import Registration
from coordination.sensitivity import Coordinates
from coordination.viewer import Viewer
from projections.aln.queries.results import CONCERNS, ConcernSummary, concern_of
from projections.case_file.queries.actions import actions_of
from projections.case_file.queries.children import NAMED_COLUMNS, files_of, named_joins
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

# Where a pupil is who came by a confidential move is shown to those who keep the file, and to no agency.
_MAY_KNOW = (
    "(not p.confidential or current_setting('cydlynu.desk', true) in ('school', 'caseworker', 'operator'))"
)
SCHOOLS = f"case when {_MAY_KNOW} then p.schools else array[]::uuid[] end"
LEADING = f"case when {_MAY_KNOW} then p.leading_school end"

# A pupil with what lists and pages show of them; {begin} names the rows to begin from, with a column pupil. What is
# counted is of all files of the child that the viewer may see.
PUPILS = f"""
select p.pupil, {SCHOOLS} as schools, {LEADING} as leading_school, p.year, p.year_on, {NAMED_COLUMNS},
       n.codes as needs, v.codes as provision,
       a.codes as looked_after,
       (select string_agg(g.class_name, ', ' order by lower(g.class_name)) from read.pupil_class g
        where g.pupil = p.pupil and g.class_name <> '' and %(today)s between g.from_on and g.until) as school_class,
       f.open, f.overdue, f.unconfirmed, f.immediate_risk
from {{begin}}
{named_joins("p")}
left join read.coded n on n.pupil = p.pupil and n.field = 'needs'
left join read.coded v on v.pupil = p.pupil and v.field = 'provision'
left join read.coded a on a.pupil = p.pupil and a.field = 'looked_after'
cross join lateral (
    select count(*) as open, count(*) filter (where {overdue("w.due_on", "%(today)s")}) as overdue,
           coalesce(sum(w.unconfirmed), 0)::int as unconfirmed,
           coalesce(bool_or(w.immediate_risk), false) as immediate_risk,
           coalesce(array_agg(w.service), array[]::uuid[]) as services
    from read.referral w
    where not w.ended and w.pupil = any (array(
        select p.pupil
        union select joined.child where joined.child is not null
        union select other.pupil from read.joined other
              where other.known_to is null and other.child = coalesce(joined.child, p.pupil)
    ))
) f
where {{wanted}}
"""

ON_ROLL = "read.roll o join read.pupil p on p.pupil = o.pupil"
# The school year of a day is the year of the day eight months before: it begins on 1 September.
YEAR_NOW = """(p.year + extract(year from %(today)s::date - interval '8 months')
 - extract(year from p.year_on - interval '8 months'))"""
# One row for a child: of several files on the roll the one that leads, or the first.
OF_SCHOOL = f"""
o.school = %(school)s and (o.until is null or o.until > %(today)s)
and (joined.child is null or not exists (
    select from read.roll r
    left join read.joined j on j.pupil = r.pupil and j.known_to is null
    where r.school = o.school and (r.until is null or r.until > %(today)s) and r.pupil <> p.pupil
      and coalesce(j.child, r.pupil) = joined.child and (r.pupil = joined.child or r.pupil < p.pupil)
))
and (%(need)s::text is null or %(need)s = any(n.codes))
and (%(year)s::int is null or {YEAR_NOW} = %(year)s)
and (%(provision)s::text is null or %(provision)s = any(v.codes))
and (%(service)s::uuid is null or %(service)s = any(f.services))
"""
ALONE = "read.pupil p"
THIS_ONE = "p.pupil = %(pupil)s"

WISH = """
select pupil, version, topic, sealed from read.identity where pupil = %(pupil)s and kind = 'language_wish'
"""
# on the roll of a school with either file: from the first day to the last
REGISTRATIONS = """
select school, min(from_on) as from_on, nullif(max(coalesce(until, 'infinity')), 'infinity') as until
from read.roll where pupil = any(%(files)s)
group by school
order by min(from_on), school
"""
CONSENTS = "select * from read.consent where pupil = any(%(files)s) order by agency, purpose, last_version"
BASES = """
select distinct on (agency, recipient) agency, service, basis, recorded_on from read.lawful_basis
where pupil = any(%(files)s)
order by agency, recipient, array_position(%(files)s, pupil)
"""
REFERRALS = (
    "select * from read.referral where pupil = any(%(files)s) order by ended, opened_on desc, referral"
)


OF_CHILD = f"{CONCERNS} where c.pupil = any(%(files)s) order by c.since desc, c.concern"


class PupilCriteria(msgspec.Struct, frozen=True, kw_only=True):
    """Which pupils of the viewer's school: with a need or provision (codes), in a year, with an open referral to a
    service."""

    need: str | None = None
    year: int | None = None
    provision: str | None = None
    service: UUID | None = None


class PupilSummary(msgspec.Struct, frozen=True, kw_only=True):
    """A pupil in a list. `identity` seals upn, surname, forename, date_of_birth, sex, language. Codes are empty when
    they were never recorded, not disclosed, or erased; `looked_after` None: not known; `school_class` at the
    viewer's school today. Referrals counted are open ones: `overdue`, with `unconfirmed` reports, with an
    `immediate_risk` raised."""

    pupil: UUID
    schools: tuple[UUID, ...]
    leading_school: UUID | None
    year: int | None
    identity: Coordinates | None
    needs: tuple[str, ...]
    provision: str | None
    looked_after: bool | None
    school_class: str | None
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
    `language_wish` seals `language`. An agency sees of all this what was disclosed to it. `others` are the files that
    were joined to that of `pupil`."""

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
    others: tuple[UUID, ...] = ()
    concerns: tuple[ConcernSummary, ...] = ()


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
        return PupilList(rows=tuple(_pupil(row, viewer.today) for row in found), position=position(cursor))


def pupil(reader: Reader, viewer: Viewer, pupil: UUID) -> PupilFile:
    """One pupil with all that their page shows, in thirteen statements: of all files of the child that the viewer may
    see. Raises NotFound: a wrong or foreign id, which look the same."""
    with reader.viewing(viewer) as cursor:
        files = files_of(cursor, pupil)
        if not files:
            raise NotFound
        given = {"pupil": files[0], "files": files, "today": viewer.today}
        row = cursor.execute(PUPILS.format(begin=ALONE, wanted=THIS_ONE).encode(), given).fetchone()
        if row is None:
            raise NotFound
        return PupilFile(
            pupil=_pupil(row, viewer.today),
            language_wish=_wish(cursor, given),
            registrations=tuple(Registration(**r) for r in cursor.execute(REGISTRATIONS, given)),
            contacts=contacts(cursor, files),
            views=recorded_views(cursor, files),
            consents=consents_of(cursor.execute(CONSENTS, given), viewer.today),
            lawful_bases=tuple(LawfulBasis(**r) for r in cursor.execute(BASES, given)),
            disclosures=disclosures(cursor, files),
            referrals=tuple(referral_of(r, viewer.today) for r in cursor.execute(REFERRALS, given)),
            actions=actions_of(cursor, viewer, files),
            others=tuple(files[1:]),
            concerns=tuple(concern_of(r) for r in cursor.execute(OF_CHILD, given)),
            position=position(cursor),
        )


def holds_file(reader: Reader, viewer: Viewer, pupil: UUID) -> bool:
    """Whether the viewer may see a pupil as a person, and not only coded lines about them."""
    with reader.viewing(viewer) as cursor:
        return cursor.execute("select from read.pupil where pupil = %s", (pupil,)).fetchone() is not None


def _wish(cursor: Cursor[DictRow], given: Mapping[str, object]) -> Coordinates | None:
    row = cursor.execute(WISH, given).fetchone()
    return coordinates(row) if row else None


def _pupil(row: Mapping[str, Any], today: date) -> PupilSummary:
    looked_after = row["looked_after"] or [None]
    return PupilSummary(
        pupil=row["pupil"],
        schools=tuple(row["schools"]),
        leading_school=row["leading_school"],
        year=year_on(row["year"], row["year_on"], today),
        identity=coordinates(row),
        needs=tuple(row["needs"] or ()),
        provision=next(iter(row["provision"] or ()), None),
        school_class=row["school_class"],
        looked_after=None if looked_after[0] is None else looked_after[0] == "yes",
        open_referrals=row["open"],
        overdue=row["overdue"],
        unconfirmed=row["unconfirmed"],
        immediate_risk=row["immediate_risk"],
    )
