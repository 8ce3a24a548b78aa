"""The words of the child or a parent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coordination.authority import require_not_in_future
from coordination.errors import NotFound, Refusal
from coordination.event import Header
from coordination.permissions import FAMILY_ROLE
from coordination.pupil.family.speaking import require_holder_or_family
from coordination.pupil.profile.commands import RecordViews
from coordination.pupil.profile.decisions.checks import require_known_code
from coordination.pupil.profile.events import AnyProfileEvent, ViewsRecorded
from coordination.world import World

if TYPE_CHECKING:
    from coordination.pupil.casefile import CaseFile


def decide_views(case: CaseFile, command: RecordViews, header: Header, world: World) -> list[AnyProfileEvent]:
    """Records words as they were said, in the language in which they were said. Refuses `cannot_be_empty`."""
    require_holder_or_family(case, header, world, command.contact)
    if header.role == FAMILY_ROLE and (command.whose == "child") != (command.contact is None):
        raise NotFound
    require_not_in_future(header, command.occurred_on)
    if not command.words.strip():
        raise Refusal("cannot_be_empty", "words")
    require_known_code(world, "language", command.language, command.occurred_on, "language")
    if command.contact is not None and case.profile.contact(command.contact) is None:
        raise Refusal("unknown_contact", "contact")
    return [
        ViewsRecorded(
            header=header,
            whose=command.whose,
            language=command.language,
            contact=command.contact,
            words=command.words,
        )
    ]
