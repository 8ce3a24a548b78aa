"""The class of a pupil, for a school's own system."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import Schema, fields

from coordination.errors import NotFound
from coordination.pupil.profile.commands import RecordClass
from projections.case_file.queries import holds_file
from projections.case_file.queries.version import last_version
from projections.classes.queries import class_of
from webui.api.reading import closed_schema
from webui.api.resource import ReadLogNote, RecordingResult, RecordRequest, Resource, ResourceView
from webui.classes.forms import PupilClassSchema
from webui.shell import casework
from webui.shell.authentication import viewer
from webui.shell.roles import SCHOOL_DESK
from webui.shell.runtime import runtime

classes = Resource("classes", "The class or registration group of a pupil at the token's school.")


class PupilClassOut(Schema):
    """The class of a pupil at your school, and the days for which it holds; null: none is recorded."""

    pupil = fields.UUID(required=True)
    class_name = fields.String(required=True, allow_none=True)
    from_on = fields.Date(required=True, allow_none=True)
    until = fields.Date(required=True, allow_none=True)


@classes.shows("/pupils/<uuid:pupil>/class", scope="pupils:read", answers=PupilClassOut)
def one(pupil: UUID) -> ResourceView:
    """Get the class of a pupil on your school's roll."""
    reader, who = casework.reader(), viewer()
    version = last_version(reader, who, pupil)
    if who.role not in SCHOOL_DESK or not holds_file(reader, who, pupil):
        raise NotFound
    found = class_of(reader, who, pupil)
    shown: dict[str, Any] = {
        "pupil": pupil,
        "class_name": found.class_name if found else None,
        "from_on": found.from_on if found else None,
        "until": found.until if found else None,
    }
    return ResourceView(shown, version, ReadLogNote("case_file", [pupil]))


@classes.records(
    "/pupils/<uuid:pupil>/class",
    scope="pupils:write",
    takes=closed_schema(PupilClassSchema),
    makes=("pupil",),
    thing=one,
)
def record_class(typed: dict[str, Any], asked: RecordRequest, pupil: UUID) -> RecordingResult:
    """Record the pupil's class or registration group from today to 31 August; empty: in none."""
    command = RecordClass(
        occurred_on=runtime().today(),
        pupil=pupil,
        class_name=typed.get("class_name") or "",
        seen=asked.seen,
    )
    asked.perform(command)
    return RecordingResult({"pupil": pupil}, f"/pupils/{pupil}/class")
