"""The class or registration group of a pupil."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coordination.authority import require_staff
from coordination.classes import class_name
from coordination.event import Header
from coordination.pupil.profile.commands import RecordClass
from coordination.pupil.profile.decisions.checks import require_not_overtaken
from coordination.pupil.profile.events import AnyProfileEvent, ClassRecorded
from coordination.world import World

if TYPE_CHECKING:
    from coordination.pupil.casefile import CaseFile


def decide_class(case: CaseFile, command: RecordClass, header: Header, world: World) -> list[AnyProfileEvent]:
    """Each school records the class at its own school. The name is sealed, so the decision cannot tell whether it is
    the recorded one."""
    school = require_staff(header, case.profile.schools())
    require_not_overtaken(case, "class", command.seen)
    name = class_name(command.class_name, "class_name") if command.class_name.strip() else ""
    return [ClassRecorded(header=header, school=school, class_name=name)]
