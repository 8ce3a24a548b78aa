"""The parts that a pupil's page and a referral's page have in common."""

from __future__ import annotations

from collections.abc import Sequence
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
where c.pupil = any(%(files)s)
order by array_position(%(files)s, c.pupil), e.ended_on nulls first, not c.parental_responsibility, c.version
"""

# What was said before an adoption is withheld.
SAID = """
select s.pupil, s.whose, s.language, s.contact, s.said_on, s.version, s.topic, s.sealed
from read.said s
left join read.replaced r on r.pupil = s.pupil
where s.pupil = any(%(files)s) and s.version > coalesce(r.version, 0)
order by s.said_on desc, s.version desc
"""

# When access was closed stands on the record itself, not in a projection.
DISCLOSURES = """
select d.agency, d.service, d.ground, d.made_on, d.data_classes, d.lawful_basis, d.consent, d.version, d.subject,
       d.stopped_on, d.stopped_because,
       log.access_closed_on(d.pupil, d.agency, d.ground, d.service) as closed_on
from read.disclosure d
where d.pupil = any(%(files)s) and (%(ground)s::uuid is null or d.ground = %(ground)s)
order by d.made_on, d.version
"""


def contacts(cursor: Cursor[DictRow], files: Sequence[UUID]) -> tuple[SealedContact, ...]:
    """The contacts on these files of one child, on each those who still speak for them first."""
    return tuple(
        SealedContact(
            contact=row["contact"],
            parental_responsibility=row["parental_responsibility"],
            ended_on=row["ended_on"],
            at=Coordinates(row["pupil"], row["version"], row["topic"], row["sealed"]),
        )
        for row in cursor.execute(CONTACTS, {"files": list(files)})
    )


def recorded_views(cursor: Cursor[DictRow], files: Sequence[UUID]) -> tuple[SealedViews, ...]:
    """What the child and the parents said, the newest first."""
    return tuple(
        SealedViews(
            whose=row["whose"],
            language=row["language"],
            contact=row["contact"],
            said_on=row["said_on"],
            at=Coordinates(row["pupil"], row["version"], row["topic"], row["sealed"]),
        )
        for row in cursor.execute(SAID, {"files": list(files)})
    )


def disclosures(
    cursor: Cursor[DictRow], files: Sequence[UUID], ground: UUID | None = None
) -> tuple[DisclosureSummary, ...]:
    """What went where, in the order in which it went."""
    found = cursor.execute(DISCLOSURES, {"files": list(files), "ground": ground})
    return tuple(DisclosureSummary(**(row | {"data_classes": tuple(row["data_classes"])})) for row in found)
