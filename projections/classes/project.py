"""The classes of pupils and the teachers of classes."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec

from coordination.classes import last_day_of_class
from coordination.directory.events import ClassTeacherAssigned
from coordination.event import Event
from coordination.pupil.profile.events import ClassRecorded, RegistrationEnded, SchoolMoved
from projections.projection import Change
from projections.rows import AnyTable, RowJournal
from projections.table import Table


class PupilClassTableRow(msgspec.Struct, frozen=True):
    """The class of a pupil at a school, from a day until another."""

    pupil: UUID
    school: UUID
    class_name: str
    from_on: date
    until: date


class ClassTeacherTableRow(msgspec.Struct, frozen=True):
    """A teacher of a class, from a day until another (None: no end is known)."""

    assignment: UUID
    school: UUID
    person: UUID
    class_name: str
    from_on: date
    until: date | None


PUPIL_CLASS = Table("pupil_class", PupilClassTableRow, key=2, coded=("class_name", "''"))
CLASS_TEACHER = Table("class_teacher", ClassTeacherTableRow, key=1)


class ClassesProjection:
    """A pupil's class until they leave the school or another is recorded; a teacher's assignment as last made."""

    name = "classes"
    tables: tuple[AnyTable, ...] = (PUPIL_CLASS, CLASS_TEACHER)
    topics: frozenset[type[Event]] = frozenset(
        {ClassRecorded, SchoolMoved, RegistrationEnded, ClassTeacherAssigned}
    )
    wide: frozenset[type[Event]] = frozenset()

    def project(self, change: Change, rows: RowJournal) -> None:
        """Puts what the event says; an erased name of a pupil's class is empty, one of a teacher's leaves no row."""
        match change.event:
            case ClassRecorded(school=school):
                self._put_class(change, school, rows)
            case SchoolMoved(from_school=school) | RegistrationEnded(school=school):
                rows.remove(PUPIL_CLASS, (change.stream, school))
            case ClassTeacherAssigned() as event:
                name = _name(change)
                if not name:
                    rows.remove(CLASS_TEACHER, (event.assignment,))
                    return
                row = ClassTeacherTableRow(
                    event.assignment,
                    change.stream,
                    event.person,
                    name,
                    event.effective_from,
                    event.effective_to,
                )
                rows.put(CLASS_TEACHER, row)
            case _:
                pass

    def _put_class(self, change: Change, school: UUID, rows: RowJournal) -> None:
        on = change.event.header.occurred_on
        rows.put(
            PUPIL_CLASS, PupilClassTableRow(change.stream, school, _name(change), on, last_day_of_class(on))
        )


def _name(change: Change) -> str:
    """The name of the class as opened now; empty once the stream is erased."""
    opened = change.coded()
    return str(opened.get("class_name") or "") if isinstance(opened, dict) else ""


PROJECTION = ClassesProjection()
