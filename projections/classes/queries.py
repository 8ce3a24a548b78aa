"""The questions that pages ask about classes."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec

from coordination.errors import NotFound
from coordination.sensitivity import Coordinates
from coordination.viewer import Viewer
from projections.reader import Reader, position

TAUGHT = """
select p.pupil, c.class_name, p.year, p.year_on, i.version, i.topic, i.sealed,
       coalesce(n.codes, array[]::text[]) as needs, coalesce(v.codes, array[]::text[]) as provision,
       w.version as wish_version, w.topic as wish_topic, w.sealed as wish_sealed
from read.pupil_class c
join read.pupil p on p.pupil = c.pupil
left join read.identity i on i.pupil = p.pupil and i.kind = 'identity'
left join read.identity w on w.pupil = p.pupil and w.kind = 'language_wish'
left join read.coded n on n.pupil = p.pupil and n.field = 'needs'
left join read.coded v on v.pupil = p.pupil and v.field = 'provision'
where c.school = %(school)s and (%(pupil)s::uuid is null or p.pupil = %(pupil)s)
order by lower(c.class_name), p.pupil
"""
ASSIGNED = """
select assignment, person, class_name, from_on, until from read.class_teacher
where school = %(school)s order by lower(class_name), from_on, assignment
"""
NAMES = """
select class_name, count(*) as pupils from read.pupil_class
where school = %(school)s and from_on <= %(today)s and until >= %(today)s and class_name <> ''
group by class_name order by class_name
"""
OF_PUPIL = """
select class_name, from_on, until from read.pupil_class
where pupil = %(pupil)s and school = %(school)s and class_name <> ''
"""


class TaughtPupil(msgspec.Struct, frozen=True, kw_only=True):
    """A pupil of a teacher's class, with what the teacher must know. `identity` and `language_wish` are sealed."""

    pupil: UUID
    class_name: str
    year: int | None
    year_on: date | None
    identity: Coordinates | None
    language_wish: Coordinates | None
    needs: tuple[str, ...]
    provision: str | None


class ClassAssignment(msgspec.Struct, frozen=True):
    """A teacher of a class from a day until another (None: no end is known)."""

    assignment: UUID
    person: UUID
    class_name: str
    from_on: date
    until: date | None


class SchoolClass(msgspec.Struct, frozen=True):
    """A class of the school and how many pupils are in it today."""

    class_name: str
    pupils: int


class PupilClass(msgspec.Struct, frozen=True):
    """The class of a pupil at the viewer's school, and until when it holds."""

    class_name: str
    from_on: date
    until: date


class SchoolClasses(msgspec.Struct, frozen=True):
    """The classes of a school today and who teaches them, as of a log position."""

    classes: tuple[SchoolClass, ...]
    assignments: tuple[ClassAssignment, ...]
    position: int


class TaughtPupils(msgspec.Struct, frozen=True):
    """The pupils of a teacher's classes, as of a log position."""

    rows: tuple[TaughtPupil, ...]
    position: int


def taught_pupils(reader: Reader, viewer: Viewer) -> TaughtPupils:
    """The pupils in the classes that the viewer teaches today; none for any other viewer than a class teacher."""
    return _taught(reader, viewer, None)


def taught_pupil(reader: Reader, viewer: Viewer, pupil: UUID) -> TaughtPupil:
    """One pupil of the viewer's classes. Raises NotFound."""
    rows = _taught(reader, viewer, pupil).rows
    if not rows:
        raise NotFound
    return rows[0]


def _taught(reader: Reader, viewer: Viewer, pupil: UUID | None) -> TaughtPupils:
    given = {"school": viewer.organisation, "pupil": pupil}
    with reader.viewing(viewer) as cursor:
        rows = cursor.execute(TAUGHT, given, prepare=True).fetchall()
        at = position(cursor)
    return TaughtPupils(
        tuple(
            TaughtPupil(
                pupil=row["pupil"],
                class_name=row["class_name"],
                year=row["year"],
                year_on=row["year_on"],
                identity=_seal(row, ""),
                language_wish=_seal(row, "wish_"),
                needs=tuple(row["needs"]),
                provision=row["provision"][0] if row["provision"] else None,
            )
            for row in rows
        ),
        at,
    )


def _seal(row: dict[str, object], prefix: str) -> Coordinates | None:
    version = row[f"{prefix}version"]
    if not isinstance(version, int):
        return None
    return Coordinates(row["pupil"], version, row[f"{prefix}topic"], row[f"{prefix}sealed"])  # type: ignore[arg-type]


def school_classes(reader: Reader, viewer: Viewer) -> SchoolClasses:
    """The classes of the viewer's school, and their teachers."""
    given = {"school": viewer.organisation, "today": viewer.today}
    with reader.viewing(viewer) as cursor:
        classes = cursor.execute(NAMES, given, prepare=True).fetchall()
        assigned = cursor.execute(ASSIGNED, given, prepare=True).fetchall()
        at = position(cursor)
    return SchoolClasses(
        tuple(SchoolClass(row["class_name"], row["pupils"]) for row in classes),
        tuple(ClassAssignment(**row) for row in assigned),
        at,
    )


def class_of(reader: Reader, viewer: Viewer, pupil: UUID) -> PupilClass | None:
    """The class of a pupil at the viewer's school, as last recorded; None when none was, or the pupil has left."""
    given = {"pupil": pupil, "school": viewer.organisation}
    with reader.viewing(viewer) as cursor:
        row = cursor.execute(OF_PUPIL, given, prepare=True).fetchone()
    return PupilClass(**row) if row else None
