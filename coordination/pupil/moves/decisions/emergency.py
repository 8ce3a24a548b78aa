"""Emergency access, for a school with the child in its class today or a person who cannot wait, and its review."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coordination.authority import SAFEGUARDING_ROLE, SCHOOL_ROLES, acting_organisation
from coordination.errors import NotFound, Refusal
from coordination.event import Header
from coordination.guards import require_words
from coordination.permissions import Thing, roles_with
from coordination.pupil.moves.commands import (
    OpenEmergencyAccess,
    OpenEmergencyFile,
    ReviewEmergencyAccess,
)
from coordination.pupil.moves.events import (
    AnyMoveEvent,
    EmergencyAccessOpened,
    EmergencyAccessReviewed,
    EmergencyFileOpened,
    EmergencyFileReviewed,
)
from coordination.pupil.moves.time_limits import EMERGENCY
from coordination.world import World

if TYPE_CHECKING:
    from coordination.pupil.casefile import CaseFile

MAY_OPEN = frozenset(roles_with(Thing.EMERGENCY_ACCESS))
"""The roles with the permission to open a file in an emergency."""


def decide_open(
    case: CaseFile, command: OpenEmergencyAccess, header: Header, world: World
) -> list[AnyMoveEvent]:
    """Opens the most necessary parts of the file to the school that asked for it, with a reason, for a day.

    Refuses `request_answered`, `emergency_access_open` (one is still open) and `cannot_be_empty`. That the details of
    the request agree with the record is for the caller to check: they are sealed.
    """
    request = case.moves.requests.get(command.request)
    school = acting_organisation(header)
    if request is None or request.school != school or header.role not in SCHOOL_ROLES:
        raise NotFound
    why = require_words(command.why, "why")
    if not request.open:
        raise Refusal("request_answered")
    running = (e for e in case.moves.emergencies.values() if e.organisation == school and e.request)
    if any(e.closes_at > header.recorded_at for e in running):
        raise Refusal("emergency_access_open")
    last = case.profile.school() or case.profile.registrations[-1].school
    return [
        EmergencyAccessOpened(
            header=header,
            access=command.access,
            request=request.request,
            school=school,
            closes_at=header.recorded_at + EMERGENCY,
            authority=request.authority or world.directory.authority_of(last),
            why=why,
        )
    ]


def decide_open_file(
    case: CaseFile, command: OpenEmergencyFile, header: Header, world: World
) -> list[AnyMoveEvent]:
    """Opens the most necessary parts of the file to one person, with a reason, for a day. Where the family is in hiding
    (the pupil came by a confidential move) the school is never told, whatever was asked for.

    Refuses `emergency_access_open` (the person's last one still runs; it ends at its instant), `file_open_already` (the
    person's school has the pupil on its roll and did not restrict the file) and `cannot_be_empty`. That the details
    typed agree with the record, and that the person has no interest in the pupil, is for the caller to check.
    """
    own = acting_organisation(header)
    if header.role not in MAY_OPEN or not case.profile.registered:
        raise NotFound
    why = require_words(command.why, "why")
    running = (e for e in case.moves.emergencies.values() if e.person == header.person)
    if any(e.closes_at > header.recorded_at for e in running):
        raise Refusal("emergency_access_open")
    if own in case.profile.holders() and own not in case.restrictions.held:
        raise Refusal("file_open_already")
    schools = case.profile.schools()
    hiding = any(case.moves.hidden_at(school) for school in schools)
    last = case.profile.last_school()
    return [
        EmergencyFileOpened(
            header=header,
            access=command.access,
            organisation=own,
            told_party="authority" if hiding or not schools else command.told,
            closes_at=header.recorded_at + EMERGENCY,
            authority=case.profile.authority or (world.directory.authority_of(last) if last else None),
            why=why,
        )
    ]


def decide_review(
    case: CaseFile, command: ReviewEmergencyAccess, header: Header, world: World
) -> list[AnyMoveEvent]:
    """The safeguarding person of the authority says whether the access was justified, once. Refuses
    `reviewed_before`, `cannot_be_empty`."""
    access = case.moves.emergencies.get(command.access)
    if access is None or header.role != SAFEGUARDING_ROLE or access.authority != acting_organisation(header):
        raise NotFound
    if access.finding is not None:
        raise Refusal("reviewed_before")
    why = require_words(command.why, "why")
    if access.request is None:
        return [EmergencyFileReviewed(header=header, access=access.access, finding=command.finding, why=why)]
    return [
        EmergencyAccessReviewed(
            header=header, request=access.request, access=access.access, finding=command.finding, why=why
        )
    ]
