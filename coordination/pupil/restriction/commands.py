"""The commands of restrictions and interests."""

from __future__ import annotations

from uuid import UUID

from coordination.event import Command


class RestrictPupil(Command, frozen=True, kw_only=True):
    """Only these roles and people of the actor's organisation shall see the file."""

    pupil: UUID
    roles: tuple[str, ...]
    people: tuple[UUID, ...] = ()
    why: str


class LiftRestriction(Command, frozen=True, kw_only=True):
    """The restriction of the actor's organisation ends."""

    pupil: UUID
    why: str


class DeclareInterest(Command, frozen=True, kw_only=True):
    """`person`, of the actor's organisation, belongs to the pupil's family or has another interest. Everybody may say
    it of themselves."""

    pupil: UUID
    interest: UUID
    person: UUID


class EndInterest(Command, frozen=True, kw_only=True):
    """The interest ends: somebody else than the person says so."""

    pupil: UUID
    interest: UUID
    why: str
