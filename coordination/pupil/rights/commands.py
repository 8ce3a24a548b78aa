"""Commands about legal holds and erasure."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from coordination.event import Command
from coordination.pupil.rights.events import ErasureGround


class PlaceLegalHold(Command, frozen=True, kw_only=True):
    """`hold` is a new random id; `review_on` the day on which somebody looks whether it is still needed."""

    pupil: UUID
    hold: UUID
    review_on: date
    why: str


class LiftLegalHold(Command, frozen=True, kw_only=True):
    pupil: UUID
    hold: UUID
    why: str


class ProposeErasure(Command, frozen=True, kw_only=True):
    """`proposal` is a new random id. `pupil` is the file that leads, of a joined child."""

    pupil: UUID
    proposal: UUID
    ground: ErasureGround
    why: str


class ApproveErasure(Command, frozen=True, kw_only=True):
    pupil: UUID
    proposal: UUID


class DeclineErasure(Command, frozen=True, kw_only=True):
    pupil: UUID
    proposal: UUID
    why: str


class ErasePupil(Command, frozen=True, kw_only=True):
    """Carries out an approved proposal, or what two named people approved on the machine itself (`approvers`, with
    `ground`). `files` are all files of the child; the others are erased by `EraseJoinedFile` in the same save."""

    pupil: UUID
    files: tuple[UUID, ...]
    ground: ErasureGround | None = None
    approvers: tuple[UUID, UUID] | None = None


class EraseJoinedFile(Command, frozen=True, kw_only=True):
    """Erases `other`, a file that follows `pupil`; see `ErasePupil`."""

    pupil: UUID
    other: UUID
    ground: ErasureGround | None = None
    approvers: tuple[UUID, UUID] | None = None
