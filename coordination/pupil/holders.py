"""Who holds a pupil's file: the schools on whose roll the pupil is, or the authority of a child on no roll."""

from __future__ import annotations

from uuid import UUID

from coordination.authority import CASEWORKER_ROLES, acting_organisation, require_staff
from coordination.event import Header
from coordination.pupil.profile.state import Profile


def speaks_for_authority(profile: Profile, header: Header) -> bool:
    """Whether the actor is a caseworker of the authority that holds the child, who is on no school's roll."""
    return (
        profile.authority is not None
        and acting_organisation(header) == profile.authority
        and header.role in CASEWORKER_ROLES
    )


def require_holder(profile: Profile, header: Header) -> UUID:
    """The organisation that holds the file and for which the actor may speak: a school of the pupil, or the authority.
    Raises NotFound, so that others do not learn of the pupil."""
    if speaks_for_authority(profile, header):
        return acting_organisation(header)
    return require_staff(header, profile.schools())
