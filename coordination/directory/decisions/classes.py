"""Which teacher teaches which class of a school."""

from __future__ import annotations

from coordination.authority import CLASS_TEACHER
from coordination.classes import class_name
from coordination.directory import events as happened
from coordination.directory.commands import AssignClassTeacher
from coordination.directory.decisions.checks import require_kind, require_order
from coordination.directory.events import AnyOrganisationEvent
from coordination.directory.organisation import Organisation
from coordination.directory.permission import OPERATORS
from coordination.errors import Refusal
from coordination.event import Header
from coordination.permissions import Right, Thing, right
from coordination.world import World


def decide_assign_class_teacher(
    organisation: Organisation, command: AssignClassTeacher, header: Header, world: World
) -> list[AnyOrganisationEvent]:
    """The school's own coordinating staff decide it (not an administrator, because it opens sight of pupils), or an
    operator's import. Refused `not_permitted`, `unknown_person` for somebody who is no class teacher there,
    `end_before_start`, and for the name as `class_name` says."""
    require_kind(organisation, "school")
    own = header.organisation == organisation.id and right(header.role, Thing.CLASSES) is Right.OWN_SCHOOL
    if not own and header.source not in OPERATORS:
        raise Refusal("not_permitted")
    if not any(a.role == CLASS_TEACHER for a in organisation.people.get(command.person, ())):
        raise Refusal("unknown_person", "person")
    require_order(command.effective_from, command.effective_to, "effective_to")
    return [
        happened.ClassTeacherAssigned(
            header=header,
            assignment=command.assignment,
            person=command.person,
            class_name=class_name(command.class_name, "class_name"),
            effective_from=command.effective_from,
            effective_to=command.effective_to,
        )
    ]
