"""Emergency access for a child who is sitting in the new school today, and its review."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coordination.authority import SAFEGUARDING_ROLE, SCHOOL_ROLES, acting_organisation
from coordination.errors import NotFound, Refusal
from coordination.event import Header
from coordination.guards import require_words
from coordination.pupil.moves.commands import OpenEmergencyAccess, ReviewEmergencyAccess
from coordination.pupil.moves.events import AnyMoveEvent, EmergencyAccessOpened, EmergencyAccessReviewed
from coordination.pupil.moves.time_limits import EMERGENCY
from coordination.world import World

if TYPE_CHECKING:
    from coordination.pupil.casefile import CaseFile


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
    running = (e for e in case.moves.emergencies.values() if e.school == school)
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
    return [
        EmergencyAccessReviewed(
            header=header, request=access.request, access=access.access, finding=command.finding, why=why
        )
    ]
