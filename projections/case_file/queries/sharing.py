"""The parts that a pupil's page and a referral's page have in common."""

from __future__ import annotations

from uuid import UUID

from psycopg import Cursor
from psycopg.rows import DictRow

from coordination.sensitivity import Coordinates
from projections.case_file.queries.results import DisclosureSummary, SealedContact, SealedViews

# The pupils on the roll of the viewer's school today.
ON_ROLL = """
(select r.pupil from read.roll r
 where r.school = %(organisation)s and (r.until is null or r.until > %(today)s))
"""

CONTACTS = """
select c.pupil, c.contact, c.parental_responsibility, c.version, c.topic, c.sealed, e.ended_on
from read.contact c
left join read.contact_end e on e.pupil = c.pupil and e.contact = c.contact
where c.pupil = %(pupil)s
order by e.ended_on nulls first, not c.parental_responsibility, c.version
"""

SAID = """
select pupil, whose, language, contact, said_on, version, topic, sealed from read.said
where pupil = %(pupil)s
order by said_on desc, version desc
"""

# When access was closed stands on the record itself, not in a projection.
DISCLOSURES = """
select d.agency, d.ground, d.made_on, d.data_classes, d.lawful_basis, d.consent, d.version, a.closed_on
from read.disclosure d
left join log.pupil_access a on a.pupil = d.pupil and a.organisation = d.agency and a.ground = d.ground
where d.pupil = %(pupil)s and (%(ground)s::uuid is null or d.ground = %(ground)s)
order by d.made_on, d.version
"""


def contacts(cursor: Cursor[DictRow], pupil: UUID) -> tuple[SealedContact, ...]:
    """The pupil's contacts, those who still speak for them first."""
    return tuple(
        SealedContact(
            contact=row["contact"],
            parental_responsibility=row["parental_responsibility"],
            ended_on=row["ended_on"],
            at=Coordinates(row["pupil"], row["version"], row["topic"], row["sealed"]),
        )
        for row in cursor.execute(CONTACTS, {"pupil": pupil})
    )


def recorded_views(cursor: Cursor[DictRow], pupil: UUID) -> tuple[SealedViews, ...]:
    """What the child and the parents said, the newest first."""
    return tuple(
        SealedViews(
            whose=row["whose"],
            language=row["language"],
            contact=row["contact"],
            said_on=row["said_on"],
            at=Coordinates(row["pupil"], row["version"], row["topic"], row["sealed"]),
        )
        for row in cursor.execute(SAID, {"pupil": pupil})
    )


def disclosures(
    cursor: Cursor[DictRow], pupil: UUID, ground: UUID | None = None
) -> tuple[DisclosureSummary, ...]:
    """What went where, in the order in which it went."""
    found = cursor.execute(DISCLOSURES, {"pupil": pupil, "ground": ground})
    return tuple(DisclosureSummary(**(row | {"data_classes": tuple(row["data_classes"])})) for row in found)
