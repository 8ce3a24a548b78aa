"""An organisation restricts a pupil's file to named roles and people; a person has an interest in a pupil."""

from __future__ import annotations

from uuid import UUID

from coordination.event import PupilEvent
from coordination.sensitivity import SEALED, Operational, Personal, Special


class RestrictionEvent(PupilEvent, frozen=True, kw_only=True):
    """About who in one organisation may still see the file."""

    organisation: Operational[UUID]


class PupilRestricted(RestrictionEvent, frozen=True, kw_only=True):
    """From now on only people in these roles, and these people, of the organisation see the file. It replaces an
    earlier restriction of the same organisation."""

    topic = "pupil.restricted"
    roles: Operational[tuple[str, ...]] = ()
    people: Operational[tuple[UUID, ...]] = ()
    why: Special[str] = SEALED


class RestrictionLifted(RestrictionEvent, frozen=True, kw_only=True):
    """Everybody of the organisation who may see its pupils sees the file again."""

    topic = "pupil.restriction_lifted"
    why: Special[str] = SEALED


class InterestEvent(PupilEvent, frozen=True, kw_only=True):
    """About a person whose own family the pupil belongs to, or who has another interest. It is in no read model."""

    interest: Operational[UUID]
    organisation: Operational[UUID]


class InterestDeclared(InterestEvent, frozen=True, kw_only=True):
    """`interested`, who works at the organisation, can no longer open the file."""

    topic = "pupil.interest_declared"
    interested: Personal[UUID] = SEALED


class InterestEnded(InterestEvent, frozen=True, kw_only=True):
    """The interest no longer applies, or was recorded in error."""

    topic = "pupil.interest_ended"
    why: Personal[str] = SEALED


AnyRestrictionEvent = PupilRestricted | RestrictionLifted | InterestDeclared | InterestEnded
"""All of them, so that the type checker finds a `match` that forgets one."""
