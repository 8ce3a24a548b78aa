"""What is true of the child and not of one file alone, and so is recorded on each file of a joined child."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from coordination.event import PupilEvent
from coordination.pupil.adoption.events import IdentityReplaced
from coordination.pupil.profile.decisions.registering import registration_ended
from coordination.pupil.profile.events import (
    ContactEnded,
    RegistrationAdded,
    RegistrationEnded,
    SchoolMoved,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from coordination.event import Event, Header
    from coordination.pupil.casefile import CaseFile
    from coordination.world import World


def other_files(case: CaseFile) -> tuple[UUID | None, tuple[UUID, ...]]:
    """The file that leads, and those that follow this one."""
    return case.joining.leading, case.joining.following


def taken_along(files: Mapping[UUID, CaseFile], header: Header) -> list[tuple[UUID, RegistrationAdded]]:
    """The registrations of those files of one child that are on no roll while another is on one: otherwise the
    referrals on them would be nobody's."""
    rolls = frozenset[UUID]().union(*(case.profile.schools() for case in files.values()))
    return [
        (file, RegistrationAdded(header=header, school=school))
        for file, case in files.items()
        if case.profile.registered and not case.profile.schools()
        for school in sorted(rolls)
    ]


def on_other_file(other: CaseFile, event: Event, world: World) -> list[PupilEvent]:
    """What an event on one file of a child records on another file of the same child.

    A child goes on a school's roll and leaves it with both files; a new identity replaces that of every file, and its
    contacts end there too. Everything else stays on the stream on which it was recorded.
    """
    here = other.profile.schools()
    match event:
        case RegistrationAdded(school=school) if school not in here:
            return [event]
        case RegistrationEnded(school=school) if school in here:
            return [registration_ended(other, school, event.header, world)]
        case SchoolMoved(from_school=old, to_school=new) if old in here:
            return [event] if new not in here else [registration_ended(other, old, event.header, world)]
        case SchoolMoved(to_school=new) if not here:
            return [RegistrationAdded(header=event.header, school=new)]
        case IdentityReplaced():
            ended = (c.contact for c in other.profile.contacts if not c.ended)
            return [
                *(ContactEnded(header=event.header, contact=contact, why=None) for contact in ended),
                event,
            ]
        case _:
            return []
