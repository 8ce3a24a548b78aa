"""The commands of what is sent to a family and comes from it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from coordination.event import Command
from coordination.pupil.family.events import FamilyRoute, HoldReason


class PlaceFamilyHold(Command, frozen=True, kw_only=True):
    """Nothing is to be sent to a contact, or (None) to anyone of the family."""

    pupil: UUID
    hold: UUID
    because: HoldReason
    why: str
    contact: UUID | None = None
    until: date | None = None


class LiftFamilyHold(Command, frozen=True, kw_only=True):
    """The hold ends."""

    pupil: UUID
    hold: UUID
    why: str


class DecideFamilyRecipients(Command, frozen=True, kw_only=True):
    """The social worker of a looked-after child decided who receives what is sent: these contacts and nobody else."""

    pupil: UUID
    contacts: tuple[UUID, ...]
    social_worker: str
    why: str | None = None


class SupplyFamilyItems(Command, frozen=True, kw_only=True):
    """A contact (None: the pupil) supplied items for referrals: online, on paper that was typed in, or by word of
    mouth. `gp`: the doctor's practice."""

    pupil: UUID
    contact: UUID | None = None
    route: FamilyRoute = "online"
    paper_form: UUID | None = None
    times_not_possible: str | None = None
    interpreter: str | None = None
    statement: str | None = None
    nhs_number: str | None = None
    gp: str | None = None
